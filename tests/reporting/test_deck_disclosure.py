"""What a deck does not tell: nothing under five answers, no percentages or single persons under ten."""

import re
from dataclasses import replace

import pytest

from domain.model import Round
from reporting.deck import make_deck
from reporting.reading import ChartData, read_chart_data
from tests.reporting.clusters import EXPERIENCES, a_baseline, a_follow_up, a_round, some_answers, some_results
from tests.reporting.conftest import DeckOf
from tests.reporting.slides import notes_of, parts_of, slides_of, the_slide, titles_of, words_of
from tests.the_packages import SAMARBEJDE, TRIVSEL

PERCENTAGE = re.compile(r"(?<!95 )(?<!\d)(\d+(?:,\d)?) %")
CALM = "uden at røbe, hvad den enkelte har svaret"


def own_charts(deck: bytes) -> list[ChartData]:
    """The charts of the cluster's own answers."""
    return [chart for chart in read_chart_data(deck) if chart.name != "Landstal"]


def told_of_the_cluster(deck: bytes) -> str:
    """All words about the cluster's answers: slides but for national figures, and what the notes say is shown."""
    said = []
    for slide in slides_of(deck):
        if "Landstal, ikke klyngens egne svar" in words_of(slide):
            continue
        said.append(words_of(slide))
        said += [line for line in notes_of(slide).splitlines() if line.startswith("Slidet viser:")]
    return "\n".join(said)


def percentages(deck: bytes) -> list[str]:
    text = told_of_the_cluster(deck).replace("95 %", "").replace("Dele under 8 %", "")
    return PERCENTAGE.findall(text)


@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_under_five_answers_one_calm_slide_stands_for_all_results(deck_of: DeckOf, package: str) -> None:
    deck = deck_of(package, 4)
    assert own_charts(deck) == []
    assert percentages(deck) == []
    assert "4 af 8 har svaret" in words_of(the_slide(deck, CALM))


@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_under_five_answers_the_meeting_still_has_its_tasks(deck_of: DeckOf, package: str) -> None:
    kinds = [slide.slide_layout.name for slide in slides_of(deck_of(package, 4))]
    assert kinds.count("Opgave") == 4


@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_under_ten_answers_there_are_counts_and_no_percentages(deck_of: DeckOf, package: str) -> None:
    deck = deck_of(package, 9)
    assert own_charts(deck)
    assert percentages(deck) == []
    assert re.search(r"\b\d af 9\b", told_of_the_cluster(deck))
    formats = [
        code
        for name, part in parts_of(deck).items()
        if name.startswith("ppt/charts/chart") and b"Landstal" not in part
        for code in re.findall(r'formatCode="([^"]*)"', part.decode())
    ]
    assert formats
    assert not [code for code in formats if "%" in code]


def test_under_ten_answers_charts_hold_whole_counts_not_shares(deck_of: DeckOf) -> None:
    shown = {chart.name: chart for chart in own_charts(deck_of("trivsel", 9))}
    assert all(value == int(value) for value in shown["Arbejdsglæde"].series["Svar"])
    assert sum(shown["Arbejdsglæde"].series["Svar"]) == 9
    assert sum(sum(values) for values in shown["WHO-5: niveauer"].series.values()) == 9


def test_under_ten_answers_no_single_dot_no_lowest_no_highest_no_spread(deck_of: DeckOf) -> None:
    deck = deck_of("trivsel", 9)
    assert all("Svar" not in chart.series for chart in own_charts(deck) if chart.name.startswith("WHO-5"))
    assert "Laveste" not in told_of_the_cluster(deck)
    assert "spredningen" not in told_of_the_cluster(deck)


def test_under_ten_answers_no_free_text_even_where_some_was_handed_over(deck_of: DeckOf) -> None:
    words = told_of_the_cluster(deck_of("trivsel", 9))
    assert not [text for text in EXPERIENCES if text[:20] in words]
    assert "Gode erfaringer fra klyngen" not in titles_of(deck_of("trivsel", 9))
    assert "Gode erfaringer fra klyngen" in titles_of(deck_of("trivsel", 10))


@pytest.mark.parametrize("n", [10, 34, 73])
@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_from_ten_answers_there_are_percentages_and_charts_hold_shares(deck_of: DeckOf, package: str, n: int) -> None:
    deck = deck_of(package, n)
    assert percentages(deck)
    assert CALM not in told_of_the_cluster(deck)


def test_from_ten_answers_everybody_is_a_dot(deck_of: DeckOf) -> None:
    chart = next(c for c in own_charts(deck_of("trivsel", 10)) if c.name == "WHO-5: alle scorer")
    assert len(chart.series["Svar"]) == 10


def test_an_item_with_too_few_answers_is_left_out_and_named_as_such() -> None:
    rows = some_answers(SAMARBEJDE, 20)
    for row in rows[4:]:
        row["q5_supervision_uddannelseslaeger"] = "ikke_relevant"
    for row in rows[:4]:
        row["q5_supervision_uddannelseslaeger"] = "dagligt"
    report = a_baseline(SAMARBEJDE, 20)
    deck = make_deck(replace(report, results=a_round(SAMARBEJDE, rows, 25)))
    assert not [chart for chart in own_charts(deck) if "Supervision af uddannelseslæger" in chart.categories]
    assert "For få svar til at vise: Supervision af uddannelseslæger." in told_of_the_cluster(deck)


def test_an_only_item_with_too_few_answers_gives_a_calm_slide_that_does_not_tell_how_few() -> None:
    rows = some_answers(TRIVSEL, 20)
    for row in rows[3:]:
        del row["arbejdsglaede"]
    report = a_baseline(TRIVSEL, 20)
    deck = make_deck(replace(report, results=a_round(TRIVSEL, rows, 25)))
    calm = [slide for slide in slides_of(deck) if CALM in words_of(slide)]
    assert len(calm) == 2
    for slide in calm:
        assert not re.search(r"\b3\b", words_of(slide) + notes_of(slide))


def test_a_line_with_few_answers_turns_its_whole_chart_into_counts() -> None:
    rows = some_answers(SAMARBEJDE, 20)
    for place, row in enumerate(rows):
        row["q6_frokost"] = "hoej" if place < 7 else "ikke_relevant"
    report = a_baseline(SAMARBEJDE, 20)
    deck = make_deck(replace(report, results=a_round(SAMARBEJDE, rows, 25)))
    chart = next(chart for chart in own_charts(deck) if "Frokostpauser" in chart.categories)
    place = chart.categories.index("Frokostpauser")
    assert sum(values[place] for values in chart.series.values()) == 7
    assert "i høj grad 7 af 7" in chart.alt.replace("\N{NO-BREAK SPACE}", " ")
    assert "%" not in chart.alt


def test_a_follow_up_with_a_suppressed_first_round_compares_nothing() -> None:
    before, after = some_results(TRIVSEL, 4), some_results(TRIVSEL, 20, Round.FOLLOW_UP)
    deck = make_deck(a_follow_up(TRIVSEL, before, after))
    assert not [chart for chart in own_charts(deck) if "før og nu" in chart.name]
    assert "Forskel:" not in told_of_the_cluster(deck)
    assert "mindst én af de to runder" in told_of_the_cluster(deck)


def test_a_suppressed_follow_up_tells_nothing_but_how_many_answered() -> None:
    before, after = some_results(TRIVSEL, 30), some_results(TRIVSEL, 3, Round.FOLLOW_UP)
    deck = make_deck(a_follow_up(TRIVSEL, before, after))
    assert own_charts(deck) == []
    assert not [title for title in titles_of(deck) if re.search(r"\d", title)]


def test_a_small_follow_up_shows_counts_of_both_rounds_and_no_difference_of_shares() -> None:
    before, after = some_results(SAMARBEJDE, 30), some_results(SAMARBEJDE, 8, Round.FOLLOW_UP)
    deck = make_deck(a_follow_up(SAMARBEJDE, before, after))
    assert percentages(deck) == []
    assert "procentpoint" not in told_of_the_cluster(deck)
    assert "usikkerheden" not in "".join(titles_of(deck))
    assert re.search(r"\b\d+ af 8\b", told_of_the_cluster(deck))

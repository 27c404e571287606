"""A deck's figures: the cluster's own as they were counted, other people's with their sources, and what changed."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree
from pptx.enum.chart import XL_CHART_TYPE

from domain.model import Round
from domain.results import Results
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.reading import read_chart_data
from tests.reporting.clusters import a_baseline, a_follow_up, a_round, the_retreat
from tests.reporting.conftest import DeckOf
from tests.reporting.reading import document_text
from tests.reporting.slides import (
    drawn_on,
    notes_of,
    parts_of,
    slide_with,
    slides_of,
    the_chart,
    the_slide,
    title_of,
    titles_of,
    words_of,
)
from tests.the_packages import SAMARBEJDE, TRIVSEL


@pytest.fixture
def trivsel_deck(deck_of: DeckOf) -> bytes:
    """The deck of 34 answers to Trivsel og arbejdsglæde."""
    return deck_of("trivsel", 34)


# --- before and after -----------------------------------------------------------------------------------------------


def test_the_source_documents_figures_are_read_back_out_of_the_follow_up_deck(retreat_deck: bytes) -> None:
    means = the_chart(retreat_deck, "WHO-5 før og nu")
    bands = the_chart(retreat_deck, "WHO-5-niveauer før og nu")
    joy = the_chart(retreat_deck, "Arbejdsglæde før og nu")
    assert [round(mean) for mean in means.series["WHO-5, gennemsnit"]] == [58, 63]
    assert means.categories == ("Første runde (38 svar)", "Nu (34 svar)")
    assert [round(values[1] * 34) for values in bands.series.values()] == [26, 5, 3]
    assert [round(values[1] * 100) for values in joy.series.values()] == [15, 38, 35, 12, 0]


def test_a_difference_inside_the_uncertainty_is_never_called_a_rise(retreat_deck: bytes) -> None:
    slide = the_slide(retreat_deck, "WHO-5 går fra 0 til 100 point")
    assert title_of(slide) == "Fra 58 til 63 point: om trivslen er ændret, kan ikke afgøres (−4,7 til +14,9)"
    assert "+5,1 point" in words_of(slide)
    assert "Intervallet rummer 0" in words_of(slide)
    assert "steget" not in "".join(titles_of(retreat_deck))


def test_a_follow_up_says_that_answers_are_unpaired_and_that_nothing_shows_a_cause(retreat_deck: bytes) -> None:
    compared = [slide for slide in slides_of(retreat_deck) if "Første runde: 38 af 42 svarede" in words_of(slide)]
    assert len(compared) == 3
    for slide in compared:
        assert "ikke parret person for person" in words_of(slide)
        assert "Tallene kan ikke vise, hvad en forskel skyldes." in notes_of(slide)


@pytest.mark.parametrize(("steps", "word"), [((1, 4), "steget"), ((4, 1), "faldet")])
def test_a_difference_beyond_the_uncertainty_is_told_as_what_it_is(steps: tuple[int, int], word: str) -> None:
    def everybody(step: int, round_: Round) -> Results:
        rows: list[dict[str, Any]] = [
            {**{f"who5_{k}": step for k in range(1, 6)}, "arbejdsglaede": "nogen"} for _ in range(30)
        ]
        for place in range(6):
            rows[place]["who5_1"] = 5 if step == 1 else 0
        return a_round(TRIVSEL, rows, 40, round_)

    before, after = everybody(steps[0], Round.BASELINE), everybody(steps[1], Round.FOLLOW_UP)
    deck = make_deck(a_follow_up(TRIVSEL, before, after))
    assert any(title.startswith(f"Trivslen er {word} fra") for title in titles_of(deck))


# --- charts ---------------------------------------------------------------------------------------------------------


def test_dots_stand_for_everybody_and_the_line_for_the_mean(trivsel_deck: bytes) -> None:
    report = a_baseline(TRIVSEL, 34)
    chart = the_chart(trivsel_deck, "WHO-5: alle scorer")
    scores = sorted(x for x, _ in chart.series["Svar"])
    who5 = report.results.indices["who5"]
    assert who5.scores is not None
    assert scores == sorted(score for score, count in who5.scores.items() for _ in range(count))
    assert {x for x, _ in chart.series["Gennemsnit"]} == {round(who5.mean, 1)}


def test_every_measuring_point_of_trivsel_has_its_native_chart(trivsel_deck: bytes) -> None:
    names = [chart.name for chart in read_chart_data(trivsel_deck)]
    assert names == [
        "WHO-5: alle scorer",
        "WHO-5: klyngen og andre",
        "WHO-5: niveauer",
        "Arbejdsglæde",
        "De to ender",
        "Positiv indflydelse på arbejdsglæden",
        "Positiv indflydelse på arbejdsglæden",
        "Gennemsnit",
        "Sådan håndterer vi arbejdspres",
    ]


def test_every_question_of_samarbejde_is_in_a_chart(deck_of: DeckOf) -> None:
    shown = {category for chart in read_chart_data(deck_of("samarbejde", 34)) for category in chart.categories}
    asked = {item.chart_label for item in SAMARBEJDE.items if item.kind == "degree"}
    assert asked <= shown


def test_burdens_are_drawn_on_their_own_scale_and_their_spread_stands_in_the_notes(trivsel_deck: bytes) -> None:
    slide = slide_with(trivsel_deck, the_chart(trivsel_deck, "Gennemsnit"))
    chart = drawn_on(slide)
    assert (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) == (1, 10)
    assert chart._chartSpace.find(".//{*}errBars") is None
    assert len(re.findall(r": standardafvigelse \d+,\d", notes_of(slide))) == 13
    assert "standardafvigelse" not in words_of(slide)


@pytest.mark.parametrize("n", [9, 34])
def test_bars_of_shares_all_run_to_a_hundred_per_cent(deck_of: DeckOf, n: int) -> None:
    for package in ("trivsel", "samarbejde"):
        for slide in slides_of(deck_of(package, n)):
            for chart in (shape.chart for shape in slide.shapes if shape.has_chart):
                values = [value for series in chart.plots[0].series for value in series.values if value is not None]
                if (
                    chart.chart_type in (XL_CHART_TYPE.BAR_CLUSTERED, XL_CHART_TYPE.BAR_STACKED_100)
                    and max(values) <= 1
                ):
                    assert chart.value_axis.maximum_scale == 1.0


def test_no_line_of_uncertainty_runs_through_a_figure(deck_of: DeckOf, retreat_deck: bytes) -> None:
    lined = 0
    for deck in (deck_of("trivsel", 34), deck_of("samarbejde", 34), retreat_deck):
        for content in parts_of(deck).values():
            for series in etree.fromstring(content).iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}ser"):
                if series.find("{*}errBars") is not None:
                    lined += 1
                    assert series.find("{*}dLbls") is None
    assert lined >= 3


def test_burdens_stand_sorted_with_all_thirteen_means(trivsel_deck: bytes) -> None:
    chart = the_chart(trivsel_deck, "Gennemsnit")
    means = chart.series["Gennemsnit"]
    expected = {
        i.chart_label: a_baseline(TRIVSEL, 34).results.items[i.id].mean for i in TRIVSEL.items if i.kind == "rating"
    }
    assert len(means) == 13
    assert list(means) == sorted(means, reverse=True)
    assert dict(zip(chart.categories, means, strict=True)) == {
        label: pytest.approx(mean, abs=0.051) for label, mean in expected.items()
    }


def test_a_ranking_is_sorted_and_the_top_is_its_beginning(trivsel_deck: bytes) -> None:
    top, whole = (c for c in read_chart_data(trivsel_deck) if c.name.startswith("Positiv"))
    values = whole.series["Svar"]
    assert list(values) == sorted(values, reverse=True)
    assert len(values) == 14
    assert 5 <= len(top.categories) <= 7
    assert whole.categories[: len(top.categories)] == top.categories


def test_the_two_ends_leave_the_middle_out_but_keep_it_in_the_base(trivsel_deck: bytes) -> None:
    counts = a_baseline(TRIVSEL, 34).results.items["arbejdsglaede"].counts
    chart = the_chart(trivsel_deck, "De to ender")
    high, low = chart.series["Jeres klynge"]
    assert high == pytest.approx((counts["I meget høj grad"] + counts["I høj grad"]) / 34)
    assert low == pytest.approx((counts["I ringe grad"] + counts["Slet ikke"]) / 34)
    assert "midten er udeladt af søjlerne, men med i grundlaget" in words_of(slide_with(trivsel_deck, chart))


def test_the_two_ends_carry_their_uncertainty(trivsel_deck: bytes) -> None:
    share = a_baseline(TRIVSEL, 34).results.items["arbejdsglaede"].share
    slide = the_slide(trivsel_deck, "midten er udeladt")
    chart = drawn_on(slide)
    ups = [float(up.text) for up in chart._chartSpace.findall(".//{*}errBars/{*}plus//{*}v")]
    assert share is not None
    assert ups == pytest.approx([share[end].high - share[end].value for end in ("high", "low")], abs=1e-5)
    assert "Streg: usikkerheden (95 %)" in words_of(slide)


def test_the_whole_list_lets_what_was_just_seen_stand_back(trivsel_deck: bytes) -> None:
    top, whole = (c for c in read_chart_data(trivsel_deck) if c.name.startswith("Positiv"))
    slide = slide_with(trivsel_deck, whole)
    points = drawn_on(slide).plots[0].series[0].points
    pale = [points[place].format.fill.fore_color.theme_color for place in range(len(whole.categories))]
    grey = [label for label, colour in zip(whole.categories, pale, strict=True) if colour == pale[0]]
    assert grey == list(top.categories)
    assert "Grå søjler: dem, I lige har set." in words_of(slide)


def test_a_list_without_the_most_frequent_before_it_stands_in_one_colour(trivsel_deck: bytes) -> None:
    chart = the_chart(trivsel_deck, "Sådan håndterer vi arbejdspres")
    assert "Grå søjler" not in words_of(slide_with(trivsel_deck, chart))


# --- references -----------------------------------------------------------------------------------------------------


def test_only_references_with_a_figure_are_drawn(trivsel_deck: bytes) -> None:
    chart = the_chart(trivsel_deck, "WHO-5: klyngen og andre")
    values = dict(zip(chart.categories[1:], chart.series["Andres gennemsnit"][1:], strict=True))
    assert values == {"Rask population, Danmark": 68, "Falck Sundhedsbarometeret 2023": 58.1}


@pytest.mark.parametrize("n", [9, 34])
def test_a_missing_reference_stands_neither_on_slides_nor_in_notes(deck_of: DeckOf, n: int) -> None:
    lacking = [reference.label for reference in TRIVSEL.references if reference.value is None]
    assert lacking
    for slide in slides_of(deck_of("trivsel", n)):
        told = words_of(slide) + notes_of(slide)
        assert "mangler" not in told
        assert not [label for label in lacking if label in told]


def test_national_figures_of_which_none_is_known_make_no_slide() -> None:
    report = a_baseline(TRIVSEL, 34)
    unknown = tuple(reference.model_copy(update={"value": None}) for reference in TRIVSEL.references)
    deck = make_deck(replace(report, package=TRIVSEL.model_copy(update={"references": unknown})))
    assert "Landstal" not in [chart.name for chart in read_chart_data(deck)]
    assert not [slide for slide in slides_of(deck) if "mangler" in words_of(slide)]


def test_a_comparison_names_its_sources(trivsel_deck: bytes) -> None:
    slide = the_slide(trivsel_deck, "Kilder: ")
    assert "Ergoterapeutforeningen" in words_of(slide)
    assert "Falck" in words_of(slide)


def test_the_severely_burnt_out_are_never_added_to_those_they_are_part_of(deck_of: DeckOf) -> None:
    package = "samarbejde"
    chart = the_chart(deck_of(package, 34), "Landstal")
    assert chart.series == {"Landstal": (pytest.approx(0.482), pytest.approx(0.143))}
    slide = slide_with(deck_of(package, 34), chart)
    assert drawn_on(slide).chart_type.name == "BAR_CLUSTERED"
    assert "talt med i de 48,2 %" in words_of(slide)
    assert "62,5" not in words_of(slide)


def test_a_comparison_says_when_both_rounds_were_and_how_long_lies_between() -> None:
    rounds = replace(the_retreat(), baseline_closed_on=dt.date(2026, 9, 21), closed_on=dt.date(2027, 8, 20))
    told = "Første runde (september 2026): 38 af 42 svarede. Nu (august 2027, 10 måneder efter): 34 af 42 svarede."
    slides = [slide for slide in slides_of(make_deck(rounds)) if told in words_of(slide)]
    assert len(slides) == 3
    opening = document_text(make_document(rounds)).replace("\N{NO-BREAK SPACE}", " ")
    assert "34 af 42 har svaret på spørgeskemaet (august 2027, 10 måneder efter)." in opening
    assert "I første runde (september 2026) svarede 38 af 42." in opening

"""KiAP's other clusters in deck and document: one more figure with its source, and a reading by both uncertainties."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from domain.comparator import ChangeElsewhere, Comparator, Elsewhere
from domain.model import Round
from domain.statistics import Interval
from reporting.beside import verdict_as_printed
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.reading import ChartData
from reporting.report_context import ReportContext
from tests.reporting.clusters import a_baseline, a_follow_up, some_results
from tests.reporting.reading import document_text
from tests.reporting.slides import notes_of, slide_with, slides_of, the_chart, title_of, words_of
from tests.the_packages import SAMARBEJDE, TRIVSEL

LABEL = "KiAP's klynger, 2027, 14 klynger, 402 svar"
SOURCE = "KiAP's egne opgørelser fra første spørgerunde, lagt sammen"


def others(value: float, unit: str = "score", sd: float | None = None) -> Comparator:
    count = round(value * 4.02) if unit == "%" else None
    return Comparator.model_validate(
        {
            "value": value, "unit": unit, "n": 402, "clusters": 14, "first_year": 2027, "last_year": 2027,
            "sd": sd, "count": count,
        }
    )  # fmt: skip


FIRST_ROUNDS = Elsewhere(
    comparators={
        "who5": others(62.3, sd=18),
        "who5.high": others(71, "%"),
        "who5.low": others(19, "%"),
        "who5.very_low": others(10, "%"),
        "arbejdsglaede.high": others(55, "%"),
        "arbejdsglaede.low": others(12, "%"),
        "belastning_01": others(5.3, sd=2),
    }
)
CHANGES = Elsewhere(
    changes={
        "who5": ChangeElsewhere(orders=12, n_before=240, n_after=228, difference=3.1, low=0.4, high=5.8),
        "arbejdsglaede.high": ChangeElsewhere(
            orders=12, n_before=240, n_after=228, difference=0.04, low=-0.05, high=0.13
        ),
    }
)


def report(n: int = 34, elsewhere: Elsewhere = FIRST_ROUNDS) -> ReportContext:
    return replace(a_baseline(TRIVSEL, n), elsewhere=elsewhere)


@cache
def deck(n: int = 34) -> bytes:
    return make_deck(report(n))


def chart(name: str) -> ChartData:
    return the_chart(deck(), name)


def test_other_clusters_are_one_more_figure_in_the_comparison_with_their_source() -> None:
    found = chart("WHO-5: klyngen og andre")
    assert found.categories[-1] == LABEL
    assert found.series["Andres gennemsnit"][-1] == pytest.approx(62.3)
    slide = slide_with(deck(), found)
    assert SOURCE in words_of(slide)
    assert "Jeres klynge" in notes_of(slide)
    assert "KiAP's klynger (forskel" in notes_of(slide)


def test_where_a_national_figure_is_missing_other_clusters_stand_instead() -> None:
    for name, values in (("WHO-5: niveauer", (0.71, 0.19, 0.10)), ("De to ender", (0.55, 0.12))):
        found = chart(name)
        assert found.series["KiAP's klynger"] == pytest.approx(values)
        assert "Landstal" not in found.series
        assert LABEL in words_of(slide_with(deck(), found))


def test_beside_a_national_figure_that_there_is_both_are_drawn() -> None:
    known = tuple(
        reference.model_copy(update={"value": 48.0}) if reference.item == "arbejdsglaede.high" else reference
        for reference in TRIVSEL.references
    )
    both = make_deck(replace(report(), package=TRIVSEL.model_copy(update={"references": known})))
    found = the_chart(both, "De to ender")
    assert found.series["Landstal"] == (pytest.approx(0.48), None)
    assert found.series["KiAP's klynger"] == pytest.approx((0.55, 0.12))


def test_counts_are_not_compared_with_shares() -> None:
    assert "KiAP's klynger" not in the_chart(deck(9), "De to ender").series
    assert "KiAP's klynger" not in the_chart(deck(9), "WHO-5: niveauer").series


@pytest.mark.parametrize(
    ("value", "reading"), [(20.0, "ligger over"), (98.0, "ligger under"), (None, "kan ikke skelnes fra")]
)
def test_the_reading_is_by_both_uncertainties(value: float | None, reading: str) -> None:
    mean = a_baseline(TRIVSEL, 34).results.indices["who5"].mean
    compared = Elsewhere(comparators={"who5": others(mean + 1 if value is None else value, sd=18)})
    assert f"Jeres klynge {reading} KiAP's klynger" in document_text(make_document(report(elsewhere=compared)))


def test_a_title_reads_other_clusters_by_both_uncertainties() -> None:
    """Their mean lies outside the cluster's own interval, but not once their own uncertainty is reckoned with."""
    elsewhere = tuple(reference for reference in TRIVSEL.references if reference.item != "who5")
    package = TRIVSEL.model_copy(update={"references": elsewhere})
    ours = a_baseline(TRIVSEL, 34).results.indices["who5"]
    few = others(ours.high + 0.5, sd=40).model_copy(update={"n": 101})

    def title(comparator: Comparator) -> str:
        made = make_deck(replace(report(elsewhere=Elsewhere(comparators={"who5": comparator})), package=package))
        return title_of(slide_with(made, the_chart(made, "WHO-5: klyngen og andre")))

    assert "kan ikke skelnes sikkert" in title(few)
    assert "ligger under" in title(others(99, sd=5))


def test_no_verdict_comes_from_digits_that_nobody_sees() -> None:
    assert verdict_as_printed(Interval(2, 0.04, 4), in_points=True) == "uncertain"
    assert verdict_as_printed(Interval(2, 0.06, 4), in_points=True) == "up"
    assert verdict_as_printed(Interval(-0.1, -0.2, -0.004), in_points=False) == "uncertain"


def test_the_document_has_the_figures_with_source_and_reading_beside_its_own() -> None:
    words = document_text(make_document(report()))
    assert f"{LABEL}: 62,3 point. Kilde: {SOURCE}" in words
    assert f"Højt, {LABEL}" in words or LABEL in words.split("Arbejdsglæde")[-1]
    assert "procentpoint, 95\N{NO-BREAK SPACE}% sikkerhedsinterval" in words
    assert "5,3" in words


def test_a_follow_up_has_what_changed_for_others_and_no_level_that_may_hold_its_own_first_round() -> None:
    both = Elsewhere(comparators=FIRST_ROUNDS.comparators, changes=CHANGES.changes)
    follow_up = replace(
        a_follow_up(TRIVSEL, some_results(TRIVSEL, 38), some_results(TRIVSEL, 34, Round.FOLLOW_UP)), elsewhere=both
    )
    made = make_deck(follow_up)
    label = "KiAP's klynger med opfølgning (12 forløb, 240 og 228 svar)"
    told = notes_of(slide_with(made, the_chart(made, "WHO-5 før og nu")))
    assert f"{label}: +3,1 point (+0,4 til +5,8), steget" in told
    notes = [notes_of(slide) for slide in slides_of(made)]
    assert [each for each in notes if f"{label}: +4 procentpoint (−5 til +13), kan ikke afgøres" in each]
    words = document_text(make_document(follow_up))
    assert f"{label}: +3,1 point" in words
    assert LABEL not in words + "".join(notes)
    assert not follow_up.comparators
    assert not report(elsewhere=both).changes_elsewhere


def test_questions_on_one_scale_are_compared_in_the_notes_and_beneath_their_table() -> None:
    """Agreement with eight sentences: one above, one below, one not to be told apart."""
    items = ("q7_trivsel", "q7_hjaelper", "q7_tone")
    ours = some_results(SAMARBEJDE, 34)
    wanted = dict(zip(items, (-30, 30, 0), strict=True))
    shares = {item: found.value * 100 for item in items if (found := (ours.items[item].share or {}).get("high"))}
    assert set(shares) == set(items)
    compared = {f"{item}.high": others(min(97, max(3, shares[item] + wanted[item])), "%") for item in items}
    made = replace(a_baseline(SAMARBEJDE, 34), elsewhere=Elsewhere(comparators=compared))
    notes = "\n".join(notes_of(slide) for slide in slides_of(make_deck(made)))
    for told in (notes, document_text(make_document(made))):
        assert f"{LABEL}: {SAMARBEJDE.item(items[0]).chart_label} " in told
        for item, place in zip(items, ("ligger over", "ligger under", "kan ikke skelnes fra"), strict=True):
            assert f"Jeres klynge {place} KiAP's klynger: {SAMARBEJDE.item(item).chart_label}" in told


def test_what_changed_for_others_stands_with_each_question_of_the_follow_up() -> None:
    change = ChangeElsewhere(orders=12, n_before=240, n_after=228, difference=0.07, low=0.01, high=0.13)
    rounds = [some_results(SAMARBEJDE, n, round_) for n, round_ in ((38, Round.BASELINE), (34, Round.FOLLOW_UP))]
    made = replace(a_follow_up(SAMARBEJDE, *rounds), elsewhere=Elsewhere(changes={"q8.high": change}))
    label = SAMARBEJDE.item("q8").chart_label
    line = f"{label}: KiAP's klynger med opfølgning (12 forløb, 240 og 228 svar): +7 procentpoint"
    assert line in "\n".join(notes_of(slide) for slide in slides_of(make_deck(made)))
    assert line in document_text(make_document(made))


def test_several_national_figures_have_one_short_name_in_the_legend_and_their_own_in_the_notes() -> None:
    known = tuple(
        reference.model_copy(update={"value": 30.0}) if reference.item.startswith("arbejdsglaede") else reference
        for reference in TRIVSEL.references
    )
    made = make_deck(replace(report(), package=TRIVSEL.model_copy(update={"references": known})))
    slide = slide_with(made, the_chart(made, "De to ender"))
    assert f"Landstal 2019    ■ {LABEL}" in words_of(slide)
    assert "Lav arbejdsglæde, praktiserende læger, PLO (2019): 30 %" in notes_of(slide)


@pytest.mark.parametrize("make", [make_deck, make_document], ids=["deck", "document"])
def test_where_nothing_is_published_nothing_says_so(make: Callable[[ReportContext], bytes]) -> None:
    made = make(replace(a_baseline(TRIVSEL, 34), elsewhere=Elsewhere()))
    told = (
        document_text(made)
        if make is make_document
        else "".join(words_of(slide) + notes_of(slide) for slide in slides_of(made))
    )
    assert "KiAP's klynger" not in told

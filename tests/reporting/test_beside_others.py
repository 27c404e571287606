"""KiAP's other clusters in deck and document: one more figure with its source, and a reading by both uncertainties."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

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


# --- drawn beside many questions ------------------------------------------------------------------------------------

BURDENS = {f"belastning_{number:02}": others(2.0 + number / 2, sd=2) for number in range(1, 13)}
"""Of the thirteenth burden nothing is published."""
LEADERSHIP = {"q1.high": others(65, "%"), "q2_drift.high": others(30, "%")}


def strokes(slide: Any) -> dict[str, float]:
    """Where the strokes stand, in points from the slide's left, by the row they are at."""
    named = {shape.name: shape for shape in slide.shapes if shape.name.startswith("Streg: ")}
    return {name.removeprefix("Streg: "): (each.left + each.width / 2) / 12700 for name, each in named.items()}


@pytest.mark.parametrize("n", [5, 7, 34, 73])
def test_others_means_are_strokes_across_the_burdens_and_their_values_are_in_the_charts_data(n: int) -> None:
    made = make_deck(report(n, Elsewhere(comparators=BURDENS)))
    found = the_chart(made, "Gennemsnit")
    slide, drawn = slide_with(made, found), found.series["KiAP's klynger"]
    by_label = {TRIVSEL.item(item).chart_label: each.value for item, each in BURDENS.items()}
    assert dict(zip(found.categories, drawn, strict=True)) == {label: by_label.get(label) for label in found.categories}
    at = strokes(slide)
    assert set(at) == set(by_label), "a row without a figure has no stroke"
    ranked = sorted(at, key=lambda label: by_label[label])
    assert sorted(at, key=lambda label: at[label]) == ranked
    steps = [(at[b] - at[a]) / (by_label[b] - by_label[a]) for a, b in pairwise(ranked)]
    assert steps == pytest.approx([steps[0]] * len(steps), abs=0.01), "as far apart as the axis has them"
    assert "Jeres klynge" in words_of(slide)
    assert f"{LABEL} (streg)" in words_of(slide)
    assert SOURCE in words_of(slide)
    assert f"{LABEL}: " in found.alt
    means = [each.text_frame.text for each in slide.shapes if each.name.startswith("Ved siden af: ")]
    assert means == [f"{mean:.1f}".replace(".", ",") for mean in found.series["Gennemsnit"]], (
        "figures that no stroke crosses"
    )


def test_without_figures_of_others_the_burdens_have_theirs_at_their_bars() -> None:
    made = make_deck(report(34, Elsewhere()))
    found = the_chart(made, "Gennemsnit")
    assert "KiAP's klynger" not in found.series
    assert strokes(slide_with(made, found)) == {}


def test_beneath_stacked_bars_a_stroke_shows_the_high_end_of_others_and_crosses_no_figure() -> None:
    compared = replace(a_baseline(SAMARBEJDE, 34), elsewhere=Elsewhere(comparators=LEADERSHIP))
    made = make_deck(compared)
    slide = next(each for each in slides_of(made) if title_of(each).startswith("Ledelse") and strokes(each))
    at = strokes(slide)
    assert set(at) == {SAMARBEJDE.item("q1").chart_label, SAMARBEJDE.item("q2_drift").chart_label}
    assert at[SAMARBEJDE.item("q1").chart_label] > at[SAMARBEJDE.item("q2_drift").chart_label]
    words = words_of(slide)
    assert "(65 %)" in words
    assert "(30 %)" in words
    assert f"Streg og parentes: {LABEL}." in words
    assert SOURCE in words
    hanging = [shape for shape in slide.shapes if shape.name.startswith("Streg: ")]
    rows = [shape for shape in slide.shapes if shape.name.startswith("Ved siden af: ")]
    middles = {row.name.removeprefix("Ved siden af: "): row.top + row.height / 2 for row in rows}
    for stroke in hanging:
        assert stroke.top > middles[stroke.name.removeprefix("Streg: ")], (
            "beneath the bar, whose middle has the figures"
        )


def test_counts_have_no_strokes_of_shares_and_neither_has_a_scale_without_a_high_end() -> None:
    every = {f"{item.id}.high": others(50, "%") for item in SAMARBEJDE.items if item.kind == "degree"}
    few = make_deck(replace(a_baseline(SAMARBEJDE, 9), elsewhere=Elsewhere(comparators=every)))
    assert all(strokes(slide) == {} for slide in slides_of(few))
    many = make_deck(replace(a_baseline(SAMARBEJDE, 34), elsewhere=Elsewhere(comparators=every)))
    often = next(slide for slide in slides_of(many) if title_of(slide).startswith("Hvor ofte vi holder"))
    assert strokes(often) == {}

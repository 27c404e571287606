"""Deck and document of a register's measures: practices without names, and of few only what their number allows."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.comparison import compare
from domain.disclosure import disclose
from domain.model import Round
from domain.register import Extract
from domain.results import Results
from domain.tabulation import tabulate_extract
from reporting.deck import make_deck
from reporting.deck_check import deck_problems
from reporting.document import make_document
from reporting.lanes import lanes_data
from reporting.report_context import ReportContext
from reporting.spreads import lanes_of, spread_of
from storage.packages import PackageError, read_package
from tests.a_register import DECK_YAML, REGISTER, write_package
from tests.reporting.clusters import MADE_ON
from tests.reporting.reading import deck_text, document_text
from tests.reporting.slides import notes_of, overflows, slides_of, titles_of, too_small, words_of
from tests.reporting.test_every_deck import charts_apart, invalid, untold

TWELVE = (41.0, 18.0, 24.0, 28.5, 31.4, 22.0, 35.0, 30.0, 26.0, 44.4, 38.0, 20.0)


def a_round(numbers: Sequence[float], round_: Round = Round.BASELINE) -> Results:
    """Practices whose numbers are these, of every measure."""
    rows = {f"Praksis {n}": {m.id: m.rounded(n) for m in REGISTER.measured_in(round_)} for n in numbers}
    tabulation = tabulate_extract(REGISTER, round_, len(numbers) + 2, Extract(rows))
    return disclose(tabulation, REGISTER.disclosure)


def first_round(numbers: Sequence[float]) -> ReportContext:
    return ReportContext(package=REGISTER, results=a_round(numbers), cluster="Odense", made_on=MADE_ON)


def follow_up(before: Sequence[float], after: Sequence[float]) -> ReportContext:
    first, now = a_round(before), a_round(after, Round.FOLLOW_UP)
    now = now if first.suppressed or now.suppressed else now.with_change(compare(first, now, REGISTER))
    return ReportContext(package=REGISTER, results=now, baseline=first, cluster="Odense", made_on=MADE_ON)


def test_every_practice_is_a_dot_and_the_title_says_what_the_median_allows() -> None:
    deck = make_deck(first_round(TWELVE))
    assert titles_of(deck)[2:5] == [
        "Klyngens median er 29,3 % og kan ikke skelnes fra Alle",
        "Fra 18 til 44 pr. 1.000 patienter",
        "Medianen er 29,3 minutter",
    ]
    [slide] = [slide for slide in slides_of(deck) if "median er 29,3" in words_of(slide)]
    words = words_of(slide).replace("\N{NO-BREAK SPACE}", " ")
    assert "12 af 14 praksis er med i udtrækket. Hver prik er én praksis" in words
    assert "Den midterste halvdel ligger på 23,5–35,8 %." in words
    assert "Alle 2024: 30 %" in words
    assert "Kilde: Opdigtet, 2024" in notes_of(slide)


def test_a_median_is_over_a_reference_only_where_its_uncertainty_is() -> None:
    over = make_deck(first_round([each + 20 for each in TWELVE]))
    assert "Klyngens median er 49,3 %, over Alle (30 %)" in titles_of(over)
    under = make_deck(first_round([each / 4 for each in TWELVE]))
    assert "Klyngens median er 7,3 %, under Alle (30 %)" in titles_of(under)


def test_of_five_to_nine_practices_there_is_no_dot_no_end_and_no_verdict() -> None:
    report = first_round(TWELVE[:7])
    deck = make_deck(report)
    assert titles_of(deck)[2:4] == [
        "Klyngens median er 28,5 %",
        "Halvdelen ligger mellem 23 og 33 pr. 1.000 patienter",
    ]
    said = deck_text(deck) + document_text(make_document(report))
    assert "Under 10 praksis vises ikke en prik for hver praksis." in said
    assert not any(end in said for end in ("41", "18", "Hver prik", "Fra laveste"))


@pytest.mark.parametrize("few", [0, 4])
def test_of_fewer_than_five_practices_one_calm_slide_stands_for_all_numbers(few: int) -> None:
    report = first_round(TWELVE[:few])
    deck = make_deck(report)
    assert len(titles_of(deck)) == 4
    said = deck_text(deck) + document_text(make_document(report))
    assert "Der er tal fra for få praksis" in said
    assert "spørgeskema" not in said
    assert "svar" not in said.replace("Eksempel", "")


def test_a_package_that_asks_for_more_practices_shows_no_spread_of_fewer() -> None:
    stricter = REGISTER.model_copy(update={"disclosure": REGISTER.disclosure.model_copy(update={"at_least": 8})})
    results = a_round(TWELVE[:7])
    assert spread_of(REGISTER, results, "ventetid") is not None
    assert spread_of(stricter, results, "ventetid") is None


def test_the_round_of_most_practices_is_drawn_first() -> None:
    """LibreOffice draws no series of dots that is longer than the one before it."""
    before, after = a_round(TWELVE[:10]).measures["ventetid"], a_round(TWELVE).measures["ventetid"]
    for first, second, names in ((before, after, ["Nu", "Første runde"]), (after, before, ["Første runde", "Nu"])):
        data = lanes_data(lanes_of(REGISTER.measure("ventetid"), first, second))
        assert [series.name for series in data][:2] == names


def test_before_and_after_tell_the_difference_with_its_interval_or_that_it_can_not_be_told() -> None:
    fallen = make_deck(follow_up(TWELVE, [each - 15 for each in TWELVE]))
    assert titles_of(fallen)[-2] == "Medianen er faldet fra 29,3 % til 14,3 % (−15 procentpoint, −23 til −7)"
    same = make_deck(follow_up(TWELVE, TWELVE))
    assert "inden for usikkerheden" in titles_of(same)[-2]
    few = make_deck(follow_up(TWELVE, TWELVE[:9]))
    assert titles_of(few)[-2:] == ["Fem lægemidler før og nu", "Ventetid før og nu"]
    assert "Med under 10 praksis i en runde kan det ikke afgøres" in deck_text(few)


def test_a_follow_up_after_a_round_of_too_few_compares_nothing() -> None:
    deck = make_deck(follow_up(TWELVE[:3], TWELVE))
    assert "Der er tal fra for få praksis i mindst én af de to runder" in deck_text(deck)


def test_the_document_has_a_blank_line_for_ones_own_number_of_every_measure() -> None:
    text = document_text(make_document(first_round(TWELVE))).replace("\N{NO-BREAK SPACE}", " ")
    assert [line.strip() for line in text.splitlines() if "Vores eget tal" in line] == [
        "Vores eget tal (%)", "Vores eget tal (pr. 1.000 patienter)", "Vores eget tal (minutter)",
    ]  # fmt: skip
    assert "12 af 14 praksis er med i udtrækket." in text
    assert "Jeres eget tal ser kun I selv." in text
    assert "Forskel: " in document_text(make_document(follow_up(TWELVE, TWELVE)))


@pytest.mark.parametrize(
    "report",
    [first_round(TWELVE), first_round([each + 40 for each in TWELVE] * 3), first_round(TWELVE[:6]),
     follow_up(TWELVE, [*TWELVE, 50.0, 90.0]), follow_up(TWELVE[:6], TWELVE[:7])],
    ids=["twelve", "many", "few", "both", "few in both"],
)  # fmt: skip
def test_each_deck_is_whole_told_and_valid(report: ReportContext, tmp_path: Path) -> None:
    deck = make_deck(report)
    named = [fault for fault in untold(deck) if "notes" not in fault]
    assert [*overflows(deck), *too_small(deck), *named, *charts_apart(deck)] == []
    assert invalid(deck, tmp_path / "deck.pptx") == []
    assert invalid(make_document(report), tmp_path / "document.docx") == []


def test_the_same_report_is_the_same_bytes() -> None:
    report = follow_up(TWELVE, TWELVE)
    assert make_deck(report) == make_deck(report)
    assert make_document(report) == make_document(report)


@pytest.mark.parametrize(
    ("said", "instead", "field", "message"),
    [
        ("measure: blandet", "measure: nix", "deck.slides[4].measure", "is no measure of the package"),
        ("    measure: blandet\n", "", "deck.slides[4]", "needs a measure: fem_midler or blandet or ventetid"),
        ("measure: ventetid\n    title: \"Ventetid\"", "measure: blandet\n    title: \"V\"", "deck.slides[5].measure",
         "measure 'blandet' is not in the follow_up"),
        ("{kind: help, title", "{kind: help, measure: ventetid, title", "deck.slides[6].measure", "shows no measure"),
        ("kind: register_measures", "kind: answers", "deck.slides[2].kind", "is of a questionnaire"),
        ("{least}", "{before}", "deck.slides[4].titles[1]", "'before' is not known for register_spread"),
        ("verdict: {is: up}", "n: {at_least: 1}", "deck.slides[7].titles[1]", "tells of a change"),
        ("    rounds: [follow_up]\n", "    rounds: [baseline]\n", "deck.slides[7].rounds", "follow_up round only"),
    ],
)  # fmt: skip
def test_a_slide_that_can_not_be_made_is_told_with_line_and_field(
    tmp_path: Path, said: str, instead: str, field: str, message: str
) -> None:
    assert said in DECK_YAML
    folder = write_package(tmp_path, deck_yaml=DECK_YAML.replace(said, instead, 1))
    with pytest.raises(PackageError) as refused:
        read_package(folder, deck_problems)
    found = [str(fault) for fault in refused.value.faults]
    assert any(field.removeprefix("deck.") in each and message in each for each in found), found

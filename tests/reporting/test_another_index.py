"""Deck and document of a package with an index of its own: other items, factor, bands, and more points are worse."""

import pytest

from domain.model import Round
from domain.package import Answers
from domain.results import Results
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.reading import read_chart_data
from reporting.report_context import ReportContext
from tests.another_index import ARBEJDSPRES
from tests.reporting.clusters import MADE_ON, a_follow_up, a_round
from tests.reporting.reading import deck_text, document_text
from tests.reporting.slides import overflows, the_chart, titles_of


def people(*numbers: int) -> list[Answers]:
    """Doctors who answered all three with the same number: 6 points a step."""
    return [{"bagud": number, "overblik": number, "overarbejde": number} for number in numbers]


TWELVE = people(0, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 4)
"""Points 0 6 6 12 12 12 12 18 18 24 24 24, mean 14."""
LATER = people(*[1, 2] * 8, *[0] * 4)


def a_report(rows: list[Answers]) -> ReportContext:
    return ReportContext(package=ARBEJDSPRES, results=a_round(ARBEJDSPRES, rows, 20), cluster="Odense", made_on=MADE_ON)


def the_follow_up(before: list[Answers], after: list[Answers]) -> ReportContext:
    rounds: list[Results] = [
        a_round(ARBEJDSPRES, rows, 20, round_) for rows, round_ in ((before, Round.BASELINE), (after, Round.FOLLOW_UP))
    ]
    return a_follow_up(ARBEJDSPRES, *rounds)


def test_the_deck_tells_the_index_by_its_own_name_points_and_bands() -> None:
    deck = make_deck(a_report(TWELVE))
    assert titles_of(deck) == [
        "Arbejdspres",
        "Hjælp",
        "I snit 14 point, og 25 % har meget højt pres",
        "Sådan læses det",
        "Din egen score",
        "Over Alle (8)",
        "75 % ligger over det laveste, 42 % skal I tage alvorligt",
    ]
    dots = the_chart(deck, "Presindekset: alle scorer")
    assert sorted(x for x, _ in dots.series["Svar"]) == [0, 6, 6, 12, 12, 12, 12, 18, 18, 24, 24, 24]
    bands = the_chart(deck, "Presindekset: niveauer")
    assert bands.categories == (
        "Meget højt pres (over 18 point)", "Højt pres (13–18 point)", "Jævnt pres (7–12 point)",
        "Lavt pres (0–6 point)",
    )  # fmt: skip
    assert bands.series["Jeres klynge"] == pytest.approx((3 / 12, 2 / 12, 4 / 12, 3 / 12))
    assert bands.series["Landstal"] == (0.08, None, None, None)
    assert "WHO" not in deck_text(deck)


def test_the_table_of_ones_own_score_has_each_items_own_numbers() -> None:
    shown = deck_text(make_deck(a_report(TWELVE)))
    assert "Læg dine tre tal sammen, og gang med 2." in shown
    assert "Scoren går fra 0 til 24 i trin på 2. Opdigtet til prøver." in shown
    paper = document_text(make_document(a_report(TWELVE)))
    assert "De tre tal lagt sammen: ______  ×  2  =  ______ point" in paper
    lines = paper.splitlines()
    for item, numbers in (("er jeg kommet bagud", "43210"), ("har jeg haft overblik", "01234")):
        place = lines.index(item)
        assert "".join(lines[place + 1 : place + 6]) == numbers


def test_the_document_tells_mean_bands_and_what_it_is_not() -> None:
    paper = document_text(make_document(a_report(TWELVE)))
    assert "Klyngens gennemsnit på Presindekset er 14 point af 24" in paper
    assert "Presindekset er opdigtet og siger intet om den enkelte." in paper
    for cell in ("Meget højt pres", "over 18 point", "25\N{NO-BREAK SPACE}% (3)"):
        assert cell in paper


@pytest.mark.parametrize("n", [4, 5, 9, 12])
def test_nothing_runs_out_of_its_place(n: int) -> None:
    deck = make_deck(a_report(TWELVE[:n]))
    assert not list(overflows(deck)), list(overflows(deck))


@pytest.mark.parametrize("n", [5, 9])
def test_of_few_only_counts_and_a_mean_are_told(n: int) -> None:
    deck = make_deck(a_report(TWELVE[:n]))
    assert "Presindekset: gennemsnit" in {chart.name for chart in read_chart_data(deck)}
    shown = deck_text(deck)
    assert "Højeste" not in shown
    assert "%" not in shown.replace("95\N{NO-BREAK SPACE}%", "").replace("95 %", "")


def test_before_and_after_count_the_bands_to_take_heed_of() -> None:
    deck = make_deck(the_follow_up(LATER, TWELVE))
    assert titles_of(deck)[2:] == [
        "I snit 14 point, og 25 % har meget højt pres",
        "Presset er steget fra 7,2 til 14",
        "Højt eller meget højt: 0 % før, 42 % nu",
    ]
    levels = the_chart(deck, "Presindekset-niveauer før og nu")
    assert len(levels.series) == 4
    paper = document_text(make_document(the_follow_up(LATER, TWELVE)))
    assert "Første runde: 7,2 point. Nu: 14 point." in paper

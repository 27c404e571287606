"""The package of delegation: the minutes' figures come out of its deck, and nothing in it is borrowed from another."""

from dataclasses import replace
from functools import cache

import pytest

from domain.meeting import Format
from domain.model import Round
from domain.package import Answers
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.papers.catalogue import PaperId, paper_called
from reporting.papers.making import make_paper
from reporting.reading import read_chart_data
from reporting.report_context import ReportContext
from tests.reporting.clusters import a_baseline, a_round
from tests.reporting.papers.meetings import a_paper
from tests.reporting.reading import document_text
from tests.reporting.slides import titles_of
from tests.the_packages import SAMARBEJDE, TRIVSEL, UDDELEGERING

FROM_THE_MINUTES = {"aflastning": 26, "oekonomi": 15, "kvalitet": 10, "mening": 8}
"""Referat, »Hvorfor synes du, at uddelegering er vigtigt?«: reasons given by 34 doctors, several by most."""


def the_minutes() -> ReportContext:
    """34 of 42 with the minutes' reasons, dealt out one after the other so that everybody has one at least."""
    reasons = [reason for reason, count in FROM_THE_MINUTES.items() for _ in range(count)]
    answers: list[Answers] = [{"vigtigt": tuple(dict.fromkeys(reasons[place::34]))} for place in range(34)]
    assert all(answer["vigtigt"] for answer in answers)
    return replace(a_baseline(UDDELEGERING, 34), results=a_round(UDDELEGERING, answers, 42))


@cache
def the_deck() -> bytes:
    return make_deck(the_minutes())


def test_the_minutes_reasons_are_read_back_out_of_the_decks_chart() -> None:
    shown = next(chart for chart in read_chart_data(the_deck()) if "Aflastning" in chart.categories)
    (values,) = shown.series.values()
    assert dict(zip(shown.categories, (round(value * 34) for value in values), strict=True)) == {
        "Aflastning": 26, "Økonomi": 15, "Kvalitet i arbejdet": 10, "Meningsfyldt arbejde": 8,
    }  # fmt: skip
    said = "Derfor er uddelegering vigtigt: oftest »Aflastning« og »Økonomi«. Indbyrdes kan de ikke skelnes"
    assert said in titles_of(the_deck())


@pytest.mark.parametrize("round_", list(Round))
def test_each_rounds_deck_begins_with_its_front_and_ends_with_what_to_take_home(round_: Round) -> None:
    slides = UDDELEGERING.deck.of(Format.VIDEO, round_)
    assert (slides[0].kind, slides[-1].kind) == ("title", "homework")


def test_no_figure_stands_without_a_source_and_every_question_of_ours_says_so() -> None:
    assert UDDELEGERING.references == ()
    of_ours = {item.id for item in UDDELEGERING.items if item.source == "own"}
    assert of_ours == {item.id for item in UDDELEGERING.items} - {"vigtigt"}


def test_answers_in_words_stand_under_their_slides_heading_in_the_results() -> None:
    assert "Det vil klyngen uddelegere mere af" in document_text(make_document(the_minutes()))
    assert "Gode erfaringer fra klyngen" in document_text(make_document(a_baseline(TRIVSEL, 12)))


def test_the_guide_speaks_of_videos_only_where_the_package_has_some() -> None:
    guide = paper_called(PaperId.GUIDE)
    assert guide is not None
    for package, has in ((UDDELEGERING, False), (SAMARBEJDE, False), (TRIVSEL, True)):
        for form in Format:
            said = document_text(make_paper(guide, a_paper(package, form)))
            assert ("videoer i lokalet" in said or "videoerne åbne" in said) is has, (package.slug, form)

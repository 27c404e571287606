"""What the cluster agreed last time: first on the follow-up's deck and in its document, or questions in its place."""

import datetime as dt
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from domain.agreements import LONGEST_AGREEMENT, MOST_AGREEMENTS
from domain.model import Round
from domain.package import Package
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.papers.catalogue import PaperId, paper_called
from reporting.papers.making import make_paper
from reporting.report_context import ReportContext
from tests.reporting import test_document
from tests.reporting.clusters import PACKAGES, a_follow_up, some_results
from tests.reporting.papers.meetings import a_paper
from tests.reporting.slides import notes_of, slides_of, title_of, words_of
from tests.the_packages import TRIVSEL

MET = dt.date(2025, 12, 2)
LUNCH, SUPERVISION = "Fælles frokost kl. 12, alle, fra 1. maj", "Supervision, Mette spørger rundt, før sommer"
HOSTILE = '<b>{cluster}</b> & "x" {0} =HYPERLINK("https://x") {{ y }}'
TITLE = "Hvad blev der af det, I aftalte sidst?"
OF_EACH = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)


def follow_up(package: Package = TRIVSEL, n: int = 12, **changes: Any) -> ReportContext:
    report = a_follow_up(package, some_results(package, n), some_results(package, n, Round.FOLLOW_UP))
    return replace(report, met_on=MET, **changes)


def last_time(report: ReportContext) -> list[Any]:
    return [slide for slide in slides_of(make_deck(report)) if title_of(slide) == TITLE]


@OF_EACH
def test_it_is_the_first_slide_after_the_front_also_where_too_few_answered(package: Package) -> None:
    for n in (3, 12):
        slides = slides_of(make_deck(follow_up(package, n, agreed=(LUNCH,))))
        assert title_of(slides[1]) == TITLE
        assert LUNCH in words_of(slides[1])


@OF_EACH
def test_what_was_agreed_stands_beside_its_day_and_how_long_ago_that_is(package: Package) -> None:
    (slide,) = last_time(follow_up(package, agreed=(LUNCH, SUPERVISION)))
    words = words_of(slide)
    for said in (LUNCH, SUPERVISION, "den 2. december 2025", "11 måneder siden"):
        assert said in words
    for question in slide_plan(package).body:
        assert question in notes_of(slide), "the questions are the facilitator's to ask"
        assert question not in words
    assert f"– {LUNCH}" in notes_of(slide), "the guide is made of the notes"


@OF_EACH
def test_where_nothing_was_written_the_slide_says_what_to_talk_about(package: Package) -> None:
    (slide,) = last_time(follow_up(package))
    assert all(question in words_of(slide) for question in slide_plan(package).body)
    assert "Det blev aftalt" not in notes_of(slide)


def test_five_of_full_length_are_on_one_slide_whole_and_nothing_is_cut() -> None:
    long = tuple(f"{number} {'ordet ' * 40}"[:LONGEST_AGREEMENT].strip() for number in range(MOST_AGREEMENTS))
    (slide,) = last_time(follow_up(agreed=long))
    assert all(point in words_of(slide) for point in long)
    assert "…" not in words_of(slide)


def test_one_long_word_and_signs_of_code_are_shown_as_they_were_written() -> None:
    (slide,) = last_time(follow_up(agreed=(HOSTILE, "x" * LONGEST_AGREEMENT)))
    assert HOSTILE in words_of(slide)
    document = test_document.words_of(make_document(follow_up(agreed=(HOSTILE,))))
    assert HOSTILE in document


def test_without_a_known_day_nothing_is_said_of_it() -> None:
    (slide,) = last_time(replace(follow_up(agreed=(LUNCH,)), met_on=None))
    assert "siden" not in words_of(slide).replace("Siden sidst", "")


@OF_EACH
def test_the_results_document_begins_with_it_and_leaves_it_out_where_nothing_was_agreed(package: Package) -> None:
    words = test_document.words_of(make_document(follow_up(package, agreed=(LUNCH,))))
    assert words.index("Det aftalte I sidst") < words.index(LUNCH) < words.index("Klyngens svar")
    assert "Klyngemødet den 2. december 2025, 11 måneder siden. Hvad blev der af det?" in words
    assert "Det aftalte I sidst" not in test_document.words_of(make_document(follow_up(package)))


def test_the_second_plan_begins_with_what_was_agreed_and_offers_no_third_round() -> None:
    kind = paper_called(PaperId.PLAN)
    assert kind is not None
    first = test_document.words_of(make_paper(kind, a_paper()))
    again = replace(a_paper(), round=Round.FOLLOW_UP, meeting=None, agreed=(LUNCH,), agreed_on=MET)
    made = make_paper(kind, again)
    second = test_document.words_of(made)
    assert second.index("Det aftalte klyngen den 2. december 2025") < second.index("Det vil vi nu")
    agreed, now = Document(BytesIO(made)).tables
    assert agreed.rows[1].cells[0].text == LUNCH
    assert now.rows[0].cells[0].text == "Hvad vil vi ændre?"
    assert ("KiAP kan lave en ny opgørelse" in first, "KiAP kan lave en ny opgørelse" in second) == (True, False)
    assert "aftalte klyngen" not in first
    blank = test_document.words_of(make_paper(kind, replace(again, agreed=(), agreed_on=None)))
    assert "aftalte klyngen" not in blank


def slide_plan(package: Package) -> Any:
    return next(slide for slide in package.deck.slides if slide.kind == "last_time")

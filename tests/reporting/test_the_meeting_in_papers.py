"""What was agreed on the meeting stands in the papers; so a changed plan changes them."""

import datetime as dt
from dataclasses import replace

import pytest

from domain.meeting import Format, Meeting
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.report_context import ReportContext
from tests.reporting.clusters import a_baseline
from tests.reporting.reading import deck_text, document_text
from tests.reporting.slides import slides_of, words_of
from tests.the_packages import TRIVSEL

STARTS = dt.datetime(2026, 11, 25, 17)  # noqa: DTZ001 - the wall clock in Denmark
MEETING = Meeting(starts=STARTS, minutes=TRIVSEL.programme_minutes)
PLANNED = replace(a_baseline(TRIVSEL, 12), meeting=MEETING, place="Lægehuset, lokale 2")


def papers(report: ReportContext) -> tuple[str, str]:
    return deck_text(make_deck(report)), document_text(make_document(report))


def changed(place: str = PLANNED.place, **meeting: object) -> ReportContext:
    return replace(PLANNED, meeting=MEETING.model_copy(update=meeting), place=place)


def test_day_time_and_place_stand_in_deck_and_document() -> None:
    for paper in papers(PLANNED):
        assert "Klyngemøde den 25. november 2026 kl. 17.00–19.00" in paper
        assert "Sted: Lægehuset, lokale 2" in paper
        assert "I alt 2 timer." in paper


@pytest.mark.parametrize(
    "other",
    [
        changed(starts=STARTS + dt.timedelta(days=1)),
        changed(starts=STARTS.replace(hour=16)),
        changed(minutes=180),
        changed(format=Format.VIDEO),
        changed(place="Sognegården, stuen"),
    ],
    ids=["day", "time", "length", "form", "place"],
)
def test_whatever_changes_of_the_plan_changes_both_papers(other: ReportContext) -> None:
    for before, after in zip(papers(PLANNED), papers(other), strict=True):
        assert before != after


def test_a_longer_or_shorter_meeting_has_a_programme_that_lasts_as_long() -> None:
    for minutes, ends, said in ((180, "19.55–20.00", "3 timer"), (90, "18.25–18.30", "1,5 timer")):
        report = changed(minutes=minutes)
        deck = "\n".join(words_of(slide) for slide in slides_of(make_deck(report)))
        for paper in (deck, document_text(make_document(report))):
            assert ends in paper
            assert f"I alt {said}." in paper


def test_a_video_meetings_address_is_in_the_document_and_not_on_a_slide() -> None:
    deck, document = papers(changed(place="https://video.example/moede/4711", format=Format.VIDEO))
    assert "Videomøde: https://video.example/moede/4711" in document
    assert "Videomøde" in deck
    assert "4711" not in deck

"""Decks and documents of every form and length, read back: one programme, its sums, numbers and its form's words."""

import datetime as dt
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from domain.fitting import shortest
from domain.meeting import Format, Meeting
from domain.model import OrderId, Round
from domain.package import Package
from domain.video import RingTo
from reporting.calendar_file import CalendarUser
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.meeting_entry import meeting_entry
from reporting.papers.catalogue import PAPERS
from reporting.papers.making import make_paper
from reporting.report_context import ReportContext
from tests.forms_of_meeting import words_of_the_other_form
from tests.reporting.clusters import a_baseline, a_follow_up, some_results
from tests.reporting.papers.meetings import a_paper
from tests.reporting.reading import document_text
from tests.reporting.slides import notes_of, numbered_lines_of, slides_of, words_of
from tests.the_packages import POLYFARMACI, SAMARBEJDE, TRIVSEL, UDDELEGERING

PLACES = {Format.IN_PERSON: "Sognegården, Kirkevej 2", Format.VIDEO: "https://video.example/klynge"}
BOTH = pytest.mark.parametrize("form", list(Format))
PACKAGES = pytest.mark.parametrize(
    "package", [TRIVSEL, SAMARBEJDE, UDDELEGERING, POLYFARMACI], ids=lambda package: package.slug
)
RING = RingTo("Karen Blixen", "20 30 40 50")


def a_meeting(package: Package, form: Format, minutes: int, hour: int = 17, quarter: int = 0) -> ReportContext:
    starts = dt.datetime(2026, 11, 25, hour, quarter * 15)  # noqa: DTZ001 - the wall clock in Denmark
    meeting = Meeting(starts=starts, minutes=minutes, format=form)
    return replace(a_baseline(package, 12), meeting=meeting, place=PLACES[form], ring=RING)


def spans_in(lines: list[str]) -> list[tuple[str, str]]:
    return [(hit[1], hit[2]) for line in lines if (hit := re.fullmatch(r"(\d\d?\.\d\d)–(\d\d?\.\d\d)", line.strip()))]


def one_after_another(spans: list[tuple[str, str]], report: ReportContext) -> bool:
    """Whether the spans run from the meeting's beginning to its end without a hole."""
    assert report.meeting is not None
    ends = report.meeting.starts + dt.timedelta(minutes=report.meeting.minutes)
    first, last = (f"{when.hour}.{when:%M}" for when in (report.meeting.starts, ends))
    whole = all(before[1] == after[0] for before, after in pairwise(spans))
    return whole and (spans[0][0], spans[-1][1]) == (first, last)


@PACKAGES
@BOTH
@pytest.mark.parametrize("minutes", [0, 97, 120, 150, 151, 180, 300])
def test_whatever_the_form_and_length_deck_and_document_print_one_programme(
    package: Package, form: Format, minutes: int
) -> None:
    """The shortest meeting that the package can do, and others up to five hours."""
    minutes = max(minutes, shortest(package.programme.of(form)))
    report = a_meeting(package, form, minutes, hour=8 + minutes % 9, quarter=minutes % 4)
    slides = slides_of(make_deck(report))
    document = document_text(make_document(report))

    agenda = next(slide for slide in slides if "Dagsorden" in words_of(slide))
    assert one_after_another(spans_in(words_of(agenda).splitlines()), report)
    group_work = [slide for slide in slides if words_of(slide).startswith("Gruppearbejde")]
    blocks = {block.when for block in report.blocks if block.heading}
    times = [span for span in spans_in(document.splitlines()) if "–".join(span) not in blocks]
    assert one_after_another(times, report)
    for block in report.blocks:
        assert f"{block.heading} ({block.minutes} minutter)" in document or not block.heading

    for part in report.programme:
        numbered = len(part.tasks) > 1
        for task in part.tasks:
            on_paper = f"{task.number}.\t{task.text}" if numbered else task.text
            on_slide = f"{task.number}. {task.text}" if numbered else task.text
            assert on_paper in document
            assert on_slide in [line for slide in group_work for line in numbered_lines_of(slide)]
        if part.part.who_answers:
            assert part.part.who_answers in document
            assert [slide for slide in group_work if part.part.who_answers.rstrip(".") in words_of(slide)]

    read = "\n".join([document, *(words_of(slide) + notes_of(slide) for slide in slides)])
    assert words_of_the_other_form(read, form) == []


@PACKAGES
@BOTH
@pytest.mark.parametrize("minutes", [120, 150, 180])
def test_the_notes_have_every_part_of_the_programme_with_its_clock(
    package: Package, form: Format, minutes: int
) -> None:
    report = a_meeting(package, form, minutes)
    notes = "\n".join(notes_of(slide) for slide in slides_of(make_deck(report)))
    for part in report.programme:
        assert len(re.findall(rf"(?i)kl\. {part.when}: {re.escape(part.title)}\.", notes)) == 1, part.title
        for line in part.part.technique:
            assert line in notes
    assert ("Teknik:" in notes) is (form is Format.VIDEO)


@PACKAGES
@BOTH
def test_every_paper_of_a_meeting_keeps_to_its_form(package: Package, form: Format) -> None:
    report = a_meeting(package, form, 150)
    paper = replace(
        a_paper(package, form), meeting=report.meeting, place=report.place, programme=report.programme,
        deck=make_deck(report), video=report.video,
    )  # fmt: skip
    for kind in PAPERS:
        text = document_text(make_paper(kind, paper))
        assert words_of_the_other_form(text, form) == [], kind.id


@PACKAGES
def test_a_follow_up_has_words_for_any_form(package: Package) -> None:
    report = a_follow_up(package, some_results(package, 20), some_results(package, 18, Round.FOLLOW_UP))
    slides = slides_of(make_deck(report))
    read = "\n".join([document_text(make_document(report)), *(words_of(slide) + notes_of(slide) for slide in slides)])
    assert [words_of_the_other_form(read, form) for form in Format] == [[], []]
    assert report.programme == ()


def test_a_video_meeting_tells_of_check_in_and_whom_to_ring_and_one_in_a_room_of_neither() -> None:
    video, room = (a_meeting(TRIVSEL, form, 120) for form in (Format.VIDEO, Format.IN_PERSON))
    told = document_text(make_document(video))
    assert "Check-in fra kl. 16.30" in told
    assert "Kan du ikke logge på, så ring til Karen Blixen, tlf. 20 30 40 50." in told
    notes = "\n".join(notes_of(slide) for slide in slides_of(make_deck(video)))
    assert "Check-in fra kl. 16.30: Byd velkommen" in notes
    assert "Zoom-guide_til_moedefacilitator17112020.pdf" in notes
    assert "Karen Blixen" not in document_text(make_document(room))


@BOTH
def test_the_calendar_entry_of_a_video_meeting_tells_of_its_check_in(form: Format) -> None:
    report = a_meeting(SAMARBEJDE, form, 150)
    assert report.meeting is not None
    entry = meeting_entry(
        OrderId("o-1"),
        report.meeting,
        1,
        title="T",
        cluster="C",
        place="",
        video=report.video,
        organizer=CalendarUser("K", "k@k.dk"),
    )
    assert ("Check-in fra kl. 16.30" in entry.description) is (form is Format.VIDEO)
    assert entry.starts == report.meeting.starts


def test_a_part_that_the_meeting_is_without_has_no_slides() -> None:
    report = a_meeting(TRIVSEL, Format.IN_PERSON, 120)
    parts = tuple(each.part for each in report.programme if each.part.block != "Arbejdspres og restitution")
    without = replace(report, parts=parts)
    words = "\n".join(words_of(slide) for slide in slides_of(make_deck(without)))
    assert "Hvad vækker videoen af tanker?" not in words
    assert "krisekorps" in words, "where to turn is always told"

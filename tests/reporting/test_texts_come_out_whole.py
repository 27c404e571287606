"""Whatever the door takes comes out whole in the deck, in the Word document and in the calendar file."""

import datetime as dt
from io import BytesIO
from urllib.parse import unquote

from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from pptx import Presentation

from domain.meeting import COPENHAGEN, Meeting
from domain.text import (
    LONGEST_ANSWER,
    cluster_name,
    email_address,
    meeting_place,
    package_title,
    person_name,
    words_or_nothing,
)
from reporting.calendar_file import CalendarEntry, CalendarUser, make_calendar_file
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.report_context import ReportContext
from tests.reporting.calendar_reader import read_calendar
from tests.reporting.clusters import a_baseline
from tests.reporting.reading import deck_text, document_text
from tests.texts import ADDRESSES_WRITTEN, taken
from tests.the_packages import TRIVSEL

SHORT = 40
"""Characters for which every place on a slide has room; longer ones are shortened with "…"."""

TEN_ANSWERED = a_baseline(TRIVSEL, 10)
SHORT_NAMES = taken(lambda text: person_name(text[:SHORT]))
SHORT_CLUSTERS = taken(lambda text: cluster_name(text[:SHORT]))
SHORT_ANSWERS = taken(lambda text: words_or_nothing(text[:SHORT], LONGEST_ANSWER)).filter(bool)
SHORT_PLACES = taken(lambda text: meeting_place(text[:SHORT]))
STARTS = dt.datetime(2026, 11, 25, 17)  # noqa: DTZ001 - Danish wall clock
NOW = dt.datetime(2026, 11, 6, 8, 45, tzinfo=COPENHAGEN)


@settings(max_examples=12, deadline=None)
@given(
    cluster=SHORT_CLUSTERS, coordinator=SHORT_NAMES, answers=st.lists(SHORT_ANSWERS, min_size=1, max_size=8),
    title=taken(lambda text: package_title(text[:SHORT])), place=SHORT_PLACES,
)  # fmt: skip
def test_names_titles_places_and_answers_stand_in_deck_and_document(
    cluster: str, coordinator: str, answers: list[str], title: str, place: str
) -> None:
    report = ReportContext(
        package=TRIVSEL.model_copy(update={"title": title}),
        results=TEN_ANSWERED.results,
        cluster=cluster,
        made_on=dt.date(2026, 11, 2),
        coordinator=coordinator,
        free_texts=tuple(answers),
        meeting=Meeting(starts=STARTS),
        place=place,
    )
    deck, document = make_deck(report), make_document(report)
    for text in (deck_text(deck), document_text(document)):
        assert cluster in text
        assert coordinator in text
        assert f"Sted: {place}" in text
        for answer in answers:
            assert f"»{' '.join(answer.split())}«" in text
    assert Presentation(BytesIO(deck)).core_properties.title == f"{title} – {cluster}"
    assert title in document_text(document)


@settings(max_examples=150, deadline=None)
@given(
    title=taken(package_title), place=taken(meeting_place), description=taken(words_or_nothing),
    organizer=taken(person_name), reader=taken(person_name), address=taken(email_address, ADDRESSES_WRITTEN),
)  # fmt: skip
@example("K:\\Noter", "\\N", "a;b,c\\;n\nd", "Ole", "Bo", "bo@klinik.example")
def test_title_place_description_names_and_address_are_read_back_from_the_calendar_file_by_two_readers(
    title: str, place: str, description: str, organizer: str, reader: str, address: str
) -> None:
    entry = CalendarEntry(
        "uid@kiap.dk", 0, STARTS, 150, title, place, description, CalendarUser(organizer, "kiap@kiap.example")
    )
    content = make_calendar_file(entry, NOW, CalendarUser(reader, address)).content
    (event,) = Calendar.from_ical(content).events
    (ours,) = read_calendar(content).within("VEVENT")
    for name, wanted in (("SUMMARY", title), ("LOCATION", place), ("DESCRIPTION", description)):
        assert str(event.get(name, "")) == "".join(line.text for line in ours.all(name)) == wanted
    for name, wanted in (("ORGANIZER", organizer), ("ATTENDEE", reader)):
        assert ours.the(name).parameters["CN"] == wanted
        if "\\" not in wanted:  # icalendar takes it for an escape, which parameters have none of (RFC 5545, 3.2)
            assert event[name].params["CN"] == wanted
    for written in (str(event["ATTENDEE"]), ours.the("ATTENDEE").value):
        assert email_address(unquote(written.removeprefix("mailto:"))) == address

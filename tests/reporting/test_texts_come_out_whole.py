"""Whatever the door takes comes out whole in the deck, in the Word document and in the calendar file."""

import datetime as dt
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from pptx import Presentation

from domain.text import LONGEST_ANSWER, cluster_name, meeting_place, package_title, person_name, words_or_nothing
from reporting.calendar_file import make_calendar_file
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.report_context import ReportContext
from tests.reporting.clusters import a_baseline
from tests.reporting.reading import deck_text, document_text
from tests.texts import taken
from tests.the_packages import TRIVSEL

SHORT = 40
"""Characters for which every place on a slide has room; longer ones are shortened with "…"."""

TEN_ANSWERED = a_baseline(TRIVSEL, 10)
SHORT_NAMES = taken(lambda text: person_name(text[:SHORT]))
SHORT_CLUSTERS = taken(lambda text: cluster_name(text[:SHORT]))
SHORT_ANSWERS = taken(lambda text: words_or_nothing(text[:SHORT], LONGEST_ANSWER)).filter(bool)
STARTS = dt.datetime(2026, 11, 25, 17)  # noqa: DTZ001 - Danish wall clock


@settings(max_examples=12, deadline=None)
@given(
    cluster=SHORT_CLUSTERS, coordinator=SHORT_NAMES, answers=st.lists(SHORT_ANSWERS, min_size=1, max_size=8),
    title=taken(lambda text: package_title(text[:SHORT])),
)  # fmt: skip
def test_names_titles_and_answers_stand_in_deck_and_document(
    cluster: str, coordinator: str, answers: list[str], title: str
) -> None:
    report = ReportContext(
        package=TRIVSEL.model_copy(update={"title": title}),
        results=TEN_ANSWERED.results,
        cluster=cluster,
        made_on=dt.date(2026, 11, 2),
        coordinator=coordinator,
        free_texts=tuple(answers),
    )
    deck, document = make_deck(report), make_document(report)
    for text in (deck_text(deck), document_text(document)):
        assert cluster in text
        assert coordinator in text
        for answer in answers:
            assert f"»{' '.join(answer.split())}«" in text
    assert Presentation(BytesIO(deck)).core_properties.title == f"{title} – {cluster}"
    assert title in document_text(document)


@settings(max_examples=150, deadline=None)
@given(title=taken(package_title), place=taken(meeting_place), description=taken(words_or_nothing))
def test_title_place_and_description_are_read_back_from_the_calendar_file(
    title: str, place: str, description: str
) -> None:
    content = make_calendar_file("uid@kiap.dk", 0, STARTS, 150, title, place, description)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (title, place)
    assert str(event.get("DESCRIPTION", "")) == description
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))

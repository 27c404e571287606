"""What a letter may tell, and to whom."""

import datetime as dt

import pytest
from activities.writing import OPERATIONS, Recipient, Writer
from icalendar import Calendar

from domain import commands as do
from domain.events import Event
from domain.letters import Letter, Occasion
from domain.meeting import at
from domain.model import Round, StaffId
from storage import directory
from storage.event_store import EventStore
from tests.activities.desk import CLOSED, MEETING, Desk

TO_MEMBERS = [Occasion.PROGRAMME, Occasion.MEETING_MOVED, Occasion.AFTER_MEETING]


def a_member(desk: Desk) -> Recipient:
    return Recipient(next(iter(desk.order.active_members.values())).contact)


@pytest.mark.parametrize("occasion", TO_MEMBERS)
def test_members_get_no_link_to_results_that_are_not_released(desk: Desk, occasion: Occasion) -> None:
    desk.deck_in_review()
    desk.do(do.HoldDeck())
    mail = desk.written(Letter(occasion), a_member(desk)).mail
    assert "/d/" not in mail.text + mail.html
    assert "resultater" not in mail.text


@pytest.mark.parametrize("occasion", TO_MEMBERS)
def test_members_get_a_link_to_released_results(desk: Desk, occasion: Occasion) -> None:
    desk.deck_in_review()
    desk.do(do.ReleaseDeck())
    mail = desk.written(Letter(occasion), a_member(desk)).mail
    assert "/d/" in mail.text
    assert "/d/" in mail.html


def test_no_member_gets_a_withheld_deck_after_the_meeting(desk: Desk) -> None:
    desk.deck_in_review()
    desk.do(do.HoldDeck(), now=CLOSED)
    desk.do(do.WithholdDeck(), now=at(MEETING.date(), dt.time(18)))
    mail = desk.written(Letter(Occasion.AFTER_MEETING), a_member(desk)).mail
    assert "/d/" not in mail.text + mail.html


PLAN, MOVED = Letter(Occasion.PLAN_AGREED, number="2"), Letter(Occasion.MEETING_MOVED, number="2")
INVITATION = Letter(Occasion.INVITATION, Round.BASELINE)
LATER = MEETING + dt.timedelta(days=14)


def text_of(desk: Desk, letter: Letter) -> str:
    to = Recipient(desk.order.coordinator) if letter.manner.to == "coordinator" else a_member(desk)
    return " ".join(desk.written(letter, to).mail.text.split())


def test_a_moved_meeting_is_told_with_the_time_its_readers_had(desk: Desk) -> None:
    desk.open_survey()
    desk.do(do.RecordLetters(key="plan_agreed//1", sent=1), do.RecordLetters(key=INVITATION.key, sent=6))
    desk.do(do.MoveMeeting(to=LATER))
    for letter in (PLAN, MOVED):
        assert "Det skulle have været onsdag den 14. maj kl. 17" in text_of(desk, letter)
        desk.do(do.RecordLetters(key=letter.key, sent=5, waiting=1))
        assert "Det skulle have været onsdag den 14. maj kl. 17" in text_of(desk, letter), "tried again, the same"
    desk.do(do.ChangeMeeting(minutes=180))
    changed, plan = Letter(Occasion.MEETING_MOVED, number="3"), Letter(Occasion.PLAN_AGREED, number="3")
    assert "Det skulle have været" not in text_of(desk, changed) + text_of(desk, plan)
    assert "Planen for klyngemødet er ændret" in text_of(desk, plan)


def test_an_invitation_sent_again_after_the_move_does_not_hide_the_time_its_readers_had(desk: Desk) -> None:
    desk.open_survey()
    desk.do(do.RecordLetters(key="plan_agreed//1", sent=1), do.RecordLetters(key=INVITATION.key, sent=5, failed=1))
    desk.do(do.MoveMeeting(to=LATER))
    again = desk.now + dt.timedelta(minutes=10)
    desk.do(do.SendLettersAgain(key=INVITATION.key, sent=5, failed=0, waiting=1), now=again)
    desk.do(do.RecordLetters(key=INVITATION.key, sent=6))
    assert "Det skulle have været onsdag den 14. maj kl. 17" in text_of(desk, MOVED)


@pytest.mark.parametrize("letter", [Letter(Occasion.PROGRAMME), Letter(Occasion.MEETING_REMINDER)])
def test_a_letter_that_tells_no_old_time_is_written_without_the_orders_stream(
    desk: Desk, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_survey()
    order = desk.order

    def load(_store: EventStore, stream: str) -> list[Event]:
        pytest.fail(f"{stream} was read")

    monkeypatch.setattr(EventStore, "load", load)
    to = Recipient(next(iter(order.active_members.values())).contact)
    with desk.stack.database.read() as connection:
        written = Writer(desk.at).write(connection, order, letter, to, "mail-1", desk.now)
    assert "14. maj" in written.mail.text


def test_a_meeting_moved_before_anybody_was_told_is_a_plan_like_any_other(desk: Desk) -> None:
    desk.open_survey()
    desk.do(do.MoveMeeting(to=LATER))
    assert "Det skulle have været" not in text_of(desk, PLAN)


@pytest.mark.parametrize("consultant", ["nobody-i-know", "left"])
def test_a_consultant_who_is_not_there_is_the_offices_mail(desk: Desk, consultant: str) -> None:
    desk.deck_in_review()
    if consultant == "left":
        assert desk.order.consultant is not None
        with desk.stack.database.write() as connection:
            directory.staff_left(connection, desk.order.consultant, desk.now)
    else:
        desk.do(do.AssignConsultant(consultant=StaffId(consultant)))
    assert desk.order.consultant is not None
    letter = Letter(Occasion.DECK_REVIEW, Round.BASELINE)
    to_consultant = desk.written(letter, Recipient(desk.order.consultant))
    assert to_consultant.to.address == desk.at.office.operations
    assert (
        desk.at.office.phone in desk.written(Letter(Occasion.PLAN_AGREED), Recipient(desk.order.coordinator)).mail.text
    )
    assert OPERATIONS not in to_consultant.to.address


def test_the_second_rounds_material_is_named_as_before_and_after(desk: Desk) -> None:
    desk.deck_in_review()
    desk.do(do.ReleaseDeck())
    assert "PowerPoint til mødet" in text_of(desk, Letter(Occasion.DECK_DELIVERED, Round.BASELINE))
    desk.do(do.RecordMeeting(attended=6, absent=0), now=MEETING.replace(tzinfo=dt.UTC) + dt.timedelta(days=1))
    desk.do(do.StartFollowUp(), now=desk.now + dt.timedelta(days=250))
    desk.do(
        do.OpenSurvey(round=Round.FOLLOW_UP),
        do.CloseSurvey(round=Round.FOLLOW_UP, why="by_hand"),
        do.RecordTurnout(round=Round.FOLLOW_UP, answers=6, invited=6),
        do.RecordResults(round=Round.FOLLOW_UP, answers=6, free_texts=0),
    )
    kept = desk.keep(Round.FOLLOW_UP)
    desk.do(do.RecordDeck(round=Round.FOLLOW_UP, version=1, documents=tuple(info.id for info in kept)))
    desk.do(do.ReleaseDeck())
    told = text_of(desk, Letter(Occasion.COMPARISON_DELIVERED, Round.FOLLOW_UP))
    assert "PowerPoint med før og efter" in told
    assert "til mødet" not in told


def test_the_calendar_entry_asks_the_letters_own_reader_in_the_name_of_who_sends_it(desk: Desk) -> None:
    desk.open_survey()
    for letter, to in ((PLAN, Recipient(desk.order.coordinator)), (Letter(Occasion.PROGRAMME), a_member(desk))):
        envelope = desk.written(letter, to)
        (attached,) = envelope.mail.attachments
        (event,) = Calendar.from_ical(attached.content).events
        assert attached.media_type == "text/calendar; method=REQUEST; charset=utf-8"
        assert event["ATTENDEE"] == f"mailto:{envelope.to.address}"
        assert event["ORGANIZER"] == f"mailto:{envelope.sender.address}"
        assert desk.now.replace(microsecond=0) == event.DTSTAMP
        assert event["SEQUENCE"] == desk.order.meeting_edition


@pytest.mark.parametrize(
    ("name", "greeting"),
    [("Dam, Mette", "Kære Mette\n"), ("overlæge, ph.d. Mette Dam", "Kære Mette\n"), ("J. P. Dam", "Hej\n")],
)
def test_people_are_greeted_by_their_first_name_however_they_write_it(desk: Desk, name: str, greeting: str) -> None:
    desk.place()
    with desk.stack.database.write() as connection:
        contact = directory.add_contact(connection, name, "mette@dam.example")
    desk.do(do.ReplaceCoordinator(coordinator=contact))
    mail = desk.written(Letter(Occasion.ORDER_RECEIVED), Recipient(contact)).mail
    assert mail.text.startswith(greeting)
    assert f">{greeting.strip()}</p>" in mail.html

"""Letters about an order called off: what they say of meeting and survey, and what they do to calendars."""

import datetime as dt
from typing import Any

from icalendar import Calendar

from domain import commands as do
from domain.letters import Letter, Occasion
from domain.meeting import at
from domain.model import Round
from mail.envelope import Envelope
from tests.activities.desk import MEETING, Desk

CANCELLED, OFF = Letter(Occasion.ORDER_CANCELLED), Letter(Occasion.MEETING_CANCELLED)
PLAN, PROGRAMME = Letter(Occasion.PLAN_AGREED, number="1"), Letter(Occasion.PROGRAMME)
INVITATION = Letter(Occasion.INVITATION, Round.BASELINE)
FOLLOW_UP_OPENS = dt.date(2032, 3, 2)


def gone(desk: Desk, *letters: Letter) -> None:
    for letter in letters:
        desk.do(do.RecordLetters(key=letter.key, sent=1, seen=desk.order.version))


def calendar_of(envelope: Envelope) -> tuple[str, Any]:
    """The method and the entry of the one file that goes along."""
    (attachment,) = envelope.mail.attachments
    calendar = Calendar.from_ical(attachment.content)
    (event,) = calendar.events
    assert attachment.type_and_parameters[2] == {"method": str(calendar["METHOD"]), "charset": "utf-8"}
    return str(calendar["METHOD"]), event


def words_of(envelope: Envelope) -> str:
    return " ".join(envelope.mail.text.split())


def test_whoever_has_the_meeting_in_a_calendar_gets_it_taken_out_of_there(desk: Desk) -> None:
    desk.open_survey()
    gone(desk, PLAN, INVITATION, PROGRAMME)
    had = {CANCELLED: desk.written(PLAN), OFF: desk.written(PROGRAMME)}
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    for letter, earlier in had.items():
        (asked, entry), (taken_back, end) = calendar_of(earlier), calendar_of(written := desk.written(letter))
        assert (asked, taken_back) == ("REQUEST", "CANCEL")
        for name in ("UID", "ORGANIZER", "ATTENDEE", "DTSTART", "DTEND"):
            assert end[name] == entry[name]
        assert end["SEQUENCE"] > entry["SEQUENCE"]
        assert (end["STATUS"], written.to) == ("CANCELLED", earlier.to)
        assert "Den vedhæftede fil fjerner" in words_of(written)


def test_a_meeting_moved_and_then_called_off_is_taken_out_where_it_was_moved_to(desk: Desk) -> None:
    desk.open_survey()
    gone(desk, PLAN, INVITATION, PROGRAMME)
    desk.do(do.MoveMeeting(to=MEETING + dt.timedelta(days=14)))
    moved = Letter(Occasion.MEETING_MOVED, number="2")
    gone(desk, moved, Letter(Occasion.PLAN_AGREED, number="2"))
    _, last = calendar_of(desk.written(moved))
    desk.do(do.CancelOrder())
    _, end = calendar_of(desk.written(OFF))
    assert (end["UID"], end["DTSTART"]) == (last["UID"], last["DTSTART"])
    assert end["SEQUENCE"] > last["SEQUENCE"]


def test_a_plan_changed_since_the_entry_went_out_does_not_leave_it_in_the_calendars(desk: Desk) -> None:
    """The members have the new time from the letter about it, and not yet the letter about what changed after that."""
    desk.open_survey()
    gone(desk, PLAN, INVITATION)
    desk.do(do.MoveMeeting(to=MEETING + dt.timedelta(days=14)))
    gone(desk, Letter(Occasion.MEETING_MOVED, number="2"))
    desk.do(do.ChangeMeeting(minutes=180))
    desk.do(do.CancelOrder())
    method, _ = calendar_of(desk.written(OFF))
    assert method == "CANCEL"


def test_a_member_who_had_only_an_invitation_has_nothing_in_a_calendar(desk: Desk) -> None:
    desk.open_survey()
    gone(desk, PLAN, INVITATION)
    desk.do(do.CancelOrder())
    written = desk.written(OFF)
    assert written.mail.attachments == ()
    assert "vedhæftede" not in written.mail.text + written.mail.html
    assert "Du skal ikke svare på spørgeskemaet" in words_of(written)


def test_an_order_called_off_before_there_is_a_meeting_has_no_calendar_file(desk: Desk) -> None:
    desk.place()
    desk.do(do.CancelOrder())
    written = desk.written(CANCELLED)
    assert written.mail.attachments == ()
    assert "lyngemødet" not in written.mail.text


def a_held_meeting(desk: Desk) -> None:
    desk.deck_in_review()
    gone(desk, PLAN, INVITATION, PROGRAMME)
    desk.do(do.ReleaseDeck())
    desk.do(do.RecordDestruction(round=Round.BASELINE))
    desk.do(do.RecordMeeting(attended=5, absent=1), now=at(MEETING.date() + dt.timedelta(days=1), dt.time(10)))


def test_a_meeting_that_was_held_stays_in_the_calendars(desk: Desk) -> None:
    a_held_meeting(desk)
    desk.do(do.CancelOrder())
    written = desk.written(CANCELLED)
    assert written.mail.attachments == ()
    assert "lyngemødet" not in written.mail.text, "it took place"


def test_a_follow_up_called_off_while_it_is_open_says_that_nobody_need_answer(desk: Desk) -> None:
    a_held_meeting(desk)
    desk.do(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    desk.do(do.OpenSurvey(round=Round.FOLLOW_UP), now=at(FOLLOW_UP_OPENS, dt.time(9)))
    gone(desk, Letter(Occasion.INVITATION, Round.FOLLOW_UP))
    desk.do(do.CancelOrder())
    to_member, to_coordinator = words_of(desk.written(OFF)), words_of(desk.written(CANCELLED))
    assert "Klyngens opfølgning på ”Trivsel og arbejdsglæde” er aflyst." in to_member
    assert "Du skal ikke svare på spørgeskemaet" in to_member
    assert "Spørgeskemaet er lukket, og medlemmerne får besked." in to_coordinator

"""What a letter may tell, and to whom."""

import datetime as dt

import pytest
from icalendar import Calendar

from activities.letter_writer import LetterWriter, Recipient
from domain import commands as do
from domain.events import Event
from domain.letters import Letter, Occasion
from domain.meeting import at
from domain.model import Round, StaffId
from mail.envelope import Address
from storage.event_store import EventStore
from storage.order_links import order_link
from storage.outbox import To
from storage.staff import OFFICE, staff_left
from tests.activities.desk import CLOSED, MEETING, Desk
from web.requests.catalogue import REQUESTS
from web.requests.people import ReplaceCoordinator

TO_MEMBERS = [Occasion.PROGRAMME, Occasion.MEETING_MOVED, Occasion.AFTER_MEETING]


@pytest.mark.parametrize("occasion", TO_MEMBERS)
def test_members_get_no_link_to_results_that_are_not_released(desk: Desk, occasion: Occasion) -> None:
    desk.deck_in_review()
    desk.do(do.HoldDeck())
    mail = desk.written(Letter(occasion)).mail
    assert "/d/" not in mail.text + mail.html
    assert "resultat" not in mail.text


@pytest.mark.parametrize("occasion", TO_MEMBERS)
def test_members_get_one_link_and_it_leads_to_the_meeting_with_results_once_they_are_released(
    desk: Desk, occasion: Occasion
) -> None:
    desk.deck_in_review()
    desk.do(do.ReleaseDeck())
    mail = desk.written(Letter(occasion)).mail
    for body in (mail.text, mail.html):
        assert f"{desk.at.base_url}/moede/" in body
        assert "/d/" not in body
    assert ("resultater" in mail.text) is (occasion is not Occasion.MEETING_MOVED)


def test_the_coordinator_gets_links_to_the_material_once_it_is_released(desk: Desk) -> None:
    desk.deck_in_review()
    desk.do(do.ReleaseDeck())
    mail = desk.written(Letter(Occasion.DECK_DELIVERED, Round.BASELINE)).mail
    assert mail.html.count("/d/") == 2


def test_no_member_gets_a_withheld_deck_after_the_meeting(desk: Desk) -> None:
    desk.deck_in_review()
    desk.do(do.HoldDeck(), now=CLOSED)
    desk.do(do.WithholdDeck(), now=at(MEETING.date(), dt.time(18)))
    mail = desk.written(Letter(Occasion.AFTER_MEETING)).mail
    assert "/d/" not in mail.text + mail.html
    assert "resultat" not in mail.text


def test_the_letter_after_the_meeting_alone_tells_of_the_clusters_own_quality_unit(
    desk: Desk,
) -> None:
    desk.deck_in_review()
    desk.do(do.ReleaseDeck())
    mail = desk.written(Letter(Occasion.AFTER_MEETING)).mail
    assert "Søg på »krisekorps« på laeger.dk" in " ".join(mail.text.split())
    assert "Den regionale kvalitetsenhed (MidtKraft)" in " ".join(mail.text.split())
    assert "krisekorps" not in desk.written(Letter(Occasion.PROGRAMME)).mail.text


PLAN, MOVED = Letter(Occasion.PLAN_AGREED, number="2"), Letter(Occasion.MEETING_MOVED, number="2")
INVITATION = Letter(Occasion.INVITATION, Round.BASELINE)
LATER = MEETING + dt.timedelta(days=14)


def text_of(desk: Desk, letter: Letter) -> str:
    return " ".join(desk.written(letter).mail.text.split())


def recorded(desk: Desk, key: str, *, sent: int = 6, failed: int = 0, waiting: int = 0) -> None:
    """What has become of a letter, as of now."""
    desk.do(do.RecordLetters(key=key, sent=sent, failed=failed, waiting=waiting, seen=desk.order.version))


def test_a_moved_meeting_is_told_with_the_time_its_readers_had(desk: Desk) -> None:
    desk.open_survey()
    recorded(desk, "plan_agreed//1", sent=1)
    recorded(desk, INVITATION.key)
    desk.do(do.MoveMeeting(to=LATER))
    for letter in (PLAN, MOVED):
        assert "Det skulle have været onsdag den 14. maj kl. 17" in text_of(desk, letter)
        recorded(desk, letter.key, sent=5, waiting=1)
        assert "Det skulle have været onsdag den 14. maj kl. 17" in text_of(desk, letter), "tried again, the same"
    desk.do(do.ChangeMeeting(minutes=180))
    changed, plan = Letter(Occasion.MEETING_MOVED, number="3"), Letter(Occasion.PLAN_AGREED, number="3")
    assert "Det skulle have været" not in text_of(desk, changed) + text_of(desk, plan)
    assert "Planen for klyngemødet er ændret" in text_of(desk, plan)


def test_an_invitation_tried_again_after_the_move_does_not_hide_the_time_its_readers_had(desk: Desk) -> None:
    desk.open_survey()
    recorded(desk, "plan_agreed//1", sent=1)
    recorded(desk, INVITATION.key, sent=5, failed=1)
    seen = desk.order.version
    desk.do(do.MoveMeeting(to=LATER))
    desk.do(do.RecordLetters(key=INVITATION.key, sent=6, seen=seen), now=desk.now + dt.timedelta(minutes=10))
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
    member = Recipient(
        To(next(iter(order.active_members))), Address(address="laege0@skovby.example", name="Anna Kvistgaard A")
    )
    with desk.stack.database.read() as connection:
        written = LetterWriter(desk.at).write(connection, order, letter, member, "mail-1", desk.now)
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
            staff_left(connection, desk.order.consultant, desk.now)
    else:
        desk.do(do.AssignConsultant(consultant=StaffId(consultant)))
    assert desk.order.consultant is not None
    letter = Letter(Occasion.DECK_REVIEW, Round.BASELINE)
    to_consultant = desk.written(letter)
    assert to_consultant.to.address == desk.at.office.operations
    assert f"/bestilling/{order_link(desk.at.keys, desk.order.id, OFFICE)}" in to_consultant.mail.text
    assert desk.at.office.phone in desk.written(Letter(Occasion.PLAN_AGREED)).mail.text


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
    desk.do(do.ShareComparison())
    to_a_member = text_of(desk, Letter(Occasion.COMPARISON, Round.FOLLOW_UP))
    assert f"{desk.stack.dependencies.base_url}/moede/" in to_a_member


def test_the_calendar_entry_asks_the_letters_own_reader_in_the_name_of_who_sends_it(desk: Desk) -> None:
    desk.open_survey()
    for letter in (PLAN, Letter(Occasion.PROGRAMME)):
        envelope = desk.written(letter)
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
    desk.ask(ReplaceCoordinator(type="replace_coordinator", name=name, email="mette@dam.example"))
    mail = desk.written(Letter(Occasion.ORDER_RECEIVED)).mail
    assert mail.text.startswith(greeting)
    assert f">{greeting.strip()}</p>" in mail.html


def test_operations_hear_of_calls_that_were_tried_and_not_what_was_noted(desk: Desk) -> None:
    desk.place()
    overdue = Letter(Occasion.CALL_OVERDUE, number="1")
    assert "Ringet" not in text_of(desk, overdue)
    noted = {"type": "note_call", "outcome": "no_answer", "note_text": "Er på ferie."}
    desk.ask(REQUESTS["note_call"].model_validate(noted))
    assert "Ringet: 1 gang, senest" in text_of(desk, overdue)
    assert "ferie" not in text_of(desk, overdue)

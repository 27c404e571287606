"""The one list of what needs a person: every reason, with its owner, its facts and what is done about it."""

import datetime as dt
from datetime import date

import pytest

from domain import events as ev
from domain.calendar import end_of_work
from domain.letters import Letter, Occasion
from domain.model import Round, TextId
from domain.needs import OF_TASKS, REASONS, REMEDIES, Reason
from domain.task_kinds import TaskKind
from storage import incidents, outbox
from storage.clusters import cluster_table
from storage.database import Database
from storage.incidents import NO_ORDER, IncidentKind
from storage.need_facts import (
    AddressFacts,
    CallFacts,
    FollowUpFacts,
    MailFacts,
    MeetingFacts,
    RoundFacts,
    TroubleFacts,
)
from storage.needs import Need
from storage.outbox import To
from storage.staff import OFFICE
from tests.storage.lives import PLACED, letter, planned
from tests.storage.office import (
    A_DAY,
    INVITATION,
    LATER,
    NOW,
    REMINDER,
    Office,
    after_the_meeting,
    coordinator_of,
    in_review,
    member_of,
    reasons,
    too_few,
)

NOTE, WHY = TextId("tekst-1"), TextId("tekst-2")


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def the(office: Office, reason: Reason, now: dt.datetime = NOW) -> Need:
    (need,) = office.needs(reason, now=now)
    return need


# --- every reason ---------------------------------------------------------------------------------------------------


def test_every_reason_has_words_and_a_remedy_and_every_task_a_reason() -> None:
    assert set(REASONS) == set(REMEDIES) == set(Reason)
    assert all(REMEDIES.values())
    assert set(OF_TASKS) == set(TaskKind)
    assert len(set(REASONS.values())) == len(Reason)


def test_an_order_without_a_consultant_needs_one(office: Office) -> None:
    office.order()
    need = the(office, Reason.CONSULTANT_MISSING)
    assert (need.owner_role, need.owner_id, need.owner) == ("operations", None, "")
    assert (need.line, need.remedy) == ("Giv bestillingen en konsulent", "assign_consultant")
    assert need.order is not None
    assert (need.order.id, need.order.cluster, need.order.stage) == ("o-1", "Klynge 1", "ordered")
    assert (need.since, need.task) == (PLACED, TaskKind.ASSIGN_CONSULTANT)


def test_a_call_says_whom_to_ring_by_when_and_what_came_of_it_before(office: Office) -> None:
    anne = office.staff("Anne Holm")
    order = office.order(consultant=anne)
    call = the(office, Reason.CALL_DUE)
    assert (call.owner_role, call.owner_id, call.owner) == ("consultant", anne, "Anne Holm")
    assert (call.remedy, call.other_remedies) == ("agree_plan", ("note_call",))
    assert call.facts == CallFacts(
        f"Læge {coordinator_of(order)}", "12 34 56 78", date(2026, 1, 12), 0, None, None, None
    )
    office.append(
        order, ev.CallNoted(at=NOW, outcome="no_answer", note=NOTE), ev.CallNoted(at=NOW + A_DAY, outcome="spoke")
    )
    again = the(office, Reason.CALL_DUE)
    assert isinstance(again.facts, CallFacts)
    assert (again.facts.tried, again.facts.last_at, again.facts.last_outcome) == (2, NOW + A_DAY, "spoke")
    assert (again.facts.note, again.key, again.due) == (NOTE, call.key, call.due)


def test_a_call_past_its_day_is_overdue(office: Office) -> None:
    office.order(consultant=office.staff("Anne Holm"))
    due = end_of_work(date(2026, 1, 12))
    assert reasons(office.needs(now=due)) == ["call_due"]
    late = office.needs(now=due + A_DAY)
    assert reasons(late) == ["call_overdue"]
    assert (late[0].is_overdue(due), late[0].is_overdue(due + A_DAY)) == (False, True)
    assert office.counts(now=due + A_DAY) == {"call_overdue": 1}


def test_too_few_answers_are_told_with_their_count(office: Office) -> None:
    office.order(1, *too_few(), consultant=office.staff("Anne Holm"))
    need = the(office, Reason.TOO_FEW_ANSWERS, LATER)
    assert need.facts == RoundFacts(Round.BASELINE, 2, 6, 0, None)
    assert need.remedy == "extend_survey"


def test_free_texts_are_to_be_read_and_then_the_deck_to_be_looked_at(office: Office) -> None:
    order = office.order(1, *in_review(free_texts=3), consultant=office.staff("Anne Holm"))
    need = the(office, Reason.FREE_TEXTS_UNREAD, LATER)
    assert need.facts == RoundFacts(Round.BASELINE, 6, 6, 3, None)
    assert need.remedy == "read_free_texts"
    office.append(order, ev.FreeTextsRead(at=LATER, round=Round.BASELINE, kept=3, struck=0))
    assert the(office, Reason.DECK_UNSEEN, LATER).remedy == "look_at_deck"
    assert "free_texts_unread" not in office.counts(now=LATER)


def test_a_held_deck_is_told_with_why_it_is_held(office: Office) -> None:
    held = ev.DeckHeld(at=LATER, round=Round.BASELINE, reason=WHY)
    office.order(1, *in_review(), held, consultant=office.staff("Anne Holm"))
    need = the(office, Reason.DECK_HELD, LATER)
    assert isinstance(need.facts, RoundFacts)
    assert (need.facts.held_why, need.remedy) == (WHY, "release_deck")


def test_a_meeting_not_recorded_is_the_coordinators_and_then_ours(office: Office) -> None:
    order = office.order(1, *after_the_meeting(), consultant=office.staff("Anne Holm"))
    theirs = the(office, Reason.RECORD_AWAITED, LATER)
    assert (theirs.owner_role, theirs.owner_id) == ("coordinator", coordinator_of(order))
    assert theirs.owner == f"Læge {coordinator_of(order)}"
    assert theirs.facts == MeetingFacts(date(2026, 3, 25), theirs.owner, "12 34 56 78")
    office.append(order, letter("record_request//1.3", date(2026, 4, 14)))
    ours = the(office, Reason.RECORD_MISSING, LATER)
    assert (ours.owner, ours.other_remedies) == ("Anne Holm", ("leave_meeting_unrecorded",))


def test_a_follow_up_unanswered_is_told_with_its_window(office: Office) -> None:
    when = LATER + 40 * A_DAY
    recorded = ev.MeetingRecorded(at=when, attended=5, absent=1, ideas=None)
    asked = letter("follow_up_question//1", date(2026, 11, 25))
    gone = ev.BallotsDestroyed(at=when, round=Round.BASELINE)
    office.order(1, *after_the_meeting(), gone, recorded, asked, consultant=office.staff("Anne Holm"))
    need = the(office, Reason.FOLLOW_UP_UNANSWERED, LATER)
    assert isinstance(need.facts, FollowUpFacts)
    assert (need.facts.opens, need.facts.closes) == (date(2026, 11, 25), date(2027, 3, 25))
    assert (need.owner_role, need.remedy) == ("coordinator", "agree_follow_up")


def test_mail_in_trouble_is_a_row_a_letter_for_operations(office: Office) -> None:
    order = office.order(1, planned(), consultant=office.staff("Anne Holm"))
    for number in range(3):
        office.unknown(order, INVITATION, To(member_of(order, number)), NOW + number * A_DAY)
    failed = office.failed(order, INVITATION, To(member_of(order, 4)))
    unknown = the(office, Reason.MAIL_UNKNOWN)
    assert isinstance(unknown.facts, MailFacts)
    assert (unknown.facts.letter, unknown.facts.how_many) == (Letter(Occasion.INVITATION, Round.BASELINE), 3)
    assert (unknown.since, unknown.due, unknown.task) == (NOW, None, None)
    assert (unknown.owner_role, unknown.owner_id, unknown.remedy) == ("operations", None, "settle_mail")
    assert unknown.line == "Find ud af, om 3 mails nåede frem: ”Medlemmerne får invitation til spørgeskemaet”"
    assert the(office, Reason.MAIL_FAILED).facts == MailFacts(Letter.parse(INVITATION), 1, failed)
    assert office.counts(Reason.MAIL_UNKNOWN, Reason.MAIL_FAILED) == {"mail_unknown": 1, "mail_failed": 1}


def test_a_failed_mail_set_aside_or_tried_again_needs_nobody(office: Office) -> None:
    order = office.order()
    one, other = (office.failed(order, INVITATION, To(member_of(order, number))) for number in (1, 2))
    with office.database.write() as connection:
        assert outbox.set_aside(connection, one, NOW)
        assert not outbox.set_aside(connection, one, NOW), "once"
    assert the(office, Reason.MAIL_FAILED).facts == MailFacts(Letter.parse(INVITATION), 1, other)
    with office.database.write() as connection:
        assert outbox.try_again(connection, other, NOW)
        assert outbox.try_again(connection, one, NOW)
    assert office.needs(Reason.MAIL_FAILED) == []
    with office.database.write() as connection:
        assert outbox.claim(connection, one, NOW)
        assert outbox.mark_failed(connection, one, "smtp_554")
    assert len(office.needs(Reason.MAIL_FAILED)) == 1, "what fails anew is new"


def test_what_is_sent_unknown_or_waits_cannot_be_set_aside(office: Office) -> None:
    order = office.order()
    mails = [
        office.unknown(order, INVITATION, To(member_of(order, 1))),
        office.mail(order, INVITATION, To(member_of(order, 2))),
        office.sent(order, INVITATION, To(member_of(order, 3)), NOW),
    ]
    with office.database.write() as connection:
        assert not any(outbox.set_aside(connection, mail, NOW) for mail in mails)


def test_a_morning_list_in_trouble_is_of_no_order(office: Office) -> None:
    office.unknown(NO_ORDER, "morning_digest//2026-01-08", To(OFFICE))
    need = the(office, Reason.MAIL_UNKNOWN)
    assert need.order is None
    assert isinstance(need.facts, MailFacts)
    assert (need.facts.letter, need.line) == (None, "Find ud af, om 1 mail nåede frem: ”Morgenens liste”")


def test_a_staff_address_that_bounced_is_mail_that_failed(office: Office) -> None:
    anne = office.staff("Anne Holm")
    order = office.order(consultant=anne)
    office.bounced(order, "order_assigned//1", To(anne))
    assert the(office, Reason.MAIL_FAILED).facts
    assert office.needs(Reason.WRONG_ADDRESS) == []


INCIDENTS = {
    IncidentKind.STEP_FAILS: (Reason.STEP_FAILS, "Et skridt bliver ved med at fejle: make_deck (KeyError)"),
    IncidentKind.OVERDUE: (Reason.ORDER_STANDS_STILL, "Forløbet står stille. Det næste skulle være sket: make_deck"),
    IncidentKind.WORKFLOW_FAILED: (Reason.LOG_CUT_SHORT, "Loggen er kortere, end forløbet husker."),
}


@pytest.mark.parametrize("kind", INCIDENTS)
def test_what_the_system_cannot_do_is_operations_to_look_at(office: Office, kind: IncidentKind) -> None:
    order = office.order(consultant=office.staff("Anne Holm"))
    with office.database.write() as connection:
        incidents.report(connection, kind, order, "make_deck", "KeyError", NOW, attempts=4)
    reason, line = INCIDENTS[kind]
    need = the(office, reason)
    assert need.line.startswith(line)
    assert need.facts == TroubleFacts(kind, "make_deck", "KeyError", 4)
    assert (need.owner_role, need.owner_id, need.since, need.due) == ("operations", None, NOW, None)
    assert need.order is not None
    assert need.order.id == order


def test_a_read_model_behind_is_of_no_order(office: Office) -> None:
    with office.database.write() as connection:
        incidents.report(connection, IncidentKind.READ_MODEL_BEHIND, NO_ORDER, "task", "never_built", NOW)
    need = the(office, Reason.READ_MODEL_BEHIND)
    assert (need.order, need.remedy) == (None, "run_rebuild")


def test_a_webhook_that_was_given_up_is_of_no_order(office: Office) -> None:
    with office.database.write() as connection:
        incidents.report(connection, IncidentKind.WEBHOOK_STOPPED, NO_ORDER, "abc", "http_500", NOW)
    need = the(office, Reason.WEBHOOK_STOPPED)
    assert (need.order, need.owner_role, need.remedy) == (None, "operations", "resume_webhook")
    assert need.line == "En modtager får ikke længere hændelser (http_500). Kør: klyngeflow webhooks show abc"


def test_an_order_that_has_ended_needs_nobody_but_for_its_mail(office: Office) -> None:
    order = office.order(consultant=office.staff("Anne Holm"))
    office.bounced(order, INVITATION, To(member_of(order, 1)))
    office.failed(order, "order_cancelled//", To(coordinator_of(order)))
    office.append(order, ev.OrderCancelled(at=NOW, reason="other"))
    assert reasons(office.needs()) == ["mail_failed"]


# --- addresses ------------------------------------------------------------------------------------------------------


def test_an_address_that_refuses_mail_is_the_consultants_to_correct(office: Office) -> None:
    anne = office.staff("Anne Holm")
    order = office.order(1, planned(), consultant=anne)
    member = member_of(order, 2)
    office.bounced(order, INVITATION, To(member))
    office.skipped(order, "programme//", To(member), when=NOW + A_DAY)
    need = the(office, Reason.WRONG_ADDRESS)
    assert need.facts == AddressFacts(member, f"Læge {member}", f"{member}@laegehus.example", False, 2)
    assert (need.owner_id, need.since, need.due) == (anne, NOW, None)
    assert (need.line, need.remedy) == ("Ret et medlems mailadresse: den afviser vores mail", "correct_address")
    assert reasons(office.needs(whose=anne)) == ["wrong_address"]


def test_without_a_consultant_it_is_for_operations(office: Office) -> None:
    order = office.order()
    office.bounced(order, INVITATION, To(member_of(order, 2)))
    need = the(office, Reason.WRONG_ADDRESS)
    assert (need.owner_role, need.owner_id) == ("operations", None)


def test_the_coordinators_own_address_is_told_as_such(office: Office) -> None:
    order = office.order()
    office.bounced(order, "order_received//", To(coordinator_of(order)))
    need = the(office, Reason.WRONG_ADDRESS)
    assert need.line == "Ret koordinatorens mailadresse: den afviser vores mail"


def test_an_address_that_bounced_in_another_order_is_told_by_what_was_skipped(office: Office) -> None:
    order = office.order()
    office.skipped(order, INVITATION, To(member_of(order, 2)))
    office.skipped(order, INVITATION, To(member_of(order, 3)), why="opted_out")
    need = the(office, Reason.WRONG_ADDRESS)
    assert isinstance(need.facts, AddressFacts)
    assert (need.facts.person, need.facts.how_many) == (member_of(order, 2), 1)


def test_a_reminder_skipped_or_sent_changes_nothing_for_it_would_tell_who_has_not_answered(
    office: Office,
) -> None:
    order = office.order(1, planned())
    office.skipped(order, REMINDER, To(member_of(order, 1)))
    assert office.needs(Reason.WRONG_ADDRESS) == []
    office.bounced(order, INVITATION, To(member_of(order, 2)))
    office.sent(order, REMINDER, To(member_of(order, 2)), NOW + A_DAY)
    assert len(office.needs(Reason.WRONG_ADDRESS)) == 1


def test_a_corrected_address_needs_nothing_more(office: Office) -> None:
    order = office.order(1, planned())
    member = member_of(order, 2)
    office.bounced(order, INVITATION, To(member))
    office.readdress(member, "ny@laegehus.example")
    assert office.needs(Reason.WRONG_ADDRESS) == []


def test_an_address_that_takes_mail_again_needs_nothing_more(office: Office) -> None:
    order = office.order(1, planned())
    office.bounced(order, INVITATION, To(member_of(order, 2)))
    office.sent(order, "programme//", To(member_of(order, 2)), NOW + A_DAY)
    assert office.needs(Reason.WRONG_ADDRESS) == []
    office.bounced(order, "results//", To(member_of(order, 2)), NOW + 2 * A_DAY)
    assert len(office.needs(Reason.WRONG_ADDRESS)) == 1, "refused anew since"


def test_who_has_left_or_coordinates_no_more_needs_no_address(office: Office) -> None:
    order = office.order(1, planned())
    office.bounced(order, INVITATION, To(member_of(order, 2)))
    office.bounced(order, "order_received//", To(coordinator_of(order)))
    office.append(
        order,
        ev.MemberRemoved(at=NOW, member=member_of(order, 2)),
        ev.CoordinatorReplaced(at=NOW, coordinator=member_of(order, 3)),
    )
    assert office.needs(Reason.WRONG_ADDRESS) == []


# --- two doctors with one mailbox -----------------------------------------------------------------------------------


def test_members_who_share_a_mailbox_are_told_with_their_order_and_are_no_need(office: Office) -> None:
    anne = office.staff("Anne Holm")
    shared, other = office.order(1, consultant=anne), office.order(2, consultant=anne)
    office.readdress(member_of(shared, 1), "Begge@Laegehus.example")
    office.readdress(member_of(shared, 2), "begge@laegehus.example")
    told = {need.order.id: need.order.shared_mailboxes for need in office.needs() if need.order}
    assert told == {shared: 2, other: 0}
    office.append(shared, ev.MemberRemoved(at=NOW, member=member_of(shared, 2)))
    assert {need.order.shared_mailboxes for need in office.needs() if need.order} == {0}


def test_an_order_of_no_known_cluster_is_told_by_what_there_is(office: Office, database: Database) -> None:
    order = office.order()
    with database.write() as connection:
        connection.execute(cluster_table.delete())
    need = the(office, Reason.CONSULTANT_MISSING)
    assert need.order is not None
    assert (need.order.id, bool(need.order.cluster)) == (order, True)

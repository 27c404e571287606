"""The morning's lists: what each of KiAP's own is told of, when it is told, and when no more."""

import datetime as dt

import pytest
from temporalio.exceptions import ApplicationError

from domain.commands import PostponeTask, ResumeTask
from domain.meeting import danish
from domain.model import TextId
from domain.task_kinds import TaskKind
from mail.envelope import Envelope
from mail.sending import DefiniteFailure, Receipt
from storage import outbox
from storage.outbox import MailState, To
from storage.staff import OFFICE, staff_left
from tests.activities.desk import OPENED, Desk
from tests.activities.maintenance import (
    A_DAY,
    INVITATION,
    MONDAY,
    a_mail_fails,
    digests,
    invitations_of_which_two_are_unknown,
    morning,
)
from tests.workflows import people
from web.requests.catalogue import REQUESTS

# --- the morning's lists --------------------------------------------------------------------------------------------


def test_operations_alone_are_told_of_mail_in_trouble_each_morning_until_it_is_seen_to(desk: Desk) -> None:
    invitations_of_which_two_are_unknown(desk)
    with desk.stack.database.write() as connection:
        (failed,) = outbox.queue(connection, desk.order_id, "order_received//", [To(desk.order.coordinator)], desk.now)
        outbox.claim(connection, failed.id, desk.now)
        outbox.mark_failed(connection, failed.id, "smtp_550")
    next_morning = OPENED + dt.timedelta(days=3)
    morning(desk, next_morning)
    (told,) = (envelope for envelope in desk.post.sent if envelope.occasion == "morning_digest")
    assert told.to.address == desk.at.office.operations
    assert "1 mail kom ikke af sted. Vi ved ikke, om 2 mails kom frem." in told.mail.text
    morning(desk, next_morning + dt.timedelta(days=1))
    assert "1 mail kom ikke af sted. Vi ved ikke, om 2 mails kom frem." in desk.post.sent[-1].mail.text
    with desk.stack.database.write() as connection:
        assert outbox.set_aside(connection, failed.id, desk.now)
    morning(desk, next_morning + dt.timedelta(days=4))
    assert "Hej\n\nVi ved ikke, om 2 mails kom frem." in desk.post.sent[-1].mail.text


def told_operations(desk: Desk) -> list[str]:
    """What the lists that reached operations say of mail."""
    office = desk.at.office.operations
    return [envelope.mail.text for envelope in desk.post.sent if envelope.to.address == office]


def unreachable(_envelope: Envelope) -> Receipt:
    raise DefiniteFailure("smtp_unreachable", permanent=False)


def test_lists_that_could_not_leave_are_told_once_one_gets_through_and_then_no_more(desk: Desk) -> None:
    desk.place()

    def refused(_envelope: Envelope) -> Receipt:
        raise DefiniteFailure("smtp_554", permanent=True)

    desk.post.outcome = refused
    with pytest.raises(ApplicationError, match="smtp_554"):
        morning(desk, MONDAY + A_DAY)
    lost = len(digests(desk))
    desk.post.outcome = lambda _envelope: Receipt("ok")
    morning(desk, MONDAY + 2 * A_DAY)
    (told,) = told_operations(desk)
    assert lost
    assert f"{lost} mail" in told
    morning(desk, MONDAY + 3 * A_DAY)
    assert told_operations(desk) == [told]


def test_a_list_that_bounced_has_told_nobody(desk: Desk) -> None:
    desk.place()
    a_mail_fails(desk, 1, MONDAY)

    def refused(_envelope: Envelope) -> Receipt:
        raise DefiniteFailure("smtp_550", bounced=True)

    desk.post.outcome = refused
    morning(desk, MONDAY + A_DAY)
    assert {mail.state for mail in digests(desk)} == {MailState.BOUNCED}
    desk.post.outcome = lambda _envelope: Receipt("ok")
    morning(desk, MONDAY + 2 * A_DAY)
    (told,) = told_operations(desk)
    assert "3 mails kom ikke af sted" in told, "the lists among them"
    morning(desk, MONDAY + 3 * A_DAY)
    assert "1 mail kom ikke af sted" in told_operations(desk)[-1]


def test_yesterdays_list_that_could_not_leave_is_not_kept_waiting(desk: Desk) -> None:
    desk.place()
    a_mail_fails(desk, 1, MONDAY)
    desk.post.outcome = unreachable
    for day in (1, 2):
        with pytest.raises(ApplicationError):
            morning(desk, MONDAY + day * A_DAY)
    states = {mail.letter: (mail.state, mail.code) for mail in digests(desk) if mail.recipient == OFFICE}
    assert states == {
        "morning_digest//2031-04-22": (MailState.SKIPPED, "newer_list"),
        "morning_digest//2031-04-23": (MailState.QUEUED, "smtp_unreachable"),
    }


# --- whose list something is on -------------------------------------------------------------------------------------


def told(desk: Desk, whom: str, now: dt.datetime) -> str:
    """What the list of this morning tells who has this address; nothing where there is none."""
    before = len(desk.post.sent)
    morning(desk, now)
    return "".join(each.mail.text for each in desk.post.sent[before:] if each.to.address.startswith(whom))


def test_a_task_put_off_is_on_no_list_until_its_day(desk: Desk) -> None:
    desk.place(people.a_consultant(desk.stack, "Kirsten Dam"))
    day = desk.order.call_due
    while day <= desk.order.call_due or day.weekday() != 2:
        day += dt.timedelta(days=1)
    call = "Ring til koordinatoren, og aftal mødet"
    eight = dt.datetime.combine(day, dt.time(6, 35), dt.UTC)
    put_off = PostponeTask(task=TaskKind.HOLD_THE_CALL, until=day, why=TextId("tekst"))
    desk.do(put_off, now=eight - 3 * A_DAY)
    assert call not in told(desk, "kirsten", eight - A_DAY)
    assert call in told(desk, "kirsten", eight)
    assert "Senest i dag" in desk.post.sent[-1].mail.text


def test_a_task_taken_up_again_is_on_the_list_at_once(desk: Desk) -> None:
    desk.place(people.a_consultant(desk.stack, "Kirsten Dam"))
    late = dt.datetime.combine(desk.order.call_due, dt.time(6, 35), dt.UTC)
    until = desk.order.call_due + dt.timedelta(days=10)
    desk.do(PostponeTask(task=TaskKind.HOLD_THE_CALL, until=until, why=TextId("tekst")), now=late - A_DAY)
    desk.do(ResumeTask(task=TaskKind.HOLD_THE_CALL))
    assert "Ring til koordinatoren" in told(desk, "kirsten", late)


def a_members_mail_bounces(desk: Desk, number: int) -> None:
    with desk.stack.database.write() as connection:
        (mail,) = outbox.queue(connection, desk.order_id, INVITATION, [To(desk.member(number))], desk.now)
        outbox.claim(connection, mail.id, desk.now)
        outbox.mark_bounced(connection, mail.id, "smtp_550")


def test_an_address_that_refuses_mail_is_on_the_consultants_list_once_an_order(desk: Desk) -> None:
    desk.place(people.a_consultant(desk.stack, "Kirsten Dam"))
    for number in (1, 2):
        a_members_mail_bounces(desk, number)
    now = dt.datetime.combine(danish(desk.now).date(), dt.time(6, 35), dt.UTC) + A_DAY
    text = told(desk, "kirsten", now)
    assert text.count("Ret et medlems mailadresse") == 1
    assert "mail" not in told_operations(desk), "it is not also a mail in trouble"


def test_what_waits_for_somebody_who_has_left_is_on_operations_list(desk: Desk) -> None:
    kirsten = people.a_consultant(desk.stack, "Kirsten Dam")
    desk.place(kirsten)
    late = dt.datetime.combine(desk.order.call_due, dt.time(6, 35), dt.UTC)
    with desk.stack.database.write() as connection:
        staff_left(connection, kirsten, late)
    morning(desk, late)
    (list_,) = (each for each in desk.post.sent if each.occasion == "morning_digest")
    assert list_.to.address == desk.at.office.operations
    assert "Ring til koordinatoren" in list_.mail.text
    assert digests(desk)[-1].recipient == OFFICE


def test_notes_and_reasons_are_on_no_list(desk: Desk) -> None:
    desk.place(people.a_consultant(desk.stack, "Kirsten Dam"))
    request = REQUESTS["note_call"].model_validate(
        {"type": "note_call", "outcome": "no_answer", "note_text": "Er på ferie til uge 14."}
    )
    desk.ask(request)
    late = dt.datetime.combine(desk.order.call_due, dt.time(6, 35), dt.UTC)
    assert "uge 14" not in told(desk, "kirsten", late)

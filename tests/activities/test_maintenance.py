"""Maintenance: what ended is erased and forgotten, and one order's trouble is not the others'."""

import asyncio
import datetime as dt

import pytest
from temporalio.exceptions import ApplicationError

from activities.orders import CarryOut, OrderActivities
from domain import commands as do
from domain.by import SWEEP, By
from domain.commands import AnyCommand
from domain.model import OrderId, Round
from domain.outlook import Outlook
from mail.envelope import Envelope
from mail.sending import Receipt, UnknownOutcome
from storage import ballot_box, outbox, survey_roll
from storage.open_orders import unfinished
from storage.outbox import Evidence, MailState, OutgoingMail
from storage.staff import OFFICE
from tests.activities.desk import MEMBERS, OPENED, Desk
from tests.activities.maintenance import (
    INVITATION,
    Refusing,
    digests,
    invitations_of_which_two_are_unknown,
    maintenance,
    morning,
    send_invitations,
)
from tests.the_packages import SAMARBEJDE
from tests.workflows import people
from web.orders_port import Unavailable
from web.requests.people import ReaddressMember


def sweep(desk: Desk, orders: Refusing | None = None) -> str:
    return asyncio.run(maintenance(desk, orders).sweep(desk.now))


def test_a_cancelled_order_needs_a_workflow_for_as_long_as_it_has_ballots_or_letters(desk: Desk) -> None:
    desk.open_survey()
    assert unfinished(desk.stack.database) == [desk.order_id]
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    assert sweep(desk).startswith("1 workflows started")
    ballot_box.destroy(desk.stack.database, desk.order_id, Round.BASELINE)
    desk.do(do.RecordDestruction(round=Round.BASELINE))
    assert sweep(desk).startswith("1 workflows started"), "somebody is still to be told"
    for key in list(desk.order.pending_letters):
        desk.do(do.RecordLetters(key=key, sent=1, seen=desk.order.version))
    assert sweep(desk).startswith("0 workflows started")


def test_a_full_round_that_cannot_be_closed_does_not_stop_the_digests(desk: Desk) -> None:
    desk.open_survey()
    with desk.stack.database.read() as connection:
        roll = survey_roll.outstanding(connection, desk.order_id, Round.BASELINE)
    for each in roll:
        ballot_box.submit(desk.stack.database, each.token(desk.stack.keys), {})
    full, desk.package = desk.order_id, SAMARBEJDE
    desk.place()
    day = desk.order.call_due + dt.timedelta(days=3)
    now = max(OPENED + dt.timedelta(days=4), dt.datetime.combine(day, dt.time(8), dt.UTC))
    with pytest.raises(ApplicationError, match=f"{full} Rejected"):
        morning(desk, now)
    assert {envelope.occasion for envelope in desk.post.sent} == {"morning_digest"}


@pytest.mark.parametrize("day", ["2031-04-19", "2031-04-20", "2031-06-05"], ids=["Saturday", "Sunday", "Constitution"])
def test_on_a_day_off_nobody_gets_a_list(desk: Desk, day: str) -> None:
    desk.place()
    now = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(6, 35), dt.UTC)
    assert morning(desk, now) == "a day off"
    assert (desk.post.sent, digests(desk)) == ([], [])


def test_a_digest_of_unknown_outcome_is_not_sent_again(desk: Desk) -> None:
    desk.place()
    tries: list[str] = []

    def unknown(envelope: Envelope) -> Receipt:
        tries.append(envelope.outbox_id)
        raise UnknownOutcome("smtp_no_answer")

    desk.post.outcome = unknown
    for _ in range(3):
        morning(desk, OPENED + dt.timedelta(days=4))
    assert sorted(tries) == sorted(mail.id for mail in digests(desk))
    assert {mail.state for mail in digests(desk)} == {MailState.UNKNOWN}
    told = {mail.recipient for mail in digests(desk)}
    assert told == {desk.order.consultant, OFFICE}, "operations are told of the consultant's lost list"


def test_the_morning_list_greets_by_the_first_name_however_it_is_written(desk: Desk) -> None:
    desk.place(people.a_consultant(desk.stack, "Dam, Kirsten"))
    morning(desk, OPENED + dt.timedelta(days=4))
    digest = next(each for each in desk.post.sent if each.to.address.startswith("kirsten"))
    assert digest.mail.text.startswith("Hej Kirsten\n")


MORNING = OPENED + dt.timedelta(days=4)


# --- mail that turned out never to have left ------------------------------------------------------------------------


def no_answer(_envelope: Envelope) -> Receipt:
    raise UnknownOutcome("smtp_no_answer")


def never_left(desk: Desk, *mails: OutgoingMail) -> None:
    with desk.stack.database.write() as connection:
        for mail in mails:
            assert outbox.resolve_unknown(connection, mail.id, Evidence.NEVER_LEFT, desk.now)


def outlook(desk: Desk) -> Outlook:
    """What the order's workflow is told when it looks again."""
    ask = CarryOut(order=desk.order_id, known=desk.order.version, now=desk.now)
    return OrderActivities(desk.at).carry_out(ask).outlook


def invitation_is_coming(desk: Desk) -> str | None:
    """Whether the order's workflow is told to send what waits of the invitation now, or to settle it."""
    found = [each for each in outlook(desk).letters if each.at <= desk.now and each.key == INVITATION]
    return ("to_settle" if found[0].settle else "to_send") if found else None


def test_what_never_left_wakes_its_order_and_is_sent_by_the_rules(desk: Desk) -> None:
    unknown, settled = invitations_of_which_two_are_unknown(desk)
    never_left(desk, settled)
    orders = Refusing()
    assert ", 1 orders woken," in sweep(desk, orders)
    assert orders.woken == [desk.order_id]
    assert invitation_is_coming(desk) == "to_send"
    before = len(desk.post.sent)
    done = send_invitations(desk)
    assert (done.sent, done.unknown, done.waiting) == (MEMBERS - 1, 1, 0)
    assert [envelope.outbox_id for envelope in desk.post.sent[before:]] == [settled.id]
    assert {mail.id for mail in desk.mails(INVITATION) if mail.state is MailState.UNKNOWN} == {unknown.id}
    assert ", 0 orders woken," in sweep(desk, orders)
    assert invitation_is_coming(desk) is None


def test_an_order_found_late_looks_again_once(desk: Desk) -> None:
    """Its workflow may have missed something; whatever else keeps it is not mended by asking."""
    desk.place()
    desk.now += dt.timedelta(hours=2)
    orders = Refusing()
    assert ", 1 orders woken," in sweep(desk, orders)
    assert ", 0 orders woken," in sweep(desk, orders)
    assert orders.woken == [desk.order_id]


def test_a_mail_that_never_left_a_second_time_is_tried_a_third(desk: Desk) -> None:
    _, settled = invitations_of_which_two_are_unknown(desk)
    for _ in range(2):
        never_left(desk, settled)
        assert ", 1 orders woken," in sweep(desk)
        assert invitation_is_coming(desk) == "to_send"
        desk.post.outcome = no_answer
        assert send_invitations(desk).unknown == 2


def test_a_mail_that_was_left_behind_wakes_its_order_again(desk: Desk) -> None:
    """The letter takes all its mail along, as long as it gets to it; a worker's death may leave a mail behind."""
    _, settled = invitations_of_which_two_are_unknown(desk)
    never_left(desk, settled)
    assert ", 1 orders woken," in sweep(desk)
    desk.do(do.RecordLetters(key=INVITATION, sent=MEMBERS - 2, unknown=1, seen=desk.order.version))
    assert ", 1 orders woken," in sweep(desk)
    assert invitation_is_coming(desk) == "to_send"


def test_what_never_left_and_is_worth_nothing_any_more_is_left_unsent(desk: Desk) -> None:
    one, other = invitations_of_which_two_are_unknown(desk)
    never_left(desk, one)
    desk.do(do.CloseSurvey(round=Round.BASELINE, why="by_hand"))
    sent = len(desk.post.sent)
    assert invitation_is_coming(desk) == "to_settle"
    send_invitations(desk, settle=True)
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    never_left(desk, other)
    assert invitation_is_coming(desk) == "to_settle"
    send_invitations(desk, settle=True)
    assert len(desk.post.sent) == sent
    assert not {one.id, other.id} & {mail.id for mail in desk.mails(INVITATION)}
    assert ", 0 orders woken," in sweep(desk)
    assert INVITATION not in desk.order.pending_letters


def test_a_morning_list_that_never_left_is_not_sent_the_next_day(desk: Desk) -> None:
    desk.place()
    desk.post.outcome = no_answer
    morning(desk, MORNING)
    never_left(desk, *digests(desk))
    orders, lost = Refusing(), {mail.id for mail in digests(desk)}
    assert ", 0 orders woken," in sweep(desk, orders)
    assert orders.woken == []
    morning(desk, MORNING + dt.timedelta(days=1))
    settled = {(mail.state, mail.code) for mail in digests(desk) if mail.id in lost}
    assert settled == {(MailState.SKIPPED, "newer_list")}


def test_an_order_that_does_not_answer_is_no_harm_to_the_sweep(desk: Desk) -> None:
    _, settled = invitations_of_which_two_are_unknown(desk)
    never_left(desk, settled)
    deaf, member, desk.package = desk.order_id, desk.member(0), SAMARBEJDE
    desk.place()
    desk.ask(ReaddressMember(type="readdress_member", member=member, email="ny@skovby.example"))

    class Silent(Refusing):
        async def look_again(self, order_id: OrderId) -> None:
            raise Unavailable

        async def execute(self, order_id: OrderId, command: AnyCommand, *, by: By, request_id: str) -> object:
            raise TimeoutError

    failed = f"2 workflows started.*failed: {deaf} Unavailable, {deaf} TimeoutError"
    with pytest.raises(ApplicationError, match=failed):
        sweep(desk, Silent())
    desk.order_id = deaf
    assert [mail.state for mail in desk.mails(INVITATION) if mail.id == settled.id] == [MailState.QUEUED]


def test_a_new_address_told_to_one_order_is_passed_on_to_the_doctors_other_orders(desk: Desk) -> None:
    desk.place()
    first, member = desk.order_id, desk.member(1)
    desk.package = SAMARBEJDE
    desk.place()
    desk.ask(ReaddressMember(type="readdress_member", member=member, email="ny@skovby.example"))
    given: list[tuple[OrderId, str]] = []

    class Deciding(Refusing):
        async def execute(self, order_id: OrderId, command: AnyCommand, *, by: By, request_id: str) -> object:
            assert by == SWEEP
            given.append((order_id, request_id))
            desk.order_id = order_id
            desk.do(command, by=by)
            return None

    assert ", 1 new addresses," in sweep(desk, Deciding())
    assert given == [(first, f"address-{member}-2")]
    assert desk.order.members[member].address == 2
    assert ", 0 new addresses," in sweep(desk, Deciding())

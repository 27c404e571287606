"""The chores: what ended is erased and forgotten, and one order's trouble is not the others'."""

import asyncio
import dataclasses
import datetime as dt

import pytest
from activities.erasing import Erasing
from activities.housekeeping import HousekeepingActivities
from activities.writing import OPERATIONS
from storage.unfinished import unfinished
from temporalio.exceptions import ApplicationError

from activities.digest import NO_ORDER
from activities.notify import LetterActivities, LettersDone, SendLetters
from activities.survey import Box, SurveyActivities
from domain import commands as do
from domain.commands import AnyCommand
from domain.model import Actor, MemberId, OrderId, Rejected, Round
from mail.envelope import Envelope
from mail.sending import DefiniteFailure, Receipt, UnknownOutcome
from storage import ballot_box, directory, documents, outbox, survey_roll
from storage.outbox import Evidence, MailState, OutgoingMail
from tests.activities.desk import MEMBERS, OPENED, Desk, run
from tests.workflows import people


class Refusing:
    """Orders that refuse every command."""

    async def start_missing(self, orders: list[OrderId]) -> int:
        return len(orders)

    async def execute(self, order_id: OrderId, command: AnyCommand, *, actor: Actor, request_id: str) -> object:
        raise Rejected("no", f"{order_id} {command.type} {actor} {request_id}")


def chores(desk: Desk) -> HousekeepingActivities:
    return HousekeepingActivities(desk.at, Refusing())


def digests(desk: Desk) -> list[OutgoingMail]:
    with desk.stack.database.read() as connection:
        return outbox.mails(connection, NO_ORDER)


def test_a_cancelled_order_needs_a_workflow_for_as_long_as_it_has_ballots(desk: Desk) -> None:
    desk.open_survey()
    run(SurveyActivities(desk.at).mend_roll, Box(order=desk.order_id, round=Round.BASELINE))
    assert unfinished(desk.stack.database) == [desk.order_id]
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    assert asyncio.run(chores(desk).sweep(desk.now)).startswith("1 workflows started")
    with desk.stack.database.write() as connection:
        ballot_box.close_round(connection, desk.order_id, Round.BASELINE)
    ballot_box.destroy(desk.stack.database, desk.order_id, Round.BASELINE)
    assert asyncio.run(chores(desk).sweep(desk.now)).startswith("0 workflows started")


def test_a_full_round_that_cannot_be_closed_does_not_stop_the_digests(desk: Desk) -> None:
    desk.open_survey()
    run(SurveyActivities(desk.at).mend_roll, Box(order=desk.order_id, round=Round.BASELINE))
    with desk.stack.database.read() as connection:
        roll = survey_roll.outstanding(connection, desk.order_id, Round.BASELINE)
    for each in roll:
        ballot_box.submit(desk.stack.database, each.token(desk.stack.keys), {})
    full = desk.order_id
    desk.place()
    day = desk.order.call_due + dt.timedelta(days=3)
    now = max(OPENED + dt.timedelta(days=4), dt.datetime.combine(day, dt.time(8), dt.UTC))
    with pytest.raises(ApplicationError, match=f"{full} Rejected"):
        asyncio.run(chores(desk).morning(now))
    assert [mail.occasion for mail in desk.post.sent] == ["morning_digest"]


def test_a_digest_of_unknown_fate_is_not_sent_again(desk: Desk) -> None:
    desk.place()
    tries: list[str] = []

    def unknown(envelope: Envelope) -> Receipt:
        tries.append(envelope.outbox_id)
        raise UnknownOutcome("smtp_no_answer")

    desk.post.outcome = unknown
    for _ in range(3):
        asyncio.run(chores(desk).morning(OPENED + dt.timedelta(days=4)))
    assert sorted(tries) == sorted(mail.id for mail in digests(desk))
    assert {mail.state for mail in digests(desk)} == {MailState.UNKNOWN}
    told = {mail.recipient for mail in digests(desk)}
    assert told == {desk.order.consultant, OPERATIONS}, "operations are told of the consultant's lost list"


def test_the_morning_list_greets_by_the_first_name_however_it_is_written(desk: Desk) -> None:
    desk.place(people.a_consultant(desk.stack, "Dam, Kirsten"))
    asyncio.run(chores(desk).morning(OPENED + dt.timedelta(days=4)))
    (digest,) = desk.post.sent
    assert digest.mail.text.startswith("Hej Kirsten\n")


MORNING = OPENED + dt.timedelta(days=4)
INVITATION = "invitation/baseline/"


class Deciding(Refusing):
    """Orders that decide and record, as their workflows do; a request that changed the order is not taken twice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.asked: list[str] = []
        self._changed_by = set[str]()

    async def execute(self, order_id: OrderId, command: AnyCommand, *, actor: Actor, request_id: str) -> object:
        assert (order_id, actor) == (self._desk.order_id, Actor.SYSTEM)
        if request_id not in self._changed_by:
            self.asked.append(request_id)
            before = self._desk.order.version
            self._desk.do(command)
            if self._desk.order.version > before:
                self._changed_by.add(request_id)
        return None


def invitations_of_which_two_are_unknown(desk: Desk) -> list[OutgoingMail]:
    """Recorded as sent by the workflow; the two that nobody knows about."""
    desk.open_survey()
    handed_over = 0

    def two_without_an_answer(_envelope: Envelope) -> Receipt:
        nonlocal handed_over
        handed_over += 1
        if handed_over <= 2:
            raise UnknownOutcome("smtp_no_answer")
        return Receipt("ok")

    desk.post.outcome = two_without_an_answer
    run(LetterActivities(desk.at).send_letters, SendLetters(order=desk.order_id, key=INVITATION, now=desk.now))
    desk.do(do.RecordLetters(key=INVITATION, sent=MEMBERS - 2, failed=2))
    desk.post.outcome = lambda _envelope: Receipt("ok")
    return [mail for mail in desk.mails(INVITATION) if mail.state is MailState.UNKNOWN]


def never_left(desk: Desk, *mails: OutgoingMail) -> None:
    with desk.stack.database.write() as connection:
        for mail in mails:
            assert outbox.resolve_unknown(connection, mail.id, Evidence.NEVER_LEFT, desk.now)


def test_what_never_left_is_called_back_once_and_sent_by_the_rules(desk: Desk) -> None:
    unknown, settled = invitations_of_which_two_are_unknown(desk)
    never_left(desk, settled)
    orders = Deciding(desk)
    for called_back in (1, 0):
        done = asyncio.run(HousekeepingActivities(desk.at, orders).sweep(desk.now))
        assert done.endswith(f"{called_back} letters called back")
    assert len(orders.asked) == 1
    assert INVITATION in desk.order.pending_letters
    before = len(desk.post.sent)
    ask = SendLetters(order=desk.order_id, key=INVITATION, now=desk.now)
    assert run(LetterActivities(desk.at).send_letters, ask) == LettersDone(sent=MEMBERS - 1, failed=1)
    assert [envelope.outbox_id for envelope in desk.post.sent[before:]] == [settled.id]
    assert {mail.id for mail in desk.mails(INVITATION) if mail.state is MailState.UNKNOWN} == {unknown.id}


def test_a_letter_whose_mail_never_left_a_second_time_is_called_back_a_second_time(desk: Desk) -> None:
    _, settled = invitations_of_which_two_are_unknown(desk)
    sweep = HousekeepingActivities(desk.at, Deciding(desk)).sweep
    for _ in range(2):
        never_left(desk, settled)
        assert asyncio.run(sweep(desk.now)).endswith("1 letters called back")
        assert desk.order.pending_letters.count(INVITATION) == 1
        desk.post.outcome = lambda _envelope: (_ for _ in ()).throw(UnknownOutcome("smtp_no_answer"))
        run(LetterActivities(desk.at).send_letters, SendLetters(order=desk.order_id, key=INVITATION, now=desk.now))
        desk.do(do.RecordLetters(key=INVITATION, sent=MEMBERS - 2, failed=2))


def test_a_mail_that_never_left_before_its_letter_came_due_again_by_itself_is_still_called_back(desk: Desk) -> None:
    """The letter takes all its mail along, as long as it gets to it; a worker's death may leave a mail behind."""
    _, settled = invitations_of_which_two_are_unknown(desk)
    orders = Deciding(desk)
    sweep = HousekeepingActivities(desk.at, orders).sweep
    never_left(desk, settled)
    assert asyncio.run(sweep(desk.now)).endswith("1 letters called back")
    desk.do(do.RecordLetters(key=INVITATION, sent=MEMBERS - 2, failed=1))  # and the mail stayed where it was
    assert asyncio.run(sweep(desk.now)).endswith("1 letters called back")
    assert desk.order.pending_letters.count(INVITATION) == 1
    assert len(orders.asked) == 2


def test_what_never_left_and_is_worth_nothing_any_more_is_left_unsent(desk: Desk) -> None:
    one, other = invitations_of_which_two_are_unknown(desk)
    never_left(desk, one)
    desk.do(do.CloseSurvey(round=Round.BASELINE, why="by_hand"))
    chores_ = HousekeepingActivities(desk.at, Deciding(desk))
    assert asyncio.run(chores_.sweep(desk.now)).endswith("0 letters called back")
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    never_left(desk, other)
    asyncio.run(chores_.sweep(desk.now))
    codes = {mail.id: (mail.state, mail.code) for mail in desk.mails(INVITATION)}
    assert codes[one.id] == (MailState.SKIPPED, "letter_overtaken")
    assert codes[other.id] == (MailState.SKIPPED, "order_ended")
    assert desk.order.pending_letters == ()


def test_a_morning_list_that_never_left_is_not_sent_again(desk: Desk) -> None:
    desk.place()
    desk.post.outcome = lambda _envelope: (_ for _ in ()).throw(UnknownOutcome("smtp_no_answer"))
    asyncio.run(chores(desk).morning(MORNING))
    never_left(desk, *digests(desk))
    asyncio.run(chores(desk).sweep(MORNING))
    assert {(mail.state, mail.code) for mail in digests(desk)} == {(MailState.SKIPPED, "letter_overtaken")}


def test_an_order_that_does_not_answer_is_no_harm_to_the_sweep(desk: Desk) -> None:
    _, settled = invitations_of_which_two_are_unknown(desk)
    never_left(desk, settled)

    class Silent(Refusing):
        async def execute(self, order_id: OrderId, command: AnyCommand, *, actor: Actor, request_id: str) -> object:
            raise TimeoutError

    with pytest.raises(ApplicationError, match=f"1 workflows started.*failed: {desk.order_id} TimeoutError"):
        asyncio.run(HousekeepingActivities(desk.at, Silent()).sweep(desk.now))
    assert [mail.state for mail in desk.mails(INVITATION) if mail.id == settled.id] == [MailState.QUEUED]


def test_operations_alone_are_told_of_mail_in_trouble_and_of_failures_once(desk: Desk) -> None:
    invitations_of_which_two_are_unknown(desk)
    with desk.stack.database.write() as connection:
        (failed,) = outbox.queue(connection, desk.order_id, "order_received//", [desk.order.coordinator], desk.now)
        outbox.claim(connection, failed.id, desk.now)
        outbox.mark_failed(connection, failed.id, "smtp_550")
    next_morning = OPENED + dt.timedelta(days=3)
    asyncio.run(chores(desk).morning(next_morning))
    (told,) = (envelope for envelope in desk.post.sent if envelope.occasion == "morning_digest")
    assert told.to.address == desk.at.office.operations
    assert "Vi ved ikke, om 2 mails kom frem, og 1 mail kom ikke af sted siden sidst." in told.mail.text
    asyncio.run(chores(desk).morning(next_morning + dt.timedelta(days=1)))
    assert "Vi ved ikke, om 2 mails kom frem. Se dem" in desk.post.sent[-1].mail.text


MONDAY = dt.datetime(2031, 4, 21, 6, 35, tzinfo=dt.UTC)
A_DAY = dt.timedelta(days=1)


def a_mail_fails(desk: Desk, number: int, now: dt.datetime) -> None:
    with desk.stack.database.write() as connection:
        (failed,) = outbox.queue(connection, desk.order_id, f"plan_agreed//{number}", [desk.order.coordinator], now)
        outbox.claim(connection, failed.id, now)
        outbox.mark_failed(connection, failed.id, "smtp_550")


def told_operations(desk: Desk) -> list[str]:
    """What the lists that reached operations say of mail."""
    office = desk.at.office.operations
    return [envelope.mail.text for envelope in desk.post.sent if envelope.to.address == office]


def unreachable(_envelope: Envelope) -> Receipt:
    raise DefiniteFailure("smtp_unreachable", permanent=False)


def test_what_failed_is_told_once_a_list_gets_through_and_then_no_more(desk: Desk) -> None:
    desk.place()
    a_mail_fails(desk, 1, MONDAY)
    desk.post.outcome = unreachable
    for _ in range(3):
        with pytest.raises(ApplicationError, match=f"{OPERATIONS} smtp_unreachable"):
            asyncio.run(chores(desk).morning(MONDAY + A_DAY))
    assert told_operations(desk) == []
    desk.post.outcome = lambda _envelope: Receipt("ok")
    asyncio.run(chores(desk).morning(MONDAY + 2 * A_DAY))
    (told,) = told_operations(desk)
    assert "1 mail kom ikke af sted" in told
    a_mail_fails(desk, 2, MONDAY + 2.5 * A_DAY)
    asyncio.run(chores(desk).morning(MONDAY + 3 * A_DAY))
    assert "1 mail kom ikke af sted" in told_operations(desk)[1], "the new one only"
    asyncio.run(chores(desk).morning(MONDAY + 4 * A_DAY))
    assert len(told_operations(desk)) == 2


def test_a_list_that_bounced_has_told_nobody(desk: Desk) -> None:
    desk.place()
    a_mail_fails(desk, 1, MONDAY)
    asyncio.run(chores(desk).morning(MONDAY + A_DAY))
    with desk.stack.database.write() as connection:
        (sent,) = (mail for mail in outbox.mails(connection, NO_ORDER) if mail.recipient == OPERATIONS)
        outbox.mark_bounced(connection, sent.id, "mailbox_full")
    asyncio.run(chores(desk).morning(MONDAY + 2 * A_DAY))
    assert "1 mail kom ikke af sted" in told_operations(desk)[1]


def test_yesterdays_list_that_could_not_leave_is_not_kept_waiting(desk: Desk) -> None:
    desk.place()
    a_mail_fails(desk, 1, MONDAY)
    desk.post.outcome = unreachable
    for day in (1, 2):
        with pytest.raises(ApplicationError):
            asyncio.run(chores(desk).morning(MONDAY + day * A_DAY))
    states = {mail.letter: (mail.state, mail.code) for mail in digests(desk) if mail.recipient == OPERATIONS}
    assert states == {
        "morning_digest//2031-04-22": (MailState.SKIPPED, "letter_overtaken"),
        "morning_digest//2031-04-23": (MailState.QUEUED, "smtp_unreachable"),
    }


def test_the_night_drops_morning_lists_and_their_files_after_ninety_days(desk: Desk) -> None:
    desk.place()
    at = dataclasses.replace(desk.at, sender=desk.stack.dependencies.sender)
    for number, day in enumerate((1, 2)):
        a_mail_fails(desk, number, MONDAY + (day - 0.5) * A_DAY)
        asyncio.run(HousekeepingActivities(at, Refusing()).morning(MONDAY + day * A_DAY))
    first, second = ({mail.id for mail in digests(desk) if mail.letter.endswith(day)} for day in ("04-22", "04-23"))
    assert len(first) == len(second) == 2, "operations' and the consultant's"
    with desk.stack.database.write() as connection:
        report = outbox.ProviderEvent(min(first), "delivered", MONDAY)
        assert outbox.is_news(connection, report, MONDAY)
    Erasing(at).erase_what_is_due(MONDAY + 91.5 * A_DAY)
    assert {mail.id for mail in digests(desk)} == second
    assert {file.name.split(".")[-2] for file in desk.stack.settings.mails.glob("*.eml")} == second
    with desk.stack.database.write() as connection:
        assert outbox.is_news(connection, report, MONDAY), "what was reported on it is gone, too"
    asyncio.run(HousekeepingActivities(desk.at, Refusing()).morning(MONDAY + 98 * A_DAY))
    assert all("kom ikke af sted" not in told for told in told_operations(desk)), "told long ago, and not again"


def test_the_night_erases_addresses_documents_and_mail_files_also_of_who_was_replaced(desk: Desk) -> None:
    desk.deck_in_review()
    first = desk.order.members[MemberId("m1")].contact
    with desk.stack.database.write() as connection:
        moved = directory.add_contact(connection, "Bent Ny", "ny@skovby.example")
    desk.do(do.ReaddressMember(member=MemberId("m1"), contact=moved))
    at = dataclasses.replace(desk.at, sender=desk.stack.dependencies.sender)
    run(LetterActivities(at).send_letters, SendLetters(order=desk.order_id, key="order_received//", now=desk.now))
    folder = desk.stack.settings.mails
    assert len(list(folder.glob("*.eml"))) == 1
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    night = Erasing(at).erase_what_is_due
    night(desk.now + dt.timedelta(days=89))
    assert len(list(folder.glob("*.eml"))) == 1
    night(desk.now + dt.timedelta(days=91))
    with desk.stack.database.read() as connection:
        assert documents.documents(connection, desk.order_id) == []
        people = directory.contacts(connection, [first, moved, desk.order.coordinator])
        clinics = directory.practices(connection, {member.practice for member in desk.order.members.values()})
    assert [clinic.name for clinic in clinics.values()] == [""]
    assert [person.email for person in people.values()] == ["", "", ""]
    assert list(folder.glob("*.eml")) == []
    assert night(desk.now + dt.timedelta(days=92)).startswith("0 ")

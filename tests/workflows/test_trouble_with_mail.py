"""Mail that can't leave: tried again for as long as it is worth it, while everything else goes on."""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from domain import commands as do
from domain.events import LettersSent
from domain.letters import Occasion
from domain.meeting import at
from domain.stages import Stage
from mail.envelope import Envelope
from mail.folder_sender import FolderSender
from mail.sending import DefiniteFailure, Receipt
from storage import outbox
from storage.outbox import MailState
from tests.workflows import people
from tests.workflows.time_skipping import MEETING, MEMBERS, OPENS, OrderSystem

pytestmark = pytest.mark.temporal


@dataclass
class Provider:
    """Refuses some mails for now; counts how often each occasion was refused."""

    refuses: Callable[[Envelope], bool] = lambda _envelope: False
    refused: list[str] = field(default_factory=list)

    def check(self, envelope: Envelope) -> None:
        if self.refuses(envelope):
            self.refused.append(envelope.occasion)
            raise DefiniteFailure("smtp_451")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The one all mail of the test goes through."""
    provider, send = Provider(), FolderSender.send

    def checked(sender: FolderSender, envelope: Envelope) -> Receipt:
        provider.check(envelope)
        return send(sender, envelope)

    monkeypatch.setattr(FolderSender, "send", checked)
    return provider


FULL = f"laege3@{people.DOMAIN}"


def one_mailbox_is_full(envelope: Envelope) -> bool:
    return envelope.to.address == FULL


def refuses(*occasions: str) -> Callable[[Envelope], bool]:
    return lambda envelope: envelope.occasion in occasions


async def pass_until(system: OrderSystem, instant: dt.datetime) -> None:
    """Let time pass though mail waits: there is no quiet to wait for. A little at a time, as the server allows."""
    while (now := await system.now()) < instant:
        await system.env.sleep(min(instant - now, dt.timedelta(hours=12)))
        await asyncio.sleep(0.1)


def told(system: OrderSystem, occasion: Occasion) -> list[tuple[int, int, int]]:
    """Sent, failed and waiting, each time letters of an occasion were recorded."""
    return [
        (event.sent, event.failed, event.waiting)
        for event in system.events
        if isinstance(event, LettersSent) and event.key.startswith(f"{occasion}/")
    ]


async def to_the_eve_of_the_round(system: OrderSystem) -> None:
    await system.live_to(Stage.PLANNED)
    await system.until_day(OPENS, 8)


async def test_one_full_mailbox_holds_up_nobody_else(system: OrderSystem, provider: Provider) -> None:
    await to_the_eve_of_the_round(system)
    provider.refuses = one_mailbox_is_full
    await pass_until(system, at(OPENS, dt.time(12)))
    assert told(system, Occasion.INVITATION) == [(MEMBERS - 1, 0, 1)]
    assert FULL not in {mail.to for mail in system.mails("invitation")}
    provider.refuses = refuses()
    await pass_until(system, at(OPENS + dt.timedelta(days=4), dt.time(12)))
    assert told(system, Occasion.INVITATION) == [(MEMBERS - 1, 0, 1), (MEMBERS, 0, 0)]
    assert len(system.mails("invitation")) == len({mail.to for mail in system.mails("invitation")}) == MEMBERS


async def test_a_mailbox_that_stays_full_is_given_up_and_tried_anew_with_the_next_letter(
    system: OrderSystem, provider: Provider
) -> None:
    await to_the_eve_of_the_round(system)
    provider.refuses = one_mailbox_is_full
    await pass_until(system, at(OPENS + dt.timedelta(days=6), dt.time(12)))
    assert told(system, Occasion.INVITATION) == [(MEMBERS - 1, 0, 1), (MEMBERS - 1, 1, 0)]
    assert 8 < provider.refused.count("invitation") < 30
    provider.refuses = refuses()
    await system.until(Stage.TOO_FEW_ANSWERS)
    assert len(system.mails("invitation")) == MEMBERS - 1
    assert len(system.mails("reminder")) == 3 * MEMBERS


async def test_when_no_mail_leaves_at_all_it_leaves_once_it_can(system: OrderSystem, provider: Provider) -> None:
    await to_the_eve_of_the_round(system)
    provider.refuses = refuses("invitation")
    await pass_until(system, at(OPENS, dt.time(14)))
    assert told(system, Occasion.INVITATION) == [(0, 0, MEMBERS)]
    assert 5 < provider.refused.count("invitation") < 4 * MEMBERS, "three at a time, more and more rarely"
    provider.refuses = refuses()
    await pass_until(system, at(OPENS + dt.timedelta(days=4), dt.time(14)))  # Easter's end is not far: next mail hours
    assert told(system, Occasion.INVITATION)[-1] == (MEMBERS, 0, 0)
    assert len(system.mails("invitation")) == MEMBERS


async def test_a_receipt_that_cannot_leave_does_not_keep_the_plan_from_the_coordinator_and_is_overtaken_by_it(
    system: OrderSystem, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OrderSystem, "quiet", lambda _town: asyncio.sleep(0))
    provider.refuses = refuses("order_received")
    await system.live_to(Stage.PLANNED)
    async with asyncio.timeout(30):
        while not system.mails("plan_agreed"):
            await asyncio.sleep(0.05)
    assert not system.mails("order_received")
    provider.refuses = refuses()
    await pass_until(system, await system.now() + dt.timedelta(hours=7))
    assert told(system, Occasion.ORDER_RECEIVED) == [(0, 0, 1), (0, 0, 0)]
    assert system.mails("order_received") == []


async def test_a_cancelled_order_leaves_nothing_waiting(system: OrderSystem, provider: Provider) -> None:
    await to_the_eve_of_the_round(system)
    provider.refuses = one_mailbox_is_full
    await pass_until(system, at(OPENS, dt.time(12)))
    provider.refuses = refuses()
    await system.do(do.CancelOrder(reason="cluster_withdrew"), system.coordinator)
    assert not await system.is_running()
    assert len(system.mails("invitation")) == MEMBERS - 1
    with system.stack.database.read() as connection:
        states = Counter(mail.state for mail in outbox.mails(connection, system.order_id, "invitation/baseline/"))
    assert states == {MailState.SENT: MEMBERS - 1}, "whose link is dead gets no invitation"


async def test_a_reminder_of_the_meeting_is_not_sent_after_it_began(system: OrderSystem, provider: Provider) -> None:
    await system.live_to(Stage.READY)
    await system.until_day(MEETING - dt.timedelta(days=2))
    provider.refuses = one_mailbox_is_full
    await pass_until(system, at(MEETING, dt.time(18)))
    provider.refuses = refuses()
    await pass_until(system, at(MEETING + dt.timedelta(days=1), dt.time(8)))
    assert told(system, Occasion.MEETING_REMINDER) == [(MEMBERS - 1, 0, 1), (MEMBERS - 1, 1, 0)]
    assert len(system.mails("meeting_reminder")) == MEMBERS - 1


async def lose_the_workflow(system: OrderSystem) -> None:
    """It and all it remembered is gone; a new one begins over the same stream."""
    await system.env.client.get_workflow_handle(system.workflow_id).terminate()
    await system.orders.start(system.order_id)


async def test_mail_that_waits_is_still_known_of_when_its_workflow_is_lost(
    system: OrderSystem, provider: Provider
) -> None:
    await to_the_eve_of_the_round(system)
    provider.refuses = one_mailbox_is_full
    await pass_until(system, at(OPENS, dt.time(12)))
    await lose_the_workflow(system)
    provider.refuses = refuses()
    await pass_until(system, at(OPENS + dt.timedelta(days=4), dt.time(12)))
    assert told(system, Occasion.INVITATION) == [(MEMBERS - 1, 0, 1), (MEMBERS, 0, 0)]
    assert len(system.mails("invitation")) == MEMBERS


async def test_mail_overtaken_while_its_workflow_was_lost_is_settled_and_the_order_goes_on(
    system: OrderSystem, provider: Provider
) -> None:
    await system.live_to(Stage.IN_REVIEW)
    provider.refuses = one_mailbox_is_full
    await pass_until(system, at(MEETING - dt.timedelta(days=7), dt.time(12)))
    assert told(system, Occasion.PROGRAMME) == [(MEMBERS - 1, 0, 1)]
    await lose_the_workflow(system)
    await pass_until(system, at(MEETING, dt.time(21)))
    assert told(system, Occasion.PROGRAMME)[-1] == (MEMBERS - 1, 1, 0)
    provider.refuses = refuses()
    await system.hold_the_meeting(follow_up="declined")
    await system.until(Stage.COMPLETED)
    assert len(system.mails("programme")) == MEMBERS - 1

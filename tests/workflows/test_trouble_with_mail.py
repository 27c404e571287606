"""Mail that can't leave: tried again for as long as it is worth it, while everything else goes on."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from domain import commands as do
from domain.events import LettersSent
from domain.letters import Occasion
from domain.meeting import at
from domain.model import Actor
from domain.stages import Stage
from mail.envelope import Envelope
from mail.folder_sender import FolderSender
from mail.sending import DefiniteFailure, Sent
from storage import outbox
from storage.outbox import MailState
from tests.workflows import folk
from tests.workflows.town import MEETING, MEMBERS, OPENS, Town

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

    def checked(sender: FolderSender, envelope: Envelope) -> Sent:
        provider.check(envelope)
        return send(sender, envelope)

    monkeypatch.setattr(FolderSender, "send", checked)
    return provider


FULL = f"laege3@{folk.DOMAIN}"


def one_mailbox_is_full(envelope: Envelope) -> bool:
    return envelope.to.address == FULL


def refuses(*occasions: str) -> Callable[[Envelope], bool]:
    return lambda envelope: envelope.occasion in occasions


async def pass_until(town: Town, instant: dt.datetime) -> None:
    """Let time pass though mail waits: there is no quiet to wait for. A little at a time, as the server allows."""
    while (now := await town.now()) < instant:
        await town.env.sleep(min(instant - now, dt.timedelta(hours=12)))
        await asyncio.sleep(0.1)


def told(town: Town, occasion: Occasion) -> list[tuple[int, int, int]]:
    """Sent, failed and waiting, each time letters of an occasion were recorded."""
    return [
        (event.sent, event.failed, event.waiting)
        for event in town.events
        if isinstance(event, LettersSent) and event.key.startswith(f"{occasion}/")
    ]


async def to_the_eve_of_the_round(town: Town) -> None:
    await town.live_to(Stage.PLANNED)
    await town.until_day(OPENS, 8)


async def test_one_full_mailbox_holds_up_nobody_else(town: Town, provider: Provider) -> None:
    await to_the_eve_of_the_round(town)
    provider.refuses = one_mailbox_is_full
    await pass_until(town, at(OPENS, dt.time(12)))
    assert told(town, Occasion.INVITATION) == [(MEMBERS - 1, 0, 1)]
    assert FULL not in {mail.to for mail in town.mails("invitation")}
    provider.refuses = refuses()
    await pass_until(town, at(OPENS + dt.timedelta(days=4), dt.time(12)))
    assert told(town, Occasion.INVITATION) == [(MEMBERS - 1, 0, 1), (MEMBERS, 0, 0)]
    assert len(town.mails("invitation")) == len({mail.to for mail in town.mails("invitation")}) == MEMBERS


async def test_a_mailbox_that_stays_full_is_given_up_and_tried_anew_with_the_next_letter(
    town: Town, provider: Provider
) -> None:
    await to_the_eve_of_the_round(town)
    provider.refuses = one_mailbox_is_full
    await pass_until(town, at(OPENS + dt.timedelta(days=6), dt.time(12)))
    assert told(town, Occasion.INVITATION) == [(MEMBERS - 1, 0, 1), (MEMBERS - 1, 1, 0)]
    assert 8 < provider.refused.count("invitation") < 30
    provider.refuses = refuses()
    await town.until(Stage.TOO_FEW_ANSWERS)
    assert len(town.mails("invitation")) == MEMBERS - 1
    assert len(town.mails("reminder")) == 3 * MEMBERS


async def test_when_no_mail_leaves_at_all_it_leaves_once_it_can(town: Town, provider: Provider) -> None:
    await to_the_eve_of_the_round(town)
    provider.refuses = refuses("invitation")
    await pass_until(town, at(OPENS, dt.time(14)))
    assert told(town, Occasion.INVITATION) == []
    assert provider.refused.count("invitation") > MEMBERS
    provider.refuses = refuses()
    await pass_until(town, at(OPENS + dt.timedelta(days=4), dt.time(14)))  # Easter's end is not far: next mail hours
    assert told(town, Occasion.INVITATION) == [(MEMBERS, 0, 0)]
    assert len(town.mails("invitation")) == MEMBERS


async def test_a_receipt_that_cannot_leave_does_not_keep_the_plan_from_the_coordinator(
    town: Town, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Town, "quiet", lambda _town: asyncio.sleep(0))
    provider.refuses = refuses("order_received")
    await town.live_to(Stage.PLANNED)
    async with asyncio.timeout(30):
        while not town.mails("plan_agreed"):
            await asyncio.sleep(0.05)
    assert not town.mails("order_received")
    assert told(town, Occasion.ORDER_RECEIVED) == []
    provider.refuses = refuses()
    await pass_until(town, await town.now() + dt.timedelta(hours=7))
    assert told(town, Occasion.ORDER_RECEIVED) == [(1, 0, 0)]


async def test_a_cancelled_order_leaves_nothing_waiting(town: Town, provider: Provider) -> None:
    await to_the_eve_of_the_round(town)
    provider.refuses = one_mailbox_is_full
    await pass_until(town, at(OPENS, dt.time(12)))
    await town.do(do.CancelOrder(reason="cluster_withdrew"), Actor.COORDINATOR)
    provider.refuses = refuses()
    assert not await town.is_running()
    assert len(town.mails("invitation")) == MEMBERS - 1
    with town.stack.database.read() as connection:
        assert outbox.unsettled(connection, town.order_id) == []
        states = {mail.state for mail in outbox.mails(connection, town.order_id, "invitation/baseline/")}
    assert states == {MailState.SENT}


async def test_a_reminder_of_the_meeting_is_not_sent_after_it_began(town: Town, provider: Provider) -> None:
    await town.live_to(Stage.READY)
    await town.until_day(MEETING - dt.timedelta(days=2))
    provider.refuses = one_mailbox_is_full
    await pass_until(town, at(MEETING, dt.time(18)))
    provider.refuses = refuses()
    await pass_until(town, at(MEETING + dt.timedelta(days=1), dt.time(8)))
    assert told(town, Occasion.MEETING_REMINDER) == [(MEMBERS - 1, 0, 1), (MEMBERS - 1, 1, 0)]
    assert len(town.mails("meeting_reminder")) == MEMBERS - 1


async def lose_the_workflow(town: Town) -> None:
    """It and all it remembered is gone; a new one begins over the same stream."""
    await town.env.client.get_workflow_handle(town.workflow_id).terminate()
    await town.orders.start(town.order_id)


async def test_mail_that_waits_is_still_known_of_when_its_workflow_is_lost(town: Town, provider: Provider) -> None:
    await to_the_eve_of_the_round(town)
    provider.refuses = one_mailbox_is_full
    await pass_until(town, at(OPENS, dt.time(12)))
    await lose_the_workflow(town)
    provider.refuses = refuses()
    await pass_until(town, at(OPENS + dt.timedelta(days=4), dt.time(12)))
    assert told(town, Occasion.INVITATION) == [(MEMBERS - 1, 0, 1), (MEMBERS, 0, 0)]
    assert len(town.mails("invitation")) == MEMBERS


async def test_mail_overtaken_while_its_workflow_was_lost_is_settled_and_the_order_goes_on(
    town: Town, provider: Provider
) -> None:
    await town.live_to(Stage.IN_REVIEW)
    provider.refuses = one_mailbox_is_full
    await pass_until(town, at(MEETING - dt.timedelta(days=7), dt.time(12)))
    assert told(town, Occasion.PROGRAMME) == [(MEMBERS - 1, 0, 1)]
    await lose_the_workflow(town)
    await pass_until(town, at(MEETING, dt.time(21)))
    assert told(town, Occasion.PROGRAMME)[-1] == (MEMBERS - 1, 1, 0)
    provider.refuses = refuses()
    await town.hold_the_meeting(follow_up="declined")
    await town.until(Stage.COMPLETED)
    assert len(town.mails("programme")) == MEMBERS - 1

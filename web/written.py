"""What people write beside a command: stored as rows first, so that commands carry ids only and never words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi.concurrency import run_in_threadpool

from domain.commands import AnyCommand
from domain.events import EVENT
from domain.model import Actor, ContactId, MemberId, OrderId, PracticeId, Rejected, TextId
from storage import directory
from storage.forgetting import StillRemembered
from web.orders_port import Accepted
from web.services import Services

PLACE = "place"
IDEAS = "ideas"
REASON = "reason"


def phone_kind(contact: ContactId) -> str:
    """The kind of the text that is a contact's phone number: it goes with the order's other texts."""
    return f"phone:{contact}"


@dataclass(frozen=True)
class Written:
    """A command with the rows its ids point to, and who came to the meeting where it is the meeting's record.

    `practices` are those made for it. `phone` goes where the contacts go.
    """

    command: AnyCommand
    contacts: tuple[ContactId, ...] = ()
    texts: tuple[TextId, ...] = ()
    practices: tuple[PracticeId, ...] = ()
    phone: TextId | None = None
    attendance: Mapping[MemberId, bool] = field(default_factory=dict)


async def carry_out(
    services: Services, order_id: OrderId, written: Written, *, actor: Actor, request_id: str
) -> Accepted:
    """Give the command; take the rows back where nothing came of it. Raises Rejected, Unavailable.

    After Unavailable the rows stay, for the command may have been taken.
    """
    try:
        accepted = await services.orders.execute(order_id, written.command, actor=actor, request_id=request_id)
    except Rejected:
        await run_in_threadpool(_take_back_unused, services, order_id, written)
        raise
    await run_in_threadpool(_settle, services, order_id, written)
    return accepted


def _settle(services: Services, order_id: OrderId, written: Written) -> None:
    _take_back_unused(services, order_id, written)
    if written.attendance:
        with services.database.write() as connection:
            directory.record_attendance(connection, order_id, written.attendance)


def _take_back_unused(services: Services, order_id: OrderId, written: Written) -> None:
    """A command may be refused, change nothing, or have been given before: then no event has the new rows' ids."""
    if not written.contacts and not written.texts:
        return
    told = "\n".join(EVENT.dump_json(event).decode() for event in services.store.load(order_id))
    contacts = [row for row in written.contacts if f'"{row}"' not in told]
    texts = [row for row in written.texts if f'"{row}"' not in told]
    practices = [row for row in written.practices if f'"{row}"' not in told]
    if contacts and written.phone:
        texts.append(written.phone)
    if not contacts and not texts:
        return
    with services.database.write() as connection:
        directory.withdraw(connection, contacts=contacts, texts=texts, practices=practices)
    try:
        directory.forget(services.database, wait=0.05)
    except StillRemembered:
        return  # the next erasure covers it

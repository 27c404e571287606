"""Have a letter sent, at the first attempt or later, by a provider that takes mail or does not; what came of it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from activities.notify import LetterActivities, SendLetters
from activities.orders import CarriedOut
from domain.meeting import at
from domain.order import LetterRecord
from mail.envelope import Envelope
from mail.sending import DefiniteFailure, Receipt
from tests.activities.desk import Desk, run

RECEIVED = "order_received//"
INVITATION = "invitation/baseline/"
REMINDER = "reminder/baseline/2031-04-25"
REMINDED = at(dt.date(2031, 4, 25), dt.time(9))
A_MINUTE, AN_HOUR, A_DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def later(attempt: int = 7, **span: float) -> dict[str, Any]:
    """An attempt so long after it was asked for, as the worker tells of it; on a clock that is not the order's."""
    first = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return {"attempt": attempt, "scheduled_time": first, "started_time": first + dt.timedelta(**span)}


def asked(desk: Desk, *keys: str, settle: tuple[str, ...] = ()) -> SendLetters:
    """What a workflow asks for."""
    return SendLetters(order=desk.order_id, keys=keys, settle=settle, known=desk.order.version, now=desk.now)


def send(
    desk: Desk, key: str, letters: LetterActivities | None = None, *, settle: bool = False, **info: Any
) -> LetterRecord:
    """Have a letter sent; what the stream says has become of it."""
    ask = asked(desk, settle=(key,)) if settle else asked(desk, key)
    done: CarriedOut = run((letters or LetterActivities(desk.at)).send_letters, ask, **info)
    assert done.outlook.version == desk.order.version
    return desk.order.letters[key]


def counted(done: LetterRecord) -> Counter[str]:
    """What became of the mails, by how many; what is none is left out."""
    counts = {state: getattr(done, state) for state in ("sent", "failed", "unknown", "waiting")}
    return +Counter(counts)


def failing(
    code: str = "smtp_451", *, to: str | None = None, bounced: bool = False, retry_after: float | None = None
) -> Callable[[Envelope], Receipt]:
    """A provider that takes no mail, or none to one address."""

    def outcome(envelope: Envelope) -> Receipt:
        if to in (None, envelope.to.address):
            raise DefiniteFailure(code, bounced=bounced, retry_after=retry_after)
        return working(envelope)

    return outcome


def working(envelope: Envelope) -> Receipt:
    """A provider that takes all mail."""
    return Receipt(envelope.outbox_id)

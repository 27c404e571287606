"""The decision on a letter's mail: what has become of it is noted where it is news."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.letters import Letter
from domain.model import Rejected
from domain.order import Order


def record_letters(order: Order, command: do.RecordLetters, now: dt.datetime) -> list[ev.Event]:
    """Nothing happens where the same was noted and nobody has come in since: mail that waits may be tried for days."""
    try:
        Letter.parse(command.key)
    except ValueError:
        raise Rejected("no_such_letter", "Der findes ikke et brev med den nøgle.") from None
    known = order.letters.get(command.key)
    if known is not None:
        counts = (command.sent, command.failed, command.unknown, command.waiting)
        is_known = counts == (known.sent, known.failed, known.unknown, known.waiting)
        since = order.pending_letters.get(command.key, 0)
        is_settled = command.waiting or command.key not in order.pending_letters
        if is_known and is_settled and since <= known.seen:
            return []
    return [
        ev.LettersSent(
            at=now,
            key=command.key,
            sent=command.sent,
            failed=command.failed,
            unknown=command.unknown,
            waiting=command.waiting,
            seen=command.seen,
        )
    ]

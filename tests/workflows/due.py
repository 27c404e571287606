"""Whether anything is due in an order, as the domain sees it: what tests wait for instead of sleeping."""

import datetime as dt

from domain.order import Order
from domain.postbox import next_letter
from tests.domain.clockwork import next_step


def next_due(order: Order, now: dt.datetime) -> dt.datetime | None:
    """When the order will next do something by itself; None where it never will."""
    step, letter = next_step(order, now, lambda _order, _round: 0), next_letter(order, now)
    return min((at for at in (step and step.at, letter and letter.at) if at), default=None)


def is_at_rest(order: Order, now: dt.datetime) -> bool:
    """Nothing is due."""
    coming = next_due(order, now)
    return coming is None or coming > now

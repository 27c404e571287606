"""Whether anything is due in an order, as the domain sees it: what tests wait for instead of sleeping."""

import datetime as dt

from domain.clock import next_step
from domain.evolution import load
from domain.mailings import next_letter
from domain.model import OrderId
from domain.order import Order
from storage.event_store import EventStore


def next_due(order: Order, now: dt.datetime) -> dt.datetime | None:
    """When the order will next do something by itself; None where it never will."""
    step, letter = next_step(order, now), next_letter(order, now)
    return min((at for at in (step and step.at, letter and letter.at) if at), default=None)


def is_at_rest(order: Order, now: dt.datetime) -> bool:
    """Nothing is due."""
    coming = next_due(order, now)
    return coming is None or coming > now


class Reader:
    """Reads an order again only when its stream has grown, so that waiting for it costs next to nothing."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._read: tuple[str, int, Order] | None = None

    def order(self, order_id: OrderId) -> Order:
        version = self._store.version(order_id)
        if self._read is None or self._read[:2] != (order_id, version):
            order = load(self._store.load(order_id))
            assert order is not None
            self._read = (order_id, order.version, order)
        return self._read[2]

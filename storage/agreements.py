"""What a cluster agreed at its meeting, as its coordinator wrote it; erased with the order's other texts."""

from sqlalchemy import Connection

from domain.agreements import points_in
from domain.order import Order
from storage import texts


def agreed_at(connection: Connection, order: Order) -> tuple[str, ...]:
    """The points that were agreed; none where nobody wrote any, or they are erased."""
    return points_in(texts.words_of(connection, order.record.agreed)) if order.record else ()

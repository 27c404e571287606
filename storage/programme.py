"""The programme as one order's meeting has it: the package's or the meeting's own, with the words people wrote."""

from sqlalchemy import Connection

from domain.meeting_programme import all_parts
from domain.order import Order
from domain.package import Package
from domain.programme import MeetingPart
from storage import texts


def programme_of(connection: Connection, package: Package, order: Order) -> tuple[MeetingPart, ...]:
    """The parts of the order's meeting, which last as long as it does; none before a meeting is agreed."""
    return tuple(part for part in parts_of(connection, package, order) if part.minutes)


def parts_of(connection: Connection, package: Package, order: Order) -> tuple[MeetingPart, ...]:
    """As `programme_of`, with the parts that the meeting could have and is without."""
    if order.meeting is None:
        return ()
    ids = [text for part in order.programme for text in (part.title, part.text) if text is not None]
    words = texts.words_by_id(connection, ids) if ids else {}
    return all_parts(package.programme, order.meeting, order.programme, order.programme_form, words)

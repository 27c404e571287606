"""The programme as one order's meeting has it: the package's or the meeting's own, with the words people wrote."""

from sqlalchemy import Connection

from domain.meeting import Meeting
from domain.meeting_programme import all_parts
from domain.order import Order
from domain.package import Package
from domain.programme import MeetingPart
from domain.video import RingTo, VideoFrame, video_frame
from storage import people, texts


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


def video_of(connection: Connection, package: Package, order: Order) -> VideoFrame | None:
    """What is told of the order's meeting where it is on video."""
    return video_frame(package.programme, order.meeting, ring_to(connection, order))


def ring_to(connection: Connection, order: Order) -> RingTo | None:
    """Whom to ring for those who can't get in: who was agreed, else the coordinator where we have their number."""
    if order.meeting is None:
        return None
    if agreed := agreed_to_ring(connection, order.meeting):
        return agreed
    coordinator = people.people(connection, [order.coordinator]).get(order.coordinator)
    return RingTo(coordinator.name, coordinator.phone) if coordinator is not None and coordinator.phone else None


def agreed_to_ring(connection: Connection, meeting: Meeting) -> RingTo | None:
    """Who was named for this; None where nobody was, or the words are erased."""
    name, phone = (texts.words_of(connection, text) for text in (meeting.ring_name, meeting.ring_phone))
    return RingTo(name, phone) if name and phone else None

"""Links of person and order: to the order page for coordinator and consultant, to the meeting's page for members.

A calendar has a link of its own, which gives the meeting's entry and nothing else: it goes to others' servers.

A replaced holder's is dead, and so is that of a member who has left.
"""

import hmac

from domain.model import OrderId, PersonId, StaffId
from storage.keys import Keys


def order_link(keys: Keys, order_id: OrderId, holder: PersonId | StaffId) -> str:
    """The secret last part of `/bestilling/…`."""
    return f"{order_id}.{keys.token('order', f'{order_id}/{holder}')}"


def order_of(link: str) -> OrderId:
    """The order a link claims to be of; `opens` says whether it is."""
    return OrderId(link.partition(".")[0])


def opens(keys: Keys, link: str, order_id: OrderId, holder: PersonId | StaffId) -> bool:
    """Whether this is the link of this holder: the present coordinator, or the consultant."""
    return hmac.compare_digest(link.encode(), order_link(keys, order_id, holder).encode())


def meeting_link(keys: Keys, order_id: OrderId, person: str) -> str:
    """The secret last part of `/moede/…`: the meeting as a member sees it."""
    return f"{order_id}.{keys.token('meeting', f'{order_id}/{person}')}"


def opens_meeting(keys: Keys, link: str, order_id: OrderId, person: PersonId) -> bool:
    """Whether this is the meeting link of this member."""
    return hmac.compare_digest(link.encode(), meeting_link(keys, order_id, person).encode())


def calendar_link(keys: Keys, order_id: OrderId, holder: str) -> str:
    """The secret part of `/kalender/…`: the meeting's calendar entry, for the same people and no longer than they."""
    return f"{order_id}.{keys.token('calendar', f'{order_id}/{holder}')}"


def calendar_path(keys: Keys, order_id: OrderId, holder: str) -> str:
    """The path of the entry; calendar programs go by how it ends."""
    return f"/kalender/{calendar_link(keys, order_id, holder)}/klyngemoede.ics"


def opens_calendar(keys: Keys, link: str, order_id: OrderId, holder: str) -> bool:
    """Whether this is the calendar link of this holder."""
    return hmac.compare_digest(link.encode(), calendar_link(keys, order_id, holder).encode())

"""Links of person and order: to the order page for coordinator and consultant, to the meeting's page for members.

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

"""Links to the order page: one of its own for each coordinator and consultant, so that a replaced one's is dead."""

import hmac

from domain.model import ContactId, OrderId, StaffId
from storage.keys import Keys


def order_link(keys: Keys, order_id: OrderId, holder: ContactId | StaffId) -> str:
    """The secret last part of `/bestilling/…`."""
    return f"{order_id}.{keys.token('order', f'{order_id}/{holder}')}"


def order_of(link: str) -> OrderId:
    """The order a link claims to be of; `opens` says whether it is."""
    return OrderId(link.partition(".")[0])


def opens(keys: Keys, link: str, order_id: OrderId, holder: ContactId | StaffId) -> bool:
    """Whether this is the link of this holder: the present coordinator, or the consultant."""
    return hmac.compare_digest(link.encode(), order_link(keys, order_id, holder).encode())

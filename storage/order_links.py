"""The coordinator's link to the order page: one of its own for each coordinator, so that a replaced one's is dead."""

import hmac

from domain.model import ContactId, OrderId
from storage.keys import Keys


def order_link(keys: Keys, order_id: OrderId, coordinator: ContactId) -> str:
    """The secret last part of `/bestilling/…`."""
    return f"{order_id}.{keys.token('order', f'{order_id}/{coordinator}')}"


def order_of(link: str) -> OrderId:
    """The order a link claims to be of; `opens` says whether it is."""
    return OrderId(link.partition(".")[0])


def opens(keys: Keys, link: str, order_id: OrderId, coordinator: ContactId) -> bool:
    """Whether this is the link of the order's present coordinator."""
    return hmac.compare_digest(link.encode(), order_link(keys, order_id, coordinator).encode())

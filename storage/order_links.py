"""Links of person and order: to the order page for coordinator and consultant, to the meeting's page for members.

A calendar has a link of its own, which gives the meeting's entry and nothing else: it goes to others' servers. Only the
latest issue of a link opens anything, and none once it is revoked, its holder replaced or gone, or the order erased.
"""

import hmac
from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import Connection

from domain.model import OrderId, PersonId, StaffId
from domain.order import Order
from storage import people
from storage.keys import Keys

Holder = PersonId | StaffId


class Page(StrEnum):
    """What a link leads to. The value is what its secret is made for."""

    ORDER = "order"
    MEETING = "meeting"
    CALENDAR = "calendar"


def order_link(keys: Keys, order_id: OrderId, holder: Holder, issue: int = 1) -> str:
    """The secret last part of `/bestilling/…`."""
    return _link(keys, Page.ORDER, order_id, holder, issue)


def meeting_link(keys: Keys, order_id: OrderId, person: PersonId, issue: int = 1) -> str:
    """The secret last part of `/moede/…`: the meeting as a member sees it."""
    return _link(keys, Page.MEETING, order_id, person, issue)


def calendar_path(keys: Keys, order_id: OrderId, holder: Holder, issue: int = 1) -> str:
    """The path of the meeting's calendar entry; calendar programs go by how it ends."""
    return f"/kalender/{_link(keys, Page.CALENDAR, order_id, holder, issue)}/klyngemoede.ics"


def order_of(link: str) -> OrderId:
    """The order a link claims to be of; `opens` says whether it is."""
    return OrderId(link.partition(".")[0])


def opens(keys: Keys, page: Page, link: str, order: Order, holder: Holder) -> bool:
    """Whether this is the good link of this holder to the page. Who may hold one is the caller's to say."""
    standing = order.link_of(PersonId(holder))
    return not standing.revoked and _is(keys, page, link, order.id, holder, standing.issue)


def once_held(keys: Keys, page: Page, link: str, order: Order) -> PersonId | None:
    """Whose link to the page this is or was; None for one that never was anybody's: it tells nothing of the order."""
    people_ever: Iterable[PersonId] = order.members
    if page is Page.ORDER:
        people_ever = (order.coordinator, *order.coordinators_before)
    elif page is Page.CALENDAR:
        people_ever = (order.coordinator, *order.coordinators_before, *order.members)
    return next(
        (
            person
            for person in people_ever
            for issue in range(1, order.link_of(person).issue + 1)
            if _is(keys, page, link, order.id, person, issue)
        ),
        None,
    )


def is_erased(connection: Connection, order: Order) -> bool:
    """Whether the order's people are erased: it ended long ago, and no link opens it any more."""
    return order.ended is not None and not people.has_people(connection, order.id)


def _is(keys: Keys, page: Page, link: str, order_id: OrderId, holder: Holder, issue: int) -> bool:
    return hmac.compare_digest(link.encode(), _link(keys, page, order_id, holder, issue).encode())


def _link(keys: Keys, page: Page, order_id: OrderId, holder: Holder, issue: int) -> str:
    return f"{order_id}.{keys.token(page, f'{order_id}/{holder}', issue)}"

"""What the activities work with: the store, the keys, the packages in use, the way out for mail."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from domain.evolution import load
from domain.help import CrisisCorps
from domain.model import OrderId
from domain.order import Order
from domain.package import Package
from domain.receiver import Reach
from mail.sending import Sender
from reporting.logo import Logo
from storage.database import Database
from storage.event_store import EventStore
from storage.keys import Keys
from storage.own_questions import package_of_order
from storage.package_repository import package_version


@dataclass(frozen=True)
class Office:
    """KiAP as the mails name it: where they come from, whom to turn to, and where operations are told."""

    name: str = "KiAP"
    phone: str = "7196 8844"
    address: str = "support@kiap.dk"
    operations: str = "support@kiap.dk"


@dataclass(frozen=True)
class Dependencies:
    """One for the whole worker. `base_url` is where doctors reach the pages, without a slash at the end.

    `reach`: where events may be sent. `crisis_corps`: what the office has told of how to reach PLO's krisekorps.
    `logo`: the office's, on the front of decks.
    """

    database: Database
    store: EventStore
    keys: Keys
    sender: Sender
    base_url: str
    office: Office = field(default_factory=Office)
    reach: Reach = field(default_factory=Reach)
    crisis_corps: CrisisCorps = field(default_factory=CrisisCorps)
    logo: Logo | None = None
    _packages: dict[tuple[str, int], Package] = field(default_factory=dict, repr=False)

    def order(self, order_id: OrderId) -> Order:
        """The order as its stream has it. Raises LookupError."""
        order = load(self.store.load(order_id))
        if order is None:
            msg = f"there is no order {order_id}"
            raise LookupError(msg)
        return order

    def package_of(self, connection: Connection, order: Order) -> Package:
        """The package in the version the order was placed with, with the cluster's own questions in it."""
        which = (order.package, order.package_version)
        if which not in self._packages:
            self._packages[which] = package_version(connection, order.package, order.package_version)
        return package_of_order(connection, self._packages[which], order)

"""Orders of several clusters in tests of the console's list."""

from domain import commands as do
from domain.by import operations
from domain.model import OrderId, StaffId
from storage.staff import OFFICE
from tests.web.application import Web
from tests.web.reading import Shown


def order_of(web: Web, cluster: str, **changes: object) -> OrderId:
    """An order of a cluster of this name."""
    place = {"name": cluster, "region": "nordjylland"}
    return OrderId(web.place(f"bestilling-{cluster.encode().hex()}", cluster=place, **changes))


def assign(web: Web, order: OrderId, consultant: StaffId) -> None:
    web.orders.give(order, do.AssignConsultant(consultant=consultant), by=operations(OFFICE))


def listed(shown: Shown) -> list[str]:
    """The clusters of the list, in its order."""
    return [str(name) for name in shown.tree.xpath("//table//th[@scope='row']/a/text()")]

"""Invented clusters for the measurements: their people in the directory, what they order, and days that suit them."""

import datetime as dt

from sqlalchemy import Connection

from domain.calendar import is_quiet, working_day_from
from domain.commands import PlaceOrder
from domain.events import Joined
from domain.model import MemberId, OrderId, Role
from domain.package import Package
from storage import directory
from storage.ids import new_id

IN_A_PRACTICE = 3


def order_of_a_cluster(
    connection: Connection, package: Package, *, number: int, members: int, order: str = ""
) -> PlaceOrder:
    """A new cluster with its practices, doctors and coordinator; what it orders."""
    cluster = directory.add_cluster(connection, f"Klynge {number}", "midtjylland")
    clinics = -(-members // IN_A_PRACTICE)
    practices = [directory.add_practice(connection, cluster, f"Lægehus {number}.{each}") for each in range(clinics)]
    people = [(f"Læge {number}.{each}", f"laege{each}@klynge{number}.example") for each in range(members)]
    coordinator, *doctors = directory.add_contacts(
        connection, [(f"Koordinator {number}", f"koordinator@klynge{number}.example"), *people]
    )
    joined = (
        Joined(member=MemberId(new_id()), contact=contact, practice=practices[each // IN_A_PRACTICE], role=Role.OWNER)
        for each, contact in enumerate(doctors)
    )
    return PlaceOrder(
        order=OrderId(order or new_id()),
        cluster=cluster,
        package=package,
        coordinator=coordinator,
        members=tuple(joined),
    )


def kind_day(day: dt.date) -> dt.date:
    """The first working day from here on outside the holidays."""
    while is_quiet(day := working_day_from(day)):
        day += dt.timedelta(days=1)
    return day

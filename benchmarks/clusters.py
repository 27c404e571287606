"""Invented clusters for the measurements: their people, what they order, and days that suit them."""

import datetime as dt

from sqlalchemy import Connection

from domain.calendar import is_quiet, working_day_from
from domain.commands import PlaceOrder
from domain.events import Joined
from domain.model import OrderId, PersonId, Role
from domain.package import Package
from storage import clusters, people
from storage.ids import new_id
from storage.people import Membership, PersonChange

IN_A_PRACTICE = 3
SINCE = dt.date(2020, 1, 1)


def order_of_a_cluster(
    connection: Connection, package: Package, *, number: int, members: int, order: str = ""
) -> PlaceOrder:
    """A new cluster with its practices, doctors and coordinator; what it orders."""
    cluster = clusters.recognise_cluster(connection, f"Klynge {number}", "midtjylland", None)
    names = [f"Lægehus {number}.{each}" for each in range(-(-members // IN_A_PRACTICE))]
    practices, new = clusters.recognise_practices(connection, cluster, names)
    clusters.add_practices(connection, cluster, new)
    coordinator, *doctors = (
        PersonChange(person=PersonId(new_id()), name=name, email=f"{mailbox}@klynge{number}.example", address=1)
        for name, mailbox in (
            (f"Koordinator {number}", "koordinator"),
            *((f"Læge {number}.{each}", f"laege{each}") for each in range(members)),
        )
    )
    people.put(connection, [coordinator, *doctors])
    joined = tuple(
        Joined(person=doctor.person, practice=practices[each // IN_A_PRACTICE], role=Role.OWNER, address=1)
        for each, doctor in enumerate(doctors)
    )
    for each in joined:
        people.join(connection, Membership(each.person, cluster, each.practice, each.role), SINCE)
    return PlaceOrder(
        order=OrderId(order or new_id()),
        cluster=cluster,
        package=package,
        coordinator=coordinator.person,
        members=joined,
    )


def kind_day(day: dt.date) -> dt.date:
    """The first working day from here on outside the holidays."""
    while is_quiet(day := working_day_from(day)):
        day += dt.timedelta(days=1)
    return day

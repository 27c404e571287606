"""A data folder as KiAP's might be on any day: so many open orders, spread over the fourteen months of their lives."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from benchmarks.clusters import order_of_a_cluster
from benchmarks.lives import life
from domain.by import SYSTEM
from domain.commands import PlaceOrder
from domain.events import Event, OrderPlaced
from domain.evolution import load
from domain.model import OrderId
from domain.order import Order
from domain.stages import Stage
from storage import survey_roll, survey_rounds
from storage.staff import StaffRole, add_staff
from worker.settings import Settings
from worker.stack import Stack, open_stack

AGES = range(1, 386, 5)
"""Days since the order: even over a whole life, so that each stage holds as many orders as it holds time."""
AHEAD = dt.timedelta(minutes=10)
"""The orders stand as they will be in a while, so that nothing falls due in the middle of the measurement."""


@dataclass
class Filled:
    """What there is: orders by stage, events in all, and one order whose meeting is to come."""

    stages: Counter[Stage] = field(default_factory=Counter)
    events: int = 0
    planned: OrderId = field(default=OrderId(""))


def fill(data: Path, orders: int, members: int) -> Filled:
    """Put the orders there, each of a cluster of its own."""
    stack = open_stack(Settings(mode="embedded", data=data))
    until = dt.datetime.now(dt.UTC) + AHEAD
    filled = Filled()
    with stack.database.write() as connection:
        placed = [
            order_of_a_cluster(connection, package, number=number, members=members)
            for number, package in zip(range(orders), cycle(stack.packages), strict=False)
        ]
        consultant = add_staff(connection, "Kirsten Dam", "kirsten@kiap.example", StaffRole.CONSULTANT)
    lives: dict[tuple[str, int], list[Event]] = {}
    for number, command in enumerate(placed):
        age = AGES[number % len(AGES)]
        kind = (command.package.slug, age)
        if kind not in lives:
            lives[kind] = life(command, consultant, until, age)
        own = _as_its_own(lives[kind], command)
        stack.store.append(command.order, 0, own, by=SYSTEM, now=until)
        order = load(own)
        assert order is not None
        _invite(stack, order)
        filled.stages[order.stage] += 1
        filled.events += len(own)
        if order.stage is Stage.PLANNED:
            filled.planned = order.id
    stack.close()
    return filled


def _as_its_own(life: Sequence[Event], command: PlaceOrder) -> list[Event]:
    """The same life, of this order: only its first event names anybody."""
    first, *rest = life
    assert isinstance(first, OrderPlaced)
    own = {"order": command.order, "cluster": command.cluster, "coordinator": command.coordinator}
    return [first.model_copy(update={**own, "members": command.members}), *rest]


def _invite(stack: Stack, order: Order) -> None:
    """An open round has its box and its roll."""
    survey = order.open_survey
    if survey is None:
        return
    members = [(member, each.address) for member, each in order.active_members.items()]
    with stack.database.write() as connection:
        survey_rounds.open_round(connection, stack.keys, order.id, survey.round)
        survey_roll.invite(connection, stack.keys, order.id, survey.round, members)

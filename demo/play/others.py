"""Everybody else, where whoever plays lets them: KiAP's own and coordinators do what is theirs, clusters order anew."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from activities.dependencies import Dependencies
from demo.country.clusters import region_on
from demo.country.seeding import HABITS, KIAP_DK, Office
from demo.deeds import Deeds
from demo.habits import office_hour
from demo.questionnaires import with_questionnaires
from domain import commands as do
from domain.by import By, consultant, coordinator, operations
from domain.calendar import is_working_day
from domain.commands import AnyCommand
from domain.meeting import danish
from domain.model import ClusterId, OrderId, PersonId, Rejected
from domain.order import Order
from domain.task_kinds import TaskKind
from domain.tasks import Task, tasks_of
from storage import clusters, people
from storage.audit import Edge, Origin
from storage.board import BoardRow, board
from storage.ids import new_id
from web.api.intake_request import ClusterSent, CoordinatorSent, OrderSent
from web.intake import take_order
from web.problems import Problem
from web.services import Services

OFFICE_HOURS = (dt.time(8), dt.time(16))
WITHIN_DAYS = (0, 3)
"""Working days after which something is done."""
ORDERS_A_DAY = 1 / 60
"""How many of the clusters without an order place one on a working day."""


class Others:
    """Act in office hours, by the habits assumed; always the same for the same orders."""

    def __init__(self, services: Services, work: Dependencies, office: Office) -> None:
        self._services = services
        self._work = work
        self._office = office

    async def do_theirs(self, now: dt.datetime) -> None:
        """What they have come to by now. What the rules do not allow is left. Raises Unavailable."""
        here = danish(now)
        if not is_working_day(here.date()) or not OFFICE_HOURS[0] <= here.time() <= OFFICE_HOURS[1]:
            return
        rows = board(self._services.database)
        for row in rows:
            if row.needs_action_from is not None:
                await self._see_to(self._work.order(OrderId(row.order_id)), now)
        for sent in self._new_orders(rows, here.date()):
            await self._place(sent, now)

    async def _see_to(self, order: Order, now: dt.datetime) -> None:
        for task in tasks_of(order):
            random = Random(f"{order.id}/{task.kind}/{task.since}")  # noqa: S311 - a dice, no secret
            if office_hour(random, danish(task.since).date(), WITHIN_DAYS) > now or task.is_put_off(danish(now).date()):
                continue
            deed = self._deed(order, task, random, now)
            if deed is None:
                continue
            command, by = deed
            try:
                await self._services.orders.execute(order.id, command, by=by, request_id=new_id())
            except Rejected:
                continue
            return  # what else there is to do may be something else now

    def _deed(self, order: Order, task: Task, random: Random, now: dt.datetime) -> tuple[AnyCommand, By] | None:
        if order.consultant is None:
            if task.kind is not TaskKind.ASSIGN_CONSULTANT:
                return None  # first things first
            chosen = random.choice(self._office.consultants)
            return do.AssignConsultant(consultant=chosen), operations(self._office.operations)
        people_ = Deeds(random, HABITS)
        by_coordinator, by_consultant = coordinator(order.coordinator), consultant(order.consultant)
        match task.kind:
            case TaskKind.HOLD_THE_CALL:
                return people_.plan(now), by_consultant
            case TaskKind.DECIDE_TOO_FEW:
                return people_.too_few(order, now), by_consultant
            case TaskKind.READ_FREE_TEXTS:
                return do.ReadFreeTexts(), by_consultant
            case TaskKind.RELEASE_DECK:
                return do.ReleaseDeck(), by_consultant
            case TaskKind.RECORD_THE_MEETING | TaskKind.GET_THE_RECORD:
                return people_.record(order), by_coordinator
            case TaskKind.DECIDE_FOLLOW_UP:
                return people_.follow_up(order), by_coordinator
            case TaskKind.SHARE_COMPARISON:
                return do.ShareComparison(), by_coordinator
            case TaskKind.LOOK_AT_PROGRAMME:
                return do.RestoreProgramme(), by_consultant
            case TaskKind.GET_EXTRACT:
                return None  # no register is asked from here: the order goes on without results
            case TaskKind.LOOK_AT_DECK | TaskKind.CORRECT_DECK | TaskKind.ASSIGN_CONSULTANT:
                return None  # a deck goes by itself, and only people correct one

    def _new_orders(self, rows: list[BoardRow], day: dt.date) -> Iterator[OrderSent]:
        """Of clusters that have ended their orders, some place one again: the package they have not had last."""
        last = {row.cluster: row for row in sorted(rows, key=lambda row: row.placed_at)}
        packages: list[str] = [package.slug for package in with_questionnaires(self._services.packages.today)]
        for row in last.values():
            if row.ended_at is None or Random(f"{row.cluster}/{day}").random() > ORDERS_A_DAY:  # noqa: S311
                continue
            with self._services.database.read() as connection:
                cluster = clusters.cluster(connection, ClusterId(row.cluster))
                person = people.person(connection, PersonId(row.coordinator))
            if not person.name:  # it has been erased meanwhile
                continue
            yield OrderSent(
                cluster=ClusterSent(name=cluster.name, region=region_on(cluster.region, day)),
                package=_next(packages, row.package),
                coordinator=CoordinatorSent(name=person.name, email=person.email, phone=person.phone or None),
            )

    async def _place(self, sent: OrderSent, now: dt.datetime) -> None:
        try:
            taken = take_order(self._services, sent, new_id(), KIAP_DK, Origin(Edge.API), now)
        except Problem:  # its doctors are not known any more
            return
        await self._services.orders.start(taken.event.order)


def _next(packages: list[str], last: str) -> str:
    """The package after the last one; the first where that is none of them."""
    place = next((place for place, slug in enumerate(packages) if slug == last), -1)
    return packages[(place + 1) % len(packages)]

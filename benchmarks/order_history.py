"""What one whole order costs in Temporal's history, in a small cluster and in the largest.

    python -m benchmarks.order_history [--members 10 73] [--package SLUG]

A typical life on the time-skipping server: the call, a baseline round with three reminders, the deck gone by itself,
the meeting recorded with a follow-up agreed, the second round and the comparison. Answers go straight into the ballot
box; everything else is the system's own. Every run of the workflow is counted, encrypted as it is stored.
"""

import argparse
import asyncio
import datetime as dt
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from benchmarks.clusters import kind_day, order_of_a_cluster
from demo.answers import plausible_answers
from demo.time_machine import TimeMachine, time_machine
from domain import commands as do
from domain.answers import read_answers
from domain.by import By, consultant, coordinator, operations
from domain.calendar import add_months
from domain.commands import AnyCommand
from domain.decisions import place
from domain.evolution import evolve, load
from domain.letters import Letter, Occasion
from domain.meeting import Meeting, danish
from domain.model import OrderId, Round
from domain.order import Order
from domain.package import Package
from domain.stages import Stage
from reporting.deck_check import deck_problems
from storage import ballot_box, survey_roll
from storage.effects import Effects
from storage.ids import new_id
from storage.packages import find_package
from storage.staff import OFFICE, StaffRole, add_staff
from worker.histories import histories_of, size_of
from worker.orders_client import TemporalOrders
from worker.settings import Settings
from worker.stack import Stack, open_stack
from worker.workers import at_work
from workflows.messages import order_workflow_id

GOAL = 264
"""History events of a whole order, whatever the cluster's size: 250, and 14 since members are sent the comparison."""
WEEKS_TO_THE_MEETING = 9
MONTHS_TO_THE_FOLLOW_UP = 10
ANSWER = {Round.BASELINE: 0.8, Round.FOLLOW_UP: 0.7}
"""How many of the members answer each round: never all, so that every reminder goes out."""


@dataclass(frozen=True)
class Cost:
    """What one order left behind."""

    members: int
    order: Order
    events_of_the_order: int
    runs: Sequence[WorkflowHistory]
    seconds: float

    @property
    def events(self) -> int:
        return sum(len(run.events) for run in self.runs)

    @property
    def size(self) -> int:
        return sum(map(size_of, self.runs))

    @property
    def largest_run(self) -> int:
        return max(len(run.events) for run in self.runs)

    @property
    def kinds(self) -> Counter[str]:
        """How many history events of each kind."""
        return Counter(
            EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower()
            for run in self.runs
            for event in run.events
        )


@dataclass
class Life:
    """One order and what people do to it."""

    stack: Stack
    machine: TimeMachine
    orders: TemporalOrders
    package: Package
    order_id: OrderId = field(default=OrderId(""))

    async def live(self, members: int) -> None:
        """From the order to the comparison. Raises Stuck."""
        await self._order_the_package(members)
        await self._agree_the_plan()
        await self._answer(Round.BASELINE, Stage.SURVEY_OPEN)
        await self.machine.travel_until(self.order_id, Stage.AWAITING_RECORD)
        await self._record_the_meeting(members)
        await self._answer(Round.FOLLOW_UP, Stage.FOLLOW_UP_OPEN)
        await self.machine.travel_until(self.order_id, Stage.COMPLETED)

    @property
    def order(self) -> Order:
        order = load(self.stack.store.load(self.order_id))
        assert order is not None
        return order

    async def _order_the_package(self, members: int) -> None:
        with self.stack.database.write() as connection:
            command = order_of_a_cluster(connection, self.package, number=1, members=members)
            staff = add_staff(connection, "Kirsten Dam", "kirsten@kiap.example", StaffRole.CONSULTANT)
        self.order_id = command.order
        now = await self.machine.now()
        by = coordinator(command.coordinator)
        placed = place(command, by, now)

        def also(connection: Connection) -> None:
            Effects(self.stack.keys).apply(connection, evolve(None, placed), [placed])

        self.stack.store.append(self.order_id, 0, [placed], by=by, now=now, also=also)
        await self.orders.start(self.order_id)
        await self.machine.settle(self.order_id)
        await self._ask(do.AssignConsultant(consultant=staff), operations(OFFICE))

    async def _agree_the_plan(self) -> None:
        now = await self.machine.now()
        await self.machine.travel(self.order_id, now + dt.timedelta(days=2))
        day = kind_day(danish(now).date() + dt.timedelta(weeks=WEEKS_TO_THE_MEETING))
        await self._ask(do.AgreePlan(meeting=Meeting(starts=dt.datetime.combine(day, dt.time(17)))), self._consultant)

    async def _answer(self, round_: Round, stage: Stage) -> None:
        await self.machine.travel_until(self.order_id, stage)
        await self.machine.settle(self.order_id)
        with self.stack.database.read() as connection:
            invited = survey_roll.outstanding(connection, self.order_id, round_)
        answering = invited[: round(len(invited) * ANSWER[round_])]
        raw = plausible_answers(self.package, round_, len(answering))
        for invitation, answers in zip(answering, raw, strict=True):
            ballot = read_answers(self.package, round_, answers)
            outcome = ballot_box.submit(self.stack.database, invitation.token(self.stack.keys), ballot)
            assert outcome is ballot_box.Submission.SUBMITTED, outcome

    async def _record_the_meeting(self, members: int) -> None:
        meeting = self.order.meeting
        assert meeting is not None
        opens = kind_day(add_months(meeting.day, MONTHS_TO_THE_FOLLOW_UP))
        record = do.RecordMeeting(attended=members - 1, absent=1, follow_up="agreed", follow_up_opens=opens)
        await self._ask(record, coordinator(self.order.coordinator))

    @property
    def _consultant(self) -> By:
        assert self.order.consultant is not None
        return consultant(self.order.consultant)

    async def _ask(self, command: AnyCommand, by: By) -> None:
        await self.orders.execute(self.order_id, command, by=by, request_id=new_id())
        await self.machine.settle(self.order_id)


async def whole_order(package: Package, members: int) -> Cost:
    """One order lived to its end on a server of its own."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="klyngeflow-bench-") as data:
        stack = open_stack(Settings(mode="embedded", data=Path(data), base_url="http://127.0.0.1"))
        async with time_machine(stack.store, stack.keys.codec_key, Path(data) / "temporal.log") as machine:
            orders = TemporalOrders(machine.client, stack.database, stack.store, machine)
            life = Life(stack, machine, orders, package)
            async with at_work(stack, machine.client, orders):
                await life.live(members)
                runs = await histories_of(machine.client, order_workflow_id(life.order_id))
        order, events = life.order, len(stack.store.load(life.order_id))
        stack.close()
    _check(order)
    return Cost(members, order, events, runs, time.perf_counter() - began)


def _check(order: Order) -> None:
    """It was the life we meant to measure."""
    reminders = Counter(
        letter.round for key in order.letters if (letter := Letter.parse(key)).occasion is Occasion.REMINDER
    )
    assert reminders == {Round.BASELINE: 3, Round.FOLLOW_UP: 3}, reminders
    assert order.stage is Stage.COMPLETED, order.stage
    assert order.second is not None, "there was no second round"
    assert all(survey.released_at and survey.destroyed for survey in order.surveys), "a deck was not delivered"


def tell(costs: Sequence[Cost]) -> None:
    """Print the costs side by side and against the goal."""
    _row("members", [str(cost.members) for cost in costs], "ratio")
    _compare("history events, all runs", [cost.events for cost in costs])
    _compare("  of its largest run", [cost.largest_run for cost in costs])
    _compare("bytes, encrypted", [cost.size for cost in costs])
    _compare("  an event", [round(cost.size / cost.events) for cost in costs])
    _compare("runs", [len(cost.runs) for cost in costs])
    _compare("events of the order itself", [cost.events_of_the_order for cost in costs])
    _compare("letters' occasions", [len(cost.order.letters) for cost in costs])
    _compare("seconds for fourteen months", [cost.seconds for cost in costs], ".1f")
    print("\nhistory events by kind")
    for kind, _ in costs[0].kinds.most_common():
        _row(f"  {kind.replace('_', ' ')}", [str(cost.kinds[kind]) for cost in costs])
    most, same = max(cost.events for cost in costs), len({cost.events for cost in costs}) == 1
    print(
        f"\ngoal: at most {GOAL} events, the same for all; measured: {most}, {'the same' if same else 'not the same'}"
    )
    print("goal met" if most <= GOAL and same else "goal missed")


def _compare(title: str, values: Sequence[float], form: str = ",.0f") -> None:
    _row(title, [format(value, form) for value in values], f"{values[-1] / values[0]:.2f} ×")


def _row(title: str, values: Sequence[str], ratio: str = "") -> None:
    print(f"{title:42}", *(f"{value:>10}" for value in values), f"{ratio:>8}")


async def _measure(package: Package, sizes: Sequence[int]) -> list[Cost]:
    return [await whole_order(package, members) for members in sizes]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, nargs="+", default=[10, 73])
    parser.add_argument("--package", default="trivsel-og-arbejdsglaede")
    arguments = parser.parse_args()
    package = find_package(arguments.package, deck_problems)
    print(f"One whole order of {package.title}, on the time-skipping server\n")
    tell(asyncio.run(_measure(package, arguments.members)))


if __name__ == "__main__":
    main()

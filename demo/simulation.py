"""A country's orders, lived in plain Python: what KiAP must staff for. The same seed is the same country."""

import datetime as dt
from collections.abc import Sequence
from itertools import count
from random import Random

from demo.clockwork import Clockwork
from demo.habits import Habits, office_hour, size
from demo.life import Hands, Life
from demo.tally import Tally
from domain.by import coordinator
from domain.calendar import add_months
from domain.commands import PlaceOrder
from domain.decisions import place
from domain.events import Joined
from domain.evolution import evolve
from domain.meeting import at
from domain.model import ClusterId, OrderId, PersonId, PracticeId, Role, StaffId
from domain.package import Package

IN_A_PRACTICE = 3
HANDS = Hands(StaffId("konsulent"), StaffId("drift"))
YEAR = dt.timedelta(days=365)


def simulate(
    packages: Sequence[Package], *, clusters: int, begins: dt.date, years: int, seed: int, habits: Habits | None = None
) -> Tally:
    """So many clusters from a day on, when none has an order. One after the other: they have nothing in common."""
    tally = Tally()
    for number in range(clusters):
        random = Random(f"{seed}/{number}")  # noqa: S311 - a dice, no secret
        _Cluster(number, packages, random, habits or Habits(), tally).live(begins, add_months(begins, 12 * years))
    return tally


class _Cluster:
    def __init__(self, number: int, packages: Sequence[Package], random: Random, habits: Habits, tally: Tally) -> None:
        self._id = ClusterId(f"klynge-{number}")
        self._packages = packages
        self._random = random
        self._habits = habits
        self._tally = tally
        self._members = size(random, habits)
        self._busy_until: dict[str, dt.datetime] = {}

    def live(self, begins: dt.date, ends: dt.date) -> None:
        """Orders for its meetings, some of them under way at once, each of a package that it has not open."""
        until = at(ends, dt.time(0))
        a_year = self._random.randint(*self._habits.meetings_a_year)
        day = begins + YEAR / a_year * self._random.random()
        for number in count():
            placed_at = office_hour(self._random, day)
            if placed_at >= until:
                return
            free = [each for each in self._packages if self._busy_until.get(each.slug, placed_at) <= placed_at]
            if free:
                package = self._random.choice(free)
                life = Life(self._ordered(number, package, placed_at), HANDS, self._random, self._habits, self._tally)
                self._busy_until[package.slug] = life.live(until)
            day += YEAR / a_year * self._random.uniform(0.6, 1.4)

    def _ordered(self, number: int, package: Package, now: dt.datetime) -> Clockwork:
        command = self._place(number, package)
        event = place(command, coordinator(command.coordinator), now)
        return Clockwork(evolve(None, event), now, events=[event])

    def _place(self, number: int, package: Package) -> PlaceOrder:
        people = [PersonId(f"{self._id}-{each}") for each in range(self._members)]
        return PlaceOrder(
            order=OrderId(f"{self._id}-{number}"),
            cluster=self._id,
            package=package,
            coordinator=people[0],
            members=tuple(
                Joined(
                    person=person,
                    practice=PracticeId(f"{self._id}-p{each // IN_A_PRACTICE}"),
                    role=Role.OWNER,
                    address=1,
                )
                for each, person in enumerate(people)
            ),
        )

"""The country as it stands when a demonstration begins: orders placed at different times, each lived up to now."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from pydantic import BaseModel

from activities.dependencies import Dependencies
from demo.country.clusters import Town, order_of, region_on, towns
from demo.country.past import Past, SendAnswer
from demo.habits import Habits, office_hour
from demo.life import Hands, Life
from demo.questionnaires import with_questionnaires
from demo.tally import Tally
from domain.by import By, Capacity, Scope
from domain.meeting import danish
from domain.model import StaffId
from storage import clusters
from storage.audit import Edge, Origin
from storage.ids import new_id
from storage.staff import StaffRole, add_staff
from web.intake import take_order
from web.services import Services

KIAP_DK = By(role=Capacity.API, who="kiap-dk", scopes=frozenset({Scope.PLACE_ORDERS}))
MAIL_KEPT = dt.timedelta(days=14)
"""So far back the country's mail can be read; what left before is counted alone."""
RECENT, LONG_AGO = dt.timedelta(weeks=13), dt.timedelta(weeks=62)
SHARE_RECENT = 0.76
"""Most orders are young ones: what people do, they do before the meeting."""
GOLDEN = 0.618033988749895
"""Steps by which any number of ages lie evenly."""
HABITS = Habits(call_after_days=(1, 9), answers=(0.3, 0.9), weeks_to_the_meeting=(6, 10))
"""Such that some calls are late and some rounds have too few answers: a console with nothing to do teaches little."""
NEVER = 29
"""One cluster in so many has not ordered anything yet."""

CONSULTANTS = (
    ("Kirsten Dam", "kirsten.dam@kiap.example"),
    ("Morten Lykke", "morten.lykke@kiap.example"),
    ("Signe Falk", "signe.falk@kiap.example"),
    ("Jonas Riis", "jonas.riis@kiap.example"),
)
OPERATIONS = ("Pia Holst", "pia.holst@kiap.example")
ADMINISTRATOR = ("Anders Bro", "anders.bro@kiap.example")


class Office(BaseModel):
    """KiAP's own in the demonstration, by id."""

    consultants: tuple[StaffId, ...]
    operations: StaffId
    administrator: StaffId


def hire(work: Dependencies) -> Office:
    """KiAP's own people, who have no passwords."""
    with work.database.write() as connection:
        return Office(
            consultants=tuple(add_staff(connection, *each, StaffRole.CONSULTANT) for each in CONSULTANTS),
            operations=add_staff(connection, *OPERATIONS, StaffRole.OPERATIONS),
            administrator=add_staff(connection, *ADMINISTRATOR, StaffRole.ADMINISTRATOR),
        )


@dataclass(frozen=True)
class Seeding:
    """Makes the country up to an instant. `answer` is how doctors answer."""

    services: Services
    work: Dependencies
    office: Office
    answer: SendAnswer
    now: dt.datetime

    def live(self, many: int, part: int = 0, parts: int = 1) -> Iterator[Town]:
        """A part of so many clusters, one after the other: all but a few have an order."""
        for town in towns(many):
            if town.number % parts == part:
                self._wait(town) if town.number % NEVER == NEVER // 3 else self._live(town)
                yield town

    def _wait(self, town: Town) -> None:
        region = region_on(town.region, danish(self.now).date())
        with self.work.database.write() as connection:
            clusters.recognise_cluster(connection, town.name, region, None)

    def _live(self, town: Town) -> None:
        random = Random(f"land/{town.name}")  # noqa: S311 - a dice, no secret
        placed_at = self._placed_at(town.number, random)
        asked = with_questionnaires(self.services.packages.today)
        package = asked[town.number % len(asked)]
        sent = order_of(town, package.slug, danish(placed_at).date(), random)
        taken = take_order(self.services, sent, new_id(), KIAP_DK, Origin(Edge.API), placed_at)
        past = Past(taken.event, placed_at, self.work, self.answer, self.now - MAIL_KEPT)
        hands = Hands(self.office.consultants[town.number % len(self.office.consultants)], self.office.operations)
        Life(past, hands, random, HABITS, Tally()).live(self.now)

    def _placed_at(self, number: int, random: Random) -> dt.datetime:
        share = number * GOLDEN % 1
        if share < SHARE_RECENT:
            age = RECENT * share / SHARE_RECENT
        else:
            age = RECENT + (LONG_AGO - RECENT) * (share - SHARE_RECENT) / (1 - SHARE_RECENT)
        placed_at = office_hour(random, danish(self.now - age).date())
        while placed_at > self.now:
            placed_at -= dt.timedelta(days=1)
        return placed_at

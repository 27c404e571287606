"""A log with subscriptions on a real database, visited by hand as Temporal would."""

import dataclasses
import datetime as dt
from dataclasses import dataclass

from temporalio.testing import ActivityEnvironment

from activities.dependencies import Dependencies
from activities.webhooks import Deliver, Delivered, WebhookActivities
from domain.by import SYSTEM, By
from domain.events import Event
from domain.receiver import Reach
from storage import deliveries, subscriptions
from storage.database import Database
from storage.deliveries import Delivery
from storage.event_store import EventStore
from storage.keys import Keys
from storage.subscriptions import Subscription
from tests.activities.desk import Postbox
from tests.storage.lives import assigned, letter, placed

NOW = dt.datetime(2031, 3, 3, 9, tzinfo=dt.UTC)
TODAY = dt.date(2026, 1, 6)
HERE = Reach(plain_http=True, private=True)
KEYS = Keys(bytes(range(32)))


@dataclass
class Office:
    """What a test does and sees. `now` is the clock."""

    database: Database
    now: dt.datetime = NOW
    reach: Reach = HERE

    def subscribe(self, url: str, *events: str, after: int | None = 0) -> tuple[str, str]:
        """A subscription from the log's beginning: its id and its secret."""
        with self.database.write() as connection:
            return subscriptions.add(connection, KEYS, url, events, self.now, after=after)

    def visit(self, subscription: str) -> Delivered:
        """As Temporal does it, now."""
        work = Dependencies(self.database, self.store, KEYS, Postbox(), "http://127.0.0.1:8080", reach=self.reach)
        env = ActivityEnvironment()
        env.info = dataclasses.replace(env.info, started_time=self.now)
        return env.run(WebhookActivities(work).deliver, Deliver(subscription=subscription))

    def wait(self, **time: float) -> None:
        self.now += dt.timedelta(**time)

    @property
    def store(self) -> EventStore:
        return EventStore(self.database)

    def append(self, order: str, expected: int, *events: Event, by: By = SYSTEM) -> int:
        return self.store.append(order, expected, events, by=by, now=self.now)

    def orders(self, count: int, letters: int = 1) -> list[str]:
        """So many orders, all placed, and then each assigned and with letters."""
        names = [f"o-{number}" for number in range(1, count + 1)]
        first = [placed(name, cluster=f"klynge-{name}") for name in names]
        with self.database.write() as connection:
            for name, event in zip(names, first, strict=True):
                self.store.append_within(connection, name, [event], by=SYSTEM, now=self.now)
        posted = [letter(f"reminder/baseline/{number}", TODAY) for number in range(letters)]
        for name in names:
            self.append(name, 1, assigned(), *posted)
        return names

    def subscription(self, id_: str) -> Subscription:
        with self.database.read() as connection:
            return subscriptions.subscription(connection, id_)

    def deliveries(self, id_: str) -> list[Delivery]:
        """The oldest first."""
        with self.database.read() as connection:
            return deliveries.deliveries(connection, id_, 10_000)[::-1]

"""Subscriptions to the log: where events are sent, which, and whether they are sent now; and what people do to them.

What becomes of each event is in `storage/deliveries.py`. Whoever delivers is known by a `run`; to resume or to replay
takes it from them, so that nobody goes on with what was so before.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import JSON, Column, Connection, Integer, Row, String, Table, Text, delete, func, insert, select, update

from storage import deliveries, webhook_secrets
from storage.columns import Instant, utc_text
from storage.database import metadata
from storage.event_sql import FIRST_SINCE, run
from storage.ids import new_id
from storage.incidents import NO_ORDER, IncidentKind, report, resolve
from storage.keys import Keys
from storage.log_reader import LogReader, Overtaken, last_position

# No personal data: addresses of systems. Removed when the subscription is.
subscription_table = Table(
    "subscription",
    metadata,
    Column("id", String, primary_key=True),
    Column("url", Text, nullable=False),
    Column("events", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String(64), nullable=False),
    # How often people have changed it: whoever waits to deliver looks again.
    Column("changes", Integer, nullable=False),
    # How often it was recorded what came of sending: the mark of pages that show it.
    Column("rounds", Integer, nullable=False, server_default="0"),
    # Who delivers now, so that another who still believes so is known as such.
    Column("run", String, nullable=False),
    # The receiver as a whole takes nothing: so many visits in a row, and when the next is.
    Column("failures", Integer, nullable=False),
    Column("again_at", Instant),
    Column("made_at", Instant, nullable=False),
)

MOST_SUBSCRIPTIONS = 20
"""Each can have a worker's thread at the same time, so none waits for another."""
NOBODY = ""


class State(StrEnum):
    """Whether events are sent. `stopped`: the system gave up, and people decide."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class TooMany(Exception):  # noqa: N818 - a "no", not an error
    """There are as many subscriptions as there may be."""


class NoSuchSubscription(LookupError):  # noqa: N818 - a finding, named as one
    """There is none of that id."""


class AheadOfTheLog(Exception):  # noqa: N818 - a "no", not an error
    """Nothing after that place has been sent yet, so there is nothing to send again. `sent_to` says how far it is."""

    def __init__(self, sent_to: int) -> None:
        super().__init__(f"sent up to {sent_to}")
        self.sent_to = sent_to


@dataclass(frozen=True)
class Subscription:
    """`events` empty: all. `position`: every event up to there was sent, waits, or is not wanted; `behind` come after.

    `again_at`: the receiver takes nothing now, and is tried again then.
    """

    id: str
    url: str
    events: tuple[str, ...]
    state: State
    reason: str
    changes: int
    failures: int
    again_at: dt.datetime | None
    made_at: dt.datetime
    position: int
    behind: int

    @property
    def reader(self) -> LogReader:
        return _reader(self.id, self.events)


def add(
    connection: Connection, keys: Keys, url: str, events: Collection[str], now: dt.datetime, *, after: int | None = None
) -> tuple[str, str]:
    """A new subscription to these events (none: all) behind a position, or from now on: its id and its secret.

    Raises TooMany.
    """
    if (connection.execute(select(func.count()).select_from(subscription_table)).scalar() or 0) >= MOST_SUBSCRIPTIONS:
        raise TooMany
    id_ = new_id()
    row = {
        "id": id_,
        "url": url,
        "events": sorted(set(events)),
        "state": State.ACTIVE.value,
        "reason": "",
        "changes": 1,
        "run": NOBODY,
        "failures": 0,
        "made_at": now,
    }
    connection.execute(insert(subscription_table).values(row))
    _reader(id_).begin(connection, last_position(connection) if after is None else after)
    return id_, webhook_secrets.new_secret(connection, keys, id_)


def subscriptions(connection: Connection) -> list[Subscription]:
    """All of them, the oldest first."""
    end = last_position(connection)
    rows = connection.execute(
        select(subscription_table).order_by(subscription_table.c.made_at, subscription_table.c.id)
    )
    return [_subscription(connection, row, end) for row in rows.all()]


def subscription(connection: Connection, id_: str) -> Subscription:
    """One of them. Raises NoSuchSubscription."""
    row = connection.execute(select(subscription_table).where(subscription_table.c.id == id_)).one_or_none()
    if row is None:
        raise NoSuchSubscription(id_)
    return _subscription(connection, row, last_position(connection))


@dataclass(frozen=True)
class Listening:
    """An active subscription, in short. `away`: its receiver takes nothing, so what is new is no reason to ask it."""

    id: str
    events: frozenset[str]
    changes: int
    away: bool


def listening(connection: Connection) -> list[Listening]:
    """All that events are sent to."""
    c = subscription_table.c
    query = select(c.id, c.events, c.changes, c.again_at).where(c.state == State.ACTIVE.value).order_by(c.id)
    return [
        Listening(row.id, frozenset(row.events), row.changes, row.again_at is not None)
        for row in connection.execute(query)
    ]


def pause(connection: Connection, id_: str) -> None:
    """Send nothing until `resume`; what is in the air is still noted. Raises NoSuchSubscription."""
    _change(connection, id_, state=State.PAUSED.value, reason="")
    resolve(connection, IncidentKind.WEBHOOK_STOPPED, NO_ORDER, id_)


def resume(connection: Connection, id_: str, *, give_up: bool = False) -> int:
    """Send again, at once and for another three days; how many events are given up, which are those that failed.

    Without `give_up` none is. Raises NoSuchSubscription.
    """
    _go_on(connection, id_)
    if give_up:
        return deliveries.give_up_failed(connection, id_)
    deliveries.begin_again(connection, id_)
    return 0


def replay(connection: Connection, id_: str, after: int) -> None:
    """Send everything after a position again, or once it goes on where it is paused. What waits goes on waiting.

    Raises NoSuchSubscription, and AheadOfTheLog where that would leave out what has not been sent.
    """
    wanted = subscription(connection, id_)
    if after > wanted.position:
        raise AheadOfTheLog(wanted.position)
    if wanted.state is State.PAUSED:
        _change(connection, id_, run=NOBODY)
    else:
        _go_on(connection, id_)
    deliveries.forget_after(connection, id_, after)
    deliveries.begin_again(connection, id_)
    wanted.reader.rewind(connection, after)


def rotate(
    connection: Connection, keys: Keys, id_: str, now: dt.datetime, both_for: dt.timedelta = webhook_secrets.OVERLAP
) -> str:
    """A new secret; both sign for so long. Raises NoSuchSubscription."""
    _change(connection, id_)
    return webhook_secrets.new_secret(connection, keys, id_, now + both_for)


def remove(connection: Connection, id_: str) -> None:
    """The subscription is no more, and nothing of it. Raises NoSuchSubscription."""
    gone = connection.execute(delete(subscription_table).where(subscription_table.c.id == id_))
    if gone.rowcount == 0:
        raise NoSuchSubscription(id_)
    _reader(id_).end(connection)
    webhook_secrets.forget_secrets_of(connection, id_)
    deliveries.forget_after(connection, id_, 0)
    resolve(connection, IncidentKind.WEBHOOK_STOPPED, NO_ORDER, id_)


def first_position_since(connection: Connection, instant: dt.datetime) -> int | None:
    """The first event recorded at or after an instant; None where there is none."""
    (position,) = run(connection, FIRST_SINCE, utc_text(instant)).fetchone() or (None,)
    return position


# --- the one who delivers ---------------------------------------------------------------------------------------------


def take(connection: Connection, id_: str) -> str | None:
    """From now on the caller delivers, and nobody else does; None where nothing is to be sent."""
    c, run_ = subscription_table.c, new_id()
    ours = (c.id == id_) & (c.state == State.ACTIVE.value)
    taken = connection.execute(update(subscription_table).where(ours).values(run=run_))
    return run_ if taken.rowcount else None


def check_taken(connection: Connection, id_: str, run_: str) -> None:
    """Before writing what came of it, in the same transaction. Raises Overtaken where somebody else delivers."""
    c = subscription_table.c
    ours = update(subscription_table).where(c.id == id_, c.run == run_).values(rounds=c.rounds + 1)
    if connection.execute(ours).rowcount == 0:
        raise Overtaken(id_)


def note_receiver(connection: Connection, id_: str, failures: int, again_at: dt.datetime | None) -> None:
    """How the receiver as a whole is: well (0, None), or away for so many visits, and when the next is."""
    c = subscription_table.c
    connection.execute(update(subscription_table).where(c.id == id_).values(failures=failures, again_at=again_at))


def stop(connection: Connection, id_: str, reason: str, now: dt.datetime) -> None:
    """The system gives up: nothing is sent until people say so, who are told."""
    c = subscription_table.c
    active_one = (c.id == id_) & (c.state == State.ACTIVE.value)
    stopped = update(subscription_table).where(active_one).values(state=State.STOPPED.value, reason=reason)
    if connection.execute(stopped).rowcount:
        report(connection, IncidentKind.WEBHOOK_STOPPED, NO_ORDER, id_, reason, now)


def _go_on(connection: Connection, id_: str) -> None:
    _change(connection, id_, state=State.ACTIVE.value, reason="", failures=0, again_at=None, run=NOBODY)
    resolve(connection, IncidentKind.WEBHOOK_STOPPED, NO_ORDER, id_)


def _change(connection: Connection, id_: str, **values: object) -> None:
    c = subscription_table.c
    changed = update(subscription_table).where(c.id == id_).values(changes=c.changes + 1, **values)
    if connection.execute(changed).rowcount == 0:
        raise NoSuchSubscription(id_)


def _reader(id_: str, events: Sequence[str] = ()) -> LogReader:
    return LogReader(f"subscription/{id_}", events)


def _subscription(connection: Connection, row: Row[*tuple[object, ...]], end: int) -> Subscription:
    position = _reader(row.id).position(connection)
    return Subscription(
        id=row.id,
        url=row.url,
        events=tuple(row.events),
        state=State(row.state),
        reason=row.reason,
        changes=row.changes,
        failures=row.failures,
        again_at=row.again_at,
        made_at=row.made_at,
        position=position,
        behind=max(end - position, 0),
    )

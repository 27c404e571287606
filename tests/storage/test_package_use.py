"""What is kept of each cluster's use of each package is what its orders' streams say, after any history of them."""

import datetime as dt
from collections.abc import Sequence
from itertools import count

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, inspect, select

from domain import events as ev
from domain.by import SYSTEM
from domain.events import Event
from domain.evolution import load
from domain.meeting import COPENHAGEN
from domain.order import Order
from storage import migrate as migrating
from storage.country import PackageUse, package_uses
from storage.database import Database
from storage.event_store import EventStore
from storage.package_use import package_use_table
from storage.rebuild import rebuild
from tests.storage.lives import MEETING, PLACED, assigned, cancelled, placed, planned
from tests.storage.test_projections import live_through

CLUSTERS, PACKAGES = ("ribe", "vejle"), ("trivsel", "samarbejde")
DAYS = (-400, -1, 0, 1, 280, 281, 400)
"""From the agreed meeting on: about its day, and about new year's eve."""
LOOKED_AT = [PLACED, *(MEETING.replace(tzinfo=COPENHAGEN) + dt.timedelta(days=days) for days in DAYS)]
EXAMPLES = count()

moves = st.lists(st.sampled_from(DAYS), max_size=2)
ends = st.sampled_from(["cancelled", "completed"])
histories = st.lists(
    st.tuples(st.sampled_from(CLUSTERS), st.sampled_from(PACKAGES), st.booleans(), moves, ends, st.sampled_from(DAYS)),
    min_size=1, max_size=8,
)  # fmt: skip
History = tuple[str, str, bool, list[int], str, int]


def events_of(order: str, cluster: str, history: History) -> list[Event]:
    """An order from its beginning to its end; the end's own day is the history's."""
    _, package, is_planned, moved, end, day = history
    after = MEETING.replace(tzinfo=COPENHAGEN).astimezone(dt.UTC) + dt.timedelta(days=day)
    events: list[Event] = [placed(order, cluster=cluster, package=package), assigned()]
    if is_planned:
        events.append(planned())
        for days in moved:
            opens, closes = dt.date(2026, 2, 16), dt.date(2026, 3, 2)
            starts = MEETING + dt.timedelta(days=days)
            events.append(ev.MeetingMoved(at=PLACED, starts=starts, survey_opens=opens, survey_closes=closes))
    if end == "completed" and is_planned:
        latest = max(after, MEETING.replace(tzinfo=COPENHAGEN) + dt.timedelta(days=401))  # never before its meeting
        return [*events, ev.OrderCompleted(at=latest, with_follow_up=False)]
    return [*events, cancelled(after)]


def told_by_streams(orders: Sequence[Order], now: dt.datetime, year: int | None) -> set[PackageUse]:
    """The same from the orders themselves, one by one."""
    found = set()
    for cluster, package in {(order.cluster, order.package) for order in orders}:
        of_both = [order for order in orders if (order.cluster, order.package) == (cluster, package)]
        if year is not None:
            of_both = [order for order in of_both if order.meeting and order.meeting.starts.year == year]
        starts = [(order, order.meeting.starts_at if order.meeting else None) for order in of_both]
        called_off = [order for order, at in starts if order.ended and order.ended.how == "cancelled"
                      and (at is None or order.ended.at < at)]  # fmt: skip
        held = [at for order, at in starts if at and order not in called_off and (order.ended or at <= now)]
        under_way = [at for order, at in starts if not order.ended and (at is None or at > now)]
        coming = [at for at in under_way if at]
        if held or under_way:
            last, first = max(held, default=None), min(coming, default=None)
            found.add(PackageUse(cluster, package, len(held), last, len(under_way), first))
    return found


def kept(database: Database) -> list[tuple[object, ...]]:
    u = package_use_table
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(select(u).order_by(*u.primary_key))]


@given(histories, st.integers(0, 40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_kept_figures_are_those_of_the_streams_after_any_history(
    database: Database, store: EventStore, given_histories: list[History], left_out: int
) -> None:
    example = next(EXAMPLES)
    streams: dict[str, list[Event]] = {}
    last_of = {(history[0], history[1]): number for number, history in enumerate(given_histories)}
    for number, history in enumerate(given_histories):
        events = events_of(f"o-{example}-{number}", f"{history[0]}-{example}", history)
        if last_of[history[0], history[1]] == number:  # only the newest of a cluster and a package can be open
            events = events[: max(1, len(events) - left_out % 4)]
        live_through(store, events, f"o-{example}-{number}")
        streams[f"o-{example}-{number}"] = events
    orders = [order for order in map(load, streams.values()) if order is not None]
    ours = {order.cluster for order in orders}

    for now in LOOKED_AT:
        for year in (None, 2025, 2026, 2027):
            with database.read() as connection:
                found = {use for use in package_uses(connection, now, year=year) if use.cluster in ours}
            in_time = [order for order in orders if order.ended is None or order.ended.at <= now]
            if in_time == orders:  # nobody looks at what has not ended yet as ended
                assert found == told_by_streams(orders, now, year)

    before = kept(database)
    with database.write() as connection:
        connection.execute(delete(package_use_table))
    rebuild(database)
    assert kept(database) == before


def test_what_has_ended_is_counted_once_whatever_comes_after_it(database: Database, store: EventStore) -> None:
    ended = ev.OrderCompleted(at=PLACED + dt.timedelta(days=500), with_follow_up=False)
    live_through(store, [placed(), assigned(), planned()])
    assert kept(database) == []
    live_through(store, [ended])
    live_through(store, [ev.LettersSent(at=ended.at, key="order_received//", sent=1, failed=0, seen=0)])
    starts = MEETING.replace(tzinfo=COPENHAGEN).astimezone(dt.UTC)
    cluster, package = placed().cluster, placed().package
    assert kept(database) == [(0, cluster, package, 1, starts), (2026, cluster, package, 1, starts)]


def test_an_end_that_is_not_recorded_is_not_counted(database: Database, store: EventStore) -> None:
    live_through(store, [placed(), assigned(), planned()])

    def fail(_: object) -> None:
        msg = "the power went"
        raise OSError(msg)

    end = ev.OrderCompleted(at=PLACED + dt.timedelta(days=500), with_follow_up=False)
    with pytest.raises(OSError, match="the power went"):
        store.append("o-1", 3, [end], by=SYSTEM, now=end.at, also=fail)
    assert kept(database) == []


def test_orders_that_had_ended_before_figures_were_kept_are_counted_by_the_migration(
    database: Database, store: EventStore
) -> None:
    completed = ev.OrderCompleted(at=PLACED + dt.timedelta(days=500), with_follow_up=False)
    live_through(store, [placed(), assigned(), planned(), completed])
    live_through(store, [placed("o-2"), assigned(), planned(), cancelled()], "o-2")
    live_through(store, [placed("o-3", cluster="ribe")], "o-3")
    before = kept(database)
    assert len(before) == 2
    with database.write() as connection:
        config = migrating._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0011")
    assert not inspect(database.engine).has_table("package_use")
    migrating.migrate(database)
    assert kept(database) == before

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from typing import Any, ClassVar

import pytest
from sqlalchemy import Table, func, insert, select, text

from domain.agenda import due_of, next_by_itself
from domain.by import SYSTEM
from domain.events import Event
from domain.evolution import load
from domain.order import Order
from domain.tasks import tasks_of
from storage.board import BOARD, OrderBoard, board, board_row, overdue_since
from storage.database import Database
from storage.event_store import EventStore, UnreadableEvent
from storage.open_orders import open_order_of
from storage.projections import LIVE, ProjectionStatus, projection_statuses
from storage.rebuild import rebuild
from storage.recorded import event_table
from storage.tasks import TASKS, tasks
from storage.timeline import TIMELINE, timeline
from storage.turnout import SURVEY_TURNOUT
from tests.storage.lives import MEETING, TRIVSEL, assigned, cancelled, placed, planned, whole_life

TABLES = (BOARD.table, TASKS.table, TIMELINE.table, SURVEY_TURNOUT.table)


def live_through(store: EventStore, events: Sequence[Event], order: str = "o-1") -> None:
    """Append one by one, each recorded at its own time."""
    for expected, event in enumerate(events, store.version(order)):
        store.append(order, expected, [event], by=SYSTEM, now=event.at)


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in TABLES
        }


def as_order(events: Sequence[Event]) -> Order:
    order = load(events)
    assert order is not None
    return order


# --- what they hold -------------------------------------------------------------------------------------------------


def test_a_new_order_is_on_the_board_with_whom_it_waits_for(database: Database, store: EventStore) -> None:
    live_through(store, [placed(members=29)])
    (row,) = board(database)
    assert (row.order_id, row.package, row.stage, row.members, row.version) == ("o-1", TRIVSEL, "ordered", 29, 1)
    assert row.placed_at == placed().at
    assert row.needs_action_from == "operations"
    assert row.due == due_of(as_order([placed(members=29)]), placed().at)
    assert (row.consultant, row.meeting_at, row.survey_opens, row.baseline_answers, row.ended_at) == (None,) * 5


def test_the_board_follows_the_order_through_its_life(database: Database, store: EventStore) -> None:
    life = whole_life()
    stages = []
    for number, event in enumerate(life, 1):
        store.append("o-1", number - 1, [event], by=SYSTEM, now=event.at)
        order, row = as_order(life[:number]), board_row(database, "o-1")
        assert row is not None
        assert (row.stage, row.version, row.due) == (order.stage, number, due_of(order, event.at))
        if row.stage not in stages:
            stages.append(row.stage)
    assert stages == ["ordered", "planned", "survey_open", "analysing", "in_review", "ready", "awaiting_record",
                      "quiet", "follow_up_open", "follow_up_analysing", "follow_up_in_review", "follow_up_delivered",
                      "completed"]  # fmt: skip


def test_the_board_tells_both_rounds_dates_and_the_end(database: Database, store: EventStore) -> None:
    life = whole_life(members=29)
    live_through(store, life)
    row = board_row(database, "o-1")
    assert row is not None
    assert row.meeting_at == dt.datetime(2026, 3, 26, 16, tzinfo=dt.UTC)
    assert (row.survey_opens, row.survey_closes) == (dt.date(2027, 1, 12), dt.date(2027, 1, 26))
    assert row.follow_up_opens == dt.date(2027, 1, 12)
    assert (row.baseline_answers, row.members) == (24, 29)
    assert row.ended_at == life[-1].at
    assert (row.due, row.needs_action_from) == (None, None)


def test_the_board_finds_orders_by_what_the_console_asks(database: Database, store: EventStore) -> None:
    live_through(store, [placed("o-1"), assigned("anne")])
    live_through(store, [placed("o-2", cluster="klynge-2"), assigned("bo"), planned()], "o-2")
    live_through(store, [placed("o-3", cluster="klynge-3"), assigned("anne"), cancelled()], "o-3")

    def found(**wanted: Any) -> set[str]:
        return {row.order_id for row in board(database, **wanted)}

    assert found() == {"o-1", "o-2", "o-3"}
    assert found(stages=["planned", "ordered"]) == {"o-1", "o-2"}
    assert found(cluster="klynge-2") == {"o-2"}
    assert found(consultant="anne") == {"o-1", "o-3"}
    assert found(consultant="anne", ended=False) == {"o-1"}
    assert found(ended=True) == {"o-3"}
    assert found(needs_action_from="consultant") == {"o-1"}
    assert found(due_before=placed().at) == set()
    assert board_row(database, "o-404") is None


def test_the_board_puts_the_soonest_due_first_and_those_with_nothing_due_last(
    database: Database, store: EventStore
) -> None:
    live_through(store, whole_life("o-1"))
    live_through(store, [placed("o-2", cluster="b"), assigned()], "o-2")
    live_through(store, [placed("o-3", cluster="c", when=placed().at - dt.timedelta(days=3))], "o-3")
    rows = board(database)
    assert [row.due is None for row in rows] == [False, False, True]
    assert rows[0].due <= rows[1].due  # type: ignore[operator]
    assert rows[-1].order_id == "o-1"


def test_the_tasks_are_the_orders_own_with_the_person_who_owns_each(database: Database, store: EventStore) -> None:
    life: list[Event] = [placed(), assigned("anne")]
    live_through(store, life)
    wanted = [(task.kind, task.owner, task.since, task.due) for task in tasks_of(as_order(life))]
    assert wanted
    assert [(row.kind, row.owner_role, row.since, row.due) for row in tasks(database, order_id="o-1")] == wanted
    assert {row.owner_id for row in tasks(database, owner_role="consultant")} == {"anne"}


def test_a_task_done_is_gone_and_an_ended_order_has_none(database: Database, store: EventStore) -> None:
    live_through(store, [placed(), assigned("anne")])
    assert [row.kind for row in tasks(database, owner_id="anne")] == ["hold_the_call"]
    live_through(store, [planned()])
    assert "hold_the_call" not in [row.kind for row in tasks(database)]
    live_through(store, [cancelled()])
    assert tasks(database) == []


def test_tasks_are_found_by_owner_and_by_due(database: Database, store: EventStore) -> None:
    live_through(store, [placed("o-1"), assigned("anne")])
    live_through(store, [placed("o-2", cluster="b"), assigned("bo")], "o-2")
    live_through(store, [placed("o-3", cluster="c")], "o-3")
    assert {row.order_id for row in tasks(database, owner_id="bo")} == {"o-2"}
    assert {row.order_id for row in tasks(database, owner_role="operations")} == {"o-3"}
    due = tasks(database, owner_id="bo")[0].due
    assert due is not None
    assert tasks(database, owner_id="bo", due_before=due) == []
    assert len(tasks(database, owner_id="bo", due_before=due + dt.timedelta(seconds=1))) == 1


def test_the_board_knows_when_the_system_itself_has_something_to_do(database: Database, store: EventStore) -> None:
    life, told = whole_life(), []
    for event in life:
        live_through(store, [event])
        told += [row.next_at for row in board(database)]
    assert told == [next_by_itself(as_order(life[:number]), event.at) for number, event in enumerate(life, 1)]
    assert told[0] is not None
    assert told[-1] is None


def test_overdue_are_those_whose_own_moment_has_passed(database: Database, store: EventStore) -> None:
    live_through(store, [placed("o-1"), assigned(), planned()])
    live_through(store, [placed("o-2", cluster="b"), cancelled()], "o-2")
    live_through(store, [placed("o-3", cluster="c", when=placed().at + dt.timedelta(days=400))], "o-3")
    row = board_row(database, "o-1")
    assert row is not None
    assert row.next_at is not None
    soon = placed().at + dt.timedelta(days=200)
    assert ("o-1", row.next_at) in overdue_since(database, soon)
    assert "o-3" not in {order for order, _ in overdue_since(database, soon)}
    assert "o-1" not in {order for order, _ in overdue_since(database, row.next_at)}


def test_the_timeline_tells_what_happened(database: Database, store: EventStore) -> None:
    life: list[Event] = [placed(), assigned(), planned()]
    live_through(store, life)
    past = timeline(database, "o-1")
    assert [(row.seq, row.code, row.at) for row in past] == [
        (number, event.type, event.at) for number, event in enumerate(life, 1)
    ]
    assert past[2].facts["starts"] == MEETING.isoformat()
    assert timeline(database, "o-404") == []


# --- in the same transaction ----------------------------------------------------------------------------------------


def test_a_failed_append_leaves_the_read_models_as_they_were(database: Database, store: EventStore) -> None:
    live_through(store, [placed(), assigned()])
    before = everything(database), projection_statuses(database)

    def fail(_: object) -> None:
        msg = "the power went"
        raise OSError(msg)

    with pytest.raises(OSError, match="the power went"):
        store.append("o-1", 2, [planned()], by=SYSTEM, now=planned().at, also=fail)
    assert (everything(database), projection_statuses(database)) == before


def test_several_events_in_one_append_give_the_same_rows_as_one_by_one(database: Database, store: EventStore) -> None:
    life = whole_life()
    live_through(store, life)
    one_by_one = everything(database)
    store.append("o-2", 0, whole_life("o-2", cluster="klynge-2"), by=SYSTEM, now=life[-1].at)
    at_once = {
        name: [tuple("o-1" if value == "o-2" else value for value in row) for row in rows if row[0] == "o-2"]
        for name, rows in everything(database).items()
    }
    for name in ("order_board", "survey_turnout"):
        one_by_one[name] = [tuple("klynge-2" if value == placed().cluster else value for value in row)
                            for row in one_by_one[name]]  # fmt: skip
    assert at_once == one_by_one


# --- rebuilt --------------------------------------------------------------------------------------------------------


def some_lives(store: EventStore) -> None:
    """Orders at different points of their lives, their events interleaved."""
    lengths = (1, 3, 9, 18, 25, 31, 45)
    of_order = {
        f"o-{number}": whole_life(f"o-{number}", cluster=f"klynge-{number}", members=10)[:length]
        for number, length in enumerate(lengths)
    }
    for step in range(60):
        for order, events in of_order.items():
            if step < len(events):
                store.append(order, step, [events[step]], by=SYSTEM, now=events[step].at)


def test_rebuilt_read_models_are_the_same_as_the_live_ones(database: Database, store: EventStore) -> None:
    some_lives(store)
    live = everything(database)
    assert all(live.values())
    rebuild(database)
    assert everything(database) == live


def test_a_rebuild_mends_what_was_spoilt_and_tells_how_far_it_is(database: Database, store: EventStore) -> None:
    some_lives(store)
    live = everything(database)
    with database.write() as connection:
        connection.execute(text("UPDATE order_board SET stage = 'nonsense'"))
        connection.execute(text("DELETE FROM task"))
        connection.execute(text("DELETE FROM timeline_entry WHERE seq > 3"))
    told: list[tuple[int, int]] = []
    count = rebuild(database, lambda done, total: told.append((done, total)))
    assert everything(database) == live
    assert told[-1] == (count, count)
    assert count == len(store.read_all(limit=10_000))


def test_a_rebuild_touches_neither_events_nor_open_orders(database: Database, store: EventStore) -> None:
    some_lives(store)
    before = store.read_all(limit=10_000)
    rebuild(database)
    assert store.read_all(limit=10_000) == before
    assert open_order_of(database, "klynge-0", TRIVSEL) == "o-0"


def test_an_empty_store_can_be_rebuilt_and_then_used(database: Database, store: EventStore) -> None:
    assert rebuild(database) == 0
    live_through(store, [placed()])
    assert [row.order_id for row in board(database)] == ["o-1"]
    assert all(standing.current for standing in projection_statuses(database))


def test_after_a_rebuild_appends_go_on_where_it_ended(database: Database, store: EventStore) -> None:
    live_through(store, [placed(), assigned()])
    rebuild(database)
    rebuild(database)
    live_through(store, [planned()])
    row = board_row(database, "o-1")
    assert row is not None
    assert (row.stage, row.version) == ("planned", 3)
    assert all(standing.current for standing in projection_statuses(database))


def test_events_appended_during_a_rebuild_are_in_it(database: Database, store: EventStore) -> None:
    some_lives(store)
    reading, appended = Signal(), Signal()

    def wait(_done: int, _total: int) -> None:
        reading.set()
        assert appended.wait(20)

    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(rebuild, database, wait)
        assert reading.wait(20)
        live_through(store, [placed("o-new", cluster="klynge-new"), assigned()], "o-new")
        live_through(store, [cancelled(placed().at + dt.timedelta(days=30))], "o-1")
        live = everything(database)
        assert not running.done()
        appended.set()
        running.result(30)
    assert everything(database) == live
    assert "o-new" in {row.order_id for row in board(database)}
    assert all(standing.current for standing in projection_statuses(database))


def test_an_event_this_code_does_not_know_stops_the_rebuild_and_the_old_rows_go_on_serving(
    database: Database, store: EventStore
) -> None:
    live_through(store, [placed(), assigned()])
    before = everything(database)
    with database.write() as connection:
        row = {"position": 3, "stream": "o-1", "version": 3, "event_id": "x", "type": "order_teleported", "schema": 1,
               "data": "{}", "by_role": "system", "by_who": "x",
               "recorded_at": "2026-01-05T09:00:00.000000Z", "hash": "0" * 64}  # fmt: skip
        connection.execute(insert(event_table).values(row))
    with pytest.raises(UnreadableEvent, match="order_teleported"):
        rebuild(database)
    assert everything(database) == before
    with pytest.raises(UnreadableEvent, match="order_teleported"):
        rebuild(database)  # the first attempt has left nothing in the way of a second


# --- versions -------------------------------------------------------------------------------------------------------


class ShoutingBoard(OrderBoard):
    """Tomorrow's board."""

    version: ClassVar[int] = 2
    table: ClassVar[Table] = BOARD.table

    def rows(self, order: Order, events: Sequence[tuple[int, Event]], now: dt.datetime) -> list[dict[str, Any]]:
        return [{**row, "stage": row["stage"].upper()} for row in super().rows(order, events, now)]


TOMORROW = (ShoutingBoard(), TASKS, TIMELINE, SURVEY_TURNOUT)


def stages(database: Database) -> list[str]:
    return [row.stage for row in board(database)]


def test_read_models_know_how_far_they_are(database: Database, store: EventStore) -> None:
    live_through(store, [placed(), assigned()])
    assert projection_statuses(database) == [
        ProjectionStatus("order_board", 1, 2, 0),
        ProjectionStatus("task", 3, 2, 0),
        ProjectionStatus("timeline_entry", 1, 2, 0),
        ProjectionStatus("survey_turnout", 1, 2, 0),
    ]
    assert projection_statuses(database, TOMORROW)[0] == ProjectionStatus("order_board", 2, None, 2)


def test_a_new_version_leaves_the_old_rows_alone_until_it_is_built_and_switched_to(
    database: Database, store: EventStore
) -> None:
    tomorrow = EventStore(database, projections=TOMORROW)
    live_through(store, [placed(), assigned()])
    live_through(tomorrow, [planned()])
    assert stages(database) == ["ordered"]
    assert [row.code for row in timeline(database, "o-1")][-1] == "plan_agreed"
    rebuild(database, projections=TOMORROW)
    assert stages(database) == ["PLANNED"]
    live_through(tomorrow, [cancelled()])
    assert stages(database) == ["CANCELLED"]
    assert all(standing.current for standing in projection_statuses(database, TOMORROW))


def test_old_code_leaves_the_new_versions_rows_alone(database: Database, store: EventStore) -> None:
    live_through(store, [placed()])
    rebuild(database, projections=TOMORROW)
    live_through(store, [assigned(), planned()])
    assert stages(database) == ["ORDERED"]
    assert [standing.position for standing in projection_statuses(database, TOMORROW)] == [1, 3, 3, 3]


def test_a_read_model_that_missed_events_waits_for_its_rebuild(database: Database, store: EventStore) -> None:
    live_through(store, [placed()])
    live_through(EventStore(database, projections=()), [assigned()])
    live_through(store, [planned()])
    assert [standing.behind for standing in projection_statuses(database)] == [2, 2, 2, 2]
    assert len(timeline(database, "o-1")) == 1
    rebuild(database)
    assert all(standing.current for standing in projection_statuses(database))
    assert len(timeline(database, "o-1")) == 3


def test_every_projection_of_today_has_a_name_of_its_own() -> None:
    assert len({projection.name for projection in LIVE}) == len(LIVE)


def test_the_temporary_tables_of_a_rebuild_are_gone_after_it(database: Database, store: EventStore) -> None:
    live_through(store, [placed()])
    for _ in range(3):
        rebuild(database)
    with database.read() as connection:
        count = connection.execute(select(func.count()).select_from(BOARD.table)).scalar_one()
        names = "sqlite_temp_master" if database.is_sqlite else "pg_tables"
        column = "name" if database.is_sqlite else "tablename"
        found = connection.execute(text(f"SELECT count(*) FROM {names} WHERE {column} LIKE 'rebuilt%'")).scalar_one()  # noqa: S608
    assert (count, found) == (1, 0)

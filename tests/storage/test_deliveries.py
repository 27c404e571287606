"""What waits for a receiver: found order by order, so that what waits behind an order's first event is never read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert

from domain.model import OrderId
from storage import deliveries
from storage.database import Database
from storage.deliveries import Delivery, DeliveryState
from tests.databases import new_sqlite, sqlite_url


def waits(position: int, order: str) -> Delivery:
    return Delivery(
        position, f"e-{position}", OrderId(order), "note_added", DeliveryState.WAITING, 0, "", None, None, None
    )


def put(database: Database, *rows: Delivery, receiver: str = "r") -> None:
    with database.write() as connection:
        deliveries.put(connection, receiver, rows)


def first(database: Database, receiver: str = "r") -> list[tuple[int, str]]:
    with database.read() as connection:
        return [(each.position, each.order_id) for each in deliveries.first_waiting(connection, receiver)]


def test_the_first_of_each_order_holds_back_the_others_the_oldest_first(database: Database) -> None:
    assert first(database) == []
    put(database, *(waits(position, order) for position, order in enumerate("cabacbbd", start=1)))
    put(database, waits(1, "a"), receiver="another")
    done = replace(waits(1, "c"), state=DeliveryState.DELIVERED)
    put(database, done, replace(waits(8, "d"), state=DeliveryState.GIVEN_UP))
    assert first(database) == [(2, "a"), (3, "b"), (5, "c")]
    with database.read() as connection:
        assert [each.position for each in deliveries.waiting_of(connection, "r", OrderId("b"), 2)] == [3, 6]
        assert deliveries.waiting_of(connection, "r", OrderId("d"), 2) == []


def test_each_order_is_found_by_index_and_no_delivery_is_gone_through(tmp_path: Path) -> None:
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    put(database, *(waits(position, f"o-{position % 7}") for position in range(1, 400)))
    asked: list[tuple[str, Any]] = []

    def heard(_connection: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        asked.append((statement, parameters))

    with database.read() as connection:
        event.listen(connection, "before_cursor_execute", heard)
        deliveries.first_waiting(connection, "r")
        deliveries.waiting_of(connection, "r", OrderId("o-1"), 8)
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all() for sql, given in [*asked]]
    database.close()
    steps = [row[3] for plan in plans for row in plan if "delivery" in row[3]]
    assert len(steps) >= 5
    assert all(step.startswith("SEARCH") for step in steps), steps
    assert any("(subscription_id=? AND state=? AND order_id>?)" in step for step in steps), steps


def test_what_is_read_grows_with_the_orders_that_are_held_back_and_not_with_what_waits_behind(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    whole = deliveries._delivery

    def counted(row: object) -> Delivery:
        read.append(1)
        return whole(row)  # type: ignore[arg-type]

    monkeypatch.setattr(deliveries, "_delivery", counted)
    with database.write() as connection:
        rows = [deliveries._row("r", waits(position, f"o-{position % 5}")) for position in range(1, 2_001)]
        connection.execute(insert(deliveries.delivery_table), rows)
    assert len(first(database)) == len(read) == 5

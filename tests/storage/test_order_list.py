"""The list of orders: found by what stands in them, sorted as Danes sort, counted by stage, a query a page."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from domain.model import ClusterId, OrderId, PersonId, PracticeId
from domain.stages import Stage
from storage import clusters, people
from storage.board import board_table
from storage.clusters import NewPractice, cluster_table
from storage.database import Database
from storage.order_list import (
    NOBODY,
    OrderLine,
    Sorting,
    Wanted,
    first_of_each_stage,
    lines_of,
    order_lines,
    stage_counts,
)
from storage.people import PersonChange
from storage.staff import StaffRole, add_staff

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
TORVET, NUMBERED = PracticeId("torvet"), PracticeId("numbered")


def put(
    connection: Connection, order: str, cluster: str = "Ribe", coordinator: str = "Mette Holm", **other: Any
) -> None:
    """An order's row with a cluster and a coordinator of its own."""
    connection.execute(insert(cluster_table).values(id=order, name=cluster, region="nordjylland"))
    person = PersonChange(person=PersonId(order), name=coordinator, email=f"{order}@example.dk", address=1)
    people.put(connection, [person])
    row = {
        "order_id": order,
        "cluster": order,
        "package": "trivsel",
        "stage": Stage.ORDERED.value,
        "coordinator": order,
        "placed_at": NOW,
        "members": 8,
        "version": 1,
        **other,
    }
    connection.execute(insert(board_table).values(row))


def found(database: Database, sorting: Sorting = Sorting.DUE, **wanted: Any) -> list[str]:
    with database.read() as connection:
        return [line.order_id for line in order_lines(connection, Wanted(**wanted), sorting, limit=None)]


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("ærø", {"a"}),
        ("ÆRØ", {"a"}),
        ("åGe", {"b"}),
        ("holm", {"a"}),
        ("A", {"a", "c"}),
        ("torvet", {"c"}),
        ("012345", {"b"}),
        ("12345", {"b"}),
        ("1234", set()),
        ("%", set()),
        ("_", set()),
        ("'", set()),
    ],
)
def test_an_order_is_found_by_cluster_coordinator_number_and_practice(
    database: Database, text: str, orders: set[str]
) -> None:
    with database.write() as connection:
        put(connection, "a", "Ærø", "Mette Holm")
        put(connection, "b", "Vejle", "Åge Ågesen")
        put(connection, "c", "Ribe", "Anna Krag")
        clusters.add_practices(connection, ClusterId("c"), [NewPractice(TORVET, "Lægerne Torvet")])
        clusters.add_practices(connection, ClusterId("b"), [NewPractice(NUMBERED, "012345")])
        people.note_on_order(connection, OrderId("c"), PersonId("x"), TORVET, 1)
        people.note_on_order(connection, OrderId("b"), PersonId("y"), NUMBERED, 1)
    assert set(found(database, text=text)) == orders


def test_what_is_not_wanted_is_left_out(database: Database) -> None:
    with database.write() as connection:
        karen = add_staff(connection, "Karen Lund", "karen@kiap.example", StaffRole.CONSULTANT)
        put(connection, "new", needs_action_from="operations", due=NOW)
        put(connection, "hers", consultant=karen, stage="planned", meeting_at=NOW + dt.timedelta(days=9))
        put(connection, "over", package="samarbejde", stage="completed", ended_at=NOW, due=NOW)
    day = dt.timedelta(days=1)
    assert found(database, consultant=NOBODY) == ["new", "over"]
    assert found(database, consultant=karen) == ["hers"]
    assert found(database, package="samarbejde") == ["over"]
    assert found(database, ended=False) == ["new", "hers"]
    assert found(database, ended=True) == ["over"]
    assert found(database, acts_next="operations") == ["new"]
    assert found(database, acts_next=NOBODY, ended=False) == ["hers"]
    assert found(database, stage=Stage.PLANNED) == ["hers"]
    assert found(database, due_before=NOW + day) == ["new"], "what is over is not late"
    assert found(database, due_before=NOW) == []
    assert found(database, meeting_from=NOW + 9 * day, meeting_before=NOW + 10 * day) == ["hers"]
    assert found(database, meeting_before=NOW + 9 * day) == []


def test_names_are_sorted_a_to_aa_and_the_soonest_due_comes_first(database: Database) -> None:
    names = ["Ærø", "Aalborg", "Århus", "Østerbro", "vejle", "Zealand", "Ribe"]
    with database.write() as connection:
        for number, name in enumerate(names):
            due = None if name == "Ribe" else NOW - dt.timedelta(days=number)
            put(connection, name, name, due=due, placed_at=NOW + dt.timedelta(days=number), meeting_at=due)
    by_name = ["Ribe", "vejle", "Zealand", "Ærø", "Østerbro", "Aalborg", "Århus"]
    assert found(database, Sorting.CLUSTER) == by_name
    soonest = ["Zealand", "vejle", "Østerbro", "Århus", "Aalborg", "Ærø", "Ribe"]
    assert found(database) == found(database, Sorting.MEETING) == soonest
    assert found(database, Sorting.PLACED) == list(reversed(names))


def test_a_line_has_the_names_of_today(database: Database) -> None:
    with database.write() as connection:
        karen = add_staff(connection, "Karen Lund", "karen@kiap.example", StaffRole.CONSULTANT)
        put(connection, "a", "Ærø", consultant=karen)
        put(connection, "b", "Ribe", consultant="gone", coordinator="")
    with database.read() as connection:
        lines = lines_of(connection, [OrderId("a"), OrderId("b"), OrderId("c")])
    a, b = lines[OrderId("a")], lines[OrderId("b")]
    assert (a.cluster, a.coordinator, a.consultant) == ("Ærø", "Mette Holm", "Karen Lund")
    assert (b.coordinator, b.consultant) == ("", "")
    assert len(lines) == 2


def test_stages_are_counted_whichever_is_wanted_and_a_board_has_the_first_of_each(database: Database) -> None:
    with database.write() as connection:
        for number in range(5):
            put(connection, f"o{number}", due=NOW + dt.timedelta(days=number))
        put(connection, "p", stage="planned")
    with database.read() as connection:
        counts = stage_counts(connection, Wanted(stage=Stage.PLANNED))
        first = first_of_each_stage(connection, Wanted(), Sorting.DUE, 2)
    assert counts == {Stage.ORDERED: 5, Stage.PLANNED: 1}
    assert ids(first, Stage.ORDERED) == ["o0", "o1"]
    assert ids(first, Stage.PLANNED) == ["p"]


def ids(lines: list[OrderLine], stage: Stage) -> list[str]:
    return [line.order_id for line in lines if line.stage is stage]


def test_a_page_takes_one_query_however_many_orders_there_are(database: Database) -> None:
    with database.write() as connection:
        for number in range(30):
            put(connection, f"o{number:02}", due=NOW + dt.timedelta(days=number))
    with database.read() as connection:
        said: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        page = order_lines(connection, Wanted(text="ribe"), Sorting.DUE, limit=10, skip=10)
    assert [line.order_id for line in page] == [f"o{number}" for number in range(10, 20)]
    assert len(said) == 1


def test_the_board_of_open_orders_is_the_same_whichever_way_it_is_found(database: Database) -> None:
    with database.write() as connection:
        for number in range(60):
            stage = [Stage.ORDERED, Stage.QUIET, Stage.READY, Stage.COMPLETED][number * 7 % 4]
            due = NOW + dt.timedelta(days=number * 11 % 5) if number % 6 else None
            meeting_at = NOW + dt.timedelta(days=number * 13 % 7) if number % 4 else None
            ended_at = NOW if stage is Stage.COMPLETED else None
            put(connection, f"o{number:02}", stage=stage.value, due=due, meeting_at=meeting_at, ended_at=ended_at)
    all_of_ribe = Wanted(ended=False, text="ribe")
    with database.read() as connection:
        for sorting in Sorting:
            by_stage = first_of_each_stage(connection, Wanted(ended=False), sorting, 4)
            assert {line.stage for line in by_stage} == {Stage.ORDERED, Stage.QUIET, Stage.READY}
            assert by_stage == first_of_each_stage(connection, all_of_ribe, sorting, 4)
            whole = order_lines(connection, Wanted(ended=False), sorting, limit=None)
            for stage in (Stage.ORDERED, Stage.QUIET, Stage.READY):
                assert ids(by_stage, stage) == ids(whole, stage)[:4]
                alone = first_of_each_stage(connection, Wanted(ended=False, stage=stage), sorting, 4)
                assert ids(alone, stage) == ids(whole, stage)[:4]


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda c: order_lines(c, Wanted(ended=False), Sorting.DUE, limit=51), "ix_order_board_soonest"),
        (lambda c: first_of_each_stage(c, Wanted(ended=False), Sorting.DUE, 8), "ix_order_board_stage_soonest"),
        (lambda c: stage_counts(c, Wanted(ended=False)), "ix_order_board_stage_soonest"),
    ],
)
def test_open_orders_are_found_without_looking_at_the_others(
    database: Database, ask: Callable[[Connection], object], index: str
) -> None:
    told: list[tuple[str, Any]] = []
    with database.write() as connection:
        put(connection, "o1")
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        if not database.is_sqlite:  # of so few rows PostgreSQL would rather read them all
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("SET LOCAL enable_sort = off"))
        event.listen(connection, "before_cursor_execute", lambda *said: told.append((said[2], said[3])))
        ask(connection)
        statement, parameters = told[0]
        plan = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    assert index in str(plan)

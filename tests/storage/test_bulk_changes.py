"""A change to many orders: the list stands still, what came of each is said once, and all of it goes after a while."""

import datetime as dt

from domain.model import OrderId, StaffId
from storage import accounts
from storage.bulk_changes import (
    KEPT,
    BulkChange,
    Outcome,
    begin,
    bulk_change,
    choose_action,
    forget_old_bulk_changes,
    freeze,
    settle,
)
from storage.database import Database

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
OLE, KAREN = StaffId("ole"), StaffId("karen")
A, B = OrderId("a"), OrderId("b")


def frozen(database: Database) -> str:
    with database.write() as connection:
        return freeze(connection, OLE, [(B, 3), (A, 7)], NOW)


def read(database: Database, bulk: str, staff: StaffId = OLE) -> BulkChange | None:
    with database.read() as connection:
        return bulk_change(connection, bulk, staff)


def test_the_list_keeps_its_order_and_is_its_makers_alone(database: Database) -> None:
    bulk = frozen(database)
    found = read(database, bulk)
    assert found is not None
    assert [(row.order_id, row.version, row.outcome) for row in found.rows] == [(B, 3, None), (A, 7, None)]
    assert read(database, bulk, KAREN) is None


def test_what_is_to_happen_can_be_chosen_again_until_it_begins(database: Database) -> None:
    bulk = frozen(database)
    with database.write() as connection:
        assert choose_action(connection, bulk, "extend_survey", {"days": "3"}, {A: 8})
        assert choose_action(connection, bulk, "extend_survey", {"days": "4"}, {A: 9})
        begin(connection, bulk, NOW)
        assert not choose_action(connection, bulk, "extend_survey", {"days": "5"}, {A: 10})
    found = read(database, bulk)
    assert found is not None
    assert (found.facts, found.begun_at, [row.version for row in found.rows]) == ({"days": "4"}, NOW, [3, 9])


def test_the_first_word_on_an_order_is_the_last(database: Database) -> None:
    bulk = frozen(database)
    with database.write() as connection:
        settle(connection, bulk, A, Outcome.DONE)
        settle(connection, bulk, A, Outcome.REFUSED, "nej")
    found = read(database, bulk)
    assert found is not None
    assert [(row.order_id, row.outcome) for row in found.rows] == [(B, None), (A, Outcome.DONE)]
    assert [row.order_id for row in found.left] == [B]


def test_it_goes_after_a_while_and_with_who_leaves(database: Database) -> None:
    old, hers = frozen(database), frozen(database)
    with database.write() as connection:
        assert forget_old_bulk_changes(connection, NOW + KEPT) == 0
        accounts.colleague_left(connection, KAREN, NOW)
    assert read(database, old) is not None
    with database.write() as connection:
        assert forget_old_bulk_changes(connection, NOW + KEPT + dt.timedelta(seconds=1)) == 2
    assert (read(database, old), read(database, hers)) == (None, None)
    another = frozen(database)
    with database.write() as connection:
        accounts.colleague_left(connection, OLE, NOW)
    assert read(database, another) is None

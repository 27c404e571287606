"""A register's rows on both databases: kept sealed, each opened for its own practice, replaced and erased."""

from domain.model import OrderId, PracticeId, Round
from storage import register_rows
from storage.database import Database
from storage.keys import Keys

KEYS = Keys(bytes(range(32)))
ORDER, OTHER = OrderId("o-1"), OrderId("o-2")
NORTH, SOUTH = PracticeId("nord"), PracticeId("syd")
FIRST = {NORTH: {"fem": 31.4}, SOUTH: {"fem": 24.0, "tid": 2.5}}


def keep(database: Database, order: OrderId, round_: Round, rows: dict[PracticeId, dict[str, float]]) -> None:
    with database.write() as connection:
        register_rows.put(connection, order, round_, register_rows.sealed_rows(KEYS, order, round_, rows))


def kept(database: Database, order: OrderId, round_: Round) -> dict[str, dict[str, float]]:
    with database.read() as connection:
        found = register_rows.extract_of(connection, KEYS, order, round_)
    return {practice: dict(numbers) for practice, numbers in found.rows.items()}


def test_rows_are_kept_by_order_round_and_practice_and_another_extract_takes_their_place(database: Database) -> None:
    keep(database, ORDER, Round.BASELINE, FIRST)
    keep(database, ORDER, Round.FOLLOW_UP, {NORTH: {"fem": 29.9}})
    keep(database, OTHER, Round.BASELINE, {NORTH: {"fem": 12.0}})
    with database.read() as connection:
        assert register_rows.numbers_of(connection, KEYS, ORDER, Round.BASELINE, NORTH) == {"fem": 31.4}
        assert register_rows.numbers_of(connection, KEYS, ORDER, Round.FOLLOW_UP, SOUTH) is None
    keep(database, ORDER, Round.BASELINE, {SOUTH: {"fem": 25.0}})
    assert kept(database, ORDER, Round.BASELINE) == {SOUTH: {"fem": 25.0}}
    assert kept(database, ORDER, Round.FOLLOW_UP) == {NORTH: {"fem": 29.9}}


def test_an_order_is_erased_with_both_its_rounds_and_no_other(database: Database) -> None:
    keep(database, ORDER, Round.BASELINE, FIRST)
    keep(database, ORDER, Round.FOLLOW_UP, FIRST)
    keep(database, OTHER, Round.BASELINE, FIRST)
    with database.write() as connection:
        assert register_rows.erase(connection, ORDER) == 4
        assert register_rows.erase(connection, ORDER) == 0
    assert kept(database, ORDER, Round.BASELINE) == kept(database, ORDER, Round.FOLLOW_UP) == {}
    assert kept(database, OTHER, Round.BASELINE) == FIRST


def test_the_digest_is_the_same_for_the_same_numbers_and_keyed() -> None:
    turned = {SOUTH: {"tid": 2.5, "fem": 24.0}, NORTH: {"fem": 31.4}}
    digest = register_rows.digest_of(KEYS, ORDER, Round.BASELINE, FIRST)
    assert register_rows.digest_of(KEYS, ORDER, Round.BASELINE, turned) == digest
    others = {
        register_rows.digest_of(KEYS, ORDER, Round.FOLLOW_UP, FIRST),
        register_rows.digest_of(KEYS, OTHER, Round.BASELINE, FIRST),
        register_rows.digest_of(KEYS, ORDER, Round.BASELINE, {NORTH: {"fem": 31.5}, SOUTH: FIRST[SOUTH]}),
        register_rows.digest_of(Keys(bytes(32)), ORDER, Round.BASELINE, FIRST),
    }
    assert len(others) == 4
    assert digest not in others

"""A log changed behind the store's back is found out: by its chain of hashes, or by an anchor kept elsewhere."""

from hashlib import sha256

import pytest
from sqlalchemy import text

from domain.by import SYSTEM
from storage.database import Database
from storage.event_id import event_id
from storage.event_store import EventStore
from storage.hash_chain import GENESIS, Anchor, link, verify
from storage.recorded import event_table
from tests.storage.event_log import NOW, append
from tests.storage.lives import assigned, cancelled, placed, planned

WITHOUT_GUARD = {
    "sqlite": ("DROP TRIGGER event_is_never_changed", "DROP TRIGGER event_is_never_removed"),
    "postgresql": (
        "DROP TRIGGER event_is_never_changed ON event",
        "DROP TRIGGER event_is_never_removed ON event",
    ),
}


def tamper(database: Database, *statements: str) -> None:
    """What somebody with the database's password can do."""
    with database.write() as connection:
        for statement in (*WITHOUT_GUARD[connection.dialect.name], *statements):
            connection.execute(text(statement))


@pytest.fixture
def five_events(store: EventStore) -> None:
    """Of two orders, the second one's in the middle."""
    append(store, 0, placed(), assigned())
    append(store, 0, placed("o-2", cluster="klynge-2"), stream="o-2")
    append(store, 2, planned(), cancelled())


def test_an_untouched_log_is_intact_and_has_a_head(database: Database, five_events: None) -> None:
    told: list[tuple[int, int]] = []
    found = verify(database, progress=lambda done, total: told.append((done, total)))
    assert found.intact
    assert found.events == 5
    assert found.head is not None
    assert found.head.position == 5
    assert Anchor.parse(str(found.head)) == found.head
    assert told == [(5, 5)]


def test_an_empty_log_is_intact(database: Database) -> None:
    assert verify(database).intact
    assert verify(database).head is None


@pytest.mark.parametrize(
    ("statements", "position"),
    [
        (["UPDATE event SET data = replace(data, 'konsulent-1', 'konsulent-9') WHERE position = 2"], 2),
        (["UPDATE event SET recorded_at = '2025-01-05T09:30:00.123456Z' WHERE position = 3"], 3),
        (["UPDATE event SET by_role = 'coordinator' WHERE position = 1"], 1),
        (["UPDATE event SET by_who = 'k-9' WHERE position = 1"], 1),
        (["UPDATE event SET by_role = 'consultantk', by_who = substr(by_who, 2) WHERE position = 2"], 2),
        (["UPDATE event SET causation_id = '' WHERE position = 4"], 4),
        (["UPDATE event SET stream = 'o-3' WHERE position = 3"], 3),
        (["UPDATE event SET hash = substr(hash, 2) || substr(hash, 1, 1) WHERE position = 5"], 5),
        (["DELETE FROM event WHERE position = 1"], 1),
        (["DELETE FROM event WHERE position = 3"], 3),
        (["DELETE FROM event WHERE position = 3", "UPDATE event SET position = position - 1 WHERE position = 4",
          "UPDATE event SET position = position - 1 WHERE position = 5"], 3),
        (["UPDATE event SET position = 99 WHERE position = 2", "UPDATE event SET position = 2 WHERE position = 3",
          "UPDATE event SET position = 3 WHERE position = 99"], 2),
        (["UPDATE event SET position = -7 WHERE position = 1"], 1),
    ],
)  # fmt: skip
def test_a_changed_removed_or_moved_row_is_found_at_its_position(
    database: Database, five_events: None, statements: list[str], position: int
) -> None:
    tamper(database, *statements)
    found = verify(database)
    assert not found.intact
    assert found.broken_at == position
    assert found.why


def test_a_row_that_was_put_in_later_is_found(database: Database, five_events: None) -> None:
    tamper(
        database,
        """INSERT INTO event SELECT 6, 'o-9', 1, 'made-up', type, schema, data, by_role, by_who,
           correlation_id, causation_id, recorded_at, hash FROM event WHERE position = 5""",
    )
    assert verify(database).broken_at == 6


def test_an_id_that_is_not_its_places_is_found_even_where_the_chain_fits(database: Database, store: EventStore) -> None:
    append(store, 0, placed())
    row = (2, "o-1", 2, event_id("o-1", 1), "consultant_assigned", 1, "{}", "system", "x", None, None, "2026-01-05")
    with database.read() as connection:
        previous = connection.execute(text("SELECT hash FROM event")).scalar_one()
    with database.write() as connection:
        connection.execute(event_table.insert().values((*row, link(previous, row))))
    found = verify(database)
    assert (found.intact, found.broken_at) == (False, 2)
    assert "id" in found.why


def test_the_hash_of_a_row_is_the_one_of_every_chain_so_far() -> None:
    row = (
        7,
        "o-1",
        3,
        event_id("o-1", 3),
        "survey_opened",
        1,
        '{"ø":1}',
        "system",
        "clock",
        None,
        "order-o-1",
        "2026-01-05",
    )
    fields = "".join("-" if field is None else f"{len(str(field))}:{field}" for field in row)
    assert link(GENESIS, row) == sha256(f"{GENESIS}{fields}".encode()).hexdigest()
    nothing, empty = (*row[:9], None, None, row[11]), (*row[:9], "", None, row[11])
    assert link(GENESIS, nothing) != link(GENESIS, empty)


# --- anchors --------------------------------------------------------------------------------------------------------


def test_a_cut_tail_is_found_only_with_an_anchor(database: Database, five_events: None) -> None:
    anchor = verify(database).head
    tamper(database, "DELETE FROM event WHERE position > 3")
    assert verify(database).intact
    assert verify(database, anchor).broken_at == 4


def test_a_chain_written_anew_is_found_only_with_an_anchor(database: Database, five_events: None) -> None:
    anchor = verify(database).head
    tamper(database, "DELETE FROM event", "DELETE FROM unfinished_order")
    store = EventStore(database, projections=())
    store.append("o-1", 0, [placed(), *(assigned(f"konsulent-{n}") for n in range(5))], by=SYSTEM, now=NOW)
    assert verify(database).intact
    assert verify(database, anchor).broken_at == 5


def test_an_anchor_still_holds_when_more_has_happened(database: Database, store: EventStore, five_events: None) -> None:
    anchor = verify(database).head
    append(store, 1, assigned(), stream="o-2")
    assert verify(database, anchor).intact


@pytest.mark.parametrize("nonsense", ["", "12", "x:" + "0" * 64, "12:abc"])
def test_an_anchor_that_is_none_is_refused(nonsense: str) -> None:
    with pytest.raises(ValueError):
        Anchor.parse(nonsense)

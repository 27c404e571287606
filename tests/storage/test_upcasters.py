"""Events of every age: old ones are read step by step, and one that this code cannot read is an error."""

import pytest

from domain.events import ConsultantAssigned, ProgrammeChanged
from domain.model import StaffId
from storage.database import Database
from storage.event_store import EventStore, UnreadableEvent
from storage.recorded import event_table
from storage.upcasters import EVENT_CLASSES, UPCASTERS, read_event, upcast
from tests.storage.event_log import append
from tests.storage.lives import PLACED, placed


def test_every_older_schema_of_today_has_a_step_to_the_next() -> None:
    for name, class_ in EVENT_CLASSES.items():
        for schema in range(1, class_.SCHEMA):
            assert (name, schema) in UPCASTERS


def test_old_data_is_read_through_every_step_in_turn(database: Database, store: EventStore) -> None:
    old = '{"at":"2026-01-05T09:00:00Z","type":"adviser_chosen","adviser":"konsulent-1"}'
    steps = {
        ("adviser_chosen", -1): lambda data: {"staff": data.pop("adviser"), **data},
        ("adviser_chosen", 0): lambda data: {
            **{key: value for key, value in data.items() if key != "staff"},
            "type": "consultant_assigned",
            "consultant": data["staff"],
        },
    }
    append(store, 0, placed())
    with database.write() as connection:
        connection.execute(
            event_table.insert().values(
                position=2, stream="o-1", version=2, event_id="x", type="adviser_chosen", schema=-1,
                data=old, by_role="system", by_who="x", recorded_at="2026-01-05T09:00:00.000000Z", hash="0" * 64,
            )
        )  # fmt: skip
    assert EventStore(database, upcasters=steps).load("o-1")[1] == ConsultantAssigned(
        at=PLACED, consultant=StaffId("konsulent-1")
    )
    with pytest.raises(UnreadableEvent):
        store.load("o-1")


def test_a_step_cannot_change_the_data_it_was_given() -> None:
    data = {"at": "2026-01-05T09:00:00Z", "type": "consultant_assigned", "consultant": "k"}

    def careless(data: dict[str, object]) -> dict[str, object]:
        data["consultant"] = "changed"
        return data

    assert upcast("consultant_assigned", 0, data, {("consultant_assigned", 0): careless})["consultant"] == "changed"
    assert data["consultant"] == "k"


@pytest.mark.parametrize(
    ("type_", "schema", "data", "why"),
    [
        ("order_teleported", 1, "{}", "knows no such type"),
        ("consultant_assigned", 2, "{}", "found no way from 2"),
        ("consultant_assigned", 1, '{"at":"2026-01-05T09:00:00Z"}', "consultant: Field required"),
    ],
)
def test_an_event_this_code_cannot_read_is_an_error_and_never_skipped(
    type_: str, schema: int, data: str, why: str
) -> None:
    with pytest.raises(UnreadableEvent, match=why):
        read_event(type_, schema, data)


def test_parts_of_a_programme_that_were_known_by_their_place_get_ids() -> None:
    old = '{"at":"2026-01-05T09:00:00Z","type":"programme_changed","parts":[{"minutes":20},{"minutes":130}]}'
    event = read_event("programme_changed", 1, old)
    assert isinstance(event, ProgrammeChanged)
    assert [(part.part, part.minutes) for part in event.parts] == [("del_1", 20), ("del_2", 130)]

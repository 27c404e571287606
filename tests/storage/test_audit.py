"""The audit log: what people changed, found by order, person and day; what a command did is read from its stream."""

import datetime as dt

from domain.by import By, Capacity
from domain.by import operations as by_operations
from domain.model import OrderId, StaffId
from storage import audit
from storage.audit import TERMINAL, Deed, Edge, Entry, Happened, Origin, Subject, Wanted
from storage.database import Database
from storage.event_store import EventStore
from tests.storage.lives import PLACED, assigned, placed

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
OLE = by_operations(StaffId("ole"))
ASTA = By(role=Capacity.ADMINISTRATOR, who="asta")
HERE = Origin(Edge.PAGE, "192.0.2.7")
ORDER = OrderId("o-1")


def found(database: Database, **wanted: object) -> list[Entry]:
    with database.read() as connection:
        return audit.entries(connection, Wanted(**wanted), 100)  # type: ignore[arg-type]


def test_a_line_says_who_what_when_why_and_from_where(database: Database) -> None:
    subject = Subject(about="karen", facts={"from": "consultant", "to": "operations"}, why="på barsel")
    with database.write() as connection:
        audit.note(connection, ASTA, Deed.ROLE_CHANGED, HERE, NOW, subject)
    (line,) = found(database)
    assert line == Entry(
        id=line.id, at=NOW, by=ASTA, deed=Deed.ROLE_CHANGED, about="karen", order_id="", request_id=None,
        facts={"from": "consultant", "to": "operations"}, why="på barsel", origin=HERE,
    )  # fmt: skip


def test_lines_are_found_by_order_by_either_person_and_by_day_the_newest_first(database: Database) -> None:
    day = dt.timedelta(days=1)
    with database.write() as connection:
        audit.note(connection, ASTA, Deed.STAFF_ADDED, TERMINAL, NOW, Subject(about="ole"))
        audit.note(connection, OLE, Deed.MAIL_RESOLVED, HERE, NOW + day, Subject(about="m-1", order_id=ORDER))
        audit.note(connection, OLE, Deed.SIGNED_OUT, HERE, NOW + 2 * day)
    deeds = [Deed.SIGNED_OUT, Deed.MAIL_RESOLVED, Deed.STAFF_ADDED]
    assert [line.deed for line in found(database)] == deeds
    assert [line.deed for line in found(database, person="ole")] == deeds
    assert [line.deed for line in found(database, person="asta")] == deeds[2:]
    assert [line.deed for line in found(database, order=ORDER)] == deeds[1:2]
    assert [line.deed for line in found(database, since=NOW + day)] == deeds[:2]
    assert found(database, person="ole", since=NOW + 3 * day) == []
    with database.read() as connection:
        newest = audit.entries(connection, Wanted(), 1)
        assert [line.deed for line in audit.entries(connection, Wanted(), 5, before=newest[0].id)] == deeds[1:]


def test_what_a_command_did_is_read_from_the_orders_stream(database: Database) -> None:
    store = EventStore(database)
    store.append(ORDER, 0, [placed()], by=OLE, now=PLACED, causation="another")
    with database.write() as connection:
        for _ in range(2):
            audit.note_command(connection, OLE, HERE, NOW, ORDER, "assign_consultant", "page/o-1/a")
        audit.note_command(connection, OLE, HERE, NOW, ORDER, "assign_consultant", "page/o-1/b")
    store.append(ORDER, 1, [assigned()], by=OLE, now=PLACED, causation="page/o-1/a")
    lines = found(database)
    assert [line.request_id for line in lines] == ["page/o-1/b", "page/o-1/a"], "a request sent again is one line"
    with database.read() as connection:
        did = audit.what_happened(connection, lines)
    assert did == {"page/o-1/a": [Happened("consultant_assigned", {})]}


def test_a_refused_command_leaves_no_line_and_one_carried_out_before_keeps_its_line(database: Database) -> None:
    store = EventStore(database)
    with database.write() as connection:
        audit.note_command(connection, OLE, HERE, NOW, ORDER, "cancel_order", "refused")
        audit.note_command(connection, OLE, HERE, NOW, ORDER, "assign_consultant", "done")
    store.append(ORDER, 0, [placed(), assigned()], by=OLE, now=PLACED, causation="done")
    with database.write() as connection:
        audit.withdraw(connection, "refused")
        audit.withdraw(connection, "done")
    assert [line.request_id for line in found(database)] == ["done"]


def test_network_addresses_and_words_have_an_end_and_the_rest_stays(database: Database) -> None:
    with database.write() as connection:
        audit.note(connection, OLE, Deed.LINK_MADE, HERE, NOW, Subject(about="karen", why="glemt kode"))
        audit.note(connection, OLE, Deed.LINK_MADE, HERE, NOW + dt.timedelta(seconds=1), Subject(why="ny"))
        assert audit.forget_traces_before(connection, NOW + dt.timedelta(seconds=1)) == 1
        assert audit.forget_traces_before(connection, NOW + dt.timedelta(seconds=1)) == 0
    newer, older = found(database)
    assert (older.why, older.origin, older.about) == ("", Origin(Edge.PAGE), "karen")
    assert (newer.why, newer.origin) == ("ny", HERE)


def test_a_network_is_known_once_somebody_has_signed_in_from_it(database: Database) -> None:
    with database.write() as connection:
        audit.note(connection, OLE, Deed.SIGNED_IN, HERE, NOW)
        audit.note(connection, OLE, Deed.SIGNED_OUT, Origin(Edge.PAGE, "192.0.2.8"), NOW)
        audit.note(connection, OLE, Deed.SIGNED_IN, Origin(Edge.PAGE), NOW)
        known = [audit.has_signed_in_from(connection, "ole", each) for each in ("192.0.2.7", "192.0.2.8", "")]
        assert known == [True, False, False]
        assert not audit.has_signed_in_from(connection, "asta", "192.0.2.7")

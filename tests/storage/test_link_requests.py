"""Whose an address is, and that asking for a link is held back alike for every address."""

import datetime as dt

from domain.model import OrderId, PersonId
from storage import link_requests, people
from storage.database import Database
from storage.keys import Keys
from storage.people import PersonChange
from storage.sign_in_pauses import attempt_table

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
KEYS = Keys(bytes(32))
BO, ÅSE, OLE = PersonId("bo"), PersonId("aase"), PersonId("ole")


def known(database: Database) -> None:
    """Two who share an address and one of their own, on two orders."""
    with database.write() as connection:
        for person, email in ((BO, "klinikken@example.dk"), (ÅSE, "Klinikken@Example.dk"), (OLE, "ole@example.dk")):
            people.put(connection, [PersonChange(person=person, name="Navn", email=email, address=1)])
            people.note_on_order(connection, OrderId("en"), person, "praksis", 1)
        people.note_on_order(connection, OrderId("to"), BO, people.NO_PRACTICE, 0)


def asked(database: Database, email: str) -> set[tuple[str, str]]:
    with database.read() as connection:
        return set(link_requests.who_asked(connection, email))


def test_everybody_at_an_address_is_found_with_each_of_their_orders(database: Database) -> None:
    known(database)
    assert asked(database, "KLINIKKEN@example.dk") == {("en", BO), ("to", BO), ("en", ÅSE)}
    assert asked(database, "ole@example.dk") == {("en", OLE)}
    assert asked(database, "klinikken@example.com") == set()
    assert asked(database, "") == set()


def test_nobody_is_found_once_the_orders_are_erased(database: Database) -> None:
    known(database)
    with database.write() as connection:
        assert people.has_people(connection, OrderId("en"))
        people.release_from_order(connection, OrderId("en"), NOW)
        assert not people.has_people(connection, OrderId("en"))
    assert asked(database, "klinikken@example.dk") == {("to", BO)}
    assert asked(database, "ole@example.dk") == set()


def wait(database: Database, email: str, network: str = "192.0.2.1", now: dt.datetime = NOW) -> float:
    with database.write() as connection:
        return link_requests.ask(connection, KEYS, email, network, now).total_seconds()


def test_an_address_is_held_back_in_any_case_of_letters_and_from_any_network(database: Database) -> None:
    given = ("bo@example.dk", "BO@example.dk", "Bo@Example.dk", "bo@example.dk")
    assert [wait(database, email, f"192.0.2.{number}") for number, email in enumerate(given)] == [0, 0, 0, 0]
    assert wait(database, "bo@example.dk", "192.0.2.9") == 1
    assert wait(database, "ole@example.dk", "192.0.2.9") == 0
    assert wait(database, "bo@example.dk", "192.0.2.9", NOW + dt.timedelta(seconds=1)) == 0


def test_only_fingerprints_are_kept(database: Database) -> None:
    wait(database, "bo@example.dk")
    with database.read() as connection:
        rows = str(connection.execute(attempt_table.select()).all())
    assert "bo@" not in rows
    assert "192.0.2" not in rows

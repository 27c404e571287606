"""What the system cannot do by itself is one line each, for as long as it is so."""

import datetime as dt

from domain.model import OrderId
from storage import incidents
from storage.database import Database
from storage.incidents import NO_ORDER, IncidentKind

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=3)
ORDER, OTHER = OrderId("odense-1"), OrderId("vejle-1")
FAILS, OVERDUE, BEHIND = IncidentKind.STEP_FAILS, IncidentKind.OVERDUE, IncidentKind.READ_MODEL_BEHIND


def test_what_goes_on_is_one_line_that_knows_since_when_and_how_often(database: Database) -> None:
    with database.write() as connection:
        incidents.report(connection, FAILS, ORDER, "make_deck", "KeyError", NOW)
        incidents.report(connection, FAILS, ORDER, "make_deck", "ValueError", LATER, attempts=7)
        (found,) = incidents.incidents(connection)
    assert (found.reason, found.attempts, found.since, found.last_at) == ("ValueError", 7, NOW, LATER)


def test_what_began_before_it_was_seen_says_so(database: Database) -> None:
    with database.write() as connection:
        incidents.report(connection, OVERDUE, ORDER, "open_survey", "overdue", LATER, since=NOW)
        (found,) = incidents.incidents(connection)
    assert (found.since, found.last_at) == (NOW, LATER)


def test_the_oldest_comes_first_and_an_order_has_its_own(database: Database) -> None:
    with database.write() as connection:
        incidents.report(connection, FAILS, OTHER, "make_deck", "KeyError", LATER)
        incidents.report(connection, OVERDUE, ORDER, "open_survey", "overdue", NOW)
        incidents.report(connection, BEHIND, NO_ORDER, "task", "behind", LATER)
        assert next(each.order_id for each in incidents.incidents(connection)) == ORDER
        assert [each.kind for each in incidents.incidents(connection, OTHER)] == [FAILS]
        assert incidents.count(connection) == {FAILS: 1, OVERDUE: 1, BEHIND: 1}


def test_what_is_over_is_gone_and_no_other(database: Database) -> None:
    with database.write() as connection:
        for step in ("make_deck", "tabulate"):
            incidents.report(connection, FAILS, ORDER, step, "KeyError", NOW)
        incidents.report(connection, FAILS, OTHER, "tabulate", "KeyError", NOW)
        assert incidents.resolve(connection, FAILS, ORDER, "make_deck")
        assert not incidents.resolve(connection, FAILS, ORDER, "make_deck")
        assert not incidents.resolve(connection, OVERDUE, ORDER)
        assert [(each.order_id, each.step) for each in incidents.incidents(connection)] == [
            (ORDER, "tabulate"),
            (OTHER, "tabulate"),
        ]
        assert incidents.resolve(connection, FAILS, ORDER)
        assert incidents.incidents(connection, ORDER) == []


def test_a_long_reason_is_cut_and_not_refused(database: Database) -> None:
    with database.write() as connection:
        for _ in range(2):
            incidents.report(connection, FAILS, ORDER, "make_deck", "E" * 200, NOW)
        assert incidents.incidents(connection)[0].reason == "E" * 64

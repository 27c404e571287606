"""Pauses grow, end when they were said to, survive a restart, and lock nobody out whom they are not about."""

import datetime as dt
from dataclasses import replace

import pytest

from storage.database import Database
from storage.keys import Keys
from storage.sign_in_pauses import (
    ACCOUNT,
    ACCOUNT_FROM_NETWORK,
    COUNTED_FOR,
    NETWORK,
    Attempt,
    Limit,
    attempt_succeeded,
    attempt_table,
    begin_attempt,
    forget_old_attempts,
)

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
KEYS = Keys(bytes(32))
OLE = Attempt("ole@kiap.example", "192.0.2.1", from_known=False)


def wait_of(database: Database, attempt: Attempt, now: dt.datetime = NOW) -> float:
    """Seconds to wait before the attempt; 0 where it was made, and failed."""
    with database.write() as connection:
        return begin_attempt(connection, KEYS, attempt, now).total_seconds()


def fail(database: Database, attempt: Attempt, times: int, now: dt.datetime = NOW) -> dt.datetime:
    """So many failures, each as soon as it is let; when the last one was made."""
    for _ in range(times):
        if wait := wait_of(database, attempt, now):
            now += dt.timedelta(seconds=wait)
            assert wait_of(database, attempt, now) == 0
    return now


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (5, 0), (6, 1), (7, 2), (10, 16), (15, 512), (16, 900), (1_000, 900)]
)
def test_a_pause_doubles_with_each_failure_up_to_the_longest(failures: int, seconds: int) -> None:
    assert Limit(free=5, longest=dt.timedelta(minutes=15)).pause(failures).total_seconds() == seconds


def test_after_some_failures_the_account_waits_on_this_network(database: Database) -> None:
    assert [wait_of(database, OLE) for _ in range(8)] == [0] * 6 + [1, 1]


def test_trying_in_a_pause_makes_it_no_longer(database: Database) -> None:
    last = fail(database, OLE, 8)
    pause = wait_of(database, OLE, last)
    assert pause == 4
    for second in range(4):
        assert wait_of(database, OLE, last + dt.timedelta(seconds=second)) == pause - second
    assert wait_of(database, OLE, last + dt.timedelta(seconds=4)) == 0


def test_letters_of_the_address_count_alike_in_any_case(database: Database) -> None:
    fail(database, OLE, 6)
    assert wait_of(database, replace(OLE, email="OLE@KIAP.example"), NOW) == 1


def test_an_account_cannot_be_locked_for_its_holder_where_they_usually_are(database: Database) -> None:
    """Strangers all over the world keep failing; Ole sits where he has signed in from before."""
    now = NOW
    for number in range(100):
        wait_of(database, replace(OLE, network=f"198.51.100.{number}"), now)
        now += dt.timedelta(seconds=30)
    assert wait_of(database, replace(OLE, network="203.0.113.9"), now) > 0
    assert wait_of(database, replace(OLE, network="203.0.113.9", from_known=True), now) == 0


def test_from_a_new_place_its_holder_waits_a_minute_at_most(database: Database) -> None:
    for number in range(100):
        wait_of(database, replace(OLE, network=f"198.51.100.{number}"), NOW + dt.timedelta(minutes=number))
    last = NOW + dt.timedelta(minutes=99)
    assert 0 < wait_of(database, replace(OLE, network="203.0.113.9"), last) <= ACCOUNT.longest.total_seconds() == 60


def test_a_network_that_tries_many_addresses_waits_and_others_do_not(database: Database) -> None:
    for number in range(NETWORK.free + 1):
        assert wait_of(database, replace(OLE, email=f"{number}@kiap.example")) == 0
    assert wait_of(database, replace(OLE, email="another@kiap.example")) == 1
    assert wait_of(database, replace(OLE, network="203.0.113.9")) == 0


def test_success_forgets_the_failures_of_the_account_on_its_network(database: Database) -> None:
    last = fail(database, OLE, ACCOUNT_FROM_NETWORK.free)
    wait_of(database, OLE, last)
    with database.write() as connection:
        attempt_succeeded(connection, KEYS, OLE, last)
    assert [wait_of(database, OLE, last) for _ in range(7)] == [0] * 6 + [1]


def test_success_in_between_gives_a_network_no_more_tries_for_others(database: Database) -> None:
    for number in range(NETWORK.free + 1):
        wait_of(database, replace(OLE, email=f"{number}@kiap.example"))
        own = replace(OLE, email="ond@kiap.example")
        if wait_of(database, own) == 0:
            with database.write() as connection:
                attempt_succeeded(connection, KEYS, own, NOW)
    assert wait_of(database, replace(OLE, email="another@kiap.example")) > 0


def test_failures_count_for_a_day(database: Database) -> None:
    last = fail(database, OLE, 8)
    assert wait_of(database, OLE, last + COUNTED_FOR) == 0
    assert wait_of(database, OLE, last + COUNTED_FOR) == 0


def test_what_is_kept_names_nobody_and_goes_after_a_day(database: Database) -> None:
    fail(database, OLE, 2)
    with database.write() as connection:
        rows = str(connection.execute(attempt_table.select()).all())
        forget_old_attempts(connection, NOW + COUNTED_FOR - dt.timedelta(seconds=1))
        assert len(connection.execute(attempt_table.select()).all()) == 3
        forget_old_attempts(connection, NOW + COUNTED_FOR)
        assert connection.execute(attempt_table.select()).all() == []
    assert "ole" not in rows
    assert "192.0.2" not in rows


def test_a_restart_ends_no_pause(database_url: str, database: Database) -> None:
    last = fail(database, OLE, 9)
    database.close()
    again = Database(database_url)
    assert wait_of(again, OLE, last) == 8
    again.close()

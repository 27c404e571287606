"""Subscriptions as they are kept: secrets wrapped, what is old forgotten, people's acts whole."""

import datetime as dt
from dataclasses import replace

import pytest

from domain.by import SYSTEM
from storage import deliveries, subscriptions, webhook_secrets
from storage.database import Database
from storage.deliveries import DeliveryState, new_delivery
from storage.event_store import EventStore
from storage.keys import Keys, WrongKey
from storage.log_reader import entry_at
from storage.subscriptions import AheadOfTheLog, NoSuchSubscription
from tests.storage.event_log import NOW
from tests.storage.lives import assigned, placed
from tests.storage.on_disk import everything_on_disk

KEYS = Keys(bytes(range(32)))
URL = "https://kiap.dk/"


@pytest.fixture
def id_(database: Database, store: EventStore) -> str:
    """A subscription from the beginning of a log of two events."""
    store.append("o-1", 0, [placed(), assigned()], by=SYSTEM, now=NOW)
    with database.write() as connection:
        return subscriptions.add(connection, KEYS, URL, (), NOW, after=0)[0]


def test_a_secret_is_kept_so_that_only_the_master_key_tells_it(database: Database) -> None:
    with database.write() as connection:
        id_, secret = subscriptions.add(connection, KEYS, URL, (), NOW)
    with database.read() as connection:
        (kept,) = webhook_secrets.signing_secrets(connection, KEYS, id_, NOW)
        with pytest.raises(WrongKey):
            webhook_secrets.signing_secrets(connection, Keys(b"en anden noegle, lige saa lang...."), id_, NOW)
    assert len(kept) == 32
    disk = everything_on_disk(database)
    assert URL.encode() in disk  # we read the right files
    assert kept not in disk
    assert secret.removeprefix("whsec_").encode() not in disk


def test_secrets_that_sign_no_more_are_forgotten_and_no_others(database: Database, id_: str) -> None:
    for hours in (48, 24):
        with database.write() as connection:
            subscriptions.rotate(connection, KEYS, id_, NOW, dt.timedelta(hours=hours))
    for later, left in ((0, 3), (25, 1)):
        at = NOW + dt.timedelta(hours=later)
        with database.write() as connection:
            assert len(webhook_secrets.signing_secrets(connection, KEYS, id_, at)) == left
            webhook_secrets.forget_old_secrets(connection, at)
            assert len(webhook_secrets.signing_secrets(connection, KEYS, id_, NOW)) == left


def test_what_was_delivered_is_forgotten_after_its_days_and_what_waits_is_not(database: Database, id_: str) -> None:
    with database.write() as connection:
        rows = [new_delivery(entry_at(connection, position)) for position in (1, 2)]
        done = replace(rows[0], state=DeliveryState.DELIVERED, last_at=NOW)
        deliveries.put(connection, id_, [done, rows[1]])
    for days, left in ((29, [2, 1]), (31, [2])):
        with database.write() as connection:
            limit = NOW + dt.timedelta(days=days) - deliveries.DELIVERED_KEPT
            deliveries.forget_delivered_before(connection, limit)
            found = deliveries.deliveries(connection, id_, 10)
        assert [each.position for each in found] == left


def test_the_deliveries_are_listed_page_by_page(database: Database, id_: str) -> None:
    with database.write() as connection:
        deliveries.put(connection, id_, [new_delivery(entry_at(connection, position)) for position in (1, 2)])
        first = deliveries.deliveries(connection, id_, 1)
        second = deliveries.deliveries(connection, id_, 1, before=first[0].position)
    assert [each.position for each in (*first, *second)] == [2, 1]


def test_a_replay_of_what_was_never_sent_would_leave_events_out_and_is_refused(database: Database, id_: str) -> None:
    with database.write() as connection, pytest.raises(AheadOfTheLog):
        subscriptions.replay(connection, id_, 1)


@pytest.mark.parametrize("act", ["pause", "resume", "remove"])
def test_nothing_is_done_to_one_that_is_not_there(database: Database, act: str) -> None:
    with database.write() as connection, pytest.raises(NoSuchSubscription):
        getattr(subscriptions, act)(connection, "findes-ikke")

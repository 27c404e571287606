import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.model import OrderId
from storage import requests
from storage.database import Database
from storage.requests import KeyReused, content_hash
from tests.storage.on_disk import everything_on_disk

NOW = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
REQUEST = content_hash({"cluster": "Odense Vest", "members": ["Anna", "Bo"]})
OTHER = content_hash({"cluster": "Vejle", "members": ["Anna", "Bo"]})


def test_a_request_that_comes_twice_is_one_order(database: Database) -> None:
    assert _take(database, "key-1", REQUEST, "order-1") == "order-1"
    assert _take(database, "key-1", REQUEST, "order-2") == "order-1"


def test_another_key_is_another_order(database: Database) -> None:
    assert _take(database, "key-1", REQUEST, "order-1") == "order-1"
    assert _take(database, "key-2", REQUEST, "order-2") == "order-2"


def test_a_key_used_for_another_request_is_refused(database: Database) -> None:
    _take(database, "key-1", REQUEST, "order-1")
    with pytest.raises(KeyReused):
        _take(database, "key-1", OTHER, "order-2")


def test_a_refused_order_leaves_its_key_free(database: Database) -> None:
    with database.write() as connection:
        requests.take_request(connection, "key-1", REQUEST, OrderId("order-1"), NOW)
        connection.rollback()
    assert _take(database, "key-1", OTHER, "order-2") == "order-2"


def test_requests_at_once_with_the_same_key_become_one_order(database: Database) -> None:
    with ThreadPoolExecutor(6) as pool:
        orders = list(pool.map(lambda number: _take(database, "key-1", REQUEST, f"order-{number}"), range(6)))
    assert len(set(orders)) == 1


def test_a_request_is_the_same_however_its_fields_are_ordered() -> None:
    assert content_hash({"a": 1, "b": ["æ", 2]}) == content_hash({"b": ["æ", 2], "a": 1})
    assert content_hash({"a": 1, "b": ["æ", 2]}) != content_hash({"a": 1, "b": [2, "æ"]})


def test_old_keys_are_forgotten_and_new_ones_kept(database: Database) -> None:
    _take(database, "old", REQUEST, "order-1", NOW)
    _take(database, "new", REQUEST, "order-2", NOW + dt.timedelta(days=2))
    with database.write() as connection:
        assert requests.forget_requests_before(connection, NOW + dt.timedelta(days=1)) == 1
    assert _take(database, "new", REQUEST, "order-3") == "order-2"
    assert _take(database, "old", OTHER, "order-4") == "order-4"


def test_neither_key_nor_request_is_stored(database: Database) -> None:
    _take(database, "anna@example.dk-2026", REQUEST, "order-1")
    disk = everything_on_disk(database)
    assert REQUEST.encode() in disk
    assert b"anna@example.dk" not in disk


def _take(database: Database, key: str, fingerprint: str, order_id: str, now: dt.datetime = NOW) -> str:
    with database.write() as connection:
        return requests.take_request(connection, key, fingerprint, OrderId(order_id), now)

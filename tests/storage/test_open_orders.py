"""A cluster has one open order of a package."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.database import Database
from storage.event_store import AlreadyOpen, EventStore
from storage.open_orders import open_order_of
from tests.storage.event_log import append
from tests.storage.lives import TRIVSEL, VEJLE, cancelled, placed, whole_life


def test_a_second_open_order_for_the_same_cluster_and_package_is_refused(database: Database, store: EventStore) -> None:
    append(store, 0, placed("o-1"))
    with pytest.raises(AlreadyOpen) as refusal:
        append(store, 0, placed("o-2"), stream="o-2")
    assert refusal.value.order_id == "o-1"
    assert store.load("o-2") == []


def test_another_package_or_another_cluster_may_have_its_own(store: EventStore) -> None:
    append(store, 0, placed("o-1"))
    append(store, 0, placed("o-2", package="samarbejde-og-faellesskab"), stream="o-2")
    append(store, 0, placed("o-3", cluster="klynge-2"), stream="o-3")
    assert [store.version(order) for order in ("o-1", "o-2", "o-3")] == [1, 1, 1]


def test_after_a_cancelled_or_completed_order_a_new_one_may_be_placed(database: Database, store: EventStore) -> None:
    append(store, 0, placed("o-1"), cancelled())
    append(store, 0, *whole_life("o-2"), stream="o-2")
    append(store, 0, placed("o-3"), stream="o-3")
    assert open_order_of(database, VEJLE, TRIVSEL) == "o-3"


def test_of_two_orders_placed_at_once_for_the_same_cluster_one_is_refused(store: EventStore) -> None:
    start = threading.Barrier(2)

    def place(order: str) -> str:
        start.wait()
        try:
            append(store, 0, placed(order), stream=order)
        except AlreadyOpen as refusal:
            return refusal.order_id
        return ""

    with ThreadPoolExecutor(2) as threads:
        answers = dict(zip(("o-1", "o-2"), threads.map(place, ("o-1", "o-2")), strict=True))
    assert answers in ({"o-1": "", "o-2": "o-1"}, {"o-1": "o-2", "o-2": ""})

"""The queue in front of SQLite's write lock, with real threads."""

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import fair_queue
from storage.fair_queue import FairQueue, TurnNotReached, WaitsForItself

LONG = 60.0


def wait_until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


class Visitors:
    """Threads that come one after the other, each waiting in the queue before the next one comes."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue
        self._threads: list[threading.Thread] = []
        self.served: list[int] = []
        self.gave_up: list[int] = []

    def come(self, number: int, within: float = LONG) -> threading.Thread:
        """One more; returns when they stand in the queue, or have given up already."""
        before = self._queue.length

        def visit() -> None:
            try:
                with self._queue.turn(within):
                    self.served.append(number)
            except TurnNotReached:
                self.gave_up.append(number)

        thread = threading.Thread(target=visit)
        self._threads.append(thread)
        thread.start()
        wait_until(lambda: self._queue.length > before or not thread.is_alive())
        return thread

    def all_gone(self) -> None:
        for thread in self._threads:
            thread.join(LONG)
            assert not thread.is_alive()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_the_turn_comes_in_the_order_of_arrival_and_who_gave_up_is_passed_over(patient: list[bool]) -> None:
    queue = FairQueue()
    visitors = Visitors(queue)
    with queue.turn(LONG):
        for number, stays in enumerate(patient):
            thread = visitors.come(number, LONG if stays else 0.005)
            if not stays:
                thread.join(LONG)
    visitors.all_gone()
    assert visitors.served == [number for number, stays in enumerate(patient) if stays]
    assert visitors.gave_up == [number for number, stays in enumerate(patient) if not stays]
    assert queue.length == 0


def test_whoever_is_served_is_alone() -> None:
    queue, inside, most = FairQueue(), 0, 0

    def visit() -> None:
        nonlocal inside, most
        for _ in range(50):
            with queue.turn(LONG):
                inside += 1
                most = max(most, inside)
                time.sleep(0)
                inside -= 1

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert (most, inside, queue.length) == (1, 0, 0)


def test_a_thread_that_would_wait_for_itself_is_told_so_at_once_and_keeps_its_turn() -> None:
    queue = FairQueue()
    with queue.turn(LONG):
        with pytest.raises(WaitsForItself), queue.turn(LONG):
            pytest.fail("it waited for itself")
        with pytest.raises(TurnNotReached):
            in_another_thread(lambda: queue.turn(0.001).__enter__())
    with queue.turn(0.0):
        pass


def test_the_seconds_that_are_left_are_those_not_spent_waiting() -> None:
    queue = FairQueue()
    with queue.turn(LONG) as left:
        assert LONG - 1 < left <= LONG
    with queue.turn(0.0) as left:
        assert left == 0


class ThrownInError(Exception):
    """As Temporal throws it into an activity's thread."""


def test_a_cancellation_thrown_in_at_any_place_costs_nobody_the_turn() -> None:
    places = 0
    while hands_on_though_cancelled_at(places):
        places += 1
    assert places > 10


def hands_on_though_cancelled_at(place: int) -> bool:
    """False where the work has no such place any more.

    An exception of another thread arrives as a function begins or when a call has come back: that many of these in
    the queue's own code are let pass, then it is thrown. Another visitor waits meanwhile.
    """
    queue, passed = FairQueue(), 0

    def throw(frame: FrameType, event: str, _of: object) -> None:
        nonlocal passed
        if frame.f_code.co_filename == fair_queue.__file__ and event in ("call", "c_return"):
            passed += 1
            if passed > place:
                raise ThrownInError

    def work() -> None:
        with suppress(ThrownInError):
            sys.setprofile(throw)
            with queue.turn(LONG):
                visitors.come(1)
        sys.setprofile(None)

    visitors = Visitors(queue)
    in_another_thread(work)
    visitors.all_gone()
    with queue.turn(0.0):
        assert queue.length == 0
    return passed > place


def in_another_thread(work: Callable[[], object]) -> None:
    """Run it there; its exception comes here."""
    with ThreadPoolExecutor(1) as other:
        other.submit(work).result(LONG)

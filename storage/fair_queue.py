"""A lock that is given in the order of arrival, within one process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class TurnNotReached(Exception):  # noqa: N818 - a finding, named as one
    """Those before in the queue took longer than one wanted to wait."""


class WaitsForItself(RuntimeError):  # noqa: N818 - a finding, named as one
    """The thread whose turn it is asked for another: it would wait for itself."""


class _Place:
    """Somebody's place in the queue. `called` is released when the turn is theirs."""

    __slots__ = ("called", "thread")

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.called = threading.Lock()
        self.called.acquire()


class FairQueue:
    """One at a time, first come first served. Whoever is done hands the turn to the next: nobody overtakes."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._serving: _Place | None = None
        self._waiting: list[_Place] = []

    @property
    def length(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    @contextmanager
    def turn(self, within: float) -> Iterator[float]:
        """Wait for the turn, at most so many seconds, and hold it for the block. Gives the seconds that are left.

        Raises TurnNotReached, and WaitsForItself where this thread holds the turn already.
        """
        deadline = time.monotonic() + within
        place = _Place()
        try:
            self._line_up(place)
            if not place.called.acquire(timeout=max(0.0, within)):
                raise TurnNotReached
            yield max(0.0, deadline - time.monotonic())
        finally:
            try:
                self._leave(place)
            except BaseException:
                # Temporal throws a cancellation into an activity's thread, wherever that is: even here.
                self._leave(place)
                raise

    def _line_up(self, place: _Place) -> None:
        with self._guard:
            if self._serving is None:
                self._serving = place
                place.called.release()
            elif self._serving.thread == place.thread:
                raise WaitsForItself("a write transaction was begun within another of the same thread")
            else:
                self._waiting.append(place)

    def _leave(self, place: _Place) -> None:
        """Out of the queue; and on with the next one, where it was their turn. Twice does no harm."""
        with self._guard:
            if place in self._waiting:
                self._waiting.remove(place)
            if self._serving is not place:
                return
            # Neither line calls anything, so that no thrown cancellation can come between them.
            self._serving = self._waiting[0] if self._waiting else None
            del self._waiting[:1]
            if self._serving is not None:
                self._serving.called.release()

"""What HTTP and SMTP share: all the time one mail may take, and whether a connection is fit for the next mail."""

import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

SHORTEST = 0.001


class Deadline:
    """Ends a connection after these seconds in all.

    A socket's own timeout begins anew with each byte: a server that sends one now and then would hold us for ever.
    """

    def __init__(self, seconds: float, connection: Callable[[], socket.socket | None]) -> None:
        self._ends_at = time.monotonic() + seconds
        self._connection = connection
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()

    @property
    def left(self) -> float:
        """Seconds that are left, never none: a timeout of 0 would mean a socket that does not wait."""
        return max(self._ends_at - time.monotonic(), SHORTEST)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._ends_at

    def _end(self) -> None:
        connection = self._connection()
        if connection is not None:
            with suppress(OSError):
                # Not the method of a TLS socket, which would forget its encryption while another thread uses it.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


def is_quiet(connection: socket.socket) -> bool:
    """Whether nothing waits to be read. A server that has closed, or says what it was not asked, gets no next mail."""
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            return not selector.select(0)
    except (OSError, ValueError):
        return False

"""Sending many orders' events to one receiver at once: each order's in order, a few orders beside each other."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from threading import Lock

from activities.webhook_receiver import Answer, Receiver, Verdict
from activities.webhook_signature import signed_headers
from domain.model import OrderId
from domain.receiver import Reach
from domain.webhook_event import WebhookEvent, told_by
from storage.log_reader import Entry, Unreadable
from storage.recorded import Recorded

LANES = 4
"""Connections to one receiver at the same time."""
IN_A_ROW = 3
"""Orders in a row whose events are not taken: it is the receiver, and the others are left alone for a while."""
LOOK_UP = 0.5
"""Seconds after which the thread that waits looks up: says that it is alive, and asks whether to stop."""
UNREADABLE = Answer(Verdict.FAILED, "unreadable")
"""What comes of an event that this code cannot read: newer code may, so it is tried again."""


@dataclass(frozen=True)
class Target:
    """Where events are sent and how they are signed."""

    url: str
    reach: Reach
    secrets: Sequence[bytes]


@dataclass(frozen=True)
class Sent:
    """What came of a run. `answers` by position; who is not in it was not tried. `away`: the receiver takes nothing."""

    answers: Mapping[int, Answer]
    away: bool


class Lanes:
    """One run over some orders' events, in this order of orders."""

    def __init__(self, target: Target, orders: Iterable[Sequence[Entry]]) -> None:
        self._target = target
        self._orders = deque(orders)
        self._answers: dict[int, Answer] = {}
        self._failed_in_a_row = 0
        self._stopped = False
        self._lock = Lock()

    def send(self, alive: Callable[[], bool]) -> Sent:
        """Send until everything has been tried, or the receiver takes nothing, or `alive` says no; it is asked often.

        An order is left at its first event that is not taken.
        """
        lanes = min(LANES, len(self._orders))
        with ThreadPoolExecutor(max(lanes, 1), thread_name_prefix="webhook") as threads:
            running = {threads.submit(self._lane) for _ in range(lanes)}
            try:
                while running:
                    done, running = wait(running, LOOK_UP, FIRST_COMPLETED)
                    for each in done:
                        each.result()
                    if running and not alive():
                        self._stopped = True
            finally:
                self._stopped = True
        return Sent(self._answers, self._is_away)

    @property
    def _is_away(self) -> bool:
        return self._failed_in_a_row >= IN_A_ROW

    def _lane(self) -> None:
        with closing(Receiver(self._target.url, self._target.reach)) as receiver:
            while (order := self._next()) is not None:
                self._send_order(receiver, order)

    def _next(self) -> Sequence[Entry] | None:
        with self._lock:
            return self._orders.popleft() if self._orders and not self._stopped and not self._is_away else None

    def _send_order(self, receiver: Receiver, order: Sequence[Entry]) -> None:
        for entry in order:
            if self._stopped:
                return
            answer = self._answer(receiver, entry)
            with self._lock:
                self._answers[entry.position] = answer
                if answer.verdict is Verdict.DELIVERED:
                    self._failed_in_a_row = 0
                    continue
                if answer is not UNREADABLE:
                    self._failed_in_a_row += 1
                if answer.verdict is Verdict.GONE:
                    self._stopped = True
            return

    def _answer(self, receiver: Receiver, entry: Entry) -> Answer:
        """Signed by the machine's clock, not the orders': a receiver compares it with its own."""
        if isinstance(entry, Unreadable):
            return UNREADABLE
        try:
            body = message(entry).model_dump_json().encode()
        except Exception:  # noqa: BLE001 - whatever is wrong with one event is no harm to the others
            return UNREADABLE
        return receiver.post(body, signed_headers(self._target.secrets, entry.event_id, int(time.time()), body))


def message(recorded: Recorded) -> WebhookEvent:
    """What a subscriber is told of an event, the same each time."""
    return WebhookEvent(
        id=recorded.event_id,
        type=recorded.event.type,
        timestamp=recorded.recorded_at,
        order=OrderId(recorded.stream),
        version=recorded.version,
        position=recorded.position,
        by=told_by(recorded.by),
        data=recorded.event,
    )

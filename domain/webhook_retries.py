"""How long an event is tried at a receiver that does not take it, and with which pauses."""

import datetime as dt

TRIED_FOR = dt.timedelta(days=3)
"""Since the first attempt; then the subscription waits for people."""
PAUSES = tuple(
    dt.timedelta(minutes=minutes) for minutes in (1 / 12, 1, 5, 15, 30, 60, 2 * 60, 4 * 60, 6 * 60, 8 * 60, 10 * 60)
)
"""After the first failure, the second …; the last again and again."""
LONGEST_AWAY = dt.timedelta(hours=1)
"""A receiver that takes nothing at all is asked at least so often, so that one that is back soon has what is new."""
LONGEST_WISH = dt.timedelta(hours=6)
"""So long a receiver may ask us to wait (`Retry-After`)."""


def pause_after(failures: int, wish: dt.timedelta = dt.timedelta(0)) -> dt.timedelta:
    """How long to wait after so many failures in a row, at least one; longer where the receiver wishes it."""
    return max(PAUSES[min(failures, len(PAUSES)) - 1], min(wish, LONGEST_WISH))


def next_attempt(
    first_at: dt.datetime, now: dt.datetime, failures: int, wish: dt.timedelta = dt.timedelta(0)
) -> dt.datetime | None:
    """When to try again what failed just now; the last time when its days are over. None when they are over."""
    last = first_at + TRIED_FOR
    return None if now >= last else min(now + pause_after(failures, wish), last)

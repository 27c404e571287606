"""How long an event is tried, and with which pauses."""

import datetime as dt
from itertools import pairwise

from domain.webhook_retries import LONGEST_WISH, PAUSES, TRIED_FOR, next_attempt, pause_after

NOW = dt.datetime(2031, 3, 3, 9, tzinfo=dt.UTC)


def attempts(wish: dt.timedelta = dt.timedelta(0)) -> list[dt.datetime]:
    at, made = NOW, [NOW]
    while (following := next_attempt(NOW, at, len(made), wish)) is not None:
        at = following
        made.append(at)
    return made


def test_the_pauses_grow_and_the_last_attempt_is_when_three_days_are_over() -> None:
    made = attempts()
    pauses = [after - before for before, after in pairwise(made)]
    assert pauses[: len(PAUSES)] == list(PAUSES) == sorted(PAUSES)
    assert made[-1] == NOW + TRIED_FOR
    assert PAUSES[0] == dt.timedelta(seconds=5)
    assert len(made) == 17


def test_a_receiver_may_ask_for_more_time_but_not_for_ever() -> None:
    assert pause_after(1, dt.timedelta(hours=2)) == dt.timedelta(hours=2)
    assert pause_after(1, dt.timedelta(days=90)) == LONGEST_WISH
    assert pause_after(1, dt.timedelta(hours=-2)) == PAUSES[0]
    assert attempts(dt.timedelta(days=90))[-1] == NOW + TRIED_FOR


def test_after_an_outage_of_ours_of_a_week_one_more_attempt_is_the_last() -> None:
    assert next_attempt(NOW, NOW + dt.timedelta(days=7), 1) is None

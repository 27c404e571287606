"""What tests of letters ask: which letters an order has coming, and which the clock has posted."""

import datetime as dt
from datetime import date

from demo.clockwork import Clockwork
from domain.letters import Due, Letter, Occasion
from domain.mailings import NOTHING, Waiting, letters_to_come, next_letter
from domain.meeting import danish
from tests.domain.story import BASELINE, Life

INVITATION, PROGRAMME = Letter(Occasion.INVITATION, BASELINE), Letter(Occasion.PROGRAMME)
MINUTE = dt.timedelta(minutes=1)


def clock_of(life: Life) -> Clockwork:
    """The order left to itself."""
    return Clockwork(life.order, life.now)


def posted(clock: Clockwork, occasion: Occasion) -> list[dt.datetime]:
    """When letters of the occasion have left."""
    return [at for at, letter in clock.posted if letter.occasion is occasion]


def days_of(clock: Clockwork, occasion: Occasion) -> list[date]:
    """The Danish days on which they have left."""
    return [danish(at).date() for at in posted(clock, occasion)]


def coming(life: Life, occasion: Occasion, now: dt.datetime | None = None) -> Due | None:
    """The next letter of the occasion, if one is coming."""
    dues = letters_to_come(life.order, now or life.now)
    return min((due for due in dues if due.letter.occasion is occasion), key=lambda due: due.at, default=None)


def next_of(life: Life, occasion: Occasion, now: dt.datetime | None = None) -> Due:
    """The next letter of the occasion. Fails where none is coming."""
    due = coming(life, occasion, now)
    assert due is not None, f"no {occasion} is coming"
    return due


def next_due(life: Life, now: dt.datetime | None = None, waiting: Waiting = NOTHING) -> Due:
    """The next letter of all. Fails where none is coming."""
    due = next_letter(life.order, now or life.now, waiting)
    assert due is not None, "no letter is coming"
    return due

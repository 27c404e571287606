"""What is said of an occasion's mail: to whom, what calls for it, when it is planned, how long it is worth sending."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from domain.calendar import mail_time
from domain.events import Event
from domain.letters import Due, Letter, To, WhyNot
from domain.meeting import danish
from domain.order import Order, Survey

ONE_DAY = dt.timedelta(days=1)
PAPERS_WITHIN = dt.timedelta(hours=1)
"""So long a letter waits for material that is due, and no longer: people come first."""

Calls = Callable[[Order, Event], Letter | None]
"""The letter that an event calls for, given the order after it."""
Plans = Callable[[Order, dt.datetime], Iterator[Due]]
"""The letters that time brings, as things stand at an instant."""
Doubts = Callable[[Order, Letter, dt.datetime, dt.datetime], WhyNot | None]
"""Why the letter is not worth sending at an instant, as things stand now: `(order, letter, at, now)`."""


def no_event(_order: Order, _event: Event) -> None:
    """No event calls for it: it is planned."""


def no_plan(_order: Order, _now: dt.datetime) -> Iterator[Due]:
    """It is not planned: an event calls for it."""
    yield from ()


@dataclass(frozen=True)
class Mailing:
    """One occasion. `past` and `coming` are Danish, for timelines: "Invitation", "Medlemmerne får invitation …".

    `at_once` answers somebody's own action and does not wait for mail hours; `hurries` does not wait where the next
    mail time comes too late; `after_papers` waits for a deck that is being made anew for a changed meeting. `calendar`:
    the entry that goes along. `on_a_day_of_its_own`: not on the day of another letter about the meeting, where it can
    wait for the next. `housekeeping` is KiAP's own, or in the coordinator's hand: no line on their page.
    """

    to: To
    past: str
    coming: str
    why_not: Doubts
    called_for: Calls = no_event
    planned: Plans = no_plan
    at_once: bool = False
    hurries: bool = False
    on_a_day_of_its_own: bool = False
    after_papers: bool = False
    after_the_end: bool = False
    calendar: Literal["request", "cancel"] | None = None
    housekeeping: bool = False

    @property
    def to_members(self) -> bool:
        return self.to in ("members", "not_answered")


def overtaken_unless(still_so: bool, at: dt.datetime, until: dt.datetime | None = None) -> WhyNot | None:
    """The two commonest reasons: it is no longer so, or it comes too late."""
    if not still_so:
        return WhyNot.OVERTAKEN
    return WhyNot.TOO_LATE if until is not None and at >= until else None


def survey_of(order: Order, letter: Letter) -> Survey | None:
    """The round a letter is about."""
    return order.survey(letter.round) if letter.round else None


def mail_day(now: dt.datetime, order: Order) -> dt.date:
    """The day on which mail that is due now leaves."""
    return danish(mail_time(now, order.policies)).date()

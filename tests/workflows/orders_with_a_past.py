"""Orders with a past: streams grown by the domain's own clockwork up to a point where much is due at once, today.

For tests on servers that cannot skip time. Mails may leave at any time, and no reminders fall in between.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from demo.clockwork import Clockwork
from domain import commands as do
from domain.by import SYSTEM, By, Capacity, consultant, coordinator, operations
from domain.calendar import closing_time, morning
from domain.commands import AnyCommand
from domain.events import Event
from domain.evolution import evolve
from domain.meeting import Meeting, danish
from domain.model import OrderId, Round, StaffId, TextId
from domain.order import Order
from domain.own_questions import OwnQuestion
from domain.package import Package
from storage import texts
from storage.effects import Effects
from storage.own_questions import package_of_order
from storage.staff import OFFICE
from tests.workflows import people
from worker.stack import Stack

MEMBERS = 12
POLICIES: Mapping[str, Any] = {
    "mail_hours": "any_time",
    "reminders_after": (),
    "remind_on_last_day": False,
    "record_given_up_after": 250,
}


@dataclass
class Past:
    """An order being made, in a stack, towards the present."""

    stack: Stack
    package: Package
    present: dt.datetime
    clockwork: Clockwork
    already: int
    """Events in the store before the clockwork's first."""

    @property
    def order_id(self) -> OrderId:
        return self.clockwork.order.id

    def day(self, days: int) -> dt.date:
        """A day so many days from today."""
        return danish(self.present).date() + dt.timedelta(days=days)

    def does(self, command: AnyCommand) -> None:
        """Somebody who may give it does."""
        self.clockwork.does(command, self._somebody_for(command))

    def _somebody_for(self, command: AnyCommand) -> By:
        if Capacity.COORDINATOR in command.BY:
            return coordinator(self.clockwork.order.coordinator)
        return consultant(self.clockwork.order.consultant or StaffId(""))

    def agree(self, *, meeting: int, opens: int, closes: int, **policies: int) -> None:
        """The call, with the days counted from today."""
        starts = dt.datetime.combine(self.day(meeting), dt.time(17))
        self.does(
            do.AgreePlan(
                meeting=Meeting(starts=starts),
                survey_opens=self.day(opens),
                survey_closes=self.day(closes),
                policies={**POLICIES, **policies},
            )
        )

    def box_emptied_at(self, round_: Round) -> dt.datetime:
        """When the round's box is to be emptied."""
        survey = self.clockwork.order.survey(round_)
        assert survey is not None
        return closing_time(survey.closes)

    def fill_the_box(self, round_: Round, answers: int) -> None:
        """Answers, as they stand while the round is open."""
        self.keep()
        people.answer(self.stack, self.order_id, self.package, answers, round_)

    def keep(self) -> None:
        """Put what has happened so far into the store, with what each event changes beside the stream."""
        effects = Effects(self.stack.keys)
        order = self.stack.dependencies.order(self.order_id)
        for event in self.clockwork.events[order.version - self.already :]:
            order = _append(self.stack, effects, order, event)


Story = Callable[[Past], None]


PLACED = dt.timedelta(days=400)
"""How long ago these orders were placed."""


def begun(stack: Stack, package: Package, story: Story) -> OrderId:
    """An order with this story behind it, in the store. Its workflow is yet to be started."""
    present = dt.datetime.now(dt.UTC)
    placed_at = present - PLACED
    order = stack.dependencies.order(people.place(stack, package, MEMBERS, placed_at))
    past = Past(stack, package, present, Clockwork(order, placed_at), order.version)
    past.clockwork.does(do.AssignConsultant(consultant=people.a_consultant(stack)), operations(OFFICE))
    story(past)
    past.keep()
    return past.order_id


def _append(stack: Stack, effects: Effects, before: Order, event: Event) -> Order:
    after = evolve(before, event)

    def also(connection: Connection) -> None:
        effects.apply(connection, after, [event])

    stack.store.append(before.id, before.version, [event], by=SYSTEM, now=event.at, before=before, also=also)
    return after


# --- stories --------------------------------------------------------------------------------------------------------


def about_to_open(past: Past) -> None:
    """The survey should have opened yesterday."""
    past.agree(meeting=60, opens=-1, closes=13)
    past.clockwork.run(morning(past.day(-1)) - dt.timedelta(hours=1))


def planned(past: Past) -> None:
    """The survey opens in three weeks."""
    past.agree(meeting=60, opens=21, closes=35)
    past.clockwork.run(past.present)


def asking_questions_of_its_own(past: Past) -> None:
    """The survey should have closed; eleven have answered the package's questions and two that the cluster asks."""
    asked = (OwnQuestion(kind="yes_no", text=TextId("pause")), OwnQuestion(kind="text", text=TextId("naeste")))
    past.does(do.AskOwnQuestions(questions=asked))
    past.agree(meeting=40, opens=-24, closes=-10, programme_before_meeting=60)
    past.clockwork.run(past.box_emptied_at(Round.BASELINE) - dt.timedelta(hours=1))
    past.keep()
    with past.stack.database.write() as connection:
        for question, words in zip(asked, ("Holder I pause sammen?", "Hvad er det næste?"), strict=True):
            texts.put_text(connection, question.text, past.order_id, "own_question", words)
        past.package = package_of_order(connection, past.package, past.clockwork.order)
    past.fill_the_box(Round.BASELINE, 11)


def unanswered(past: Past) -> None:
    """The survey has been open for some days, and nobody has answered."""
    past.agree(meeting=60, opens=-6, closes=20)
    past.clockwork.run(morning(past.day(-5)))
    past.keep()


def half_answered(past: Past) -> None:
    """The survey is open, and six have answered."""
    past.agree(meeting=60, opens=-3, closes=20)
    past.clockwork.run(morning(past.day(-2)))
    past.fill_the_box(Round.BASELINE, 6)


def about_to_close(past: Past) -> None:
    """The survey should have closed; eleven have answered. A deck is due, then the results; the programme has gone."""
    past.agree(meeting=40, opens=-24, closes=-10, programme_before_meeting=60)
    past.clockwork.run(past.box_emptied_at(Round.BASELINE) - dt.timedelta(hours=1))
    past.fill_the_box(Round.BASELINE, 11)


def extract_awaited(past: Past) -> None:
    """A register's extract is awaited since yesterday; the programme has gone."""
    past.agree(meeting=40, opens=-1, closes=10, programme_before_meeting=60)
    past.clockwork.run(morning(past.day(-1)) + dt.timedelta(minutes=1))


def unrecorded(past: Past) -> None:
    """The meeting was held long ago; nobody has told how it went, and the time for a follow-up has come."""
    past.agree(meeting=-255, opens=-310, closes=-296)
    past.clockwork.run(past.present)


def about_to_compare(past: Past) -> None:
    """The follow-up should have closed; ten have answered. All that is left of the order's life is due at once."""
    past.agree(meeting=-310, opens=-350, closes=-336)
    past.clockwork.run(morning(past.day(-305)))
    agreed = do.RecordMeeting(attended=10, absent=2, follow_up="agreed", follow_up_opens=past.day(-40))
    past.does(agreed)
    past.clockwork.run(morning(past.day(-30)))
    past.clockwork.run(past.box_emptied_at(Round.FOLLOW_UP) - dt.timedelta(hours=1))
    past.fill_the_box(Round.FOLLOW_UP, 10)

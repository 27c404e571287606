"""An order's past, lived on the real store: its steps by the activities of production, without Temporal."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.deck import DeckActivities
from activities.dependencies import Dependencies
from activities.notify import LetterActivities, SendLetters
from activities.orders import CarriedOut, CarryOut, OrderActivities, TakeStep
from activities.steps import DueSteps, StepActivities
from demo.clockwork import Clockwork
from domain import commands as do
from domain.by import SYSTEM, By
from domain.commands import AnyCommand
from domain.events import Event, OrderPlaced
from domain.evolution import evolve
from domain.letters import Due
from domain.mailings import mailing_of
from domain.model import Rejected, Round
from domain.order import Order
from domain.steps import Action, Step
from storage import survey_roll
from storage.forgetting import StillRemembered
from storage.ids import new_id

Ask = TypeVar("Ask")
TRIES, PAUSE = 20, 0.1
"""Other processes live other orders in the same file, and what is destroyed is gone from it when none reads."""
SendAnswer = Callable[[str, Order, Round], None]
"""Has the doctor with this link's token answer a round."""


class Past(Clockwork):
    """A clockwork whose order stands in the store, with its read models, its ballots and its documents.

    Mail from before `mail_since` is counted and not written: nobody would read it.
    """

    def __init__(
        self, placed: OrderPlaced, now: dt.datetime, work: Dependencies, answer: SendAnswer, mail_since: dt.datetime
    ) -> None:
        super().__init__(evolve(None, placed), now, events=[placed])
        self._work = work
        self._answer = answer
        self._mail_since = mail_since
        self._orders, self._steps = OrderActivities(work), StepActivities(work)
        self._deck, self._letters = DeckActivities(work), LetterActivities(work)

    def does(self, command: AnyCommand, by: By = SYSTEM) -> list[Event]:
        """Somebody gives a command now. Raises Rejected."""
        order = self.order
        ask = CarryOut(order=order.id, known=order.version, now=self.now, commands=(command,), by=by, cause=new_id())
        return self._seen(self._orders.carry_out(ask))

    def _take(self, step: Step) -> None:
        self._have_answered()
        order = self.order
        if step.action is Action.MAKE_DECK and step.round is not None:
            ask = TakeStep(order=order.id, round=step.round, version=step.version, known=order.version, now=self.now)
            self._seen(self._as_activity(self._deck.make_deck, ask))
        else:
            due = DueSteps(order=order.id, known=order.version, now=self.now)
            self._seen(self._as_activity(self._steps.take_due_steps, due))

    def _post(self, due: Due) -> None:
        self._have_answered()
        if due.settle or self.now < self._mail_since:
            sent = 0 if due.settle else self._readers(due)
            self.posted.append((self.now, due.letter))
            self.does(do.RecordLetters(key=due.letter.key, sent=sent, failed=int(due.settle), seen=self.order.version))
            return
        self.posted.append((self.now, due.letter))
        ask = SendLetters(order=self.order.id, keys=(due.letter.key,), known=self.order.version, now=self.now)
        self._seen(self._as_activity(self._letters.send_letters, ask))

    def _as_activity(self, work: Callable[[Ask], CarriedOut], ask: Ask) -> CarriedOut:
        """What a worker would do at this instant; done again where it has to wait for others, as Temporal would."""
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, started_time=self.now, scheduled_time=self.now)
        for _ in range(TRIES):
            try:
                return environment.run(work, ask)
            except ApplicationError as error:
                if not isinstance(error.__cause__, StillRemembered):
                    raise
                time.sleep(PAUSE)
        return environment.run(work, ask)

    def _readers(self, due: Due) -> int:
        match mailing_of(due.letter).to:
            case "members":
                return len(self.order.active_members)
            case "not_answered" if due.letter.round:
                with self._work.database.read() as connection:
                    return len(survey_roll.outstanding(connection, self.order.id, due.letter.round))
            case _:
                return 1

    def _have_answered(self) -> None:
        """Everybody who would have by now has answered."""
        for round_ in Round:
            survey = self.order.survey(round_)
            if survey is None or not survey.is_open:
                continue
            with self._work.database.read() as connection:
                answered = survey_roll.count(connection, self.order.id, round_).answers
                left = survey_roll.outstanding(connection, self.order.id, round_)
            wanted = self.answering(self.order, round_) - answered
            for invitation in left[: max(0, wanted)]:
                self._answer(invitation.token(self._work.keys), self.order, round_)

    def _seen(self, carried_out: CarriedOut) -> list[Event]:
        """The events that have come, which people react to. Raises Rejected."""
        if (no := carried_out.refusal) is not None:
            raise Rejected(no.code, no.message, **no.facts)
        before = self.order
        events = [each.event for each in self._work.store.load_recorded(before.id, before.version)]
        for event in events:
            self.order = evolve(self.order, event)
        self.events += events
        self.watch(self, before, events)
        return events

"""An order that lives without Temporal: the clock's steps in a plain loop, with what the world answers to them.

For tests, benchmarks and the simulation of a country. It asks the domain what comes next, as the workflow does.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from domain import commands as do
from domain.by import SYSTEM, By
from domain.clock import next_step
from domain.commands import AnyCommand
from domain.decisions import decide_for
from domain.events import Event
from domain.evolution import evolve
from domain.letters import Due, Letter
from domain.mailings import next_letter
from domain.model import DocumentId, Round
from domain.order import Order
from domain.steps import Action, Step

Answering = Callable[[Order, Round], int]
"""How many have answered a round by the time its box is counted."""


def everybody(order: Order, _round: Round) -> int:
    """All members answer."""
    return len(order.active_members)


@dataclass
class Clockwork:
    """An order that lives by itself. `posted` is every letter with the instant it left."""

    order: Order
    now: dt.datetime
    answering: Answering = everybody
    events: list[Event] = field(default_factory=list)
    posted: list[tuple[dt.datetime, Letter]] = field(default_factory=list)
    watch: Callable[["Clockwork", Order, list[Event]], None] = lambda _clockwork, _before, _events: None
    """Called after every change, with the order as it was before it and the events."""

    def does(self, command: AnyCommand, by: By = SYSTEM) -> list[Event]:
        """Somebody gives a command now. Raises Rejected."""
        before, events = self.order, decide_for(self.order, command, by, self.now)
        for event in events:
            self.order = evolve(self.order, event)
        self.events += events
        self.watch(self, before, events)
        return events

    def sleep(self, time: dt.timedelta) -> None:
        """An outage: time passes and nothing is done."""
        self.now += time

    def tick(self, until: dt.datetime) -> bool:
        """Does the next thing, if it is due by then; whether it did. The clock's own command is never refused."""
        step, due = next_step(self.order, self.now), next_letter(self.order, self.now)
        if due is not None and (step is None or due.at <= step.at) and due.at <= until:
            self.now = max(self.now, due.at)
            self._post(due)
            return True
        if step is not None and step.at <= until:
            self.now = max(self.now, step.at)
            self._take(step)
            return True
        return False

    def run(self, until: dt.datetime) -> None:
        """Everything due by an instant, in order; then it is that instant."""
        while self.tick(until):
            pass
        self.now = max(self.now, until)

    def _post(self, due: Due) -> None:
        if due.settle:  # overtaken before it could leave
            self.does(do.RecordLetters(key=due.letter.key, sent=0, failed=1, seen=self.order.version))
            return
        self.posted.append((self.now, due.letter))
        self.does(do.RecordLetters(key=due.letter.key, sent=1, seen=self.order.version))

    def _take(self, step: Step) -> None:
        self.does(step.command or self._what_came_of(step))

    def _what_came_of(self, step: Step) -> AnyCommand:
        round_ = step.round or Round.BASELINE
        match step.action:
            case Action.COUNT_ANSWERS:
                invited = len(self.order.active_members)
                answers = min(self.answering(self.order, round_), invited)
                return do.RecordTurnout(round=round_, answers=answers, invited=invited)
            case Action.TABULATE:
                survey = self.order.survey(round_)
                answers = (survey.answers if survey else 0) or 0
                return do.RecordResults(
                    round=round_, answers=answers, free_texts=answers // 3, extract=survey.extract if survey else None
                )
            case Action.MAKE_DECK:
                made = (DocumentId(f"deck-{round_}-{step.version}"), DocumentId(f"dokument-{round_}-{step.version}"))
                survey = self.order.survey(round_)
                ids = survey.next_documents(*made) if survey else made
                return do.RecordDeck(round=round_, version=step.version, documents=ids)
            case Action.DESTROY_BALLOTS:
                return do.RecordDestruction(round=round_)
            case _:
                msg = f"{step.action} has a command of its own"
                raise ValueError(msg)

"""The clock's side of an order, without Temporal: what the workflow does, when it is due, in a plain loop.

For tests of the domain, and as a yardstick for the workflow: both ask the same functions of the domain for the time.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from domain import commands as do
from domain.agenda import call_lapses_at, decide_by, follow_up_lapses_at, record_given_up_at
from domain.calendar import closing_time, mail_time, morning
from domain.commands import Command, authorise
from domain.decisions import decide
from domain.decisions.deck import withheld_at
from domain.events import Event
from domain.evolution import evolve
from domain.letters import Letter
from domain.model import Actor, DocumentId, Round
from domain.order import FollowUpStatus, Order, Survey
from domain.postbox import next_letter

ONE_DAY = dt.timedelta(days=1)
Answering = Callable[[Order, Round], int]
"""How many have answered a round by the time its box is counted."""


@dataclass(frozen=True)
class Step:
    """What the clock will do next in the story, and when."""

    at: dt.datetime
    command: Command


def next_step(order: Order, now: dt.datetime, answering: Answering) -> Step | None:
    """The next step of the story that needs nobody; None where only letters are left, or nothing."""
    if order.ended:
        return _clear_the_ballots(order, now) if order.ended.how == "cancelled" else None
    if order.meeting is None or order.baseline is None:
        return Step(call_lapses_at(order), do.CancelOrder(reason="never_called"))
    if not order.baseline.over or not order.baseline.destroyed:
        return _of_the_round(order, order.baseline, now, answering)
    if not order.meeting_settled:
        return Step(record_given_up_at(order), do.LeaveMeetingUnrecorded())
    if order.follow_up.agreed:
        return _of_the_second_round(order, now, answering)
    if order.follow_up.status is FollowUpStatus.UNDECIDED and order.follow_up.wanted:
        return Step(follow_up_lapses_at(order), do.LapseFollowUp())
    return _say_goodbye(order, now)


def _of_the_second_round(order: Order, now: dt.datetime, answering: Answering) -> Step | None:
    if order.second is None:
        assert order.follow_up.opens is not None
        return Step(mail_time(morning(order.follow_up.opens), order.policies), do.OpenSurvey(round=Round.FOLLOW_UP))
    if not order.second.over or not order.second.destroyed:
        return _of_the_round(order, order.second, now, answering)
    return _say_goodbye(order, now)


def _say_goodbye(order: Order, now: dt.datetime) -> Step | None:
    """The last letters go first."""
    return None if order.pending_letters else Step(now, do.CompleteOrder())


def _clear_the_ballots(order: Order, now: dt.datetime) -> Step | None:
    rounds = (survey.round for survey in order.surveys if survey.opened and not survey.destroyed)
    return next((Step(now, do.RecordDestruction(round=round_)) for round_ in rounds), None)


def _of_the_round(order: Order, survey: Survey, now: dt.datetime, answering: Answering) -> Step:
    round_ = survey.round
    if not survey.opened:
        return Step(mail_time(morning(survey.opens), order.policies), do.OpenSurvey(round=round_))
    if not survey.closed:
        return Step(closing_time(survey.closes), do.CloseSurvey(round=round_, why="due"))
    if survey.enough is None:
        invited = len(order.active_members)
        return Step(
            now, do.RecordTurnout(round=round_, answers=min(answering(order, round_), invited), invited=invited)
        )
    if survey.awaits_decision:
        return Step(decide_by(order, survey), do.GoOnWithoutResults(automatic=True))
    if not survey.over:
        return _of_the_deck(order, survey, now)
    return Step(now, do.RecordDestruction(round=round_))


def _of_the_deck(order: Order, survey: Survey, now: dt.datetime) -> Step:
    if not survey.tabulated:
        answers = survey.answers or 0
        return Step(now, do.RecordResults(round=survey.round, answers=answers, free_texts=answers // 3))
    if survey.deck_version == 0 or survey.remake:
        version = survey.deck_version + 1
        documents = (DocumentId(f"deck-{survey.round}-{version}"), DocumentId(f"dokument-{survey.round}-{version}"))
        return Step(now, do.RecordDeck(round=survey.round, version=version, documents=documents))
    if survey.held:
        limit = withheld_at(order, survey)
        assert limit is not None
        return Step(limit, do.WithholdDeck())
    assert survey.review_until is not None
    return Step(survey.review_until, do.ReleaseDeck(automatic=True))


@dataclass
class Clockwork:
    """An order that lives by itself. `posted` is every letter with the instant it left."""

    order: Order
    now: dt.datetime
    answering: Answering = lambda order, _round: len(order.active_members)
    events: list[Event] = field(default_factory=list)
    posted: list[tuple[dt.datetime, Letter]] = field(default_factory=list)
    watch: Callable[["Clockwork", Order, list[Event]], None] = lambda _clockwork, _before, _events: None
    """Called after every change, with the order as it was before it and the events."""

    def does(self, command: Command, actor: Actor = Actor.SYSTEM) -> list[Event]:
        """Somebody gives a command now. Raises Rejected."""
        authorise(command, actor)
        before, events = self.order, decide(self.order, command, self.now)
        for event in events:
            self.order = evolve(self.order, event)
        self.events += events
        self.watch(self, before, events)
        return events

    def sleep(self, time: dt.timedelta) -> None:
        """A stand-still: time passes and nothing is done."""
        self.now += time

    def tick(self, until: dt.datetime) -> bool:
        """Does the next thing, if it is due by then; whether it did. The clock's own command is never refused."""
        step, due = next_step(self.order, self.now, self.answering), next_letter(self.order, self.now)
        if due is not None and (step is None or due.at <= step.at) and due.at <= until:
            self.now = max(self.now, due.at)
            if due.until is not None and due.until <= self.now:  # only to be settled
                self.does(do.RecordLetters(key=due.letter.key, sent=1, failed=1))
                return True
            self.posted.append((self.now, due.letter))
            self.does(do.RecordLetters(key=due.letter.key, sent=1))
            return True
        if step is not None and step.at <= until:
            self.now = max(self.now, step.at)
            self.does(step.command)
            return True
        return False

    def run(self, until: dt.datetime) -> None:
        """Everything due by an instant, in order; then it is that instant."""
        while self.tick(until):
            pass
        self.now = max(self.now, until)

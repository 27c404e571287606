"""One order's life as the people around it live it: what they do to it, and how soon, by the habits assumed."""

import datetime as dt
import heapq
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from demo.clockwork import Clockwork
from demo.deeds import Deeds
from demo.habits import Habits, kind_day, office_hour
from demo.tally import Tally, What
from domain import commands as do
from domain import events as ev
from domain.by import By, consultant, coordinator
from domain.by import operations as operations_by
from domain.commands import AnyCommand
from domain.events import Event
from domain.letters import Letter, Occasion
from domain.mailings import mailing_of
from domain.meeting import Meeting, at, danish
from domain.model import Rejected, Round, StaffId
from domain.order import Order

Deed = tuple[Callable[[Order, dt.datetime], AnyCommand], By]


@dataclass(frozen=True)
class Hands:
    """KiAP's own who have the order in hand."""

    consultant: StaffId
    operations: StaffId


class Life:
    """An order that has just been placed, and the people around it: what they do, and how soon.

    The clockwork is the order's own; what happens to it there is what people react to.
    """

    def __init__(self, clockwork: Clockwork, hands: Hands, random: Random, habits: Habits, tally: Tally) -> None:
        self._clockwork = clockwork
        self._hands = hands
        self._random = random
        self._habits = habits
        self._people = Deeds(random, habits)
        self._tally = tally
        self._coordinator = coordinator(clockwork.order.coordinator)
        self._consultant = consultant(hands.consultant)
        self._deeds: list[tuple[dt.datetime, int, Deed]] = []
        self._count = 0
        self._answered_at: dict[Round, list[dt.datetime]] = {}
        clockwork.answering, clockwork.watch = self.answers, self._saw
        for event in clockwork.events:
            self._react(event)

    def live(self, until: dt.datetime) -> dt.datetime:
        """Up to an instant; when the order ended, or that instant."""
        while self._goes_on(until):
            pass
        self._clockwork.run(until)
        for when, letter in self._clockwork.posted:
            self._tally.note(What.MAILS, when, self._readers(letter, when))
        ended = self._clockwork.order.ended
        return ended.at if ended else until

    def _goes_on(self, until: dt.datetime) -> bool:
        """Does the next thing, the clock's or somebody's, whichever is sooner; whether there was one."""
        is_deed = bool(self._deeds) and self._deeds[0][0] <= until
        if self._clockwork.tick(self._deeds[0][0] if is_deed else until):
            return True
        if not is_deed or self._clockwork.order.ended:
            return False
        when, _, (deed, by) = heapq.heappop(self._deeds)
        self._clockwork.run(when)
        try:
            self._clockwork.does(deed(self._clockwork.order, when), by)
        except Rejected as refusal:
            self._tally.refused[refusal.code] += 1
        return True

    # --- what people do, and when ------------------------------------------------------------------------------------

    def _saw(self, _clockwork: Clockwork, _before: Order, events: list[Event]) -> None:
        for event in events:
            self._react(event)

    def _react(self, event: Event) -> None:
        random, habits, day = self._random, self._habits, danish(event.at).date()
        match event:
            case ev.OrderPlaced():
                self._tally.note(What.PLACED, event.at)
                self._then(office_hour(random, day, (0, 1)), self._assign, operations_by(self._hands.operations))
                self._then(office_hour(random, day, habits.call_after_days), self._plan, self._consultant)
            case ev.PlanAgreed():
                self._tally.note(What.CALLS, event.at)
                self._change_their_minds(day, event.meeting)
            case ev.SurveyOpened():
                self._answer(event.round, event.at, event.closes)
            case ev.TurnoutCounted(enough=False):
                self._tally.note(What.TOO_FEW, event.at)
                self._then(office_hour(random, day, (0, 1)), self._too_few, self._consultant)
            case ev.DeckMade() if not event.why:
                self._tally.note(What.DECKS, event.at)
                self._look(event)
            case ev.DeckHeld():
                self._then(office_hour(random, day, (1, 2)), _release, self._consultant)
            case ev.LettersSent() if Letter.parse(event.key).occasion is Occasion.RECORD_REQUEST:
                if random.random() < habits.records_the_meeting:
                    self._then(office_hour(random, day, (0, 2)), self._record, self._coordinator)
            case ev.LettersSent() if Letter.parse(event.key).occasion is Occasion.FOLLOW_UP_QUESTION:
                if random.random() < habits.answers_the_question:
                    self._then(office_hour(random, day, (0, 4)), self._follow_up, self._coordinator)
            case ev.LettersSent() if Letter.parse(event.key).occasion is Occasion.COMPARISON_DELIVERED:
                if random.random() < habits.shares_the_comparison:
                    self._then(office_hour(random, day, habits.shares_after_days), _share, self._coordinator)
            case ev.OrderCompleted() | ev.OrderCancelled():
                self._tally.note(What.ENDED, event.at)
            case _:
                pass

    def _then(self, when: dt.datetime, deed: Callable[[Order, dt.datetime], AnyCommand], by: By) -> None:
        self._count += 1
        heapq.heappush(self._deeds, (max(when, self._clockwork.now), self._count, (deed, by)))

    def _assign(self, _order: Order, _now: dt.datetime) -> AnyCommand:
        return do.AssignConsultant(consultant=self._hands.consultant)

    def _change_their_minds(self, day: dt.date, meeting: Meeting) -> None:
        later = office_hour(self._random, day, (3, 15))
        chance = self._random.random()
        if chance < self._habits.cancels:
            self._then(later, lambda *_: do.CancelOrder(reason="cluster_withdrew"), self._coordinator)
        elif chance < self._habits.cancels + self._habits.moves_the_meeting:
            to = dt.datetime.combine(kind_day(meeting.day + dt.timedelta(days=7)), meeting.starts.time())
            self._then(later, lambda *_: do.MoveMeeting(to=to), self._coordinator)

    def _plan(self, _order: Order, now: dt.datetime) -> AnyCommand:
        return self._people.plan(now)

    def _answer(self, round_: Round, opened: dt.datetime, closes: dt.date) -> None:
        """Some answer at once, others when they are reminded, others never."""
        order = self._clockwork.order
        share = self._random.uniform(*self._habits.answers)
        window_ = at(closes, dt.time(23, 59)) - opened
        times = [
            opened + window_ * self._random.betavariate(0.7, 1.3)
            for _ in order.active_members
            if self._random.random() < share
        ]
        self._answered_at[round_] = times

    def answers(self, order: Order, round_: Round) -> int:
        """How many have answered the round by now."""
        by = self._clockwork.now
        return min(len(order.active_members), sum(each <= by for each in self._answered_at.get(round_, ())))

    def _too_few(self, order: Order, now: dt.datetime) -> AnyCommand:
        decided, survey = self._people.too_few(order, now), order.second or order.baseline
        if isinstance(decided, do.ExtendSurvey) and survey:
            self._answer(survey.round, now, decided.closes)
        return decided

    def _look(self, made: ev.DeckMade) -> None:
        """The consultant's look: holds some, and reads what doctors wrote."""
        when = office_hour(self._random, danish(made.at).date(), (0, 1))
        if self._random.random() < self._habits.holds_the_deck:
            self._then(when, lambda *_: do.HoldDeck(), self._consultant)
        survey = self._clockwork.order.survey(made.round)
        if survey is not None and survey.free_texts:
            self._then(when, lambda *_: do.ReadFreeTexts(), self._consultant)

    def _record(self, order: Order, _now: dt.datetime) -> AnyCommand:
        return self._people.record(order)

    def _follow_up(self, order: Order, _now: dt.datetime) -> AnyCommand:
        return self._people.follow_up(order)

    # --- what it comes to ---------------------------------------------------------------------------------------------

    def _readers(self, letter: Letter, when: dt.datetime) -> int:
        order = self._clockwork.order
        match mailing_of(letter).to:
            case "members":
                return len(order.active_members)
            case "not_answered":
                answered = self._answered_at.get(letter.round, []) if letter.round else []
                return len(order.active_members) - sum(each <= when for each in answered)
            case _:
                return 1


def _release(_order: Order, _now: dt.datetime) -> AnyCommand:
    return do.ReleaseDeck()


def _share(_order: Order, _now: dt.datetime) -> AnyCommand:
    return do.ShareComparison()

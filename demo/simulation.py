"""A country's orders, lived in plain Python: what KiAP must staff for. The same seed is the same country."""

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from random import Random

from demo.clockwork import Clockwork
from demo.habits import Habits, kind_day, office_hour, size
from domain import commands as do
from domain import events as ev
from domain.by import By, consultant, coordinator
from domain.by import operations as operations_by
from domain.calendar import add_months
from domain.commands import AnyCommand, PlaceOrder
from domain.decisions import place
from domain.decisions.follow_up import window
from domain.events import Event, Joined
from domain.evolution import evolve
from domain.letters import Letter, Occasion
from domain.mailings import mailing_of
from domain.meeting import Meeting, at, danish
from domain.model import ClusterId, OrderId, PersonId, PracticeId, Rejected, Role, Round, StaffId
from domain.order import FollowUpStatus, Order
from domain.package import Package

IN_A_PRACTICE = 3
CONSULTANT, OPERATIONS = StaffId("konsulent"), StaffId("drift")
YEAR = dt.timedelta(days=365)


class What(StrEnum):
    """What is counted, of each Danish day."""

    PLACED = "placed"
    ENDED = "ended"
    MAILS = "mails"
    CALLS = "calls"
    DECKS = "decks"
    TOO_FEW = "too_few"


@dataclass
class Tally:
    """What happened on which day, and what people tried that the rules did not allow."""

    counts: Counter[tuple[What, dt.date]] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, what: What, at: dt.datetime, times: int = 1) -> None:
        self.counts[what, danish(at).date()] += times


def simulate(
    packages: Sequence[Package], *, clusters: int, begins: dt.date, years: int, seed: int, habits: Habits | None = None
) -> Tally:
    """So many clusters from a day on, when none has an order. One after the other: they have nothing in common."""
    tally = Tally()
    for number in range(clusters):
        random = Random(f"{seed}/{number}")  # noqa: S311 - a dice, no secret
        _Cluster(number, packages, random, habits or Habits(), tally).live(begins, add_months(begins, 12 * years))
    return tally


class _Cluster:
    def __init__(self, number: int, packages: Sequence[Package], random: Random, habits: Habits, tally: Tally) -> None:
        self._id = ClusterId(f"klynge-{number}")
        self._packages = packages
        self._random = random
        self._habits = habits
        self._tally = tally
        self._members = size(random, habits)
        self._busy_until: dict[str, dt.datetime] = {}

    def live(self, begins: dt.date, ends: dt.date) -> None:
        """Orders for its meetings, some of them under way at once, each of a package that it has not open."""
        until = at(ends, dt.time(0))
        a_year = self._random.randint(*self._habits.meetings_a_year)
        day = begins + YEAR / a_year * self._random.random()
        for number in count():
            placed_at = office_hour(self._random, day)
            if placed_at >= until:
                return
            free = [each for each in self._packages if self._busy_until.get(each.slug, placed_at) <= placed_at]
            if free:
                package = self._random.choice(free)
                life = _Life(self._place(number, package), placed_at, self._random, self._habits, self._tally)
                self._busy_until[package.slug] = life.live(until)
            day += YEAR / a_year * self._random.uniform(0.6, 1.4)

    def _place(self, number: int, package: Package) -> PlaceOrder:
        people = [PersonId(f"{self._id}-{each}") for each in range(self._members)]
        return PlaceOrder(
            order=OrderId(f"{self._id}-{number}"),
            cluster=self._id,
            package=package,
            coordinator=people[0],
            members=tuple(
                Joined(
                    person=person,
                    practice=PracticeId(f"{self._id}-p{each // IN_A_PRACTICE}"),
                    role=Role.OWNER,
                    address=1,
                )
                for each, person in enumerate(people)
            ),
        )


Deed = tuple[Callable[[Order, dt.datetime], AnyCommand], By]


class _Life:
    """One order and the people around it."""

    def __init__(
        self, placed: PlaceOrder, placed_at: dt.datetime, random: Random, habits: Habits, tally: Tally
    ) -> None:
        self._random = random
        self._habits = habits
        self._tally = tally
        self._coordinator = coordinator(placed.coordinator)
        self._consultant = consultant(CONSULTANT)
        self._deeds: list[tuple[dt.datetime, int, Deed]] = []
        self._count = 0
        self._answered_at: dict[Round, list[dt.datetime]] = {}
        event = place(placed, self._coordinator, placed_at)
        self._clockwork = Clockwork(evolve(None, event), placed_at, self._answers, [event], watch=self._saw)
        self._react(event)

    def live(self, until: dt.datetime) -> dt.datetime:
        """Up to an instant; when the order ended, or that instant."""
        while self._deeds and self._deeds[0][0] <= until:
            when, _, (deed, by) = heapq.heappop(self._deeds)
            self._clockwork.run(when)
            if self._clockwork.order.ended:
                break
            command = deed(self._clockwork.order, when)
            try:
                self._clockwork.does(command, by)
            except Rejected as refusal:
                self._tally.refused[refusal.code] += 1
        self._clockwork.run(until)
        for when, letter in self._clockwork.posted:
            self._tally.note(What.MAILS, when, self._readers(letter, when))
        ended = self._clockwork.order.ended
        return ended.at if ended else until

    # --- what people do, and when ------------------------------------------------------------------------------------

    def _saw(self, _clockwork: Clockwork, _before: Order, events: list[Event]) -> None:
        for event in events:
            self._react(event)

    def _react(self, event: Event) -> None:
        random, habits, day = self._random, self._habits, danish(event.at).date()
        match event:
            case ev.OrderPlaced():
                self._tally.note(What.PLACED, event.at)
                self._then(office_hour(random, day, (0, 1)), _assign, operations_by(OPERATIONS))
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
            case ev.OrderCompleted() | ev.OrderCancelled():
                self._tally.note(What.ENDED, event.at)
            case _:
                pass

    def _then(self, when: dt.datetime, deed: Callable[[Order, dt.datetime], AnyCommand], by: By) -> None:
        self._count += 1
        heapq.heappush(self._deeds, (max(when, self._clockwork.now), self._count, (deed, by)))

    def _change_their_minds(self, day: dt.date, meeting: Meeting) -> None:
        later = office_hour(self._random, day, (3, 15))
        chance = self._random.random()
        if chance < self._habits.cancels:
            self._then(later, lambda *_: do.CancelOrder(reason="cluster_withdrew"), self._coordinator)
        elif chance < self._habits.cancels + self._habits.moves_the_meeting:
            to = dt.datetime.combine(kind_day(meeting.day + dt.timedelta(days=7)), meeting.starts.time())
            self._then(later, lambda *_: do.MoveMeeting(to=to), self._coordinator)

    def _plan(self, _order: Order, now: dt.datetime) -> AnyCommand:
        weeks = self._random.randint(*self._habits.weeks_to_the_meeting)
        day = kind_day(danish(now).date() + dt.timedelta(weeks=weeks))
        return do.AgreePlan(meeting=Meeting(starts=dt.datetime.combine(day, dt.time(17))))

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

    def _answers(self, order: Order, round_: Round) -> int:
        by = self._clockwork.now
        return min(len(order.active_members), sum(each <= by for each in self._answered_at.get(round_, ())))

    def _too_few(self, order: Order, now: dt.datetime) -> AnyCommand:
        survey = order.second or order.baseline
        if survey and not survey.extensions and self._random.random() < self._habits.extends_where_too_few:
            self._answer(survey.round, now, (closes := danish(now).date() + dt.timedelta(days=7)))
            return do.ExtendSurvey(closes=closes)
        return do.GoOnWithoutResults()

    def _look(self, made: ev.DeckMade) -> None:
        """The consultant's look: holds some, and reads what doctors wrote."""
        when = office_hour(self._random, danish(made.at).date(), (0, 1))
        if self._random.random() < self._habits.holds_the_deck:
            self._then(when, lambda *_: do.HoldDeck(), self._consultant)
        survey = self._clockwork.order.survey(made.round)
        if survey is not None and survey.free_texts:
            self._then(when, lambda *_: do.ReadFreeTexts(), self._consultant)

    def _record(self, order: Order, _now: dt.datetime) -> AnyCommand:
        members = len(order.active_members)
        attended = round(members * self._random.uniform(*self._habits.attends))
        chance = self._random.random()
        if chance < self._habits.agrees_on_follow_up and order.meeting:
            opens = self._day_of_follow_up(order)
            return do.RecordMeeting(
                attended=attended, absent=members - attended, follow_up="agreed", follow_up_opens=opens
            )
        declined = chance > 1 - self._habits.declines_follow_up
        return do.RecordMeeting(
            attended=attended, absent=members - attended, follow_up="declined" if declined else "later"
        )

    def _day_of_follow_up(self, order: Order) -> dt.date:
        allowed = window(order)
        months = self._random.randint(*self._habits.follow_up_after_months)
        day = add_months(order.meeting.day, months) if order.meeting else allowed.opens
        return min(max(allowed.opens, day), allowed.closes)

    def _follow_up(self, order: Order, _now: dt.datetime) -> AnyCommand:
        if order.follow_up.status is FollowUpStatus.UNDECIDED and self._random.random() < 1 / 3:
            return do.DeclineFollowUp()
        return do.StartFollowUp()

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


def _assign(_order: Order, _now: dt.datetime) -> AnyCommand:
    return do.AssignConsultant(consultant=CONSULTANT)


def _release(_order: Order, _now: dt.datetime) -> AnyCommand:
    return do.ReleaseDeck()

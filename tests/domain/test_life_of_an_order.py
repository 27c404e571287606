"""Whatever people do to an order, and whenever: it keeps its promises and comes to an end."""

import datetime as dt
from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from demo.clockwork import Clockwork
from domain import commands as do
from domain import events as ev
from domain.by import By, consultant, coordinator, operations
from domain.calendar import add_working_days, closing_time, is_quiet, is_working_day, mail_time
from domain.clock import next_step
from domain.commands import AnyCommand
from domain.decisions import decide
from domain.events import EVENT, Event
from domain.evolution import load
from domain.letters import Letter, Occasion
from domain.mailings import mailing_of, next_letter
from domain.meeting import Meeting, danish
from domain.model import DocumentId, PersonId, Rejected, Round, StaffId, TextId
from domain.order import Order
from domain.stages import ENDED, Stage
from tests.domain.story import LENE, PLACE, Life, doctor, five_on, life_at

AT_MOST = dt.timedelta(days=4 * 365)
"""From any moment to the end when only the clock acts: a meeting at most two years ahead, a year's window, the rest."""

NEXT: dict[Stage, set[Stage]] = {
    Stage.ORDERED: {Stage.PLANNED},
    Stage.PLANNED: {Stage.SURVEY_OPEN},
    Stage.SURVEY_OPEN: {Stage.ANALYSING},
    Stage.ANALYSING: {Stage.TOO_FEW_ANSWERS, Stage.IN_REVIEW},
    Stage.TOO_FEW_ANSWERS: {Stage.SURVEY_OPEN, Stage.ANALYSING},
    Stage.IN_REVIEW: {Stage.READY, Stage.AWAITING_RECORD, Stage.QUIET},  # the last two where an outage made it late
    Stage.READY: {Stage.AWAITING_RECORD, Stage.QUIET},
    Stage.AWAITING_RECORD: {Stage.READY, Stage.QUIET},  # READY again: the meeting was moved after all
    Stage.QUIET: {Stage.FOLLOW_UP_OPEN, Stage.COMPLETED},
    Stage.FOLLOW_UP_OPEN: {Stage.FOLLOW_UP_ANALYSING},
    Stage.FOLLOW_UP_ANALYSING: {Stage.FOLLOW_UP_TOO_FEW, Stage.FOLLOW_UP_IN_REVIEW, Stage.COMPLETED},
    Stage.FOLLOW_UP_TOO_FEW: {Stage.FOLLOW_UP_OPEN, Stage.FOLLOW_UP_ANALYSING},
    Stage.FOLLOW_UP_IN_REVIEW: {Stage.FOLLOW_UP_DELIVERED, Stage.COMPLETED},  # the last where it is withheld
    Stage.FOLLOW_UP_DELIVERED: {Stage.COMPLETED},
    Stage.COMPLETED: set(),
    Stage.CANCELLED: set(),
}
"""Where an order may go from each stage; and from every one that is not an end, to CANCELLED."""

POLICIES = PLACE.package.policies.model_copy(update={"mail_hours": "any_time"})
AT_ANY_TIME = PLACE.model_copy(update={"package": PLACE.package.model_copy(update={"policies": POLICIES})})

AGAIN = {Occasion.INVITATION, Occasion.PROGRAMME}
"""Letters that newcomers and corrected addresses make due again; the outbox sends them to those alone."""

ABOUT_THE_MEETING = {Occasion.PROGRAMME, Occasion.MEETING_REMINDER, Occasion.MEETING_MOVED, Occasion.RESULTS}

LIVING = tuple(stage for stage in Stage if stage not in ENDED)
ROUNDS = (Stage.SURVEY_OPEN, Stage.TOO_FEW_ANSWERS, Stage.FOLLOW_UP_OPEN, Stage.FOLLOW_UP_TOO_FEW)
REVIEWS = (Stage.IN_REVIEW, Stage.FOLLOW_UP_IN_REVIEW)


def at_stage(*stages: Stage) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """People mostly ask for what fits the stage; all else is told in `test_every_command.py`."""
    return precondition(lambda self: self.order.stage in stages)


class LifeOfAnOrder(RuleBasedStateMachine):
    """People at random times, and a clock that works as the workflow does, with outages."""

    @initialize(stage=st.sampled_from((*LIVING, None)), answers=st.integers(0, 42))
    def begins(self, stage: Stage | None, answers: int) -> None:
        """At a stage of a life as agreed; or as an order whose mails may leave at any time."""
        life = life_at(stage) if stage else Life().does(AT_ANY_TIME)
        self.mail_hours = life.order.policies.mail_hours
        self.answers = answers
        self.called_back: Counter[Letter] = Counter()
        self.clock = Clockwork(life.order, life.now, self.answering, list(life.events), watch=self.watch)

    def answering(self, _order: Order, _round: Round) -> int:
        return self.answers

    def leaves(self, before: Order, event: ev.LettersSent) -> bool:
        """Whether mail leaves with such an event: not where it is given up, or turns out never to have left."""
        never_left = event.key in before.letters and event.key not in before.pending_letters
        return not never_left and not event.failed

    @property
    def order(self) -> Order:
        return self.clock.order

    @property
    def today(self) -> dt.date:
        return danish(self.clock.now).date()

    # --- what is watched at every change ----------------------------------------------------------------------------

    def watch(self, clock: Clockwork, before: Order, events: list[Event]) -> None:
        after = clock.order
        if after.stage is not before.stage:
            allowed = NEXT[before.stage] | ({Stage.CANCELLED} if before.ended is None else set())
            assert after.stage in allowed, f"{before.stage} -> {after.stage} by {[event.type for event in events]}"
        for event in events:
            assert event.at == clock.now
            assert EVENT.validate_json(event.model_dump_json()) == event
            if isinstance(event, ev.LettersSent) and self.leaves(before, event):
                self.watch_letter(before, Letter.parse(event.key))

    def watch_letter(self, order: Order, letter: Letter) -> None:
        assert order.ended is None or mailing_of(letter).after_the_end, f"{letter.key} after the order ended"
        local = danish(self.clock.now)
        self.leaves_in_mail_hours(order, letter, self.clock.now)
        if letter.occasion is Occasion.REMINDER:
            survey = order.survey(letter.round or Round.BASELINE)
            assert survey is not None
            assert survey.is_open
            assert self.clock.now < closing_time(survey.closes)
            if order.policies.mail_hours != "any_time" or not survey.reminders_added:  # else one asked for goes at once
                assert is_working_day(local.date())
                assert not is_quiet(local.date())
            assert survey.told_on is None or survey.told_on < local.date()
        if letter.occasion is Occasion.MEETING_REMINDER:
            assert order.told_on is None or order.told_on < local.date()
        if letter.occasion in ABOUT_THE_MEETING:
            assert order.meeting is not None
            assert self.clock.now < order.meeting.starts_at
        if letter.occasion in (Occasion.INVITATION, Occasion.SURVEY_EXTENDED):
            survey = order.survey(letter.round or Round.BASELINE)
            assert survey is not None
            assert survey.is_open

    def leaves_in_mail_hours(self, order: Order, letter: Letter, at: dt.datetime) -> None:
        """But for an answer to somebody's own action, and for news that would come after the meeting else."""
        mailing, local = mailing_of(letter), danish(at)
        if order.policies.mail_hours == "any_time" or mailing.at_once:
            return
        if mailing.hurries and order.meeting and at < order.meeting.starts_at <= mail_time(at, order.policies):
            return
        assert is_working_day(local.date()), f"{letter.key} on {local}"
        assert dt.time(8, 30) <= local.time() < dt.time(15), f"{letter.key} at {local}"

    @invariant()
    def replayed_it_is_the_same_order(self) -> None:
        assert load(self.clock.events) == self.order
        assert self.order.version == len(self.clock.events)

    @invariant()
    def the_next_letter_lies_ahead_and_in_mail_hours(self) -> None:
        due = next_letter(self.order, self.clock.now)
        if due is None:
            return
        assert due.at >= self.clock.now
        if not due.settle:
            self.leaves_in_mail_hours(self.order, due.letter, due.at)

    @invariant()
    def each_deck_goes_once_and_each_letter_once(self) -> None:
        released = Counter(event.round for event in self.clock.events if isinstance(event, ev.DeckReleased))
        assert all(count == 1 for count in released.values())
        posted = Counter(letter for _, letter in self.clock.posted if letter.occasion not in AGAIN)
        assert all(count <= 1 + self.called_back[letter] for letter, count in posted.items()), posted.most_common(1)

    @invariant()
    def a_deck_laid_in_by_hand_stands_until_somebody_decides_otherwise(self) -> None:
        for survey in self.order.surveys:
            assert survey.own_deck is None or survey.own_deck == survey.documents[0]
            assert not survey.own_deck_outdated or survey.held or survey.delivered, "it would go by itself"

    def asks(self, command: AnyCommand, by: By) -> Rejected | None:
        """Somebody gives a command. Asked for a second time it leads to nothing or is refused."""
        assert command == type(command).model_validate_json(command.model_dump_json())
        before = self.order
        try:
            self.clock.does(command, by)
        except Rejected as refusal:
            assert self.order is before
            return refusal
        try:
            assert decide(self.order, command, self.clock.now) == []
        except Rejected:
            return None
        return None

    @property
    def coordinator(self) -> By:
        return coordinator(self.order.coordinator)

    def day(self, days: int) -> dt.date:
        return self.today + dt.timedelta(days=days)

    # --- time -------------------------------------------------------------------------------------------------------

    @rule(hours=st.integers(1, 72))
    def some_hours_pass(self, hours: int) -> None:
        self.clock.run(self.clock.now + dt.timedelta(hours=hours))

    @rule(days=st.integers(3, 70))
    def some_days_pass(self, days: int) -> None:
        self.clock.run(self.clock.now + dt.timedelta(days=days))

    @rule(steps=st.integers(1, 4))
    def the_clock_does_its_next_things(self, steps: int) -> None:
        for _ in range(steps):
            self.clock.tick(self.clock.now + AT_MOST)

    @rule(hours=st.integers(5, 900))
    def nothing_runs(self, hours: int) -> None:
        self.clock.sleep(dt.timedelta(hours=hours))

    @rule()
    def one_mail_of_a_round_cannot_leave(self) -> None:
        due = next_letter(self.order, self.clock.now)
        if due is None or due.settle or not mailing_of(due.letter).to_members:
            return
        self.clock.run(due.at - dt.timedelta(seconds=1))
        if next_letter(self.order, self.clock.now) == due:
            self.clock.now = due.at
            self.clock.does(do.RecordLetters(key=due.letter.key, sent=1, waiting=1, seen=self.order.version))
            assert due.letter.key in self.order.pending_letters

    @precondition(lambda self: self.order.letters)
    @rule(data=st.data())
    def one_mail_turns_out_never_to_have_left(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.order.letters)))
        if key in self.order.pending_letters:
            return
        self.clock.does(do.RecordLetters(key=key, sent=1, waiting=1, seen=self.order.version))
        if key in self.order.pending_letters:
            self.called_back[Letter.parse(key)] += 1

    @rule(answers=st.integers(0, 42))
    def so_many_will_answer(self, answers: int) -> None:
        self.answers = answers

    # --- the plan ---------------------------------------------------------------------------------------------------

    @at_stage(Stage.ORDERED, Stage.PLANNED)
    @rule(
        days=st.integers(10, 120),
        wanted=st.booleans(),
        chosen=st.none() | st.tuples(st.integers(0, 30), st.integers(1, 30)),
        review=st.integers(0, 5),
    )
    def the_call_is_held(self, days: int, wanted: bool, chosen: tuple[int, int] | None, review: int) -> None:
        opens = self.day(chosen[0]) if chosen else None
        closes = self.day(sum(chosen)) if chosen else None
        self.asks(
            do.AgreePlan(
                meeting=Meeting(starts=five_on(self.day(days))),
                survey_opens=opens,
                survey_closes=closes,
                follow_up_wanted=wanted,
                policies={"review_days": review},
            ),
            consultant(LENE),
        )

    @at_stage(*LIVING[1:9])
    @rule(days=st.integers(-5, 100), hour=st.integers(8, 20))
    def the_meeting_moves(self, days: int, hour: int) -> None:
        refusal = self.asks(do.MoveMeeting(to=five_on(self.day(days), hour)), self.coordinator)
        if refusal is None or "earliest" not in refusal.facts:
            return
        earliest = dt.date.fromisoformat(str(refusal.facts["earliest"]))
        if refusal.code == "meeting_too_early":
            self.is_too_early(add_working_days(earliest, -1))
        decide(self.order, do.MoveMeeting(to=five_on(earliest, 23)), self.clock.now)

    def is_too_early(self, day: dt.date) -> None:
        try:
            decide(self.order, do.MoveMeeting(to=five_on(day, 23)), self.clock.now)
        except Rejected:
            return
        raise AssertionError(f"{day} is free, though a later day was named as the earliest")

    @at_stage(*LIVING[1:8])
    @rule(minutes=st.sampled_from([150, 180]))
    def the_meeting_changes(self, minutes: int) -> None:
        self.asks(do.ChangeMeeting(minutes=minutes), self.coordinator)

    # --- people -----------------------------------------------------------------------------------------------------

    @at_stage(*LIVING)
    @rule(number=st.integers(40, 45))
    def a_doctor_joins(self, number: int) -> None:
        self.asks(do.AddMember(joined=doctor(number)), self.coordinator)

    @at_stage(*LIVING)
    @rule(number=st.integers(38, 45))
    def a_doctor_leaves(self, number: int) -> None:
        self.asks(do.RemoveMember(member=doctor(number).person), self.coordinator)

    @at_stage(*LIVING)
    @rule(number=st.integers(38, 45), address=st.integers(1, 4))
    def an_address_is_corrected(self, number: int, address: int) -> None:
        self.asks(do.ReaddressMember(member=doctor(number).person, address=address), self.coordinator)

    @at_stage(*LIVING)
    @rule(number=st.integers(1, 2))
    def a_consultant_takes_over(self, number: int) -> None:
        self.asks(do.AssignConsultant(consultant=StaffId(f"konsulent-{number}")), operations(StaffId("drift")))

    @at_stage(*LIVING)
    @rule(number=st.integers(1, 2))
    def a_coordinator_takes_over(self, number: int) -> None:
        self.asks(do.ReplaceCoordinator(coordinator=PersonId(f"koordinator-{number}")), self.coordinator)

    # --- survey and deck --------------------------------------------------------------------------------------------

    @at_stage(*ROUNDS)
    @rule(days=st.integers(-3, 40))
    def the_survey_is_extended(self, days: int) -> None:
        refusal = self.asks(do.ExtendSurvey(closes=self.day(days)), self.coordinator)
        if refusal is not None and refusal.code == "extension_too_short":
            earliest = dt.date.fromisoformat(str(refusal.facts["earliest"]))
            assert decide(self.order, do.ExtendSurvey(closes=earliest), self.clock.now)

    @at_stage(Stage.SURVEY_OPEN, Stage.FOLLOW_UP_OPEN)
    @rule()
    def an_extra_reminder_is_asked_for(self) -> None:
        self.asks(do.SendReminder(), consultant(LENE))

    @at_stage(Stage.SURVEY_OPEN, Stage.FOLLOW_UP_OPEN)
    @rule()
    def the_survey_is_closed_by_hand(self) -> None:
        survey = self.order.open_survey
        assert survey is not None
        self.asks(do.CloseSurvey(round=survey.round), consultant(LENE))

    @at_stage(*ROUNDS)
    @rule()
    def somebody_goes_on_without_results(self) -> None:
        self.asks(do.GoOnWithoutResults(), self.coordinator)

    @at_stage(*REVIEWS)
    @rule()
    def the_deck_is_held(self) -> None:
        self.asks(do.HoldDeck(), consultant(LENE))

    @at_stage(*REVIEWS)
    @rule(struck=st.integers(0, 14))
    def the_free_texts_are_read(self, struck: int) -> None:
        texts = tuple(TextId(f"tekst-{number}") for number in range(struck))
        self.asks(do.ReadFreeTexts(struck_texts=texts), consultant(LENE))

    @at_stage(*REVIEWS, Stage.READY, Stage.AWAITING_RECORD)
    @rule()
    def a_corrected_deck_is_laid_in(self) -> None:
        document = DocumentId(f"rettet-{self.order.version}")
        self.asks(do.ReplaceDeck(document=document, why=TextId("tekst-rettelse")), consultant(LENE))

    @at_stage(*REVIEWS, Stage.READY, Stage.AWAITING_RECORD)
    @rule()
    def a_new_deck_is_asked_for(self) -> None:
        self.asks(do.RemakeDeck(), consultant(LENE))

    @at_stage(*REVIEWS, Stage.READY, Stage.AWAITING_RECORD)
    @rule()
    def the_deck_is_released(self) -> None:
        self.asks(do.ReleaseDeck(), consultant(LENE))

    # --- meeting and follow-up --------------------------------------------------------------------------------------

    @at_stage(Stage.READY, Stage.AWAITING_RECORD, Stage.QUIET)
    @rule(follow_up=st.sampled_from(["agreed", "later", "declined"]), months=st.integers(7, 13))
    def the_meeting_is_recorded(self, follow_up: str, months: int) -> None:
        opens = self.day(months * 30) if follow_up == "agreed" else None
        self.asks(
            do.RecordMeeting.model_validate(
                {"attended": 30, "absent": 4, "follow_up": follow_up, "follow_up_opens": opens}
            ),
            self.coordinator,
        )

    @at_stage(Stage.READY, Stage.AWAITING_RECORD)
    @rule()
    def the_record_is_given_up(self) -> None:
        self.asks(do.LeaveMeetingUnrecorded(), consultant(LENE))

    @at_stage(*LIVING[6:10])
    @rule(days=st.integers(-10, 420))
    def a_follow_up_is_agreed(self, days: int) -> None:
        self.asks(do.AgreeFollowUp(opens=self.day(days)), self.coordinator)

    @at_stage(Stage.READY, Stage.AWAITING_RECORD, Stage.QUIET, Stage.FOLLOW_UP_OPEN)
    @rule(days=st.integers(-10, 420))
    def the_follow_up_moves(self, days: int) -> None:
        self.asks(do.MoveFollowUp(opens=self.day(days)), self.coordinator)

    @at_stage(Stage.QUIET, Stage.FOLLOW_UP_OPEN)
    @rule()
    def the_follow_up_is_started(self) -> None:
        self.asks(do.StartFollowUp(), self.coordinator)

    @at_stage(Stage.READY, Stage.QUIET)
    @rule()
    def the_follow_up_is_declined(self) -> None:
        self.asks(do.DeclineFollowUp(), self.coordinator)

    @at_stage(Stage.FOLLOW_UP_DELIVERED)
    @rule()
    def the_members_are_sent_the_comparison(self) -> None:
        self.asks(do.ShareComparison(), self.coordinator)

    # --- the end ----------------------------------------------------------------------------------------------------

    @rule(sure=st.integers(0, 14), never_called=st.booleans())
    def the_order_is_cancelled(self, sure: int, never_called: bool) -> None:
        if sure == 7:
            reason = "never_called" if never_called else "cluster_withdrew"
            self.asks(do.CancelOrder.model_validate({"reason": reason}), self.coordinator)

    def teardown(self) -> None:
        """Left to the clock, every order ends: nothing is under way, no letter waits, no ballots are kept."""
        if not hasattr(self, "clock"):
            return
        since = self.clock.now
        self.clock.run(since + AT_MOST)
        assert self.order.ended is not None, f"still {self.order.stage}"
        assert self.order.pending_letters == {}
        assert next_letter(self.order, self.clock.now) is None
        assert next_step(self.order, self.clock.now) is None
        assert all(survey.cleared for survey in self.order.surveys if survey.opened)
        self.replayed_it_is_the_same_order()
        self.each_deck_goes_once_and_each_letter_once()


LifeOfAnOrder.TestCase.settings = settings(
    max_examples=200,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
TestLifeOfAnOrder = LifeOfAnOrder.TestCase

"""The words tests of an order are told in: given what has happened, when somebody asks, then this comes of it.

The order is Vejle Nord's: 42 doctors, the package Trivsel og arbejdsglæde, a meeting on Wednesday 25 March 2026.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Self

import pytest

from domain import commands as do
from domain import events as ev
from domain.by import By, coordinator
from domain.calendar import closing_time
from domain.commands import AnyCommand, PlaceOrder
from domain.decisions import decide, decide_for, place
from domain.events import Event
from domain.evolution import evolve, load
from domain.letters import Letter, Occasion
from domain.meeting import Meeting, at
from domain.model import (
    ClusterId,
    DocumentId,
    OrderId,
    PersonId,
    PracticeId,
    Rejected,
    Role,
    Round,
    StaffId,
    TextId,
)
from domain.order import Order
from domain.stages import Stage
from tests.the_packages import TRIVSEL

BASELINE, FOLLOW_UP = Round.BASELINE, Round.FOLLOW_UP
KAREN, SØREN = PersonId("person-karen-koordinator"), PersonId("person-soeren-koordinator")
LENE, ANDERS = StaffId("konsulent-lene"), StaffId("konsulent-anders")
DECK, DOCUMENT = DocumentId("dokument-deck"), DocumentId("dokument-resultater")
IDEAS, VEJLE_SYGEHUS = TextId("tekst-ideer"), TextId("tekst-vejle-sygehus")
MEMBERS, ANSWERS = 42, 38

PLACED = at(dt.date(2026, 1, 5), dt.time(10))
CALLED = at(dt.date(2026, 1, 7), dt.time(14))
OPENS, CLOSES = dt.date(2026, 2, 27), dt.date(2026, 3, 13)
MEETING = dt.datetime(2026, 3, 25, 17)  # noqa: DTZ001 - as the clock on the wall shows
THE_MEETING = Meeting(starts=MEETING, place=VEJLE_SYGEHUS)
RECORDED = at(dt.date(2026, 3, 27), dt.time(12))
FOLLOW_UP_OPENS = dt.date(2027, 1, 12)


def five_on(day: dt.date, hour: int = 17) -> dt.datetime:
    """Five in the afternoon (or another hour) as the clock on the wall shows it: a meeting's time."""
    return dt.datetime.combine(day, dt.time(hour))


def noon(day: dt.date) -> dt.datetime:
    """Twelve o'clock in Denmark."""
    return at(day, dt.time(12))


def morning_of(day: dt.date) -> dt.datetime:
    """Half past eight in Denmark, as the mail leaves."""
    return at(day, dt.time(8, 30))


def doctor(number: int) -> ev.Joined:
    """One of the cluster's doctors, two in a practice."""
    return ev.Joined(
        person=PersonId(f"medlem-{number}"),
        practice=PracticeId(f"praksis-{number // 2}"),
        role=Role.OWNER,
        address=1,
    )


BIRTHE = doctor(7).person
A_NEWCOMER = doctor(100)

PLACE = do.PlaceOrder(
    order=OrderId("ordre-vejle-nord"),
    cluster=ClusterId("klynge-vejle-nord"),
    package=TRIVSEL,
    coordinator=KAREN,
    members=tuple(doctor(number) for number in range(MEMBERS)),
)
Asked = AnyCommand | PlaceOrder
AGREE = do.AgreePlan(meeting=THE_MEETING)


class Life:
    """An order that grows by commands, never by forged state. Every step is checked against a replay."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.events: list[Event] = list(events)
        self.now = self.events[-1].at if self.events else PLACED
        self._order = load(self.events)

    @property
    def order(self) -> Order:
        assert self._order is not None
        return self._order

    def once_more(self) -> "Life":
        """The same life, free to go another way."""
        copy = Life(self.events)
        copy.now = self.now
        return copy

    def ask(self, command: Asked, when: dt.datetime | None = None, by: By | None = None) -> list[Event]:
        """What the command would lead to, whoever gives it or for this one. Raises Rejected."""
        self.now = when or self.now
        if isinstance(command, PlaceOrder):
            return [place(command, by or coordinator(command.coordinator), self.now)]
        if by is not None:
            return decide_for(self.order, command, by, self.now)
        return decide(self.order, command, self.now)

    def does(self, command: Asked, when: dt.datetime | None = None, by: By | None = None) -> Self:
        """Carries the command out."""
        for event in self.ask(command, when, by):
            self._order = evolve(self._order, event)
            self.events.append(event)
        return self

    def got(self, *letters: Letter, when: dt.datetime | None = None) -> Self:
        """These letters have gone."""
        for letter in letters:
            self.does(do.RecordLetters(key=letter.key, sent=1, seen=self.order.version), when)
        return self

    def with_letters_gone(self) -> Self:
        """All that is due has gone."""
        while self.order.pending_letters:
            self.got(Letter.parse(next(iter(self.order.pending_letters))))
        return self


def life_at(stage: Stage) -> Life:
    """The order of Vejle Nord as it comes to a stage on the days agreed."""
    life = Life().does(PLACE, PLACED)
    if stage is Stage.ORDERED:
        return life
    life.does(AGREE, CALLED)
    if stage is Stage.PLANNED:
        return life
    if stage is Stage.CANCELLED:
        return life.does(do.CancelOrder(reason="cluster_withdrew"), CALLED + dt.timedelta(hours=1))
    if _round(life, stage, BASELINE, morning_of(OPENS)):
        return life
    if stage is Stage.READY:
        return life
    life.does(do.RecordDestruction(round=BASELINE))
    life.got(Letter(Occasion.RECORD_REQUEST, number="1.1"), when=morning_of(dt.date(2026, 3, 26)))
    if stage is Stage.AWAITING_RECORD:
        return life
    life.does(do.RecordMeeting(attended=36, absent=6, ideas=IDEAS), RECORDED)
    if stage is Stage.QUIET:
        return life
    life.does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS), RECORDED + dt.timedelta(days=90))
    if _round(life, stage, FOLLOW_UP, morning_of(FOLLOW_UP_OPENS)):
        return life
    life.does(do.RecordDestruction(round=FOLLOW_UP))
    if stage is Stage.FOLLOW_UP_DELIVERED:
        return life
    life.does(do.ShareComparison()).does(do.CompleteOrder())
    assert stage is Stage.COMPLETED
    return life


_PARTS: dict[Round, tuple[Stage, Stage, Stage, Stage]] = {
    BASELINE: (Stage.SURVEY_OPEN, Stage.TOO_FEW_ANSWERS, Stage.ANALYSING, Stage.IN_REVIEW),
    FOLLOW_UP: (
        Stage.FOLLOW_UP_OPEN,
        Stage.FOLLOW_UP_TOO_FEW,
        Stage.FOLLOW_UP_ANALYSING,
        Stage.FOLLOW_UP_IN_REVIEW,
    ),
}


def _round(life: Life, stage: Stage, round_: Round, opens: dt.datetime) -> bool:
    """Carries a round to its end, or to the stage; whether that was reached."""
    is_open, too_few, analysing, in_review = _PARTS[round_]
    life.does(do.OpenSurvey(round=round_), opens)
    if stage is is_open:
        return True
    survey = life.order.survey(round_)
    assert survey is not None
    life.does(do.CloseSurvey(round=round_, why="due"), closing_time(survey.closes))
    answers = 4 if stage is too_few else ANSWERS
    life.does(do.RecordTurnout(round=round_, answers=answers, invited=MEMBERS))
    if stage in (too_few, analysing):
        return True
    life.does(do.RecordResults(round=round_, answers=ANSWERS, free_texts=12))
    life.does(do.RecordDeck(round=round_, version=1, documents=(DECK, DOCUMENT)))
    if stage is in_review:
        return True
    survey = life.order.survey(round_)
    assert survey is not None
    life.does(do.ReleaseDeck(automatic=True), survey.review_until)
    return False


class When:
    """What came of a command."""

    def __init__(self, life: Life, command: Asked, when: dt.datetime) -> None:
        self.life = life
        self._command = command
        self._at = when
        self._refusal: Rejected | None = None
        self.events: list[Event] = []
        try:
            self.events = life.ask(command, when)
        except Rejected as refusal:
            self._refusal = refusal

    @property
    def refusal(self) -> Rejected:
        """The "no". Fails where it was a yes."""
        if self._refusal is None:
            pytest.fail(f"{self._command.type} was not refused but led to {self.events}")
        return self._refusal

    def then(self, *events: Event) -> Life:
        """Exactly these events, in this order; their instant is the command's. Gives the life that goes on."""
        if self._refusal is not None:
            pytest.fail(f"{self._command.type} was refused: {self._refusal}")
        assert self.events == [event.model_copy(update={"at": self._at}) for event in events]
        return self.life.does(self._command, self._at)

    def then_nothing(self) -> Life:
        """It is so already."""
        return self.then()

    def then_rejected(self, code: str, **facts: str | int | dt.date) -> Rejected:
        """A refusal with this code and at least these facts, in a Danish line that is a sentence."""
        refusal = self.refusal
        given = {name: fact.isoformat() if isinstance(fact, dt.date) else fact for name, fact in facts.items()}
        assert (refusal.code, refusal.facts | given) == (code, refusal.facts)
        assert refusal.message.endswith(".")
        assert refusal.message[0].isupper()
        assert not refusal.message.isupper()
        assert "\n" not in refusal.message
        return refusal


class Given:
    """An order with a past, waiting for a command."""

    def __init__(self, life: Life) -> None:
        self._life = life

    def when(self, command: Asked, at: dt.datetime | None = None) -> When:
        """Somebody, or the clock, asks for something; at the instant of the last event where none is said."""
        return When(self._life, command, at or self._life.now)


def given(past: Life | Stage, *commands: Asked) -> Given:
    """An order at a stage, or with a life behind it, to which these commands have been given since.

    The life that was given stays as it is; `then` gives the one that goes on.
    """
    life = life_at(past) if isinstance(past, Stage) else past.once_more()
    for command in commands:
        life.does(command)
    return Given(life)


PAST = at(dt.date(2000, 1, 1), dt.time(0))
"""The `at` of expected events; `then` puts in the command's instant."""

"""An order on a real store without Temporal: commands are decided and recorded here, activities are called by hand."""

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.analysis import Analysis
from activities.deck import DeckActivities
from activities.dependencies import Dependencies
from activities.letter_writer import LetterWriter
from activities.orders import TakeStep
from activities.survey import SurveySteps
from domain import commands as do
from domain.by import SYSTEM, By, Capacity, consultant, operations
from domain.clock import next_step
from domain.commands import AnyCommand
from domain.letters import Letter
from domain.mailings import mailing_of
from domain.meeting import Meeting, at
from domain.model import DocumentId, OrderId, PersonId, Round, StaffId
from domain.order import Order
from domain.package import Package
from domain.steps import Step
from mail.envelope import Envelope
from mail.sending import Receipt, Session
from reporting.deck_check import deck_problems
from storage import documents, outbox, survey_roll
from storage.audit import TERMINAL
from storage.documents import NewDocument
from storage.ids import new_id
from storage.outbox import OutgoingMail, To
from storage.packages import find_package
from storage.staff import OFFICE
from tests.hand_clock import HandClock
from tests.local_orders import LocalOrders
from tests.workflows import people
from web.requests.base import CommandRequest
from web.submitting import submit
from worker.stack import Stack

START = at(dt.date(2031, 3, 3), dt.time(10))
MEETING = dt.datetime(2031, 5, 14, 17)  # noqa: DTZ001 - the wall clock in Denmark
OPENED = at(dt.date(2031, 4, 18), dt.time(9))
CLOSED = at(dt.date(2031, 5, 3), dt.time(9))
MEMBERS = 6
CONSULTANT, OPERATIONS = consultant(StaffId("en-konsulent")), operations(OFFICE)


@dataclass
class Postbox:
    """A sender whose outcomes the test decides; what was sent is kept."""

    repeatable: bool = False
    sent: list[Envelope] = field(default_factory=list)
    outcome: Callable[[Envelope], Receipt] = lambda _envelope: Receipt("ok")

    def send(self, envelope: Envelope) -> Receipt:
        result = self.outcome(envelope)
        self.sent.append(envelope)
        return result

    def session(self) -> AbstractContextManager[Session]:
        return nullcontext(self)


@dataclass
class Desk:
    """What a test does and sees."""

    stack: Stack
    post: Postbox
    package: Package = field(default_factory=lambda: find_package("trivsel-og-arbejdsglaede", deck_problems))
    order_id: OrderId = field(default=OrderId(""))
    now: dt.datetime = START
    members: int = MEMBERS

    @property
    def at(self) -> Dependencies:
        work = self.stack.dependencies
        return Dependencies(work.database, work.store, work.keys, self.post, work.base_url, work.office)

    @property
    def order(self) -> Order:
        return self.stack.dependencies.order(self.order_id)

    @property
    def next_step(self) -> Step:
        """What the clock does next."""
        step = next_step(self.order, self.now)
        assert step is not None
        return step

    def place(self, consultant: StaffId | None = None) -> None:
        """An order with a consultant."""
        self.order_id = people.place(self.stack, self.package, self.members, self.now)
        self.do(do.AssignConsultant(consultant=consultant or people.a_consultant(self.stack)), by=OPERATIONS)

    def do(self, *commands: AnyCommand, by: By | None = None, now: dt.datetime | None = None) -> None:
        """Carry these out, at this time and from then on; each by whoever may give it, if nobody is named."""
        self.now = now or self.now
        for command in commands:
            self._orders().give(self.order_id, command, by=by or _somebody_for(command))

    def ask(self, request: CommandRequest, by: By | None = None) -> None:
        """Send a request, as the pages and the API do; words and people go beside the command."""
        services = people.services_of(self.stack, self._orders(), HandClock(self.now))
        asyncio.run(submit(services, self.order_id, request, by=by or CONSULTANT, origin=TERMINAL, request_id=new_id()))

    def _orders(self) -> LocalOrders:
        return LocalOrders(self.at, HandClock(self.now))

    def member(self, number: int) -> PersonId:
        """Doctor `number` of the list that was sent."""
        return people.member(self.stack, self.order_id, number)

    def open_survey(self) -> None:
        """From the order to an open survey whose invitations have not been sent."""
        self.place()
        self.do(do.AgreePlan(meeting=Meeting(starts=MEETING)))
        self.do(do.OpenSurvey(round=Round.BASELINE), now=OPENED)

    def analysed(self) -> None:
        """A closed round that everybody has answered, its results stored."""
        self.open_survey()
        people.answer(self.stack, self.order_id, self.package, self.members, Round.BASELINE)
        self.do(do.CloseSurvey(round=Round.BASELINE, why="by_hand"), now=CLOSED)
        run(SurveySteps(self.at).count_answers, self.step())
        run(Analysis(self.at).tabulate_round, self.step())

    def deck_in_review(self) -> None:
        """A deck and a document of a closed round, kept and not released; nothing is in them."""
        self.analysed()
        kept = self.keep()
        self.do(do.RecordDeck(round=Round.BASELINE, version=1, documents=tuple(info.id for info in kept)))

    def make_deck(self, version: int, round_: Round = Round.BASELINE) -> list[DocumentId]:
        """Make deck and document as production does, and record them."""
        run(DeckActivities(self.at).make_deck, self.step(round_, version))
        with self.stack.database.read() as connection:
            made = documents.documents(connection, self.order_id)
        return [info.id for info in made if (info.round, info.version) == (round_, version)]

    def step(self, round_: Round = Round.BASELINE, version: int = 0) -> TakeStep:
        """As the order's workflow asks for a step's work."""
        known = self.order.version
        return TakeStep(order=self.order_id, round=round_, version=version, known=known, now=self.now)

    def keep(self, round_: Round = Round.BASELINE) -> list[documents.DocumentInfo]:
        news = (
            NewDocument("deck", 1, "mødet.pptx", "application/x-deck", b"deck"),
            NewDocument("document", 1, "resultater.docx", "application/x-document", b"document"),
        )
        with self.stack.database.write() as connection:
            return [documents.put(connection, self.stack.keys, self.order_id, round_, new, self.now) for new in news]

    def written(self, letter: Letter, person: str = "") -> Envelope:
        """One letter as it would be sent now: to this recipient, or to whoever it is for, if that is one."""
        order, writer = self.order, LetterWriter(self.at)
        to = To(person or _reader(order, letter))
        with self.stack.database.read() as connection:
            recipient = writer.recipient(connection, letter, to)
            if letter.round is not None and mailing_of(letter).to == "not_answered":
                roll = survey_roll.outstanding(connection, order.id, letter.round)
                invitation = next((each for each in roll if each.person == to.recipient), None)
                recipient = dataclasses.replace(recipient, invitation=invitation)
            return writer.write(connection, order, letter, recipient, "mail-1", self.now)

    def mails(self, letter: str | None = None) -> list[OutgoingMail]:
        with self.stack.database.read() as connection:
            return outbox.mails(connection, self.order_id, letter)


def _somebody_for(command: AnyCommand) -> By:
    return SYSTEM if Capacity.SYSTEM in command.BY else CONSULTANT


def _reader(order: Order, letter: Letter) -> str:
    match mailing_of(letter).to:
        case "coordinator":
            return order.coordinator
        case "consultant":
            return order.consultant or OFFICE
        case "operations":
            return OFFICE
        case _:
            return next(iter(order.active_members))


def run(activity: Callable[..., Any], *given: Any, **info: Any) -> Any:
    """Call an activity as a worker would."""
    env = ActivityEnvironment()
    if info:
        env.info = dataclasses.replace(env.info, **info)
    return env.run(activity, *given)

"""An order on a real store without Temporal: commands are decided and recorded here, activities are called by hand."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.dependencies import Dependencies
from activities.writing import Recipient, Writer
from domain import commands as do
from domain.commands import Command
from domain.decisions import decide
from domain.evolution import load
from domain.letters import Letter
from domain.meeting import Meeting, at
from domain.model import OrderId, Round, StaffId
from domain.order import Order
from domain.package import Package
from mail.envelope import Envelope
from mail.sending import Sent
from storage import documents, outbox
from storage.documents import NewDocument
from storage.outbox import OutgoingMail
from storage.packages import find_package
from tests.workflows import people
from worker.stack import Stack

START = at(dt.date(2031, 3, 3), dt.time(10))
MEETING = dt.datetime(2031, 5, 14, 17)  # noqa: DTZ001 - the wall clock in Denmark
OPENED = at(dt.date(2031, 4, 18), dt.time(9))
CLOSED = at(dt.date(2031, 5, 3), dt.time(9))
MEMBERS = 6


@dataclass
class Postbox:
    """A sender whose outcomes the test decides; what was sent is kept."""

    repeatable: bool = False
    sent: list[Envelope] = field(default_factory=list)
    outcome: Callable[[Envelope], Sent] = lambda _envelope: Sent("ok")

    def send(self, envelope: Envelope) -> Sent:
        result = self.outcome(envelope)
        self.sent.append(envelope)
        return result


@dataclass
class Desk:
    """What a test does and sees."""

    stack: Stack
    post: Postbox
    package: Package = field(default_factory=lambda: find_package("trivsel-og-arbejdsglaede"))
    order_id: OrderId = field(default=OrderId(""))
    now: dt.datetime = START

    @property
    def at(self) -> Dependencies:
        work = self.stack.dependencies
        return Dependencies(work.database, work.store, work.keys, self.post, work.base_url, work.office)

    @property
    def order(self) -> Order:
        order = load(self.stack.store.load(self.order_id))
        assert order is not None
        return order

    def place(self, consultant: StaffId | None = None) -> None:
        """An order with a consultant."""
        command = people.place_order(self.stack, self.package, MEMBERS)
        self.order_id = command.order
        self._record(None, command)
        self.do(do.AssignConsultant(consultant=consultant or people.a_consultant(self.stack)))

    def do(self, *commands: Command, now: dt.datetime | None = None) -> None:
        """Decide and record these, at this time and from then on."""
        self.now = now or self.now
        for command in commands:
            self._record(self.order, command)

    def _record(self, order: Order | None, command: Command) -> None:
        events = decide(order, command, self.now)
        self.stack.store.append(self.order_id, order.version if order else 0, events, actor="system", now=self.now)

    def open_survey(self) -> None:
        """From the order to an open survey whose invitations have not been sent."""
        self.place()
        self.do(do.AgreePlan(meeting=Meeting(starts=MEETING)))
        self.do(do.OpenSurvey(round=Round.BASELINE), now=OPENED)

    def deck_in_review(self) -> None:
        """A deck and a document of a closed round, made and not released."""
        self.open_survey()
        self.do(
            do.CloseSurvey(round=Round.BASELINE, why="by_hand"),
            do.RecordTurnout(round=Round.BASELINE, answers=6, invited=6),
            do.RecordResults(round=Round.BASELINE, answers=6, free_texts=0),
            now=CLOSED,
        )
        kept = self.keep()
        self.do(do.RecordDeck(round=Round.BASELINE, version=1, documents=tuple(info.id for info in kept)))

    def keep(self, round_: Round = Round.BASELINE) -> list[documents.DocumentInfo]:
        news = (
            NewDocument("deck", 1, "mødet.pptx", "application/x-deck", b"deck"),
            NewDocument("document", 1, "resultater.docx", "application/x-document", b"document"),
        )
        with self.stack.database.write() as connection:
            return [documents.put(connection, self.stack.keys, self.order_id, round_, new, self.now) for new in news]

    def written(self, letter: Letter, recipient: Recipient) -> Envelope:
        """One letter as it would be sent now."""
        with self.stack.database.read() as connection:
            return Writer(self.at).write(connection, self.order, letter, recipient, "mail-1", self.now)

    def mails(self, letter: str | None = None) -> list[OutgoingMail]:
        with self.stack.database.read() as connection:
            return outbox.mails(connection, self.order_id, letter)


def run(activity: Callable[..., Any], *given: Any, **info: Any) -> Any:
    """Call an activity as a worker would."""
    env = ActivityEnvironment()
    if info:
        env.info = dataclasses.replace(env.info, **info)
    return env.run(activity, *given)

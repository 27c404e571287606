"""Writing one letter to one recipient: the facts its message needs, looked up now and kept nowhere."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from activities.dependencies import Dependencies
from domain.agenda import decide_by
from domain.calendar import add_working_days
from domain.decisions.follow_up import window
from domain.events import Event, LettersSent, MeetingMoved, PlanAgreed
from domain.letters import Letter, Occasion
from domain.meeting import danish
from domain.model import ContactId, Round, StaffId
from domain.order import FollowUpStatus, Order, Survey
from domain.package import Link, Package
from mail import letter_data as facts
from mail.catalogue import render
from mail.envelope import Address, Attachment, Envelope
from reporting.calendar_file import make_calendar_file
from storage import directory, documents, result_repository
from storage.order_links import order_link
from storage.survey_roll import Invitation

OPERATIONS = StaffId("operations")
"""The recipient of what goes to KiAP's office rather than to one consultant."""

STAFF = ("consultant", "operations")
"""To whom what is not released may be shown."""

WITH_CALENDAR = frozenset({Occasion.PLAN_AGREED, Occasion.PROGRAMME, Occasion.MEETING_MOVED})

TELLS_OLD_TIME = frozenset({Occasion.PLAN_AGREED, Occasion.MEETING_MOVED})


@dataclass(frozen=True)
class Recipient:
    """A contact or staff id, with the invitation where the letter is about a round."""

    id: ContactId | StaffId
    invitation: Invitation | None = None


class Writer:
    """Knows what every message is written from."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies

    def write(
        self, connection: Connection, order: Order, letter: Letter, recipient: Recipient, mail_id: str, now: dt.datetime
    ) -> Envelope:
        """The envelope, ready to send."""
        package = self._deps.package_of(connection, order)
        to = self._address(connection, order, letter, recipient)
        data = self._data(connection, order, package, letter, recipient, to, now)
        office = self._deps.office
        return Envelope(
            outbox_id=mail_id,
            occasion=letter.occasion,
            sender=Address(address=office.address, name=office.name),
            to=to,
            at=now,
            mail=render(letter.occasion, data, self._attachments(connection, order, package, letter)),
        )

    def _address(self, connection: Connection, order: Order, letter: Letter, recipient: Recipient) -> Address:
        if recipient.id == OPERATIONS:
            return Address(address=self._deps.office.operations, name=self._deps.office.name)
        if letter.manner.to == "consultant":
            staff = self._staff(connection, order)
            if staff is None:
                return Address(address=self._deps.office.operations, name=self._deps.office.name)
            return Address(address=staff.email, name=staff.name)
        contact = directory.contact(connection, ContactId(recipient.id))
        return Address(address=contact.email, name=contact.name)

    def _data(
        self,
        connection: Connection,
        order: Order,
        package: Package,
        letter: Letter,
        recipient: Recipient,
        to: Address,
        now: dt.datetime,
    ) -> facts.LetterData:
        coordinator = directory.contact(connection, order.coordinator)
        after_the_meeting = letter.occasion in (Occasion.AFTER_MEETING, Occasion.RECORD_REQUEST)
        return facts.LetterData(
            today=danish(now).date(),
            greeting_name="" if recipient.id == OPERATIONS else to.name.split(" ")[0],
            cluster=directory.cluster(connection, order.cluster).name,
            package=package.title,
            order_number=order.id,
            coordinator=facts.Person(name=coordinator.name, address=coordinator.email),
            consultant=self._consultant(connection, order),
            office=facts.Person(
                name=self._deps.office.name, phone=self._deps.office.phone, address=self._deps.office.address
            ),
            link=self._link(connection, order, letter, recipient),
            number=_number(letter),
            due=_due(order, letter),
            survey=_survey_facts(order, package, letter),
            meeting=self._meeting_facts(connection, order, package, letter),
            follow_up=_follow_up_facts(order),
            follow_up_months=order.follow_up.window,
            results=self._result_facts(connection, order, letter),
            ideas=self._ideas(connection, order) if after_the_meeting else None,
            homework=package.homework or None if after_the_meeting else None,
            videos=package.videos if after_the_meeting else (),
        )

    def _consultant(self, connection: Connection, order: Order) -> facts.Person | None:
        staff = self._staff(connection, order)
        if staff is None:
            return None
        return facts.Person(name=staff.name, address=staff.email, phone=self._deps.office.phone)

    def _staff(self, connection: Connection, order: Order) -> directory.Staff | None:
        return directory.find_staff(connection, order.consultant) if order.consultant else None

    def _link(self, connection: Connection, order: Order, letter: Letter, recipient: Recipient) -> str | None:
        if recipient.invitation is not None:
            return f"{self._deps.base_url}/svar/{recipient.invitation.token(self._deps.keys)}"
        if letter.manner.to == "members":
            return self._results_link(connection, order)
        holder = order.coordinator if letter.manner.to == "coordinator" else order.consultant or OPERATIONS
        return f"{self._deps.base_url}/bestilling/{order_link(self._deps.keys, order.id, holder)}"

    def _results_link(self, connection: Connection, order: Order) -> str | None:
        """Where the members find the results: nowhere before they are released, or when they never are."""
        if order.baseline is None or order.baseline.released_at is None:
            return None
        info = _made(connection, order, order.baseline).get("document")
        return f"{self._deps.base_url}/d/{info.token(self._deps.keys)}" if info else None

    def _result_facts(self, connection: Connection, order: Order, letter: Letter) -> facts.ResultFacts:
        survey = order.survey(letter.round or Round.BASELINE)
        if survey is None or not survey.deck_version:
            return facts.ResultFacts()
        if survey.released_at is None and letter.manner.to not in STAFF:
            return facts.ResultFacts(shown=False)
        shelved = result_repository.stored(connection, order.id, survey.round)
        shown = shelved is not None and not shelved.results.suppressed
        made, keys = _made(connection, order, survey), self._deps.keys
        tokens = {
            kind: info.token(keys) if survey.released_at else info.review_token(keys) for kind, info in made.items()
        }
        links = tuple(
            Link(title=title, url=f"{self._deps.base_url}/d/{tokens[kind]}")
            for kind, title in _TITLES[survey.round].items()
            if kind in tokens
        )
        return facts.ResultFacts(
            shown=shown,
            free_texts=0 if survey.free_texts_read else survey.free_texts,
            review_until=survey.review_until,
            documents=links,
        )

    def _meeting_facts(
        self, connection: Connection, order: Order, package: Package, letter: Letter
    ) -> facts.MeetingFacts | None:
        meeting = order.meeting
        if meeting is None:
            return None
        return facts.MeetingFacts(
            starts=meeting.starts,
            minutes=meeting.minutes,
            format=meeting.format,
            facilitator=meeting.facilitator,
            place=directory.words_of(connection, meeting.place) or None,
            programme=package.programme,
            was=_was(self._deps.store.load(order.id), letter) if letter.occasion in TELLS_OLD_TIME else None,
        )

    def _ideas(self, connection: Connection, order: Order) -> str | None:
        for event in reversed(self._deps.store.load(order.id)):
            if event.type == "meeting_recorded":
                return directory.words_of(connection, event.ideas) or None
        return None

    def _attachments(
        self, connection: Connection, order: Order, package: Package, letter: Letter
    ) -> tuple[Attachment, ...]:
        if letter.occasion not in WITH_CALENDAR or order.meeting is None:
            return ()
        content = make_calendar_file(
            uid=f"{order.id}@klyngeflow",
            sequence=order.meeting_edition,
            starts=order.meeting.starts,
            minutes=order.meeting.minutes,
            title=f"Klyngemøde: {package.title}",
            place=directory.words_of(connection, order.meeting.place),
            description=f"Klyngemøde i {directory.cluster(connection, order.cluster).name}.",
        )
        return (Attachment(filename="klyngemoede.ics", media_type="text/calendar", content=content),)


_TITLES: dict[Round, dict[documents.DocumentKind, str]] = {
    Round.BASELINE: {"deck": "PowerPoint til mødet", "document": "Resultater i Word"},
    Round.FOLLOW_UP: {"deck": "PowerPoint med før og efter", "document": "Før og efter i Word"},
}
"""In the order they are listed."""


def _made(connection: Connection, order: Order, survey: Survey) -> dict[documents.DocumentKind, documents.DocumentInfo]:
    """The documents of the round's deck, as the order has it."""
    return {info.kind: info for info in documents.documents(connection, order.id) if info.id in survey.documents}


def _number(letter: Letter) -> int:
    """Which time the letter goes. Those counted from none, as the extensions before too few answered, begin at 0."""
    last = letter.number.rpartition(".")[2]
    return max(1, int(last)) if last.isdigit() else 1


def _due(order: Order, letter: Letter) -> dt.date | None:
    survey = order.survey(letter.round or Round.BASELINE)
    dues: dict[Occasion, Callable[[], dt.date | None]] = {
        Occasion.ORDER_RECEIVED: lambda: order.call_due,
        Occasion.CALL_OVERDUE: lambda: order.call_due,
        Occasion.PLAN_AGREED: lambda: (
            add_working_days(order.meeting.day, -order.policies.deck_before_meeting) if order.meeting else None
        ),
        Occasion.TOO_FEW_ANSWERS: lambda: danish(decide_by(order, survey)).date() if survey else None,
    }
    return dues.get(letter.occasion, lambda: None)()


def _survey_facts(order: Order, package: Package, letter: Letter) -> facts.SurveyFacts | None:
    survey: Survey | None = order.survey(letter.round or Round.BASELINE)
    if survey is None:
        return None
    return facts.SurveyFacts(
        round=survey.round,
        opens=survey.opens,
        closes=survey.closes,
        minutes=package.minutes_to_answer,
        at_least=order.disclosure.at_least,
        answered=survey.answers,
        invited=survey.invited,
        decide_by=decide_by(order, survey) if survey.awaits_decision else None,
    )


def _follow_up_facts(order: Order) -> facts.FollowUpFacts | None:
    if order.meeting is None:
        return None
    allowed = window(order)
    settled = order.follow_up.status is not FollowUpStatus.UNDECIDED
    return facts.FollowUpFacts(
        earliest=allowed.opens,
        latest=allowed.closes,
        opens=order.follow_up.opens,
        wanted=order.follow_up.agreed if settled else order.follow_up.wanted,
    )


def _was(events: list[Event], letter: Letter) -> dt.datetime | None:
    """The meeting's time as these readers last had it from us, where it is another now.

    The same letter again is for newcomers or for what never left: the others still know what it first told them.
    """
    tells = _TELLS_COORDINATOR if letter.manner.to == "coordinator" else _TELLS_MEMBERS
    told: dt.datetime | None = None
    starts: dt.datetime | None = None
    gone = {letter.key}
    for event in events:
        if isinstance(event, PlanAgreed):
            starts = event.meeting.starts
        elif isinstance(event, MeetingMoved):
            starts = event.starts
        elif isinstance(event, LettersSent) and event.key not in gone and Letter.parse(event.key).occasion in tells:
            gone.add(event.key)
            told = starts
    return told if told != starts else None


_TELLS_COORDINATOR = (Occasion.PLAN_AGREED,)
_TELLS_MEMBERS = (Occasion.INVITATION, Occasion.PROGRAMME, Occasion.MEETING_MOVED)

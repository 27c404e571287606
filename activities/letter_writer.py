"""One letter to one recipient, written: address, message, calendar entry. Nothing of it is kept."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from activities.dependencies import Dependencies
from activities.letter_facts import facts_of
from domain.agreements import points_in
from domain.letters import Letter, Occasion
from domain.mailings import mailing_of
from domain.model import PersonId, StaffId
from domain.order import Order
from domain.package import Package
from mail.catalogue import render
from mail.envelope import Address, Attachment, Envelope, Mail
from reporting.calendar_file import CalendarUser, make_calendar_file
from reporting.meeting_entry import meeting_entry
from storage import clusters, people, texts
from storage.outbox import To
from storage.programme import video_of
from storage.staff import OFFICE, find_staff
from storage.survey_roll import Invitation


@dataclass(frozen=True)
class Recipient:
    """Whom a letter goes to, at which of their addresses, and the invitation where it is about a round."""

    to: To
    mailbox: Address
    invitation: Invitation | None = None


class LetterWriter:
    """Knows what every message is written from."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies

    def recipient(self, connection: Connection, letter: Letter, to: To) -> Recipient:
        """The recipient as they are reached now. Raises NoSuchPerson."""
        return Recipient(to, self._mailbox(connection, letter, to))

    def write(
        self,
        connection: Connection,
        order: Order,
        letter: Letter,
        recipient: Recipient,
        mail_id: str,
        now: dt.datetime,
    ) -> Envelope:
        """The envelope, ready to send. Raises IncompleteLetter."""
        package, office = self._deps.package_of(connection, order), self._deps.office
        data = facts_of(self._deps, connection, order, package, letter, recipient, now)
        attachments = self._calendar(connection, order, package, letter, recipient, now)
        return Envelope(
            outbox_id=mail_id,
            occasion=letter.occasion,
            sender=Address(address=office.address, name=office.name),
            to=recipient.mailbox,
            at=now,
            mail=render(letter.occasion, data, attachments),
        )

    def after_meeting(
        self,
        connection: Connection,
        order: Order,
        recipient: Recipient,
        ideas: str | None,
        agreed: str | None,
        now: dt.datetime,
    ) -> Mail:
        """The letter after the meeting, with words that are not kept yet. Raises IncompleteLetter."""
        package, letter = self._deps.package_of(connection, order), Letter(Occasion.AFTER_MEETING)
        data = facts_of(self._deps, connection, order, package, letter, recipient, now)
        return render(letter.occasion, data.model_copy(update={"ideas": ideas, "agreed": points_in(agreed or "")}))

    def _mailbox(self, connection: Connection, letter: Letter, to: To) -> Address:
        office = self._deps.office
        if mailing_of(letter).to in ("consultant", "operations"):
            staff = find_staff(connection, StaffId(to.recipient))
            if staff is None:  # the office's own, or somebody who has left
                return Address(address=office.operations, name=office.name)
            return Address(address=staff.email, name=staff.name)
        person = people.person(connection, PersonId(to.recipient))
        return Address(address=person.email, name=person.name)

    def _calendar(
        self,
        connection: Connection,
        order: Order,
        package: Package,
        letter: Letter,
        recipient: Recipient,
        now: dt.datetime,
    ) -> tuple[Attachment, ...]:
        """The meeting's entry, or its cancellation to whoever has the entry."""
        kind = mailing_of(letter).calendar
        if kind is None or order.meeting is None or (kind == "cancel" and not _has_entry(order, letter, now)):
            return ()
        place, office = texts.words_of(connection, order.meeting.place), self._deps.office
        entry = meeting_entry(
            order.id,
            order.meeting,
            order.meeting_edition + (kind == "cancel"),
            title=package.title,
            cluster=clusters.cluster(connection, order.cluster).name,
            place=place,
            video=video_of(connection, package, order),
            organizer=CalendarUser(office.name, office.address),
        )
        reader = CalendarUser(recipient.mailbox.name, recipient.mailbox.address)
        file = make_calendar_file(entry, now, reader, cancelled=kind == "cancel")
        return (Attachment(filename="klyngemoede.ics", media_type=file.media_type, content=file.content),)


def _has_entry(order: Order, letter: Letter, now: dt.datetime) -> bool:
    """Whether the letter's readers have an entry of the meeting that still lies ahead."""
    if order.meeting is None or order.meeting_settled or now >= order.meeting.starts_at:
        return False
    if mailing_of(letter).to_members:
        return order.has_gone(Letter(Occasion.PROGRAMME)) or order.any_has_gone(Occasion.MEETING_MOVED)
    return any(Letter.parse(key).occasion is Occasion.PLAN_AGREED for key in order.letters)


def office_recipient() -> To:
    """KiAP's shared mailbox."""
    return To(OFFICE)

"""The order's members with what became of their mail; never what tells who has answered.

Letters to those who have not answered are nobody's here, whatever became of them. Of a round's invitation nothing is
told of a member whose address was corrected since: only who had not answered got another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from domain.danish import alphabetical, numeric_date
from domain.letters import Letter, Occasion
from domain.mailings import mailing_of
from domain.model import PersonId
from domain.order import Order
from storage import clusters, outbox, people, suppressions
from storage.keys import Keys
from storage.mail_discretion import goes_to_the_rest
from storage.mail_ledger import STATES, code_line
from storage.outbox import MailState, OutgoingMail
from storage.people import Person
from storage.suppressions import Mailbox, Suppressed
from web.api.roles import ROLES

STANDING = {
    Suppressed.OPTED_OUT: "Vil ikke have mails",
    Suppressed.BOUNCED: "Adressen tager ikke imod mails",
}
NOT_TOLD = "Om der er gået en ny invitation til den rettede adresse, siges ikke. Det ville sige, hvem der har svaret."


@dataclass(frozen=True)
class MemberShown:
    """A member. `mails` are lines such as "Invitation: sendt 3.3.2026"; `standing` is what holds for all their mail."""

    id: PersonId
    name: str
    email: str
    role: str
    practice: str
    standing: Sequence[str]
    mails: Sequence[str]


def members_shown(connection: Connection, keys: Keys, order: Order) -> list[MemberShown]:
    """The active members by name, A–Å; erased ones have no name and stand last."""
    active = order.active_members
    known = people.people(connection, list(active))
    practices = clusters.practices(connection, {member.practice for member in active.values()})
    boxes = {person.id: Mailbox(person.name, person.email) for person in known.values() if person.erased_at is None}
    stopped = suppressions.suppressed(connection, keys, boxes.values())
    mails = _told(outbox.mails(connection, order.id), known)
    shown = [
        MemberShown(
            id=person_id,
            name=person.name,
            email=person.email,
            role=ROLES[active[person_id].role],
            practice=practices[active[person_id].practice].name if active[person_id].practice in practices else "",
            standing=[STANDING[why] for why in sorted(stopped.get(boxes[person_id], ()))] if person.name else [],
            mails=mails.get(person_id, ()),
        )
        for person_id, person in known.items()
    ]
    return sorted(shown, key=lambda each: (not each.name, alphabetical(each.name)))


def _told(mails: Sequence[OutgoingMail], known: Mapping[PersonId, Person]) -> dict[PersonId, Sequence[str]]:
    told: dict[PersonId, dict[str, str]] = {}
    for mail in mails:
        person, letter = known.get(PersonId(mail.recipient)), Letter.parse(mail.letter)
        if person is None or not mailing_of(letter).to_members or goes_to_the_rest(letter):
            continue
        is_hidden = letter.occasion is Occasion.INVITATION and mail.address < person.address
        lines = told.setdefault(person.id, {})
        if is_hidden or lines.get(letter.key) == NOT_TOLD:
            lines[letter.key] = NOT_TOLD
        else:
            lines[letter.key] = _line(letter, mail)
    return {person: list(lines.values()) for person, lines in told.items()}


def _line(letter: Letter, mail: OutgoingMail) -> str:
    at = mail.sent_at or mail.claimed_at or mail.queued_at
    why = f" ({code_line(mail.code)})" if mail.code and mail.state is not MailState.SENT else ""
    return f"{mailing_of(letter).past}: {STATES[mail.state]} {numeric_date(at)}{why}"

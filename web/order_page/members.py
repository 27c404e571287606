"""The members of an order for its coordinator: who they are and where we write to them; never who has answered."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from domain.danish import alphabetical
from domain.letters import Letter
from domain.model import PersonId
from domain.order import Order
from storage import clusters, people, suppressions
from storage.mail_discretion import goes_to_the_rest
from storage.outbox import MailState, outbox_table
from storage.suppressions import Mailbox, Suppressed
from web.api.roles import ROLES
from web.services import Services


@dataclass(frozen=True)
class MemberListed:
    """A member. `bounces`: the mail address takes no mail. A wish for no mail is the member's own, and not told."""

    id: PersonId
    name: str
    email: str
    role: str
    practice: str
    bounces: bool


def _not_to_be_told(connection: Connection, order: Order) -> set[PersonId]:
    """Whose address refused a reminder and no letter that everybody gets: it would say that they had not answered."""
    c = outbox_table.c
    lost = [MailState.BOUNCED.value, MailState.SKIPPED.value]
    query = select(c.recipient, c.letter).where(c.order_id == order.id, c.state.in_(lost))
    of_reminders, of_others = set[PersonId](), set[PersonId]()
    for row in connection.execute(query):
        to_the_rest = goes_to_the_rest(Letter.parse(row.letter))
        (of_reminders if to_the_rest else of_others).add(PersonId(row.recipient))
    return of_reminders - of_others


def members_listed(services: Services, order: Order) -> list[MemberListed]:
    """The active members whose names are there, A–Å."""
    active = order.active_members
    with services.database.read() as connection:
        known = [each for each in people.people(connection, list(active)).values() if each.name]
        practices = clusters.practices(connection, {active[each.id].practice for each in known})
        boxes = {each.id: Mailbox(each.name, each.email) for each in known}
        kept_back = _not_to_be_told(connection, order)
        stopped = suppressions.suppressed(connection, services.keys, boxes.values())
    listed = [
        MemberListed(
            id=each.id,
            name=each.name,
            email=each.email,
            role=ROLES[active[each.id].role],
            practice=practices[active[each.id].practice].name if active[each.id].practice in practices else "",
            bounces=each.id not in kept_back and Suppressed.BOUNCED in stopped.get(boxes[each.id], ()),
        )
        for each in known
    ]
    return sorted(listed, key=lambda each: alphabetical(each.name))

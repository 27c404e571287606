"""Who gets in by the office's sign-in service: known by its id or a verified address, in the role it gives.

The service decides who is one of KiAP's own; somebody new is added (docs/decisions/0015-signing-in.md).
"""

import datetime as dt

from sqlalchemy import Connection

from domain.text import email_address, person_name
from domain.unfit import Unfit
from storage import accounts, audit
from storage.audit import Deed, Origin, Subject
from storage.sessions import end_sessions
from storage.staff import Staff, StaffRole, add_staff, change_role, find_staff
from web.console.claims import Claims
from web.console.entering import by_of


class NotAdmitted(Exception):  # noqa: N818 - a finding, named as one
    """A no, with its one line for whoever stands there."""


NO_ROLE = "Din konto har ingen rolle i Klyngeflow. Bed den, der styrer jeres konti, om at give dig en."
NO_ADDRESS = (
    "Jeres loginside har ikke bekræftet din mailadresse, så vi kan ikke se, hvem du er. "
    "Bed den, der styrer jeres konti, om hjælp."
)
ANOTHERS = "Din mailadresse hører til en anden konto hos os. Bed en administrator om hjælp."


def admit(
    connection: Connection, claims: Claims, role: StaffRole | None, origin: Origin, now: dt.datetime, wall: dt.datetime
) -> Staff:
    """Who they are, in the role they have now. Raises NotAdmitted; then nothing is written."""
    if role is None:
        raise NotAdmitted(NO_ROLE)
    person = accounts.staff_by_subject(connection, claims.subject) or _by_address(connection, claims)
    if person is None:
        person = _added(connection, claims, role, origin, now)
    accounts.set_subject(connection, person.id, claims.subject, wall)
    if person.role is not role:
        change_role(connection, person.id, role)
        end_sessions(connection, person.id)
        changed = find_staff(connection, person.id) or person
        facts = {"from": person.role.value, "to": role.value}
        audit.note(connection, by_of(changed), Deed.ROLE_CHANGED, origin, now, Subject(about=person.id, facts=facts))
        return changed
    return person


def _by_address(connection: Connection, claims: Claims) -> Staff | None:
    account = accounts.account_by_email(connection, claims.email) if claims.email else None
    if account is None:
        return None
    if accounts.has_subject(connection, account.staff.id):
        raise NotAdmitted(ANOTHERS)  # an address that was somebody else's at the service before
    return account.staff


def _added(connection: Connection, claims: Claims, role: StaffRole, origin: Origin, now: dt.datetime) -> Staff:
    try:
        email = email_address(claims.email)
        name = person_name(claims.name or claims.email.partition("@")[0])
    except Unfit:
        raise NotAdmitted(NO_ADDRESS) from None
    person = Staff(add_staff(connection, name, email, role), name, email, role)
    audit.note(connection, by_of(person), Deed.STAFF_ADDED, origin, now, Subject(about=person.id))
    return person

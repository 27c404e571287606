"""Who changes something from a terminal, as the audit log has it: KLYNGEFLOW_STAFF, or the terminal itself."""

import datetime as dt

from sqlalchemy import Connection

from cli.ending import Refusal
from domain.by import By, Capacity
from storage import audit
from storage.audit import TERMINAL, Deed, Subject
from storage.staff import everybody

UNNAMED = By(role=Capacity.SYSTEM, who="terminal")


def acting(connection: Connection, named: str) -> By:
    """One of KiAP's own by id or mail address; the terminal where nobody is named. Refusal for who is not there."""
    if not named:
        return UNNAMED
    for person in everybody(connection):
        if named == person.id or named.casefold() == person.email.casefold():
            return By(role=Capacity(person.role.value), who=person.id)
    raise Refusal(f"KLYNGEFLOW_STAFF: nobody has the id or the address '{named}'; `klyngeflow staff list` shows them")


def note(connection: Connection, named: str, deed: Deed, subject: Subject) -> None:
    """A line of the audit log, in the transaction of the change. Refusal as `acting` has it."""
    audit.note(connection, acting(connection, named), deed, TERMINAL, dt.datetime.now(dt.UTC), subject)

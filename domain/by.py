"""Who gives a command, and in which capacity."""

from enum import StrEnum

from domain.model import Frozen, PersonId, StaffId


class Capacity(StrEnum):
    """In which capacity somebody acts."""

    COORDINATOR = "coordinator"
    MEMBER = "member"
    CONSULTANT = "consultant"
    OPERATIONS = "operations"
    ADMINISTRATOR = "administrator"
    API = "api"
    SYSTEM = "system"


class Scope(StrEnum):
    """What an API key may be used for."""

    PLACE_ORDERS = "place_orders"
    READ_ORDERS = "read_orders"
    READ_PEOPLE = "read_people"
    GIVE_COMMANDS = "give_commands"


class By(Frozen):
    """`who` is a person's or staff member's id, an API key's name, or a part of the system; never somebody's name.

    `scopes` are an API key's, empty for everybody else. An event keeps `role` and `who`.
    """

    role: Capacity
    who: str
    scopes: frozenset[Scope] = frozenset()

    def __str__(self) -> str:
        return f"{self.role}:{self.who}"


SYSTEM = By(role=Capacity.SYSTEM, who="clock")
"""The order's own workflow."""
PORTAL = By(role=Capacity.SYSTEM, who="portal")
"""The page by which whoever has lost a link is sent it: who asked is not known."""
SWEEP = By(role=Capacity.SYSTEM, who="sweep")
"""The scheduled sweep over all orders."""


def coordinator(person: PersonId) -> By:
    """The order's coordinator, by the order page's link."""
    return By(role=Capacity.COORDINATOR, who=person)


def consultant(staff: StaffId) -> By:
    """One of KiAP's consultants."""
    return By(role=Capacity.CONSULTANT, who=staff)


def operations(staff: StaffId) -> By:
    """KiAP's operations, or their shared mailbox."""
    return By(role=Capacity.OPERATIONS, who=staff)

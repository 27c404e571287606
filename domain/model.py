"""The base of every value in the domain, and the names of its ids."""

from enum import StrEnum
from typing import Any, NewType, Self

from pydantic import BaseModel, ConfigDict

OrderId = NewType("OrderId", str)
ClusterId = NewType("ClusterId", str)
PackageSlug = NewType("PackageSlug", str)
MemberId = NewType("MemberId", str)
ContactId = NewType("ContactId", str)
"""A row with a name and an address. A changed address is a new contact, so that events never hold one."""
PracticeId = NewType("PracticeId", str)
StaffId = NewType("StaffId", str)
TextId = NewType("TextId", str)
"""A row with something a person wrote. Events point to it; it can be erased."""
DocumentId = NewType("DocumentId", str)


class Frozen(BaseModel):
    """A value: immutable, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def having(self, **changes: Any) -> Self:  # noqa: ANN401
        """A copy with these fields changed. The caller keeps the types right; mypy cannot see through it."""
        return self.model_copy(update=changes)


class Role(StrEnum):
    """What a member is in the practice. Who is surveyed is the package's choice."""

    OWNER = "ejerlaege"
    EMPLOYED = "ansat_laege"
    TRAINEE = "uddannelseslaege"
    STAFF = "praksispersonale"


class Round(StrEnum):
    """The two survey rounds of an order."""

    BASELINE = "baseline"
    FOLLOW_UP = "follow_up"


class Actor(StrEnum):
    """In which capacity somebody gives a command."""

    COORDINATOR = "coordinator"
    CONSULTANT = "consultant"
    OPERATIONS = "operations"
    SYSTEM = "system"


class Rejected(Exception):  # noqa: N818 - a "no" from the domain, not an error
    """The domain says no. `code` is stable, `message` is Danish for the person, `facts` are ids, dates and counts.

    >>> raise Rejected("meeting_too_early", "Mødet kan tidligst ligge den 27. marts 2026.", earliest="2026-03-27")
    """

    def __init__(self, code: str, message: str, **facts: str | int) -> None:
        super().__init__(code, message, facts)
        self.code = code
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

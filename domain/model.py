"""The base of every value in the domain, and the names of its ids."""

from enum import StrEnum
from typing import NewType

from pydantic import BaseModel, ConfigDict

OrderId = NewType("OrderId", str)
ClusterId = NewType("ClusterId", str)
PackageSlug = NewType("PackageSlug", str)
PersonId = NewType("PersonId", str)
"""A row with a name, an address and a telephone number: one for each doctor, in all orders. It can be erased."""
PracticeId = NewType("PracticeId", str)
StaffId = NewType("StaffId", str)
PartId = NewType("PartId", str)
"""A part of a package's programme."""
Digest = NewType("Digest", str)
"""Of a register's extract: keyed, so that it tells nothing of what it is of."""
TextId = NewType("TextId", str)
"""A row with something a person wrote. Events point to it; it can be erased."""
DocumentId = NewType("DocumentId", str)
ScaleId = NewType("ScaleId", str)
"""A scale of a package, or of KiAP's own (`domain/house_scales.py`)."""


class Frozen(BaseModel):
    """A value: immutable, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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

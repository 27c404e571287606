"""What is asked of the list of needs, and a row as its sources find it."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, collate, or_, select, true

from domain.model import OrderId, StaffId
from domain.needs import Reason
from domain.stages import Owner
from storage.incidents import NO_ORDER
from storage.staff import staff_table


class Whose(StrEnum):
    """Whom a need waits for. `NOBODYS` waits for KiAP, with nobody of KiAP's to see to it, or one who has left."""

    ALL = "all"
    NOBODYS = "nobodys"


class PutOff(StrEnum):
    """What becomes of tasks that are put off until a day that is still to come."""

    HIDDEN = "hidden"
    SHOWN = "shown"
    ALONE = "alone"


@dataclass(frozen=True)
class Wanted:
    """Which needs are asked for. `whose` may be one of KiAP's own, by id; no `reasons` are all of them.

    `due_before` leaves out what has a deadline that is not before it.
    """

    whose: StaffId | Whose = Whose.ALL
    reasons: frozenset[Reason] = frozenset()
    put_off: PutOff = PutOff.HIDDEN
    due_before: dt.datetime | None = None

    def asks_for(self, *reasons: Reason) -> bool:
        """Whether any of these is wanted."""
        return not self.reasons or not self.reasons.isdisjoint(reasons)

    def asks_operations(self, *reasons: Reason) -> bool:
        """Whether what has one of these reasons, is nobody's own and cannot be put off is wanted."""
        return self.asks_for(*reasons) and self.put_off is not PutOff.ALONE and isinstance(self.whose, Whose)


@dataclass(frozen=True)
class Found:
    """A row of a source. `about` tells it from others of the order: a task's kind, a person, a letter's key, a step.

    `told` is what else the source knows of it.
    """

    source: int
    reason: Reason
    order_id: OrderId | None
    about: tuple[str, ...]
    owner_role: Owner
    owner_id: str | None
    since: dt.datetime
    due: dt.datetime | None = None
    promised: dt.datetime | None = None
    postponed_until: dt.date | None = None
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[dt.datetime, str, int, tuple[str, ...]]:
        """What it is sorted by, as in its source's query. Without a deadline it is to be done from when it began."""
        return self.due or self.since, self.order_id or NO_ORDER, self.source, self.about


def binary(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """The column as Python sorts it, whatever language the database has."""
    return column if connection.dialect.name == "sqlite" else collate(column, "C")


def is_whose(
    whose: StaffId | Whose, owner_id: ColumnElement[Any], is_kiaps: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The condition that a row waits for whom is asked."""
    if whose is Whose.ALL:
        return true()
    if whose is Whose.NOBODYS:
        still_here = select(staff_table.c.id).where(staff_table.c.left_at.is_(None))
        return and_(is_kiaps, or_(owner_id.is_(None), owner_id.not_in(still_here)))
    return owner_id == whose

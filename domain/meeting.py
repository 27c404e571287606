"""The cluster meeting as agreed at the call."""

import datetime as dt
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, field_validator

from domain.model import Frozen, PartId, TextId

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


class Format(StrEnum):
    IN_PERSON = "fysisk"
    VIDEO = "video"


class Facilitator(StrEnum):
    COORDINATOR = "koordinator"
    CONSULTANT = "konsulent"
    EXTERNAL = "ekstern"


SHORTEST_MEETING, LONGEST_MEETING = 30, 480
"""Minutes that a meeting can be agreed to last."""


LOCAL_TIME = "local time in Denmark, without offset"


def without_offset(shape: dict[str, Any]) -> None:
    """For the description of a local time: JSON Schema's `date-time` is an instant, with its offset."""
    shape.pop("format", None)


class Meeting(Frozen):
    """When, how and how long. `starts` is the wall clock in Denmark: 17.00 stays 17.00 across summer time."""

    starts: dt.datetime = Field(description=LOCAL_TIME, json_schema_extra=without_offset)
    minutes: int = 150
    format: Format = Format.IN_PERSON
    facilitator: Facilitator = Facilitator.COORDINATOR
    place: TextId | None = None
    ring_name: TextId | None = None
    ring_phone: TextId | None = None
    """Whom to ring for those who can't get into a video meeting; the coordinator where nobody else was agreed."""

    @field_validator("starts")
    @classmethod
    def _as_the_clock_shows(cls, starts: dt.datetime) -> dt.datetime:
        return wall_clock(starts)

    def moved_to(self, starts: dt.datetime) -> "Meeting":
        """The same meeting at another time, given as Danish clocks show it or as an instant."""
        return self.model_copy(update={"starts": wall_clock(starts)})

    @property
    def day(self) -> dt.date:
        return self.starts.date()

    @property
    def starts_at(self) -> AwareDatetime:
        """The instant, UTC."""
        return at(self.starts.date(), self.starts.time())

    @property
    def ends_at(self) -> AwareDatetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)


class PlannedPart(Frozen):
    """A part of the programme as one meeting has it. Words that are not there are the package's own.

    One of no minutes is left out of the meeting.
    """

    part: PartId
    """Its id in the package."""
    minutes: int = Field(ge=0, le=LONGEST_MEETING)
    title: TextId | None = None
    text: TextId | None = None


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """The UTC instant at which Danish clocks show this time."""
    return dt.datetime.combine(day, time.replace(tzinfo=None), COPENHAGEN).astimezone(dt.UTC)


def wall_clock(when: dt.datetime) -> dt.datetime:
    """An agreed time as Danish clocks show it, without offset. A time with an offset is turned into Danish time."""
    local = danish(when) if when.tzinfo else when
    return local.replace(tzinfo=None, microsecond=0)


def danish(instant: dt.datetime) -> dt.datetime:
    """An instant as Danish wall time (aware)."""
    return instant.astimezone(COPENHAGEN)

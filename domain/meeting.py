"""The cluster meeting as agreed at the call."""

import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from domain.model import Frozen, TextId

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


class Format(StrEnum):
    IN_PERSON = "fysisk"
    VIDEO = "video"


class Facilitator(StrEnum):
    COORDINATOR = "koordinator"
    CONSULTANT = "konsulent"
    EXTERNAL = "ekstern"


class Meeting(Frozen):
    """When, how and how long. `starts` is the wall clock in Denmark: 17.00 stays 17.00 across summer time."""

    starts: dt.datetime = Field(description="local time in Denmark, without offset")
    minutes: int = Field(150, ge=30, le=480)
    format: Format = Format.IN_PERSON
    facilitator: Facilitator = Facilitator.COORDINATOR
    place: TextId | None = None

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


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """The UTC instant at which Danish clocks show this time."""
    return dt.datetime.combine(day, time.replace(tzinfo=None), COPENHAGEN).astimezone(dt.UTC)


def danish(instant: dt.datetime) -> dt.datetime:
    """An instant as Danish wall time (aware)."""
    return instant.astimezone(COPENHAGEN)

"""What the papers of a meeting are made from. Of answers there is nothing in it but the deck, as it was delivered."""

import datetime as dt
from dataclasses import dataclass

from domain.help import Help
from domain.meeting import Format, Meeting
from domain.model import Round
from domain.offers import OffersHere
from domain.package import Package
from domain.programme_times import TimedPart
from domain.video import VideoFrame


@dataclass(frozen=True)
class Doctor:
    """A doctor on the list, as the directory has them while a paper is made. `came` is None before it is noted."""

    id: str
    name: str
    practice: str
    practice_id: str = ""
    came: bool | None = None


@dataclass(frozen=True)
class PaperContext:
    """`doctors` are there only for papers with names, in the order they are printed; `draw` counts from 1."""

    package: Package
    cluster: str
    made_on: dt.date
    meeting: Meeting | None = None
    place: str = ""
    coordinator: str = ""
    round: Round = Round.BASELINE
    programme: tuple[TimedPart, ...] = ()
    video: VideoFrame | None = None
    offers: OffersHere | None = None
    help: Help | None = None
    deck: bytes | None = None
    doctors: tuple[Doctor, ...] = ()
    seed: str = ""
    draw: int = 1
    attended: int | None = None
    absent: int | None = None
    agreed: tuple[str, ...] = ()
    """What the cluster agreed at the meeting before this one, in its own words."""
    agreed_on: dt.date | None = None
    """The day of that meeting."""

    @property
    def title(self) -> str:
        """The package's name in this round."""
        return self.package.title_in(self.round)

    @property
    def made_at(self) -> dt.datetime:
        """The date as the time Office's properties want."""
        return dt.datetime.combine(self.made_on, dt.time(12))

    @property
    def tasks(self) -> tuple[TimedPart, ...]:
        """The parts in which groups have something to talk about."""
        return tuple(part for part in self.programme if part.tasks)

    @property
    def form(self) -> Format:
        """The meeting's form; in person where none is agreed."""
        return self.meeting.format if self.meeting else Format.IN_PERSON

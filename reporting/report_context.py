"""What a deck or a document is made from: the package, what may be told, and for whom."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.calendar import months_between
from domain.comparator import NOBODY_ELSE, ChangeElsewhere, Comparator, Elsewhere
from domain.danish import count, month_and_year, short_date
from domain.deck_plan import SlidePlan
from domain.fitting import fitted, wished
from domain.help import Help
from domain.meeting import Format, Meeting
from domain.model import Round
from domain.own_questions import is_own
from domain.package import Package
from domain.programme import MeetingPart
from domain.programme_times import TimedBlock, TimedPart, in_blocks, on_the_clock
from domain.results import Results
from domain.video import RingTo, VideoFrame, video_frame
from reporting.logo import Logo
from reporting.slide_kinds import RETIRED


@dataclass(frozen=True)
class ReportContext:
    """`results` and `baseline` come through the disclosure gate; `baseline` is the first round, for a follow-up.

    `free_texts` are the answers in words to the package's question, as the consultant has let them through. `meeting`,
    with its `place` in words, is the one the report is for: it gives the programme its form, length and times. `parts`
    is that meeting's own programme; where it is not given, it is the package's, fitted to the meeting. `ring` is for
    those who can't get into a meeting on video. `mark` stands among a deck's keywords (`reporting/given_deck.py`).
    `help` is the package's as this cluster's doctors see it (`domain/help.py: help_for`).
    `elsewhere` is what KiAP's other clusters said, as it stood when the round's first deck was made.
    """

    package: Package
    results: Results
    cluster: str
    made_on: dt.date
    baseline: Results | None = None
    free_texts: tuple[str, ...] = ()
    coordinator: str = ""
    meeting: Meeting | None = None
    place: str = ""
    own_texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What was answered in words to the cluster's own questions, by item, as the consultant has let it through."""
    mark: str = ""
    help: Help | None = None
    parts: tuple[MeetingPart, ...] | None = None
    ring: RingTo | None = None
    elsewhere: Elsewhere = NOBODY_ELSE
    closed_on: dt.date | None = None
    baseline_closed_on: dt.date | None = None
    """The days the rounds were closed, where they are known: a comparison says how long lies between."""
    logo: Logo | None = None
    met_on: dt.date | None = None
    """For a follow-up: the day of the meeting that came after the first round, where it is known."""
    agreed: tuple[str, ...] = ()
    """What the cluster agreed then, in its own words."""

    @property
    def last_time(self) -> tuple[str, ...]:
        """The meeting before, and how long ago: "Klyngemødet", "den 25. marts 2026", "10 måneder siden"."""
        if self.met_on is None:
            return ()
        months = months_between(self.met_on, self.made_on)
        ago = (f"{count(months, 'måned', 'måneder')} siden",) if months > 0 else ()
        return ("Klyngemødet", f"den {short_date(self.met_on)}", *ago)

    @property
    def video(self) -> VideoFrame | None:
        """What is told of a meeting on video; None where it is held in a room, or not agreed."""
        return video_frame(self.package.programme, self.meeting, self.ring)

    @property
    def comparators(self) -> Mapping[str, Comparator]:
        """First rounds of others, by target, for a first round."""
        return self.elsewhere.comparators if self.round is Round.BASELINE else {}

    @property
    def changes_elsewhere(self) -> Mapping[str, ChangeElsewhere]:
        """What changed for others, by target, for a follow-up."""
        return self.elsewhere.changes if self.round is Round.FOLLOW_UP else {}

    @property
    def form(self) -> Format:
        """The form of the meeting; in person where none is agreed."""
        return self.meeting.format if self.meeting else Format.IN_PERSON

    @property
    def programme(self) -> tuple[TimedPart, ...]:
        """The meeting's programme, fitted to its length, on its clock where it is known. A follow-up has none."""
        if self.round is Round.FOLLOW_UP:
            return ()
        return on_the_clock(self._parts(), self.meeting.starts if self.meeting else None)

    def _parts(self) -> tuple[MeetingPart, ...]:
        if self.parts is not None:
            return self.parts
        own = self.package.programme.of(self.form)
        return fitted(own, self.meeting.minutes if self.meeting else wished(own))

    @property
    def blocks(self) -> tuple[TimedBlock, ...]:
        """The programme under its headings."""
        return in_blocks(self.programme)

    def part(self, part_id: str) -> TimedPart | None:
        """A part of the programme; None where this meeting is without it."""
        return next((part for part in self.programme if part.id == part_id), None)

    @property
    def slides(self) -> tuple[SlidePlan, ...]:
        """The slides of the round's deck, in the words of the meeting's form.

        Slides of a part that the meeting is without are left out, but for where to turn, which every meeting tells.
        """
        planned = self.package.deck.of(self.form, self.round)
        slides = tuple(slide for slide in planned if slide.kind not in RETIRED)
        if self.round is Round.FOLLOW_UP:
            return slides
        there = {None, *(part.id for part in self.programme)}
        return tuple(slide for slide in slides if slide.part in there or slide.kind == "help")

    def texts_of(self, item: str) -> tuple[str, ...]:
        """What was answered to an item in words."""
        return self.own_texts.get(item, ()) if is_own(item) else self.free_texts

    @property
    def when_before(self) -> str:
        """When the first round closed, in words: " (marts 2026)"; nothing where it is not known."""
        return f" ({month_and_year(self.baseline_closed_on)})" if self.baseline_closed_on else ""

    @property
    def when_now(self) -> str:
        """When this round closed, and how long after the first: " (februar 2027, 11 måneder efter)"."""
        if self.closed_on is None:
            return ""
        between = months_between(self.baseline_closed_on, self.closed_on) if self.baseline_closed_on else 0
        after = f", {count(between, 'måned', 'måneder')} efter" if between else ""
        return f" ({month_and_year(self.closed_on)}{after})"

    @property
    def has_figures(self) -> bool:
        """Whether enough have answered for figures to be shown; in a follow-up, in both rounds."""
        before = self.round is Round.BASELINE or (self.baseline is not None and not self.baseline.suppressed)
        return before and not self.results.suppressed

    @property
    def where_to_turn(self) -> Help | None:
        """The help that is printed; None for versions of packages from before there could be any."""
        return self.help or self.package.help

    @property
    def round(self) -> Round:
        return self.results.round

    @property
    def title(self) -> str:
        return self.package.title_in(self.round)

    @property
    def made_at(self) -> dt.datetime:
        """The date as the time Office's properties want."""
        return dt.datetime.combine(self.made_on, dt.time(12))


def subject_of(package: Package) -> str:
    """What a deck and a document are about, in their properties."""
    return f"Klyngens {'tal' if package.evidence == 'register' else 'svar'} til klyngemødet"

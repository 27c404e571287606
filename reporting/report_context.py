"""What a deck or a document is made from: the package, what may be told, and for whom."""

import datetime as dt
from dataclasses import dataclass

from domain.help import Help
from domain.meeting import Meeting
from domain.model import Round
from domain.package import Package
from domain.results import Results


@dataclass(frozen=True)
class ReportContext:
    """`results` and `baseline` come through the disclosure gate; `baseline` is the first round, for a follow-up.

    `free_texts` are the good experiences the consultant has let through. `meeting`, with its `place` in words, is the
    one the report is for: it gives the programme its times. `mark` stands among a deck's keywords
    (`reporting/given_deck.py`). `help` is the package's as this cluster's doctors see it (`domain/help.py: help_for`).
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
    mark: str = ""
    help: Help | None = None

    @property
    def starts_at(self) -> dt.time | None:
        """When the meeting begins, on Danish clocks."""
        return self.meeting.starts.time() if self.meeting else None

    @property
    def where_to_turn(self) -> Help | None:
        """The help that is printed; None for versions of packages from before there could be any."""
        return self.help or self.package.help

    @property
    def round(self) -> Round:
        return self.results.round

    @property
    def title(self) -> str:
        if self.round is Round.FOLLOW_UP:
            return self.package.title_follow_up or f"Opfølgning: {self.package.title}"
        return self.package.title

    @property
    def made_at(self) -> dt.datetime:
        """The date as the time Office's properties want."""
        return dt.datetime.combine(self.made_on, dt.time(12))

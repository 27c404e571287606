"""What is counted of many orders' lives, day by day."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from domain.meeting import danish


class What(StrEnum):
    """What is counted, of each Danish day."""

    PLACED = "placed"
    ENDED = "ended"
    MAILS = "mails"
    CALLS = "calls"
    DECKS = "decks"
    TOO_FEW = "too_few"


@dataclass
class Tally:
    """What happened on which day, and what people tried that the rules did not allow."""

    counts: Counter[tuple[What, dt.date]] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, what: What, at: dt.datetime, times: int = 1) -> None:
        self.counts[what, danish(at).date()] += times

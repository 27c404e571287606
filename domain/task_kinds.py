"""What KiAP and coordinators are waited for: the kinds of task, a task put off, the calls that were tried."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from domain.model import TextId


class TaskKind(StrEnum):
    """Something that a person is to do. `domain/agenda.py` says when."""

    ASSIGN_CONSULTANT = "assign_consultant"
    HOLD_THE_CALL = "hold_the_call"
    GET_EXTRACT = "get_extract"
    DECIDE_TOO_FEW = "decide_too_few"
    READ_FREE_TEXTS = "read_free_texts"
    LOOK_AT_DECK = "look_at_deck"
    RELEASE_DECK = "release_deck"
    CORRECT_DECK = "correct_deck"
    LOOK_AT_PROGRAMME = "look_at_programme"
    RECORD_THE_MEETING = "record_the_meeting"
    GET_THE_RECORD = "get_the_record"
    DECIDE_FOLLOW_UP = "decide_follow_up"
    SHARE_COMPARISON = "share_comparison"


CallOutcome = Literal["no_answer", "spoke"]
"""What came of ringing the coordinator."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls that were tried before the plan. `note` is the last that anybody wrote, of whichever call."""

    count: int = 0
    last_at: dt.datetime | None = None
    last_outcome: CallOutcome | None = None
    note: TextId | None = None


@dataclass(frozen=True, slots=True)
class Postponement:
    """A task that one of KiAP's own has put off: shown again on the day `until`."""

    until: dt.date
    why: TextId

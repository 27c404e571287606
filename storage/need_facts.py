"""What a row of the list of needs tells beside its reason: ids, dates, counts, and whom to ask at which number."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.letters import Letter
from domain.model import PersonId, Round, TextId
from domain.register import Evidence
from domain.task_kinds import CallOutcome, TaskKind
from storage.people import Person


@dataclass(frozen=True, slots=True)
class CallFacts:
    """Whom to ring, and what came of it before. `note` is the last one's text (`storage/texts.py: words_of`)."""

    whom: str
    phone: str
    promised: dt.date
    tried: int
    last_at: dt.datetime | None
    last_outcome: CallOutcome | None
    note: TextId | None


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A survey round's counts. `held_why` is the text of why its deck is held, where somebody wrote one."""

    round: Round
    answers: int
    invited: int
    free_texts: int
    held_why: TextId | None
    evidence: Evidence = "questionnaire"


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting that was held, and whom to ask how it went."""

    day: dt.date
    whom: str
    phone: str


@dataclass(frozen=True, slots=True)
class FollowUpFacts:
    """From when to when the follow-up can begin, and whom to ask."""

    opens: dt.date
    closes: dt.date
    whom: str
    phone: str


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """Whose address has refused mail, and how many mails so far."""

    person: PersonId
    name: str
    email: str
    is_coordinator: bool
    how_many: int


@dataclass(frozen=True, slots=True)
class MailFacts:
    """Mails of one letter that are in the same trouble. `mail` is one of them; `letter` None for a morning's list."""

    letter: Letter | None
    how_many: int
    mail: str


@dataclass(frozen=True, slots=True)
class TroubleFacts:
    """What the system cannot do: the step or read model, how it fails (an exception's name), how often it has."""

    kind: str
    step: str
    reason: str
    attempts: int


NeedFacts = CallFacts | RoundFacts | MeetingFacts | FollowUpFacts | AddressFacts | MailFacts | TroubleFacts | None

NOBODY = Person(PersonId(""), "", "", "", 0)
"""In place of a person whose row is not there."""

OF_A_ROUND = frozenset(
    {
        TaskKind.DECIDE_TOO_FEW,
        TaskKind.READ_FREE_TEXTS,
        TaskKind.LOOK_AT_DECK,
        TaskKind.RELEASE_DECK,
        TaskKind.CORRECT_DECK,
        TaskKind.SHARE_COMPARISON,
    }
)
"""Tasks that a survey round's counts are told of."""


def facts_of_task(kind: TaskKind, told: Mapping[str, Any], promised: dt.date, coordinator: Person) -> NeedFacts:
    """The facts of a task from the read model's. None where the read model has none, or was never built with them."""
    match kind:
        case TaskKind.HOLD_THE_CALL:
            at = told.get("last_at")
            return CallFacts(
                whom=coordinator.name,
                phone=coordinator.phone,
                promised=promised,
                tried=told.get("calls", 0),
                last_at=dt.datetime.fromisoformat(at) if at else None,
                last_outcome=told.get("last_outcome"),
                note=told.get("note"),
            )
        case kind if kind in OF_A_ROUND and told:
            return RoundFacts(
                round=Round(told["round"]),
                answers=told.get("answers", 0),
                invited=told.get("invited", 0),
                free_texts=told.get("free_texts", 0),
                held_why=told.get("held_why"),
                evidence=told.get("evidence", "questionnaire"),
            )
        case TaskKind.RECORD_THE_MEETING | TaskKind.GET_THE_RECORD if told:
            return MeetingFacts(dt.date.fromisoformat(told["meeting"]), coordinator.name, coordinator.phone)
        case TaskKind.DECIDE_FOLLOW_UP if told:
            opens, closes = (dt.date.fromisoformat(told[name]) for name in ("opens", "closes"))
            return FollowUpFacts(opens, closes, coordinator.name, coordinator.phone)
        case _:
            return None

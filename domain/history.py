"""An event as a line of the order's timeline: a stable code and facts, for screens to give words."""

import datetime as dt
from dataclasses import dataclass

from domain.events import Event, LettersSent
from domain.letters import Letter

_FACTS = {"round", "opens", "closes", "starts", "answers", "invited", "why", "version", "automatic", "attended",
          "absent", "reason", "with_follow_up", "survey_opens", "survey_closes", "member", "kept", "struck",
          "minutes", "format", "call_due", "texts_kept", "only_the_name", "outcome", "task", "until",
          "note", "day", "practices", "of_practices"}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One thing that has happened."""

    at: dt.datetime
    code: str
    facts: dict[str, str | int | bool]


def entry_of(event: Event) -> Entry:
    """The timeline's line for an event."""
    if isinstance(event, LettersSent):
        letter = Letter.parse(event.key)
        facts: dict[str, str | int | bool] = {"sent": event.sent, "failed": event.failed}
        facts |= {name: count for name, count in (("unknown", event.unknown), ("waiting", event.waiting)) if count}
        if letter.round:
            facts["round"] = str(letter.round)
        return Entry(event.at, f"letter.{letter.occasion}", facts)
    facts = {
        name: value
        for name, value in event.model_dump(mode="json").items()
        if name in _FACTS and isinstance(value, str | int | bool)
    }
    if event.type == "plan_agreed":
        facts["starts"] = event.meeting.starts.isoformat()
    if event.type == "deck_made" and event.why:
        facts["why"] = ",".join(event.why)
    if event.type == "deck_made" and event.own_deck_kept:
        facts["own_deck_kept"] = True
    if event.type == "own_questions_asked":
        facts["questions"] = len(event.questions)
    if event.type == "order_placed":
        facts["members"] = len(event.members)
    return Entry(event.at, event.type, facts)

"""What has happened to an order, with who did it and the words that KiAP's own wrote about it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from domain import events as ev
from domain.by import By, Capacity
from domain.events import Event
from domain.history import entry_of
from domain.model import PersonId, StaffId, TextId
from domain.words import past_line
from storage import people, staff, texts
from storage.recorded import Recorded
from storage.staff import OFFICE

GONE = "navnet er slettet"
SYSTEM = "systemet"


@dataclass(frozen=True)
class Line:
    """One thing that has happened. `words` are what somebody wrote about it, "" where nobody did."""

    at: dt.datetime
    text: str
    who: str
    words: str = ""


@dataclass(frozen=True)
class Note:
    """A note of KiAP's own, or of a call."""

    at: dt.datetime
    who: str
    words: str


def history(connection: Connection, recorded: Sequence[Recorded]) -> list[Line]:
    """The order's past, the newest first."""
    names, written = _names(connection, recorded), _written(connection, recorded)
    lines = []
    for each in reversed(recorded):
        entry = entry_of(each.event)
        ids = () if isinstance(each.event, ev.NoteAdded) else _texts_of(each.event)
        words = "\n".join(filter(None, (written.get(text_id, "") for text_id in ids)))
        lines.append(Line(entry.at, past_line(entry.code, entry.facts), names[each.by], words))
    return lines


def notes(connection: Connection, recorded: Sequence[Recorded]) -> list[Note]:
    """What KiAP's own wrote for each other, the newest first; erased ones are gone."""
    own = [each for each in recorded if isinstance(each.event, ev.NoteAdded)]
    names, written = _names(connection, own), _written(connection, own)
    found = [
        Note(each.event.at, names[each.by], written.get(each.event.note, ""))
        for each in reversed(own)
        if isinstance(each.event, ev.NoteAdded)
    ]
    return [note for note in found if note.words]


def _texts_of(event: Event) -> tuple[TextId, ...]:
    """The ids of what somebody wrote, where the event has any."""
    ids: tuple[TextId | None, ...]
    match event:
        case ev.NoteAdded() | ev.CallNoted():
            ids = (event.note,)
        case ev.TaskPostponed() | ev.DeckReplaced():
            ids = (event.why,)
        case ev.DeckHeld():
            ids = (event.reason,)
        case ev.MeetingRecorded():
            ids = (event.ideas, event.agreed)
        case _:
            return ()
    return tuple(text_id for text_id in ids if text_id is not None)


def _written(connection: Connection, recorded: Sequence[Recorded]) -> Mapping[TextId, str]:
    return texts.words_by_id(connection, {text_id for each in recorded for text_id in _texts_of(each.event)})


def _names(connection: Connection, recorded: Sequence[Recorded]) -> Mapping[By, str]:
    """Everybody who did something, by the name of today."""
    acting = {each.by for each in recorded}
    ids = {by.who for by in acting if by.role not in (Capacity.SYSTEM, Capacity.API)}
    found = {str(OFFICE): "KiAP’s postkasse"}
    found |= {str(each.id): each.name for each in staff.staff_called(connection, map(StaffId, ids))}
    found |= {str(id_): each.name for id_, each in people.people(connection, [PersonId(each) for each in ids]).items()}
    return {by: _name(by, found) for by in acting}


def _name(by: By, found: Mapping[str, str]) -> str:
    if by.role is Capacity.SYSTEM:
        return SYSTEM
    if by.role is Capacity.API:
        return f"nøglen {by.who}"
    name = found.get(by.who) or GONE
    return f"{name}, koordinator" if by.role is Capacity.COORDINATOR else name

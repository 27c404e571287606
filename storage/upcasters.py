"""Reads stored events of every age: pure steps from one schema of a type's data to the next.

They are read plainly: a field that this code does not know is left aside, and no bound is asked again that was asked at
the door.

To change an event's data: raise its `SCHEMA` in `domain/events.py` and add a step here under (type, old schema).
A step takes and gives the stored dict. One that renames an event changes `type` in it; the schema still counts up.
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from domain.events import EVENT, Event, Happened
from domain.kept_versions import part_id
from storage.refusals import UnreadableEvent

Data = dict[str, Any]
Step = Callable[[Data], Data]
Upcasters = Mapping[tuple[str, int], Step]


def _parts_by_place(data: Data) -> Data:
    """The parts of a meeting's own programme were known by their place among the package's."""
    parts = [{"part": part_id(number), **part} for number, part in enumerate(data["parts"], start=1)]
    return {**data, "parts": parts}


UPCASTERS: Upcasters = {("programme_changed", 1): _parts_by_place}
"""By (type, schema): the step to schema + 1."""


def _classes() -> dict[str, type[Happened]]:
    classes: tuple[type[Happened], ...] = get_args(get_args(Event)[0])
    return {str(class_.model_fields["type"].default): class_ for class_ in classes}


EVENT_CLASSES: Mapping[str, type[Happened]] = _classes()
"""Every event this code knows, by its stable name."""

_READERS = {
    (name, class_.SCHEMA): TypeAdapter(class_).validator.validate_json for name, class_ in EVENT_CLASSES.items()
}


def read_event(type_: str, schema: int, data: str | bytes, upcasters: Upcasters = UPCASTERS) -> Event:
    """The event of stored JSON. Raises UnreadableEvent for a type or schema this code does not know."""
    reader = _READERS.get((type_, schema))
    try:
        if reader is not None and (type_, schema) not in upcasters:
            event: Event = reader(data, extra="ignore")
            return event
        return EVENT.validate_python(upcast(type_, schema, from_json(data), upcasters), strict=False, extra="ignore")
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in problem["loc"])
        raise UnreadableEvent(type_, schema, f"{where}: {problem['msg']}") from error


def upcast(type_: str, schema: int, data: Data, upcasters: Upcasters = UPCASTERS) -> Data:
    """Stored data brought to the schema of today's class. Raises UnreadableEvent where a step is missing."""
    name, at = type_, schema
    while (step := upcasters.get((name, at))) is not None:
        data = step(dict(data))
        name, at = str(data.get("type", name)), at + 1
    class_ = EVENT_CLASSES.get(name)
    if class_ is None:
        raise UnreadableEvent(type_, schema, "this code knows no such type")
    if at != class_.SCHEMA:
        raise UnreadableEvent(type_, schema, f"this code reads schema {class_.SCHEMA} and found no way from {at}")
    return data

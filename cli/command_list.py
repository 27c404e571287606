"""The commands that people may give to an order, with their fields: what `orders do --help` ends with."""

import datetime as dt
import types
from collections.abc import Iterator
from enum import Enum
from textwrap import wrap
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.commands import PEOPLE, AnyCommand, Command
from domain.model import Actor
from web.api.command_requests import AnyAsked

WIDTH = 80
SAYS = {
    "assign_consultant": "Give the order to a consultant, see 'staff list'.",
    "replace_coordinator": "A new coordinator; the old one's link is dead.",
    "add_member": "A member joins; in an open survey they are invited at once.",
    "remove_member": "A member leaves; their link is dead.",
    "readdress_member": "Mend an address; the old link is dead.",
    "agree_plan": "The outcome of the consultant's call.",
    "move_meeting": "The meeting has a new date or time.",
    "change_meeting": "Length, form, facilitator or place; what is not given stays.",
    "extend_survey": "More days to answer.",
    "close_survey": "Close the survey before its last day.",
    "go_on_without_results": "Too few answered; the meeting is held without.",
    "hold_deck": "The deck stays with the consultant until released.",
    "read_free_texts": "The free texts are read; those struck are never shown.",
    "remake_deck": "Make the deck anew.",
    "release_deck": "Deliver the deck to the coordinator now.",
    "record_meeting": "Who came, the ideas, what was agreed on follow-up.",
    "leave_meeting_unrecorded": "Nobody records the meeting; go on without.",
    "agree_follow_up": "A follow-up survey is agreed for a day.",
    "move_follow_up": "The follow-up survey opens on another day.",
    "start_follow_up": "The follow-up survey opens now.",
    "decline_follow_up": "The cluster wants no follow-up.",
    "cancel_order": "Cancel; nobody gets more mail about it.",
}
"""A line for each. A test holds it against the domain."""

OF_THE_CLOCK = {"automatic", "why"}
"""Fields by which time says that it was not a person."""

_OF_TYPE = {dt.date: "2026-11-25", dt.datetime: "2026-11-25T17:00", int: "N", bool: "true|false"}
_UNIONS = (Union, types.UnionType)


def for_people() -> dict[str, type[Command]]:
    """The domain's commands that people may give, by name."""
    commands: tuple[type[Command], ...] = get_args(get_args(AnyCommand)[0])
    return {str(command.model_fields["type"].default): command for command in commands if command.BY & PEOPLE}


def asked_for() -> dict[str, type[BaseModel]]:
    """The same as the API takes them: some have words where the domain has a row's id."""
    models: tuple[type[BaseModel], ...] = get_args(get_args(AnyAsked)[0])
    return {get_args(model.model_fields["type"].annotation)[0]: model for model in models}


def command_list() -> str:
    """All of it, as plain text for a terminal."""
    asked = asked_for()
    how = "Commands. Fields in brackets may be left out; commands marked * are for keys of KiAP's own people."
    lines = [*_wrapped(how), ""]
    for name, command in for_people().items():
        mark = "" if Actor.COORDINATOR in command.BY else " *"
        lines.append(f"  {name}{mark}: {SAYS[name]}")
        lines += _wrapped(" ".join(_fields(asked[name])), indent=4)
    more = "A field that is a list or an object may be written as JSON. Everything about them: /api/v1/openapi.json."
    return "\n".join([*lines, "", *_wrapped(more)])


def _wrapped(text: str, indent: int = 0) -> list[str]:
    spaces = " " * indent
    return wrap(text, WIDTH, initial_indent=spaces, subsequent_indent=spaces, break_long_words=False)


def _fields(model: type[BaseModel], within: str = "", *, optional: bool = False) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name == "type" or name in OF_THE_CLOCK:
            continue
        kind = _kind(field)
        may_lack = optional or not field.is_required()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _fields(kind, f"{within}{name}.", optional=may_lack)
        else:
            said = f"{within}{name}{_value(kind)}"
            yield f"[{said}]" if may_lack else said


def _kind(field: FieldInfo) -> Any:  # noqa: ANN401 - a type, or a special form of typing
    kind = field.annotation
    if get_origin(kind) in _UNIONS:
        kind = next(each for each in get_args(kind) if each is not type(None))
    while get_origin(kind) not in (None, Literal, tuple, dict):
        kind = get_args(kind)[0]
    return kind


def _value(kind: Any) -> str:  # noqa: ANN401
    origin = get_origin(kind)
    if origin is dict:
        return ".NAME=VALUE"
    if origin is Literal:
        return f"={'|'.join(map(str, get_args(kind)))}"
    if origin is tuple:
        inner = get_args(kind)[0]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return "='[{" + ",".join(f'"{name}":…' for name in inner.model_fields) + "}]'"
        return "='[\"ID\"]'"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"={'|'.join(str(each.value) for each in kind)}"
    return f"={_OF_TYPE.get(kind, 'TEXT')}"

"""The commands that people may give to an order, with their fields: what `orders do --help` ends with."""

import datetime as dt
import types
from collections.abc import Iterator
from enum import Enum
from textwrap import wrap
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.by import Capacity
from web.requests.catalogue import FOR_PEOPLE, REQUESTS

WIDTH = 80
LONGEST_CHOICE = 60

_OF_TYPE = {dt.date: "2026-11-25", dt.datetime: "2026-11-25T17:00", int: "N", bool: "true|false", bytes: "@FILE"}
_UNIONS = (Union, types.UnionType)


def command_list() -> str:
    """All of it, as plain text for a terminal: each command's first sentence and its fields."""
    how = "Commands. Fields in brackets may be left out; those marked * are not the coordinator's to give."
    lines = [*_wrapped(how), ""]
    for name, command in FOR_PEOPLE.items():
        mark = "" if Capacity.COORDINATOR in command.BY else " *"
        lines += _wrapped(
            f"{name}{mark}: {(REQUESTS[name].__doc__ or '').strip().splitlines()[0]}", indent=2, hanging=6
        )
        lines += _wrapped(" ".join(_fields(REQUESTS[name])), indent=4, hanging=4)
    more = "A field that is a list or an object may be written as JSON. Everything about them: /api/v1/openapi.json."
    return "\n".join([*lines, "", *_wrapped(more)])


def _wrapped(text: str, indent: int = 0, hanging: int = 0) -> list[str]:
    return wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * hanging, break_long_words=False)


def _fields(model: type[BaseModel], within: str = "", *, optional: bool = False) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name == "type":
            continue
        kind = _kind(field)
        may_lack = optional or not field.is_required()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _fields(kind, f"{within}{name}.", optional=may_lack)
        else:
            said = f"{within}{name}{_value(kind)}"
            yield f"[{said}]" if may_lack else said


def _one_of(values: list[str]) -> str:
    """The values, or the first of them where a line is too short; a wrong one is answered with the whole list."""
    while len(said := "|".join(values)) > LONGEST_CHOICE:
        values = [*values[:-2], "…"]
    return said


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
        return f"={_one_of(list(map(str, get_args(kind))))}"
    if origin is tuple:
        inner = get_args(kind)[0]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return "='[{" + ",".join(f'"{name}":…' for name in inner.model_fields) + "}]'"
        return "='[\"ID\"]'"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"={_one_of([str(each.value) for each in kind])}"
    return f"={_OF_TYPE.get(kind, 'TEXT')}"

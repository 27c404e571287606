"""What people send to give a command: the command's own fields, with words where it has the id of a text."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo
from sqlalchemy import Connection

from domain.commands import COMMAND, AnyCommand, Command, PeoplesReason, Reason, TextField, name_of
from domain.dates import Day, Moment
from domain.model import TextId
from domain.order import Order
from domain.package import Package
from domain.text import Name, Phone, Place, Words
from storage.enclosures import EnclosedText, Enclosure
from storage.ids import new_id
from storage.keys import Keys

OF_THE_CLOCK = frozenset({"automatic", "why"})
"""Fields by which time says that it was not a person."""


class CommandRequest(BaseModel):
    """A command as people send it: unknown fields are refused, and what was sent is never repeated in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    type: str


@dataclass(frozen=True)
class Context:
    """What a request is read with."""

    connection: Connection
    order: Order
    package: Package
    keys: Keys
    now: dt.datetime


@dataclass(frozen=True)
class Submission:
    """A command, with what goes beside it."""

    command: AnyCommand
    enclosure: Enclosure = field(default_factory=Enclosure)


def enclosed(kind: str, words: str | None) -> tuple[TextId | None, tuple[EnclosedText, ...]]:
    """A text's id, and the text for the enclosure; nothing where nobody wrote."""
    if words is None:
        return None, ()
    text_id = TextId(new_id())
    return text_id, (EnclosedText(id=text_id, kind=kind, content=words),)


def request_for(command: type[Command]) -> type[CommandRequest]:
    """The request made of a command's fields: `place`, a text's id, is `place_text`, the text itself."""
    fields: dict[str, Any] = {"type": (Literal[name_of(command)], ...)}
    for name, info in command.model_fields.items():
        written = text_field_in(info)
        if name == "type" or (name in OF_THE_CLOCK and written is None):
            continue
        if written is None:
            fields[name] = (_as_sent(info.annotation), info)
        else:
            fields[f"{name}_text"] = _text_as_sent(written, info)
    return create_model(command.__name__, __base__=CommandRequest, __doc__=command.__doc__, **fields)


def _text_as_sent(written: TextField, info: FieldInfo) -> tuple[Any, Any]:
    """The words themselves; they may be left out where the command may be without them."""
    text: Any = {"one": Place, "many": Words, "name": Name, "phone": Phone}[written.lines]
    if info.is_required():
        return text, Field(title=info.title, description=info.description)
    return text | None, Field(None, title=info.title, description=info.description)


def _as_sent(annotation: Any) -> Any:  # noqa: ANN401
    """A date or a moment comes in by the one door for them, and a reason is one that people have."""
    return {dt.date: Day, dt.datetime: Moment, Reason: PeoplesReason}.get(annotation, annotation)


def text_field_in(field: FieldInfo) -> TextField | None:
    """What marks a field as the id of something people write."""
    return next((mark for mark in field.metadata if isinstance(mark, TextField)), None)


def submission_of(command: type[Command], request: CommandRequest) -> Submission:
    """The command of a request made by `request_for`."""
    values: dict[str, Any] = {}
    texts: tuple[EnclosedText, ...] = ()
    for name, info in command.model_fields.items():
        written = text_field_in(info)
        if written is not None:
            values[name], more = enclosed(written.kind, getattr(request, f"{name}_text"))
            texts += more
        elif name != "type" and hasattr(request, name):
            values[name] = getattr(request, name)
    return Submission(COMMAND.validate_python({"type": name_of(command), **values}), Enclosure(texts=texts))

"""A form that was sent, read back into its request: a value, or one Danish line beside the field."""

import base64
from typing import Any

from pydantic import ValidationError

from domain.meeting import LONGEST_MEETING
from web.api.danish_errors import line_of
from web.forms.fields import FormField, Kind
from web.forms.own_questions import read_own_questions
from web.forms.reader import FormReader
from web.requests.base import CommandRequest

LARGEST_NUMBER = 999_999


def read_request(
    reader: FormReader, request: type[CommandRequest], name: str, fields: tuple[FormField, ...]
) -> CommandRequest | None:
    """The request, or None with problems in the reader."""
    values: dict[str, Any] = {"type": name}
    for field in fields:
        value = _read(reader, field)
        if value is not None:
            _put(values, field.path, value)
    if reader.problems:
        return None
    try:
        return request.model_validate(values)
    except ValidationError as error:
        shown = {field.path: field for field in fields}
        for problem in error.errors(include_url=False, include_input=False):
            path = tuple(str(step) for step in problem["loc"] if isinstance(step, str))
            known = next((shown[path[:end]] for end in range(len(path), 0, -1) if path[:end] in shown), None)
            reader.refuse(known.names[0] if known else "", line_of(problem))
        return None


def _put(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:  # noqa: ANN401
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value


def _read(reader: FormReader, field: FormField) -> Any:  # noqa: ANN401
    """A field's value; None where it is empty and may be, or can't be read."""
    if not field.required and field.kind is not Kind.YES_NO and not any(map(reader.all_given, field.names)):
        return None
    is_empty = not any(reader.given(name).strip() for name in field.names)
    match field.kind:
        case Kind.ATTENDANCE:
            return None  # ticks are the page's to count, see `web/order_page/pages.py`
        case Kind.FREE_TEXTS:
            return reader.all_given(field.name)
        case Kind.PROGRAMME:
            return _programme(reader, field.name)
        case Kind.QUESTIONS:
            return read_own_questions(reader, field.name)
        case Kind.FILE:
            return _file(reader, field)
        case Kind.CHOICE:
            return reader.choice(field.name, field.options)
        case Kind.MEMBER | Kind.HOLDER | Kind.CONSULTANT:
            return _needed(reader, field, reader.given(field.name), "Vælg en fra listen.")
        case Kind.YES_NO:
            chosen = reader.choice(field.name, ("ja", "nej"))
            return None if chosen is None else chosen == "ja"
        case _ if is_empty and not field.required:
            return None
        case Kind.DATE:
            return reader.date(field.name)
        case Kind.MOMENT:
            return reader.moment(*field.names)
        case Kind.NUMBER:
            return reader.number(field.name, 0, LARGEST_NUMBER)
        case _:  # what may stand in it is the request's to say
            return _needed(reader, field, reader.given(field.name), "Feltet må ikke være tomt.")


def _programme(reader: FormReader, name: str) -> list[dict[str, Any]]:
    """Each part of the programme that the form has; a number that is none is refused beside itself."""
    parts, sent = list[dict[str, Any]](), reader.everything()
    while f"{name}-{len(parts) + 1}-minutes" in sent:
        part = f"{name}-{len(parts) + 1}"
        words = {what: value for what in ("title", "text") if (value := reader.given(f"{part}-{what}").strip())}
        parts.append({"minutes": reader.number(f"{part}-minutes", 0, LONGEST_MEETING), **words})
    return parts


def _file(reader: FormReader, field: FormField) -> str | None:
    """The file as a request has it."""
    content = reader.file(field.name)
    if not content and field.required:
        reader.refuse(field.name, "Vælg en fil.")
    return base64.b64encode(content).decode() if content else None


def _needed(reader: FormReader, field: FormField, value: str | None, message: str) -> str | None:
    if not value and field.required:
        reader.refuse(field.name, message)
    return value or None

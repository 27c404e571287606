"""`key=value` on the command line as the body of a request; where that has a file, `key=@FILE` is what it holds."""

import base64
import json
from pathlib import Path
from typing import Any

from cli.ending import Refusal


def request_of(command: str, values: list[str]) -> dict[str, Any]:
    """A command's body. Refusal where a value is given twice or stands in two places, or a file can't be read."""
    files = _file_fields(command) if any("=@" in value for value in values) else frozenset()
    return {"type": command, **nested(values, files)}


def _file_fields(command: str) -> frozenset[str]:
    from web.requests.catalogue import REQUESTS  # 0.3 s that the other commands need not wait for

    fields = REQUESTS[command].model_fields if command in REQUESTS else {}
    return frozenset(name for name, field in fields.items() if field.annotation is bytes)


def nested(values: list[str], files: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Dots nest. Refusal where a value is given twice or stands in two places, or one of `files` can't be read."""
    made: dict[str, Any] = {}
    for value in values:
        name, equals, given = value.partition("=")
        if not equals:
            raise Refusal(f"'{value}' is not key=value")
        at = made
        *parents, last = name.split(".")
        for parent in parents:
            at = at.setdefault(parent, {})
            if not isinstance(at, dict):
                raise Refusal(f"'{name}' stands inside '{parent}', which has a value of its own already")
        if last in at:
            raise Refusal(f"'{name}' is given twice")
        at[last] = _file(Path(given[1:])) if name in files and given.startswith("@") else _value(given)
    return made


def _file(path: Path) -> str:
    """What it holds, in base64. Refusal where it can't be read."""
    try:
        return base64.b64encode(path.read_bytes()).decode()
    except OSError as error:
        raise Refusal(f"{path} can't be read: {error.strerror}") from None


def _value(given: str) -> Any:  # noqa: ANN401
    """JSON where it is; but digits stay text, as telephone numbers are: the API reads a number where it wants one."""
    try:
        read = json.loads(given)
    except ValueError:
        return given
    return given if type(read) in (int, float) else read

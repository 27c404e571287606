"""`key=value` on the command line as the body of a request."""

import json
from typing import Any

from cli.ending import Refusal


def nested(values: list[str]) -> dict[str, Any]:
    """Dots nest. Refusal where a value is given twice or stands in two places."""
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
        at[last] = _value(given)
    return made


def _value(given: str) -> Any:  # noqa: ANN401
    """JSON where it is; but digits stay text, as telephone numbers are: the API reads a number where it wants one."""
    try:
        read = json.loads(given)
    except ValueError:
        return given
    return given if type(read) in (int, float) else read

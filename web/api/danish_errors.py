"""pydantic's findings as one clear Danish line a field."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from web.problems import FieldProblem, Problem, problem_response

_LINES = {
    "missing": "mangler.",
    "extra_forbidden": "er ikke et felt, vi kender.",
    "string_type": "skal være tekst.",
    "string_too_short": "må ikke være tom.",
    "list_type": "skal være en liste.",
    "tuple_type": "skal være en liste.",
    "dict_type": "skal være et objekt.",
    "model_type": "skal være et objekt.",
    "model_attributes_type": "skal være et objekt.",
    "int_type": "skal være et helt tal.",
    "int_parsing": "skal være et helt tal.",
    "int_from_float": "skal være et helt tal.",
    "bool_type": "skal være true eller false.",
    "bool_parsing": "skal være true eller false.",
    "date_type": "skal være en dato, fx 2026-11-25.",
    "date_parsing": "skal være en dato, fx 2026-11-25.",
    "date_from_datetime_parsing": "skal være en dato, fx 2026-11-25.",
    "date_from_datetime_inexact": "skal være en dato, fx 2026-11-25.",
    "datetime_type": "skal være dato og tid, fx 2026-11-25T17:00.",
    "datetime_parsing": "skal være dato og tid, fx 2026-11-25T17:00.",
    "datetime_from_date_parsing": "skal være dato og tid, fx 2026-11-25T17:00.",
    "json_invalid": "er ikke gyldig JSON.",
    "json_type": "skal være JSON.",
    "union_tag_not_found": "mangler “type”.",
}


async def answer_invalid(_request: Request, error: Exception) -> Response:
    """The handler for requests that don't have the form asked for: 422, one line for each field."""
    errors = error.errors() if isinstance(error, RequestValidationError) else []
    return problem_response(invalid([_problem(each) for each in errors]))


def invalid(errors: Sequence[FieldProblem]) -> Problem:
    """422 with these lines; the first stands in `detail` when it is alone."""
    if len(errors) == 1:
        detail = f"{errors[0].field}: {errors[0].detail}" if errors[0].field else errors[0].detail
    else:
        detail = f"Der er {len(errors)} ting at rette. De står hver for sig under errors."
    return Problem(422, "not_valid", detail, errors=errors)


def _problem(error: Any) -> FieldProblem:  # noqa: ANN401 - pydantic's ErrorDetails, as FastAPI passes it on
    where = error["loc"][1:] if error["loc"] and error["loc"][0] in ("body", "query", "path") else error["loc"]
    if error["type"] == "json_invalid":
        where = ()
    field = _path(where)
    return FieldProblem(field=field, detail=_line(error))


def _path(where: Sequence[str | int]) -> str:
    text = ""
    for step in where:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _line(error: Any) -> str:  # noqa: ANN401
    kind, context = error["type"], error.get("ctx") or {}
    if kind in _LINES:
        line = _LINES[kind]
        return "Indholdet " + line if kind.startswith("json") else "Feltet " + line
    if kind == "value_error":
        return str(context.get("error", "Feltet er ikke gyldigt."))
    if kind in ("enum", "literal_error"):
        return f"Feltet skal være en af: {context.get('expected', '')}.".replace(" or ", " eller ")
    if kind == "union_tag_invalid":
        return f"“{context.get('tag', '')}” er ikke en kommando, der kan gives her."
    if kind in ("string_too_long", "too_long"):
        return f"Feltet må højst have {context.get('max_length')} tegn eller linjer."
    if kind == "too_short":
        return f"Listen skal have mindst {context.get('min_length')}."
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = f"mindst {context['ge']}" if "ge" in context else f"højst {context['le']}"
        return f"Feltet skal være {limit}."
    return "Feltet er ikke gyldigt."

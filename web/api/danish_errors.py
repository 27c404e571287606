"""pydantic's findings as one clear Danish line a field."""

import difflib
import re
from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from web.problems import FieldProblem, Problem, problem_response

_LINES = {
    "missing": "mangler.",
    "extra_forbidden": "er ikke et felt, vi kender.",
    "string_type": "skal være tekst.",
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
    "json_invalid": "er ikke gyldig JSON.",
    "json_type": "skal være JSON.",
}
_NO_BODY = ("missing", "model_attributes_type", "dict_type")
JSON_WANTED = "Send indholdet som JSON, med overskriften Content-Type: application/json."


async def answer_invalid(request: Request, error: Exception) -> Response:
    """The handler for requests that don't have the form asked for: 422, one line for each field."""
    errors = error.errors() if isinstance(error, RequestValidationError) else []
    body = error.body if isinstance(error, RequestValidationError) else None
    command = body.get("type") if isinstance(body, dict) else None
    as_json = request.headers.get("content-type", "").split(";")[0].strip().lower().endswith("json")
    return problem_response(invalid([_problem(each, command, as_json=as_json) for each in errors]))


def invalid(errors: Sequence[FieldProblem]) -> Problem:
    """422 with these lines; the first stands in `detail` when it is alone."""
    if len(errors) == 1:
        detail = f"{errors[0].field}: {errors[0].detail}" if errors[0].field else errors[0].detail
    else:
        detail = f"Der er {len(errors)} ting at rette. De står hver for sig under errors."
    return Problem(422, "not_valid", detail, errors=errors)


def _problem(error: Any, command: object, *, as_json: bool) -> FieldProblem:  # noqa: ANN401 - pydantic's ErrorDetails
    """`command` is what a command's body says it is: pydantic puts it before the field's own name."""
    part, *where = error["loc"] or ("",)
    if part == "body" and not where and error["type"] in _NO_BODY:
        return FieldProblem(field="", detail="Indholdet skal være et JSON-objekt." if as_json else JSON_WANTED)
    if error["type"] == "json_invalid" or part not in ("body", "query", "path", "header"):
        where = []
    if part == "body" and where[:1] == [command]:
        where = where[1:]
    return FieldProblem(field=_path(where), detail=line_of(error))


def _path(where: Sequence[str | int]) -> str:
    text = ""
    for step in where:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def line_of(error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    """What pydantic found wrong with one field, in a Danish line."""
    """pydantic's finding about one field, in a Danish line."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind in _LINES:
        line = _LINES[kind]
        return "Indholdet " + line if kind.startswith("json") else "Feltet " + line
    if kind == "value_error":
        return str(context.get("error", "Feltet er ikke gyldigt."))
    if kind in ("enum", "literal_error"):
        return f"Feltet skal være en af: {_quoted(context.get('expected', ''))}."
    if kind == "union_tag_not_found":
        return "Feltet »type« mangler: det er kommandoens navn."
    if kind == "union_tag_invalid":
        return _no_such_command(str(context.get("tag", "")), re.findall(r"'(\w+)'", context.get("expected_tags", "")))
    if kind == "string_too_short":
        least = context.get("min_length", 1)
        return "Feltet må ikke være tomt." if least == 1 else f"Feltet skal have mindst {least} tegn."
    if kind == "string_too_long":
        return f"Feltet må højst have {context.get('max_length')} tegn."
    if kind == "too_long":
        return f"Listen må højst have {context.get('max_length')}."
    if kind == "too_short":
        return f"Listen skal have mindst {context.get('min_length')}."
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = f"mindst {context['ge']}" if "ge" in context else f"højst {context['le']}"
        return f"Feltet skal være {limit}."
    return "Feltet er ikke gyldigt."


def _no_such_command(given: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(given, known, n=1)
    hint = f" Mente du »{near[0]}«?" if near else ""
    return f"»{given[:60]}« er ikke en kommando, der kan gives her.{hint}"


def _quoted(expected: str) -> str:
    """pydantic's own list, in Danish."""
    return re.sub(r"'([^']*)'", r"»\1«", expected).replace(" or ", " eller ")

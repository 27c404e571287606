"""What the API answers when the answer is no: problem+json (RFC 9457), one clear Danish line for each thing wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from domain.model import Rejected
from web.orders_port import Unavailable

MEDIA_TYPE = "application/problem+json"

STATUS_OF = {"not_yours": 403, "no_such_order": 404}
"""HTTP statuses of the domain's refusals; any other is 409: it does not fit how the order stands."""


RETRY_AFTER = 10
"""Seconds after which what is out of reach may be asked again."""


class FieldProblem(BaseModel):
    """One thing wrong in what was sent."""

    field: str = Field(description="where it stands, as in the request", examples=["members[3].email"])
    detail: str = Field(description="one Danish line for the person", examples=["Mailadressen er ikke gyldig."])


class ProblemBody(BaseModel):
    """A refusal. `code` is stable, `detail` is Danish and may be shown to the person."""

    type: str = "about:blank"
    status: int
    code: str
    title: str
    detail: str
    errors: list[FieldProblem] = []
    facts: dict[str, str | int] = {}


TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Does not fit",
    413: "Too large",
    422: "Not valid",
    500: "Internal error",
    503: "Unavailable",
}


class Problem(Exception):  # noqa: N818 - named for what the caller gets
    """A refusal to be answered as problem+json."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        facts: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, code)
        self.body = ProblemBody(
            status=status,
            code=code,
            title=TITLES.get(status, "Refused"),
            detail=detail,
            errors=list(errors),
            facts=dict(facts or {}),
        )
        self.headers = headers


def problem_response(problem: Problem) -> Response:
    content = problem.body.model_dump(mode="json", exclude_defaults=True)
    return JSONResponse(
        {"type": "about:blank", **content},
        status_code=problem.body.status,
        media_type=MEDIA_TYPE,
        headers=dict(problem.headers or {}),
    )


def of_rejection(rejected: Rejected) -> Problem:
    """The domain's "no" as a problem."""
    return Problem(STATUS_OF.get(rejected.code, 409), rejected.code, rejected.message, facts=rejected.facts)


def of_unavailable(method: str) -> Problem:
    """The workflow or the database is out of reach; what a POST asked for may have been done all the same."""
    again = " med samme Idempotency-Key" if method == "POST" else ""
    detail = f"Systemet kan ikke nås lige nu. Prøv igen om et øjeblik{again}."
    return Problem(503, "unavailable", detail, headers={"Retry-After": str(RETRY_AFTER)})


async def answer_problem(request: Request, error: Exception) -> Response:
    """The handler for Problem, Rejected and Unavailable under `/api`."""
    if isinstance(error, Problem):
        return problem_response(error)
    if isinstance(error, Rejected):
        return problem_response(of_rejection(error))
    if isinstance(error, Unavailable):
        return problem_response(of_unavailable(request.method))
    raise error


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem answers of an endpoint, for OpenAPI."""
    return {
        status: {"model": ProblemBody, "description": TITLES[status], "content": {MEDIA_TYPE: {}}}
        for status in statuses
    }

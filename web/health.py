"""Liveness and readiness, for whoever watches the process."""

import asyncio
import datetime as dt
from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from domain.words import incident_line
from storage import incidents
from storage.database import Database
from storage.incidents import NO_ORDER, IncidentKind
from storage.migrate import is_current
from storage.projections import projection_statuses
from web.services import CurrentServices, HealthCheck

PATIENCE = 3.0
"""Seconds a check may take."""
MOST = 20
"""Troubles that are named; how many there are is told all the same."""

router = APIRouter(tags=["Drift"])


class NotMigrated(RuntimeError):  # noqa: N818 - a finding, named as one
    """The database's schema is not the one this code was written for."""


class TroubleNamed(BaseModel):
    """Something that operations must look at, by ids and names of steps only."""

    kind: IncidentKind
    order: str | None
    step: str
    reason: str
    since: dt.datetime | None = None
    text: str


class Readiness(BaseModel):
    """Whether people can be answered, which needs the database alone; and what is wrong besides."""

    status: str = Field(description="ready or not_ready")
    checks: dict[str, str] = Field(
        description="`ok` or the name of what is wrong, for each part; only `database` decides"
    )
    troubles: int = 0
    detail: list[TroubleNamed] = Field([], description="failing steps, overdue orders, read models that are behind")


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> dict[str, str]:
    """Always `ok` while the process answers."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    summary="Can it answer people?",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "The database is out of reach or not migrated"}},
)
async def readyz(services: CurrentServices) -> JSONResponse:
    """Ready while the database is. Temporal may be down: doctors can answer, and commands are told to come again."""
    named: list[TroubleNamed] = []

    async def database() -> None:
        named.extend(await run_in_threadpool(troubles_of, services.database))

    checks: Mapping[str, HealthCheck] = {"database": database, **services.checks}
    found = dict(zip(checks, await asyncio.gather(*map(verdict_on, checks.values())), strict=True))
    ready = found["database"] == "ok"
    content = Readiness(
        status="ready" if ready else "not_ready", checks=found, troubles=len(named), detail=named[:MOST]
    )
    return JSONResponse(content.model_dump(mode="json"), status_code=200 if ready else 503)


def troubles_of(database: Database) -> list[TroubleNamed]:
    """What is wrong by the database's own word. Raises NotMigrated."""
    if not is_current(database):
        raise NotMigrated
    behind = [status for status in projection_statuses(database) if not status.current]
    with database.read() as connection:
        known = incidents.incidents(connection)
    return [
        *(_named(IncidentKind.READ_MODEL_BEHIND, None, each.name, each.reason, None) for each in behind),
        *(
            _named(each.kind, None if each.order_id == NO_ORDER else each.order_id, each.step, each.reason, each.since)
            for each in known
            if each.kind is not IncidentKind.READ_MODEL_BEHIND
        ),
    ]


def _named(kind: IncidentKind, order: str | None, step: str, reason: str, since: dt.datetime | None) -> TroubleNamed:
    text = incident_line(kind, step, reason)
    return TroubleNamed(kind=kind, order=order, step=step, reason=reason, since=since, text=text)


async def verdict_on(check: HealthCheck) -> str:
    """`ok`, or the name of what is wrong."""
    try:
        async with asyncio.timeout(PATIENCE):
            await check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong, its name is the answer
        return type(error).__name__
    return "ok"

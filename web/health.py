"""Liveness and readiness, for whoever watches the process."""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from storage.database import Database
from storage.migrate import is_current
from web.services import Given, HealthCheck

PATIENCE = 3.0
"""Seconds a check may take."""

router = APIRouter(tags=["Drift"])


class NotMigrated(RuntimeError):  # noqa: N818 - a finding, named as one
    """The database's schema is not the one this code was written for."""


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> dict[str, str]:
    """Always `ok` while the process answers."""
    return {"status": "ok"}


@router.get("/readyz", summary="Can it do its work?", responses={503: {"description": "Something is out of reach"}})
async def readyz(services: Given) -> JSONResponse:
    """The database reachable and migrated, and every other check the system was started with."""

    async def database() -> None:
        await run_in_threadpool(_look_at, services.database)

    checks: Mapping[str, HealthCheck] = {"database": database, **services.checks}
    found = dict(zip(checks, await asyncio.gather(*map(_verdict, checks.values())), strict=True))
    ready = all(verdict == "ok" for verdict in found.values())
    content = {"status": "ready" if ready else "not_ready", "checks": found}
    return JSONResponse(content, status_code=200 if ready else 503)


def _look_at(database: Database) -> None:
    if not is_current(database):
        raise NotMigrated


async def _verdict(check: HealthCheck) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the answer is "not ready"
        return type(error).__name__
    return "ok"

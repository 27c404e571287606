"""Drift: whether the parts answer, what is wrong, queues, schedules, mail, back-ups, versions, packages."""

import asyncio
import datetime as dt
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from domain.authority import Right
from storage.mail_ledger import Heap, count_unsettled, mails_page
from storage.migrate import newest_step
from storage.pulse import pulse
from web.console.backups import newest_backup
from web.console.frame import console_page
from web.console.live.fresh import Fresh
from web.console.principal import SignedInStaff
from web.console.router import CONSOLE, ConsoleRouter
from web.engine_port import EngineReport
from web.health import PATIENCE, TroubleNamed, troubles_of, verdict_on
from web.orders_port import Unavailable
from web.services import CurrentServices, Services

OPERATION = f"{CONSOLE}/drift"
PARTS: Mapping[str, str] = {"database": "Databasen", "temporal": "Temporal"}
QUEUES: Mapping[str, str] = {"orders": "Forløb", "work": "Arbejde for forløb", "mail": "Mails"}
JOBS: Mapping[str, str] = {
    "sweep": "Gennemgang hvert kvarter",
    "morning_digest": "Morgenens lister",
    "nightly_erasure": "Nattens sletning",
}

router = ConsoleRouter()


@dataclass(frozen=True)
class MailShown:
    """Mail's last sign of life, and what waits."""

    last_sent: dt.datetime | None
    waiting: int
    troubled: int


@router.page("/drift", needs=Right.READ)
async def operation_page(me: SignedInStaff, services: CurrentServices) -> Response:
    """How the system is, as of now."""
    stored, parts, engine = await asyncio.gather(
        run_in_threadpool(_stored, services), _parts(services), _engine(services)
    )
    backup = await run_in_threadpool(newest_backup, services.backups, await services.wall_clock.now())
    return console_page(
        "console/operation.html", me, here=OPERATION, engine=engine, parts=parts, backup=backup, **WORDS, **stored
    )


WORDS: dict[str, Any] = {"queue_names": QUEUES, "job_names": JOBS}


async def _parts(services: Services) -> list[tuple[str, str]]:
    """Each part by its Danish name, and the name of what is wrong with it; empty where it answers."""
    verdicts = await asyncio.gather(*(verdict_on(check) for check in services.checks.values()))
    named = zip(services.checks, verdicts, strict=True)
    return [(PARTS["database"], ""), *((PARTS.get(name, name), "" if told == "ok" else told) for name, told in named)]


async def _engine(services: Services) -> EngineReport | None:
    """None where it does not answer in time."""
    if services.engine is None:
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            return await services.engine.report()
    except (Unavailable, TimeoutError):
        return None


def _stored(services: Services) -> dict[str, Any]:
    troubles: list[TroubleNamed] = troubles_of(services.database)
    with services.database.read() as connection:
        fresh = Fresh(pulse(connection))
        unsettled = count_unsettled(connection)
        newest = mails_page(connection, Heap.SENT, None, limit=1)
    return {
        "fresh": fresh,
        "troubles": troubles,
        "mail": MailShown(newest[0].sent_at if newest else None, unsettled[Heap.WAITING], unsettled[Heap.TROUBLED]),
        "packages": services.packages.today,
        "versions": [
            ("Klyngeflow", version("klyngeflow")),
            ("Databasens opbygning", newest_step()),
            ("Database", "SQLite" if services.database.is_sqlite else "PostgreSQL"),
            ("Python", platform.python_version()),
        ],
    }

"""The open orders, the most urgent first."""

import datetime as dt
from dataclasses import dataclass

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from domain.authority import Right
from domain.stages import DANISH, OWNERS, Stage
from storage import clusters
from storage.board import BoardRow, board
from web.console.frame import console_page
from web.console.principal import SignedInStaff
from web.console.router import CONSOLE, ConsoleRouter
from web.services import CurrentServices, Services

AT_WORK = dt.timedelta(minutes=15)
"""What the system does by itself may be under way for so long after it was due."""

router = ConsoleRouter()


@dataclass(frozen=True)
class RowShown:
    """An order in words. `is_late` where something should have been done by now, by people or by the system."""

    order_id: str
    cluster: str
    package: str
    stage: str
    waits_for: str
    due: dt.datetime | None
    is_late: bool
    meeting_at: dt.datetime | None


@router.page("", needs=Right.READ)
async def board_page(me: SignedInStaff, services: CurrentServices) -> Response:
    """Every open order with how far it is and what is due."""
    now = await services.clock.now()
    rows = await run_in_threadpool(_rows, services, now)
    return console_page("console/board.html", me, here=CONSOLE, rows=rows)


def _rows(services: Services, now: dt.datetime) -> list[RowShown]:
    with services.database.read() as connection:
        names = {str(each.id): each.name for each in clusters.clusters(connection)}
    titles = services.packages.titles
    return [_shown(row, names, titles, now) for row in board(services.database, ended=False)]


def _shown(row: BoardRow, names: dict[str, str], titles: dict[str, str], now: dt.datetime) -> RowShown:
    owners = {str(owner): name for owner, name in OWNERS.items()}
    return RowShown(
        order_id=row.order_id,
        cluster=names.get(row.cluster, row.cluster),
        package=titles.get(row.package, row.package),
        stage=DANISH[Stage(row.stage)],
        waits_for=owners.get(row.needs_action_from or "", ""),
        due=row.due,
        is_late=row.due is not None and row.due < now - AT_WORK,
        meeting_at=row.meeting_at,
    )

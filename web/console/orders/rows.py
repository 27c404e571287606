"""An order's line in words, as list, board and spreadsheet have it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.model import OrderId
from domain.stages import DANISH, OWNERS
from storage.order_list import OrderLine
from web.console.orders.filters import AT_WORK


@dataclass(frozen=True)
class RowShown:
    """An order in words. `is_late` where something should have been done by now, by people or by the system."""

    order_id: OrderId
    cluster: str
    region: str
    package: str
    stage: str
    coordinator: str
    consultant: str
    waits_for: str
    due: dt.datetime | None
    is_late: bool
    meeting_at: dt.datetime | None
    placed_at: dt.datetime
    ended_at: dt.datetime | None
    members: int


def rows_shown(lines: Sequence[OrderLine], titles: Mapping[str, str], now: dt.datetime) -> list[RowShown]:
    """The lines in words, `titles` being the packages'."""
    owners = {str(owner): name for owner, name in OWNERS.items()}
    return [
        RowShown(
            order_id=line.order_id,
            cluster=line.cluster,
            region=line.region,
            package=titles.get(line.package, line.package),
            stage=DANISH[line.stage],
            coordinator=line.coordinator,
            consultant=line.consultant,
            waits_for=owners.get(line.acts_next or "", ""),
            due=line.due,
            is_late=line.ended_at is None and line.due is not None and line.due < now - AT_WORK,
            meeting_at=line.meeting_at,
            placed_at=line.placed_at,
            ended_at=line.ended_at,
            members=line.members,
        )
        for line in lines
    ]

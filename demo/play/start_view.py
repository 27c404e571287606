"""What the demonstration's first page shows of the country: what happened on the way, and who is there to be."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

from demo.mailbox import mails_in
from demo.play.doctors import is_open, token_of
from demo.play.journey import Travelled
from domain.history import entry_of
from domain.letters import Occasion
from domain.stages import DANISH, ENDED, Stage
from domain.words import past_line
from storage import survey_roll
from storage.board import board_table
from storage.clusters import cluster_table
from web.services import Services

LINES = 24
"""Of what happened, at most."""
INVITATIONS = 5


@dataclass(frozen=True)
class HappenedLine:
    """One thing that happened to an order."""

    at: dt.datetime
    order: str
    cluster: str
    what: str


@dataclass(frozen=True)
class OrderLine:
    """An order that one can be the coordinator of."""

    id: str
    cluster: str
    stage: str


@dataclass(frozen=True)
class InvitationLine:
    """A mail with a link that can be answered still."""

    file: str
    reader: str


def start_view(services: Services, mails: Path, last: Travelled | None) -> dict[str, Any]:
    """The page's facts, by name: of the journey before, the country, and the mails in this folder."""
    names, stages = _orders(services)
    happened = list(_happened(services, last, names)) if last else []
    happened.reverse()
    return {
        "happened": [
            (at, list(lines)) for at, lines in groupby(happened[:LINES], key=lambda line: to_the_minute(line.at))
        ],
        "more": max(0, len(happened) - LINES),
        "orders": list(_one_of_each(names, stages)),
        "invitations": list(_open_invitations(services, mails)),
        "mails": len(mails_in(mails)),
    }


def to_the_minute(at: dt.datetime) -> dt.datetime:
    """What happens in the same minute stands together."""
    return at.replace(second=0, microsecond=0)


def _orders(services: Services) -> tuple[dict[str, str], dict[str, Stage]]:
    b, c = board_table.c, cluster_table.c
    query = select(b.order_id, c.name, b.stage).join(cluster_table, c.id == b.cluster).order_by(b.due, b.order_id)
    with services.database.read() as connection:
        rows = connection.execute(query).all()
    return {row.order_id: row.name for row in rows}, {row.order_id: Stage(row.stage) for row in rows}


def _happened(services: Services, last: Travelled, names: dict[str, str]) -> Iterator[HappenedLine]:
    for each in services.store.read_all(last.after_position, limit=5_000):
        entry = entry_of(each.event)
        if last.since <= entry.at <= last.until:
            yield HappenedLine(entry.at, each.stream, names.get(each.stream, ""), past_line(entry.code, entry.facts))


def _one_of_each(names: dict[str, str], stages: dict[str, Stage]) -> Iterator[OrderLine]:
    """The first order of every stage in which its coordinator still has something before them."""
    for stage in Stage:
        first = next((order for order, its in stages.items() if its is stage), None)
        if first is not None and stage not in ENDED:
            yield OrderLine(first, names[first], DANISH[stage])


def _open_invitations(services: Services, mails: Path) -> Iterator[InvitationLine]:
    """The newest that nobody has answered yet, one of each order."""
    found = _each_open(services, mails)
    return islice(found, INVITATIONS)


def _each_open(services: Services, mails: Path) -> Iterator[InvitationLine]:
    seen = set[str]()
    with services.database.read() as connection:
        for mail in reversed(mails_in(mails, Occasion.INVITATION)):
            found = survey_roll.find(connection, token_of(mail))
            if found is None or not is_open(found) or found.order_id in seen:
                continue
            seen.add(found.order_id)
            yield InvitationLine(mail.file, mail.reader)

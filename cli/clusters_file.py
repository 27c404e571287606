"""A file of clusters: one a line with its name, its region and kiap.dk's number where it has one; read or refused."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cli.ending import Refusal
from domain.danish import listing
from domain.denmark import region_called, regions_on
from domain.text import cluster_name
from domain.unfit import Unfit
from web.member_list.grid import Row, UnreadableList, rows_of_file

LARGEST = 5_000_000
"""Bytes. A country's clusters are some kilobytes."""
NAME, REGION, NUMBER = "navn", "region", "nummer"
COLUMNS: Mapping[str, str] = {
    "navn": NAME, "klynge": NAME, "klyngenavn": NAME, "region": REGION, "nummer": NUMBER, "klyngenummer": NUMBER,
}  # fmt: skip
"""What a heading may say, and what it means."""
HEADINGS = "Første linje skal være overskrifter: navn, region og eventuelt nummer."
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""As kiap.dk may send it with an order."""


class ClusterRow(NamedTuple):
    """A cluster as a line of the file has it; `region` is the id of one that exists today."""

    line: int
    name: str
    region: str
    number: str | None


def read_clusters(file: Path, today: dt.date) -> tuple[list[ClusterRow], list[str], list[str]]:
    """The file's clusters, one Danish line for each line that is wrong, and headings of columns that are not read.

    Raises Refusal where the file as a whole can't be read or has no clusters.
    """
    heading, *rows = _rows(file)
    places = {COLUMNS[cell.casefold()]: place for place, cell in enumerate(heading.cells) if cell.casefold() in COLUMNS}
    known = [cell for cell in heading.cells if cell.casefold() in COLUMNS]
    if NAME not in places or REGION not in places or len(known) != len(places):
        raise Refusal(f"{file.name}: {HEADINGS}")
    if not rows:
        raise Refusal(f"{file.name}: Der er ingen klynger under overskrifterne.")
    found, problems = list[ClusterRow](), list[str]()
    for row in rows:
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in places.items()}
        try:
            found.append(_cluster(row, cells, today))
        except Unfit as unfit:
            problems.append(f"Linje {row.number}: {unfit.danish}")
    return found, problems, [cell for cell in heading.cells if cell and cell.casefold() not in COLUMNS]


def _rows(file: Path) -> Sequence[Row]:
    try:
        if file.stat().st_size > LARGEST:
            raise Refusal(f"{file.name}: Filen er for stor til at være en liste over klynger.")
        rows = rows_of_file(file.read_bytes())
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror or error}") from None
    except UnreadableList as unreadable:
        raise Refusal(f"{file.name}: {unreadable}") from None
    if not rows:
        raise Refusal(f"{file.name}: Filen er tom. {HEADINGS}")
    return rows


def _cluster(row: Row, cells: Mapping[str, str], today: dt.date) -> ClusterRow:
    """Raises Unfit."""
    if not cells[NAME]:
        raise Unfit("Klyngens navn mangler.", "has no name")
    name, number = cluster_name(cells[NAME]), cells.get(NUMBER, "")
    region = region_called(cells[REGION], today)
    if region is None:
        names = listing([each.name for each in regions_on(today)])
        raise Unfit(f"Regionen findes ikke i dag. Der er {names}.", "has no region of today")
    if number and not _NUMBER.fullmatch(number):
        raise Unfit(
            "Nummeret må kun have bogstaver fra a til z, tal, punktum, bindestreg og understreg, højst 64 tegn.",
            "has a number that kiap.dk can't send",
        )
    return ClusterRow(row.number, name, region.id, number or None)

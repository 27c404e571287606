"""Which column is which, and each line of a list as a member: or one Danish line on what is wrong with it."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.model import Role
from domain.text import email_address, person_name, practice_name
from domain.unfit import Unfit
from web.api.roles import ROLES, role_named
from web.member_list.grid import ADDRESS, Grid


class Column(StrEnum):
    """What a column holds. The values are the headings that we write ourselves."""

    NAME = "Navn"
    FIRST_NAME = "Fornavn"
    LAST_NAME = "Efternavn"
    EMAIL = "Mail"
    PRACTICE = "Praksis"
    ROLE = "Rolle"


HEADINGS: dict[str, Column] = {
    "navn": Column.NAME, "name": Column.NAME, "læge": Column.NAME, "medlem": Column.NAME, "fuldenavn": Column.NAME,
    "fornavn": Column.FIRST_NAME, "fornavne": Column.FIRST_NAME,
    "efternavn": Column.LAST_NAME,
    "mail": Column.EMAIL, "email": Column.EMAIL, "mailadresse": Column.EMAIL, "emailadresse": Column.EMAIL,
    "praksis": Column.PRACTICE, "ydernummer": Column.PRACTICE, "ydernr": Column.PRACTICE, "yder": Column.PRACTICE,
    "klinik": Column.PRACTICE, "lægehus": Column.PRACTICE, "ydernummerellerpraksis": Column.PRACTICE,
    "rolle": Column.ROLE, "stilling": Column.ROLE,
}  # fmt: skip
"""By how a heading begins, without capitals, spaces and signs; the longest beginning counts."""
_NAMED = re.compile(r"\s*\"?(?P<name>[^<>\"]*)\"?\s*<\s*(?:mailto:)?(?P<email>[^<>]+)>\s*")
_NUMBER = re.compile(r"[0-9][0-9 ]{2,6}")


@dataclass(frozen=True)
class Line:
    """A line of the list as a member. `problems` are Danish lines; with one of them nothing comes of it.

    `number` is the one that its owner finds it by: the row of the sheet, or the line of the text.
    """

    number: int
    name: str
    email: str
    practice: str
    role: Role
    problems: tuple[str, ...] = ()
    role_as_written: str = ""
    """What stood there, where it is no role."""


@dataclass(frozen=True)
class Otherwise:
    """What holds where the list does not say."""

    practice: str = ""
    role: Role = Role.OWNER


@dataclass
class _Reading:
    """A line as it is being read."""

    cells: dict[Column, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def read(self, column: Column, door: Callable[[str], str]) -> str:
        """The cell by its door; what is wrong with it becomes a problem, and the cell stays as it was written."""
        written = self.cells.get(column, "")
        if not written:
            self.problems.append(f"{column}: mangler.")
            return ""
        try:
            return door(written)
        except Unfit as unfit:
            self.problems.append(f"{column}: {unfit}")
            return written


def lines_of(grid: Grid, otherwise: Otherwise) -> list[Line]:
    """Every line of the list with the number it has where it came from, headings aside."""
    cells = [row.cells for row in grid]
    columns, first = _columns(cells)
    return [_line(row.number, row.cells, columns, otherwise) for row in grid[first:]]


def numbered_as(lines: Sequence[Line], numbers: Sequence[int]) -> list[Line]:
    """The lines with the numbers that they had where they first came from; as they are where there are not as many."""
    if len(lines) != len(numbers):
        return [*lines]
    return [replace(line, number=number) for line, number in zip(lines, numbers, strict=True)]


def as_text(lines: Sequence[Line]) -> str:
    """The lines as a list of ours, which reads as the same lines again, wrong ones too."""
    rows = [(Column.NAME, Column.EMAIL, Column.PRACTICE, Column.ROLE)]
    written = [(line.name, line.email, line.practice, line.role_as_written or ROLES[line.role]) for line in lines]
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows([*rows, *written])
    return text.getvalue()


def _columns(grid: Sequence[list[str]]) -> tuple[Mapping[int, Column], int]:
    """What each column holds, and at which row the members begin."""
    for index, row in enumerate(grid[:3]):
        if any("@" in cell for cell in row):
            break  # members, and headings don't stand below them
        found = {place: column for place, cell in enumerate(row) if (column := _named_by(cell)) is not None}
        if len(found) > 1 or (found and all(_heading(cell) in HEADINGS for cell in row if cell)):
            return _guessed(grid[index + 1 :], _each_once(found)), index + 1
    return _guessed(grid, {}), 0


def _named_by(heading: str) -> Column | None:
    said = _heading(heading)
    fitting = [each for each in HEADINGS if said.startswith(each)]
    return HEADINGS[max(fitting, key=len)] if fitting else None


def _heading(cell: str) -> str:
    return "".join(letter for letter in cell.casefold() if letter.isalpha())


def _each_once(found: Mapping[int, Column]) -> Mapping[int, Column]:
    taken: dict[Column, int] = {}
    for place, column in found.items():
        taken.setdefault(column, place)
    return {place: column for column, place in taken.items()}


def _guessed(grid: Sequence[list[str]], headed: Mapping[int, Column]) -> Mapping[int, Column]:
    """The columns that no heading tells: by what stands in them."""
    width = max((len(row) for row in grid), default=0)
    cells = [[row[place] for row in grid if place < len(row) and row[place]] for place in range(width)]
    columns = dict(headed)
    for column, fits in ((Column.EMAIL, _is_address), (Column.ROLE, _is_role), (Column.PRACTICE, _is_number)):
        shares = {place: _share(cells[place], fits) for place in range(width) if place not in columns}
        best = max(shares, key=lambda place: shares[place], default=None)
        if column not in columns.values() and best is not None and shares[best] >= 0.5:
            columns[best] = column
    if headed:
        return columns
    rest = [place for place in range(width) if place not in columns and cells[place]]
    for column in (Column.NAME, Column.PRACTICE):
        if rest and column not in columns.values():
            columns[rest.pop(0)] = column
    return columns


def _share(cells: Sequence[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, cells)) / len(cells) if cells else 0.0


def _is_address(cell: str) -> bool:
    return "@" in cell


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def _is_role(cell: str) -> bool:
    return _role(cell) is not None


def _role(cell: str) -> Role | None:
    try:
        found = role_named(cell)
    except ValueError:
        return None
    return found if isinstance(found, Role) else None


def _line(number: int, row: Sequence[str], columns: Mapping[int, Column], otherwise: Otherwise) -> Line:
    reading = _Reading({column: row[place] for place, column in columns.items() if place < len(row) and row[place]})
    _take_apart(reading.cells)
    name = reading.read(Column.NAME, person_name)
    email = reading.read(Column.EMAIL, email_address)
    reading.cells.setdefault(Column.PRACTICE, otherwise.practice)
    practice = reading.read(Column.PRACTICE, practice_name)
    if "@" in practice:
        reading.problems.append("Praksis: her står en mailadresse.")
    role, written = otherwise.role, reading.cells.get(Column.ROLE, "")
    if written:
        found = _role(written)
        if found is None:
            reading.problems.append(f"Rolle: kendes ikke. Skriv en af: {', '.join(ROLES.values()).lower()}.")
        role = found or role
    unknown = written if written and _role(written) is None else ""
    return Line(number, name, email, practice, role, tuple(reading.problems), unknown)


def _take_apart(cells: dict[Column, str]) -> None:
    """ "Mette Holm <mette@example.dk>" is a name and an address, and "Holm, Mette" is Mette Holm."""
    given, family = cells.pop(Column.FIRST_NAME, ""), cells.pop(Column.LAST_NAME, "")
    if given or family:
        cells[Column.NAME] = f"{given} {family}".strip()
    both = cells.get(Column.EMAIL, "")
    if match := _NAMED.fullmatch(both):
        cells[Column.EMAIL] = match["email"].strip()
        if match["name"].strip() and not cells.get(Column.NAME):
            cells[Column.NAME] = match["name"].strip()
    elif not cells.get(Column.NAME) and (address := ADDRESS.search(both)) and address[0] != both:
        cells[Column.EMAIL] = address[0]
        cells[Column.NAME] = both.replace(address[0], "").strip(" ,;()<>\"'-")
    cells[Column.EMAIL] = cells.get(Column.EMAIL, "").removeprefix("mailto:")
    last, comma, first = cells.get(Column.NAME, "").partition(",")
    if comma and first.strip() and "," not in first and last.strip():
        cells[Column.NAME] = f"{first.strip()} {last.strip()}"

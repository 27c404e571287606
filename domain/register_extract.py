"""A register's extract read from CSV: a row a practice, a column a measure. Faults are told with line and column."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from domain.danish import NBSP, listing, number
from domain.measure_check import PRACTICE_COLUMNS
from domain.model import Round
from domain.package import Package
from domain.register import Extract, Measure
from domain.signs import composed, without_unseen_ends
from domain.text import LONGEST_NAME, practice_name
from domain.unfit import Unfit

LARGEST_EXTRACT = 1024 * 1024
"""Bytes of a file."""
MOST_PRACTICES = 200
"""Rows of an extract: more than any cluster has."""

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods are zip files, .xls is an OLE file
_SAVE_AS = "Åbn den i regnearket, og gem den som CSV (UTF-8)."
_SEPARATORS = (";", "\t", ",")
_DECLARED = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_NOT_GIVEN = re.compile(r"<\s*\d{1,2}")
"""How registers write a number of so few that it may not be told."""
_DANISH_NUMBER = re.compile(r"[-−+]?(\d{1,3}(?:[. \u00a0\u202f]\d{3})+|\d+)(?:,(\d+))?")
_ENGLISH_NUMBER = re.compile(r"[-−+]?\d+\.\d+")
_EITHER = re.compile(r"[-−+]?[1-9]\d{0,2}\.\d{3}")
"""1.250 is a thousand and more to Danes, and one and a quarter to programs."""
_SUMS = frozenset(("i alt", "ialt", "total", "sum", "hele klyngen", "klyngen", "gennemsnit", "median", "alle"))


class ExtractFault(NamedTuple):
    """One thing that is wrong: the line of the file from 1 (None: the file as a whole), the column's heading where it
    is about one cell, and what to do, in Danish.
    """

    line: int | None
    column: str
    message: str

    def __str__(self) -> str:
        place = [f"linje {self.line}"] if self.line is not None else []
        place += [f"kolonnen »{self.column}«"] if self.column else []
        where = ", ".join(place)
        return f"{where[:1].upper()}{where[1:]}: {self.message}" if where else self.message


class ExtractFaults(Exception):  # noqa: N818 - an answer to whoever gave the file
    """All that is wrong with an extract, by line. The text is one line for each."""

    def __init__(self, faults: Sequence[ExtractFault]) -> None:
        super().__init__(tuple(faults))
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line or 0))

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


def extract_text(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or Windows' Danish. Raises ExtractFaults."""
    if len(content) > LARGEST_EXTRACT:
        raise _whole("Filen er større end 1 MB. Et udtræk har én række for hver praksis i klyngen.")
    if content.startswith(_SPREADSHEETS):
        raise _whole(f"Filen er et regneark, ikke en CSV-fil. {_SAVE_AS}")
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _whole(f"Bogstaverne i filen kan ikke læses. {_SAVE_AS}")


def read_extract(
    text: str, package: Package, round_: Round = Round.BASELINE, practices: Collection[str] | None = None
) -> Extract:
    """What the CSV says of each practice, for the measures of the round. Raises ExtractFaults with all that is wrong.

    Cells are parted by semicolons, tabs or commas, numbers written the Danish way (24,5) or, where it can't be
    misread, the English. A column is headed by a measure's id, title or short label; `ydernummer` or `praksis` heads
    the one that says whose row it is. An empty cell, or "<5", is a number that is not given. Columns of measures that
    only the other round has are left alone. With `practices`, the cluster's own as its list has them, a row of another
    is a fault, and the extract has them as the list does; a ydernummer may have lost its zeros in a spreadsheet.
    """
    return _Reader(package, round_, practices).read(text)


class _Reader:
    def __init__(self, package: Package, round_: Round, practices: Collection[str] | None) -> None:
        self.wanted = package.measured_in(round_)
        self.names = {
            _plain(name): measure
            for measure in package.measures
            for name in (measure.id, measure.title, measure.chart_label)
        }
        self.known = None if practices is None else {_key(practice): practice for practice in practices}
        self.faults: list[ExtractFault] = []

    def read(self, text: str) -> Extract:
        records = self._records(text.removeprefix("\ufeff"))
        head = next(records, None)
        if head is None:
            raise _whole(f"Filen er tom. Første linje skal være overskrifter: {self._headings}.")
        columns = self._columns(*head)
        rows: dict[str, dict[str, float]] = {}
        seen: dict[str, int] = {}
        for line, cells in records:
            if len(seen) == MOST_PRACTICES:
                raise _whole(f"Filen har flere end {MOST_PRACTICES} rækker. Tag én klynge ad gangen.")
            self._row(line, cells, columns, rows, seen)
        if not self.faults and not rows:
            self._fault(None, "", "Der er ingen rækker under overskrifterne. Hver praksis skal have en række.")
        elif not self.faults and not any(rows.values()):
            self._fault(None, "", "Der er ikke et eneste tal i filen. Se, om det er det rigtige udtræk.")
        if self.faults:
            raise ExtractFaults(self.faults)
        return Extract(rows)

    def _records(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Rows with something in them, each with the line it begins on."""
        declared = _DECLARED.match(text)
        separator = declared[1] if declared else _separator(text)
        skipped = 1 if declared else 0
        body = text[declared.end() :] if declared else text
        lines = csv.reader(io.StringIO(body, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
        while True:
            line = lines.line_num + 1 + skipped
            try:
                cells = next(lines, None)
            except csv.Error:
                message = "Linjen kan ikke læses som CSV. Se efter et anførselstegn, der mangler sin mage."
                raise ExtractFaults([*self.faults, ExtractFault(line, "", message)]) from None
            if cells is None:
                return
            cells = [" ".join(without_unseen_ends(composed(cell)).split()) for cell in cells]
            if any(cells):
                yield line, cells

    def _columns(self, line: int, heads: list[str]) -> list[Measure | str | None]:
        """What each column holds: a measure, "practice", or nothing that is read. Raises ExtractFaults."""
        found: list[Measure | str | None] = []
        heads = heads[: max(place for place, head in enumerate(heads, start=1) if head)]
        for place, head in enumerate(heads, start=1):
            name = _plain(head)
            column = "practice" if name in PRACTICE_COLUMNS else self.names.get(name)
            if name and column is None:
                self._fault(line, head, f"Kolonnen kender vi ikke. Overskrifterne skal være {self._headings}.")
            elif column is not None and column in found:
                self._fault(line, head, "Kolonnen står der to gange. Slet den ene.")
            elif not name:
                self._fault(line, str(place), "Kolonnen har ingen overskrift. Skriv en, eller slet kolonnen.")
            found.append(column)
        if "practice" not in found:
            self._fault(line, "", "Der mangler en kolonne, der siger, hvis række det er. Kald den »ydernummer«.")
        for measure in self.wanted:
            if measure not in found:
                message = f"Kolonnen »{measure.id}« ({measure.chart_label}) mangler. Tilføj den, evt. med tomme felter."
                self._fault(line, "", message)
        if self.faults:
            raise ExtractFaults(self.faults)
        return found

    def _row(
        self,
        line: int,
        cells: list[str],
        columns: list[Measure | str | None],
        rows: dict[str, dict[str, float]],
        seen: dict[str, int],
    ) -> None:
        if any(cells[len(columns) :]):
            self._fault(line, "", 'Rækken har flere felter end overskrifterne. Står et tal med komma uden for »"«?')
            return
        place = columns.index("practice")
        practice = self._practice(line, cells[place] if place < len(cells) else "", seen)
        numbers: dict[str, float] = {}
        for column, cell in zip(columns, cells, strict=False):
            if isinstance(column, Measure) and column in self.wanted:
                value = self._number(line, column, cell)
                if value is not None:
                    numbers[column.id] = value
        if practice is not None:
            rows[practice] = numbers

    def _practice(self, line: int, cell: str, seen: dict[str, int]) -> str | None:
        """Whose row it is, as the cluster's list has it; None where that is told as a fault."""
        if not cell:
            self._fault(line, "ydernummer", "Her mangler ydernummer eller praksis. Skriv det, eller slet linjen.")
            return None
        if _plain(cell) in _SUMS:
            self._fault(line, "ydernummer", f"»{cell}« er ikke en praksis. Slet linjen; klyngens tal regner vi selv.")
            return None
        try:
            practice = practice_name(cell)
        except Unfit as unfit:
            self._fault(line, "ydernummer", str(unfit))
            return None
        key = _key(practice)
        if key in seen:
            self._fault(line, "ydernummer", f"»{practice}« står også i linje {seen[key]}. Hver praksis har én række.")
            return None
        seen[key] = line
        if self.known is None:
            return practice
        if key not in self.known:
            message = f"»{practice}« er ikke en praksis i klyngen. Ret det, ret klyngens liste, eller slet linjen."
            self._fault(line, "ydernummer", message)
            return None
        return self.known[key]

    def _number(self, line: int, measure: Measure, cell: str) -> float | None:
        """The number, kept with the measure's decimals; None where it is not given, or told as a fault."""
        if not cell or _NOT_GIVEN.fullmatch(cell):
            return None
        said = cell.removesuffix("%").rstrip() if measure.unit == "%" else cell
        if _EITHER.fullmatch(said):
            message = f"»{cell}« kan læses på to måder. Skriv det uden punktum, med komma foran decimaler."
            self._fault(line, measure.id, message)
            return None
        exact = _exact(said)
        if exact is None:
            message = f"»{cell[:LONGEST_NAME]}« er ikke et tal. Skriv et tal som 24,5, eller lad feltet stå tomt."
            self._fault(line, measure.id, message)
            return None
        if not Decimal(repr(measure.minimum)) <= exact <= Decimal(repr(measure.maximum)):
            least, most = (number(end, measure.decimals) for end in (measure.minimum, measure.maximum))
            message = f"»{cell}« kan ikke passe: her er tallene fra {least} til {most}{NBSP}{measure.unit}. Ret det."
            self._fault(line, measure.id, message)
            return None
        return measure.rounded(exact)

    @property
    def _headings(self) -> str:
        return f"»ydernummer« og {listing([f'»{measure.id}«' for measure in self.wanted])}"

    def _fault(self, line: int | None, column: str, message: str) -> None:
        self.faults.append(ExtractFault(line, column, message))


def _whole(message: str) -> ExtractFaults:
    return ExtractFaults([ExtractFault(None, "", message)])


def _separator(text: str) -> str:
    """What parts the headings: the first of semicolon and tab that is there, else a comma."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((sign for sign in _SEPARATORS if sign in first), ",")


def _exact(said: str) -> Decimal | None:
    """The number as written; None where it is none."""
    plain = said.replace("−", "-")
    if found := _DANISH_NUMBER.fullmatch(said):
        whole = re.sub(r"\D", "", found[1])
        sign = "-" if plain.startswith("-") else ""
        return Decimal(f"{sign}{whole}.{found[2] or 0}")
    return Decimal(plain) if _ENGLISH_NUMBER.fullmatch(said) else None


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _key(practice: str) -> str:
    """What makes two names one practice: case, spaces and a ydernummer's leading zeros do not part them."""
    plain = _plain(composed(practice))
    return plain.lstrip("0") or plain if plain.isdigit() else plain

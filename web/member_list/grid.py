"""A list as people have it, as rows of cells: pasted text, CSV in whichever encoding, or an Excel workbook."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """A row that has something in it. `number` is the one that its owner's spreadsheet or editor shows beside it."""

    number: int
    cells: list[str]


Grid = list[Row]

MOST_ROWS = 500
"""With something in them."""
MOST_COLUMNS = 40
MOST_SHEET_ROWS = 10_000
"""Of a sheet, empty ones too."""
MOST_UNPACKED = 50_000_000
"""Bytes of a workbook's parts. A list of doctors is some thousands; a small file can unpack to far more."""

ADDRESS = re.compile(r"[^\s<>;,\"'()]+@[^\s<>;,\"'()]+")
NO_WORKBOOK = "Excel-filen kan ikke læses. Gem den igen som .xlsx, og prøv igen."
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class UnreadableList(Exception):  # noqa: N818 - a finding, named as one
    """The list can't be read. The text is one Danish line for whoever has it."""


def rows_of_file(content: bytes) -> Grid:
    """The rows of a file: Excel (.xlsx), or text with commas, semicolons or tabs. Raises UnreadableList."""
    if content.startswith(_ZIP):
        return _bounded(_workbook(content))
    if content.startswith(_OLD_EXCEL):
        raise UnreadableList("Filen er fra et gammelt Excel. Gem den som .xlsx eller CSV, og prøv igen.")
    return rows_of_text(_decoded(content))


def rows_of_text(text: str) -> Grid:
    """The rows of pasted text or of a CSV file; of a line of several mail addresses, one row each.

    Raises UnreadableList.
    """
    lines = [*enumerate(text.splitlines(), start=1)]
    if any(len(ADDRESS.findall(line)) > 1 and "\t" not in line for _, line in lines):
        lines = [(number, part) for number, line in lines for part in _addresses_apart(line)]
    sign = _separator([line for _, line in lines])
    if not sign:
        return _bounded((number, [line]) for number, line in lines)
    try:
        return _bounded(_rows_with_quotes(lines, sign))
    except csv.Error:  # a quotation mark that is none: each line stands for itself
        return _each_line_alone(lines, sign)


def _rows_with_quotes(lines: Sequence[tuple[int, str]], sign: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number. A quoted line break is within its row, as spreadsheets show it. Raises csv.Error."""
    reader = csv.reader((f"{line}\n" for _, line in lines), delimiter=sign, strict=True)
    begins = within = 0
    for cells in reader:
        yield lines[begins][0] - within, cells
        within += lines[reader.line_num - 1][0] - lines[begins][0]
        begins = reader.line_num


def _each_line_alone(lines: Iterable[tuple[int, str]], sign: str) -> Grid:
    """Raises UnreadableList."""
    try:
        return _bounded(
            (number, cells)
            for number, line in lines
            for cells in csv.reader([line], delimiter=sign, quoting=csv.QUOTE_NONE)
        )
    except csv.Error:
        raise UnreadableList("Listen kan ikke læses. Sæt den ind med én læge på hver linje.") from None


def _bounded(rows: Iterable[tuple[int, Sequence[str]]]) -> Grid:
    found: Grid = []
    for number, row in rows:
        cells = [" ".join(cell.split()) for cell in row[:MOST_COLUMNS]]
        if not any(cells):
            continue
        found.append(Row(number, cells))
        if len(found) > MOST_ROWS:
            raise UnreadableList(f"Listen har flere end {MOST_ROWS} linjer. Tag en klynge ad gangen.")
    return found


def _decoded(content: bytes) -> str:
    """The text, in UTF-8 or as Danish Windows writes it."""
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableList("Filen kan ikke læses. Send en Excel-fil (.xlsx) eller en CSV-fil.")


def _separator(lines: Sequence[str]) -> str:
    """What stands between the cells; "" where a line is one cell."""
    if any("\t" in line for line in lines):
        return "\t"
    if any(";" in line for line in lines):
        return ";"
    if any("<" in line for line in lines):  # Holm, Mette <mette@example.dk>
        return ""
    return "," if any("," in line for line in lines) else ""


def _addresses_apart(line: str) -> list[str]:
    """ "Mette <m@x.dk>; Jens <j@x.dk>", as mail programs copy them: one line each. Another line stays as it is."""
    if len(ADDRESS.findall(line)) < 2:
        return [line.rstrip("; ")]
    for sign in (";", ">,", ","):
        parts = [part.strip() + (">" if sign == ">," and "<" in part and ">" not in part else "")
                 for part in line.split(sign)]  # fmt: skip
        parts = [part for part in parts if part]
        if all(len(ADDRESS.findall(part)) == 1 for part in parts):
            return parts
    return [line]


def _workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that has anything in it, empty ones left out. Raises UnreadableList."""
    from openpyxl import load_workbook  # 0.2 s that few requests need

    if _unpacked(content) > MOST_UNPACKED:
        raise UnreadableList("Excel-filen fylder for meget. Kopiér kun listen over i en ny fil.")
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = [
                (number, [_cell(value) for value in row])
                for number, row in enumerate(
                    sheet.iter_rows(max_row=MOST_SHEET_ROWS + 1, max_col=MOST_COLUMNS, values_only=True), start=1
                )
                if number > MOST_SHEET_ROWS or any(value is not None for value in row)
            ]
            if rows:
                break
        else:
            return iter(())
    except Exception:  # noqa: BLE001 - whatever openpyxl makes of what is no workbook
        raise UnreadableList(NO_WORKBOOK) from None
    if rows[-1][0] > MOST_SHEET_ROWS:
        raise UnreadableList("Arket har for mange rækker, også tomme. Kopiér kun listen over i en ny fil.")
    return iter(rows)


def _unpacked(content: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile:
        raise UnreadableList(NO_WORKBOOK) from None


def _cell(value: object) -> str:
    """A cell as it reads: a number without decimals that are none."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)

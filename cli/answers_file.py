"""A CSV file of answers for `klyngeflow report`: one row a respondent, one column an item id.

Read as spreadsheets and scripts really write them, or refused with one line that says what is wrong and how to mend it.
"""

import csv
import difflib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from domain.answers import InvalidAnswer, InvalidAnswers, read_answers
from domain.model import Round
from domain.package import NOT_RELEVANT, Answers, Item, Package
from domain.signs import composed, without_unseen_ends

LARGEST = 10 * 1024 * 1024
SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs"}
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods are zip files, .xls is an OLE file
_DANISH_TEXT = set("æøåÆØÅéÉèÈêëáÁàÀâäÄöÖüÜñíóôúçß–—‘’‚“”„«»…•·°§½¼¾²³×µ€£±´\u00a0")
_SAVE_AS = "save it as 'CSV UTF-8 (Comma delimited)'"
_MUST_BE_UTF8 = f"the file must be UTF-8: open it in a spreadsheet and {_SAVE_AS}."

_BOM_AT_LINE_START = re.compile("(^|[\r\n])\ufeff+")
_LINE_END = re.compile("\r\n|[\r\n]")
_BLANK_LINES = re.compile(r"(?:(?:[;,\"]|[^\S\r\n])*+(?:\r\n|[\r\n]))*+")
_NOT_WINDOWS = re.compile(
    "(?<=[a-zæøå])[ÆØÅÄÖÜÁÀÉÈ]"  # Mac's … and quotation marks
    "|¾(?=[A-Za-zæøåÆØÅ])|(?<=[A-Za-zæøåÆØÅ])[¾§]"  # Mac's æ and ß
    "|(?<=\\w)‘|‘(?![^\r\n]*’)"  # the æ of DOS
)
"""Signs that stand where no Dane puts them: the letters are those of another system, read as Windows'."""


class AnswersFileError(Exception):
    """A file that can't be read: one line, for whoever typed the command."""


@dataclass(frozen=True)
class AnswersFile:
    """What a file held.

    `ignored` are columns with answers that this round does not ask for, `missing` are its items without a column.
    """

    rows: tuple[Answers, ...]
    ignored: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def read_answers_file(path: Path, package: Package, round_: Round) -> AnswersFile:
    """The answers in the file, one `Answers` a respondent; rows that say nothing are left out.

    Raises AnswersFileError, also where nobody has answered: a wrong export looks so, and there is nothing to report.
    """
    return _Reader(path.name, package, round_).read(_decoded(path))


def _decoded(path: Path) -> str:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        msg = f"{path}: {error.strerror or error}."
        raise AnswersFileError(msg) from error
    if size > LARGEST:
        msg = f"{path.name}: larger than {LARGEST // 1024 // 1024} MB; that is no answers file."
        raise AnswersFileError(msg)
    if content.startswith(_SPREADSHEETS):
        msg = f"{path.name}: this is a spreadsheet, not a CSV file; open it and {_SAVE_AS}."
        raise AnswersFileError(msg)
    text = _BOM_AT_LINE_START.sub(r"\1", _text(path.name, content))
    if not text.strip():
        msg = f"{path.name}: the file is empty; the first line must name the columns, e.g. an item id each."
        raise AnswersFileError(msg)
    return text


def _text(name: str, content: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM (Excel's "Unicode text"), or Windows' Danish."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if utf16:
            msg = f"{name}: the letters can't be read; {_MUST_BE_UTF8}"
            raise AnswersFileError(msg) from error
        text = _windows_text(name, content)
    if "\0" in text:
        msg = f"{name}, row {_row_at(text, text.index(chr(0)))}: a NUL byte, as in UTF-16; {_MUST_BE_UTF8}"
        raise AnswersFileError(msg)
    return text


def _windows_text(name: str, content: bytes) -> str:
    """The text, where it is Windows' Danish. Other single-byte alphabets decode too, but to signs no Dane writes."""
    text = content.decode("cp1252", "replace")
    foreign = (place for place, sign in enumerate(text) if ord(sign) > 127 and sign not in _DANISH_TEXT)
    misplaced = (found.start() for found in _NOT_WINDOWS.finditer(text))
    wrong = min((place for place in (next(foreign, None), next(misplaced, None)) if place is not None), default=None)
    if wrong is not None:
        msg = f"{name}, row {_row_at(text, wrong)}: the letters can't be read; {_MUST_BE_UTF8}"
        raise AnswersFileError(msg)
    return text


def _row_at(text: str, place: int) -> int:
    return len(_LINE_END.findall(text[:place])) + 1


class _Reader:
    """Reads one decoded file. `name` is for the messages."""

    def __init__(self, name: str, package: Package, round_: Round) -> None:
        self.name = name
        self.package = package
        self.round = round_
        self.items = {item.id: item for item in package.items}
        self.asked = {item.id for item in package.asked_in(round_)}

    def read(self, text: str) -> AnswersFile:
        declared, text = _declared_separator(text)
        blank, text = _blank_lines(text)
        separator = declared or self._likely_separator(text)
        records = self._records(text, separator, first=blank + 1)
        columns = self._columns(next(records, (1, []))[1])
        rows: list[Answers] = []
        ignored: dict[str, None] = {}
        for number, cells in records:
            row = self._row(number, columns, cells, separator)
            ignored |= dict.fromkeys(item_id for item_id in row if item_id not in self.asked)
            if answers := self._answers(number, row):
                rows.append(answers)
        if not rows:
            msg = f"{self.name}: no row under the header has an answer to this {self._survey}; there must be one."
            raise AnswersFileError(msg)
        missing = [item.id for item in self.package.asked_in(self.round) if item.id not in columns]
        return AnswersFile(tuple(rows), tuple(ignored), tuple(missing))

    def _records(self, text: str, separator: str, first: int) -> Iterator[tuple[int, list[str]]]:
        """The file's rows with their numbers, as a spreadsheet counts them; cells without what nobody sees."""
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
        for number in count(first):
            try:
                cells = next(lines, None)
            except csv.Error as error:
                msg = f"{self.name}, row {number}: not readable as CSV ({error}); check its quotation marks."
                raise AnswersFileError(msg) from error
            if cells is None:
                return
            yield number, [without_unseen_ends(cell) for cell in cells]

    @property
    def _survey(self) -> str:
        return "follow-up" if self.round is Round.FOLLOW_UP else "survey"

    def _likely_separator(self, text: str) -> str:
        """What splits the header into the most columns we know."""
        found = {separator: _first_record(text, separator) for separator in SEPARATORS}
        known = {s: sum(_column_name(cell) in self.items for cell in cells) for s, cells in found.items()}
        return max(SEPARATORS, key=lambda s: (known[s], len(found[s])))

    def _columns(self, header: list[str]) -> list[str]:
        """The item id of each column; "" for a column without a name."""
        names = [_column_name(cell) for cell in header]
        for name, cell in zip(names, header, strict=True):
            if name and name not in self.items:
                raise self._unknown_column(cell.strip())
            if name and names.count(name) > 1:
                msg = f"{self.name}: the column '{name}' stands twice; delete one of them."
                raise AnswersFileError(msg)
        if not self.asked & set(names):
            asked = ", ".join(item.id for item in self.package.asked_in(self.round)[:3])
            msg = (
                f"{self.name}: no column is an item of this {self._survey}; "
                f"the first line must name item ids: {asked}, …"
            )
            raise AnswersFileError(msg)
        return names

    def _unknown_column(self, cell: str) -> AnswersFileError:
        near = difflib.get_close_matches(_column_name(cell), self.items, n=1, cutoff=0.5)
        shown = _shortened(cell)
        hint = f"did you mean '{near[0]}'?" if near else "the first line must name item ids."
        ask = f"See 'klyngeflow package show {self.package.slug}'."
        return AnswersFileError(f"{self.name}: unknown column '{shown}'; {hint} {ask}")

    def _row(self, number: int, columns: list[str], cells: list[str], separator: str) -> dict[str, str]:
        """The cells that hold something, by item id. Separators at the end say nothing; nor does an empty row."""
        wanted = max((place for place, name in enumerate(columns, 1) if name), default=0)
        beyond = any(cells[len(columns) :])
        if beyond or (len(cells) < wanted and any(cells)):
            mend = (
                f"put a cell that contains {SEPARATORS[separator]} in double quotation marks"
                if beyond
                else "give each column a cell, an empty one where nothing was answered"
            )
            said = f"{len(cells)} {'cell' if len(cells) == 1 else 'cells'} under {wanted or len(columns)} columns"
            msg = f"{self.name}, row {number}: {said}; {mend}."
            raise AnswersFileError(msg)
        row: dict[str, str] = {}
        for name, cell in zip(columns, cells, strict=False):
            if not cell:
                continue
            if not name:
                msg = f"{self.name}, row {number}: '{_shortened(cell)}' stands in a column without a name; name it."
                raise AnswersFileError(msg)
            row[name] = cell
        return row

    def _answers(self, number: int, row: dict[str, str]) -> Answers:
        raw = {name: self._tokens(self.items[name], cell) for name, cell in row.items()}
        try:
            return read_answers(self.package, self.round, raw, complete=False)
        except InvalidAnswers as invalid:
            first = invalid.problems[0]
            others = len(invalid.problems) - 1
            more = f" ({others} more in this row)" if others else ""
            msg = f"{self.name}, row {number}, column {first.item}: {self._said(first)}{more}"
            raise AnswersFileError(msg) from invalid

    @staticmethod
    def _tokens(item: Item, cell: str) -> list[str]:
        return cell.split(";") if item.kind == "choices" else [cell]

    def _said(self, problem: InvalidAnswer) -> str:
        item = self.items[problem.item]
        given = f"'{_shortened(problem.given)}'"
        match problem.reason:
            case "not_a_number" | "out_of_range":
                return f"{given} is not a whole number {self._range(item)}; empty means not answered."
            case "too_many":
                return f"{problem.given} choices, at most {item.at_most} are allowed."
            case "unfit_text":
                return f"the text {problem.english}."
            case "not_relevant":
                return f"this item has no '{NOT_RELEVANT}'; leave the cell empty."
            case "several":
                return f"{given} is more than one answer; write one."
            case _:
                return self._unknown_option(item, problem.given)

    def _range(self, item: Item) -> str:
        if item.kind == "rating":
            return f"from {item.minimum} to {item.maximum}"
        values = [option.value for option in self.package.options_of(item) if option.value is not None]
        return f"from {min(values)} to {max(values)}"

    def _unknown_option(self, item: Item, given: str) -> str:
        options = self.package.options_of(item)
        known = {option.label.casefold(): option.label for option in options} | {o.id: o.id for o in options}
        near = difflib.get_close_matches(given.casefold(), known, n=1, cutoff=0.6)
        if near:
            return f"'{_shortened(given)}' is none of the options; did you mean '{known[near[0]]}'?"
        several = " (separate several choices with ';')" if item.kind == "choices" else ""
        return f"'{_shortened(given)}' is none of the options: {', '.join(o.id for o in options)}{several}."


def _declared_separator(text: str) -> tuple[str, str]:
    """What Excel's own first line says, "" where there is none; and the text after it, all that a spreadsheet shows."""
    first, *rest = _LINE_END.split(text, maxsplit=1)
    declared = first.strip().strip('"').lower()
    if declared.startswith("sep=") and declared[4:] in (";", ",", ""):  # "" is a tab
        return declared[4:] or "\t", "".join(rest)
    return "", text


def _blank_lines(text: str) -> tuple[int, str]:
    """How many lines there are before the first that says something, and the text from that one on."""
    blank = _BLANK_LINES.match(text)
    end = blank.end() if blank else 0
    return len(_LINE_END.findall(text[:end])), text[end:]


def _first_record(text: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True), [])


def _column_name(cell: str) -> str:
    return without_unseen_ends(composed(cell)).lower()


def _shortened(text: str) -> str:
    """On one line, and without showing much of what a person may have written."""
    plain = " ".join(text.split())
    return plain if len(plain) <= 40 else plain[:39] + "…"

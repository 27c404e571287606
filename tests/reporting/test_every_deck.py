"""What holds for each deck and paper of the gallery: nothing cut off, too small, empty, untold or invalid."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator
from pptx import Presentation

from reporting.deck import make_deck
from tests.gallery.cases import Case, cases, sheet_of
from tests.reporting.slides import notes_of, overflows, runs_without_danish, slides_of, title_of, too_small
from tests.the_packages import UDDELEGERING

CASES = tuple(cases())
VALIDATED = tuple(
    case
    for case in CASES
    if re.search(" (04|07|34) svar$|langt navn$|video, 150 minutter$", case.name)
    and not case.name.startswith(UDDELEGERING.slug)
)
"""Few and many answers, and papers, of each package but one, whose slides are all of kinds that the others have."""
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_deck_is_whole(case: Case) -> None:
    deck = make_deck(case.make())
    assert [*overflows(deck), *too_small(deck), *runs_without_danish(deck), *untold(deck), *charts_apart(deck)] == []


@pytest.mark.parametrize("case", VALIDATED, ids=lambda case: case.name)
def test_each_file_is_valid_by_the_standards_schemas(case: Case, tmp_path: Path) -> None:
    for name, content in sheet_of(case).files:
        assert invalid(content, tmp_path / name) == []


def test_the_schemas_notice_an_element_out_of_its_place(tmp_path: Path) -> None:
    deck = Presentation(BytesIO(make_deck(CASES[0].make())))
    shape = deck.slides[0].shapes.title._element
    shape.insert(0, shape.txBody)
    buffer = BytesIO()
    deck.save(buffer)
    assert invalid(buffer.getvalue(), tmp_path / "broken.pptx")


def invalid(content: bytes, file: Path) -> list[str]:
    """What an Office file has that its schemas have not (ECMA-376, as Office 2019 reads it), its workbooks too."""
    file.write_bytes(content)
    found = [f"{fault.part_uri}: {fault.description}" for fault in OpenXmlValidator().validate(file).errors]
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.endswith(".xlsx"):
                found += [f"{name}: {each}" for each in invalid(parts.read(name), file.with_suffix(".xlsx"))]
    return found


def untold(deck: bytes) -> Iterator[str]:
    """Slides without a title or notes, shapes without an alternative text, and places left empty."""
    for number, slide in enumerate(slides_of(deck), 1):
        if not title_of(slide).strip():
            yield f"slide {number} has no title"
        if len(notes_of(slide)) <= 20:
            yield f"slide {number} has no notes"
        for shape in slide.shapes:
            properties = shape._element.xpath(".//p:cNvPr")[0]
            decorative = any(str(element.tag).endswith("}decorative") for element in properties.iter())
            seen = shape.has_chart or shape.has_table or "PICTURE" in str(shape.shape_type)
            empty = shape.has_text_frame and not shape.text_frame.text.strip()
            if seen and not properties.get("descr"):
                yield f"slide {number}, {shape.name}: no alternative text"
            if empty and (shape.is_placeholder or not decorative):
                yield f"slide {number}, {shape.name}: empty"


def charts_apart(deck: bytes) -> Iterator[str]:
    """Charts that draw something else than their workbooks have, and workbooks that hold more than their chart."""
    for number, slide in enumerate(slides_of(deck), 1):
        for shape in (shape for shape in slide.shapes if shape.has_chart):
            book = load_workbook(BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
            cells = {f"${cell.column_letter}${cell.row}": cell.value for row in book.active for cell in row}
            drawn = dict(_drawn(shape.chart._chartSpace))
            kept = {place: value for place, value in cells.items() if value is not None}
            if len(book.worksheets) != 1:
                yield f"slide {number}, {shape.name}: several sheets"
            for place in sorted({*drawn, *kept}):
                if not _same(drawn.get(place), kept.get(place)):
                    yield f"slide {number}, {shape.name}, {place}: {drawn.get(place)} is drawn of {kept.get(place)}"


def _drawn(space: Any) -> Iterator[tuple[str, str]]:
    """The cells that a chart has read, and what it remembers of them."""
    for reference in space.iter(f"{C}strRef", f"{C}numRef", f"{C}multiLvlStrRef"):
        first, _, last = reference.findtext(f"{C}f").partition("!")[2].partition(":")
        column, row = first.strip("$").split("$")
        remembered = {int(point.get("idx")): point.findtext(f"{C}v") for point in reference.iter(f"{C}pt")}
        for offset in range(int((last or first).rpartition("$")[2]) - int(row) + 1):
            if offset in remembered:
                yield f"${column}${int(row) + offset}", remembered[offset]


def _same(drawn: Any, kept: Any) -> bool:
    if drawn is None or kept is None:
        return drawn is kept
    return abs(float(drawn) - kept) < 1e-9 if isinstance(kept, int | float) else str(drawn) == str(kept)

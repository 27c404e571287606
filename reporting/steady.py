"""The same bytes for the same input: fixed dates in zip files and in the workbooks inside, Danish on every run."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import count
from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.chart.xlsx import CategoryWorkbookWriter, XyWorkbookWriter
from pptx.opc.packuri import PackURI
from pptx.opc.serialized import PackageWriter, _PhysPkgWriter
from pptx.util import lazyproperty

EPOCH = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - Office's core properties have no zone
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RUN_PROPERTIES = (f"{_A}rPr", f"{_A}defRPr", f"{_A}endParaRPr")
_TIMESTAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def steady_pptx(deck: Any) -> bytes:  # noqa: ANN401 - python-pptx has no types
    """A deck with lang="da-DK" on every run of text and fixed dates in its zip; its own dates are its properties'."""
    package = deck.part.package
    parts = tuple(package.iter_parts())
    for part in parts:
        if part.partname.startswith("/ppt/") and hasattr(part, "_element"):
            _speak_danish(part._element)  # noqa: SLF001
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        written = _Written(file)
        writer = PackageWriter(buffer, package._rels, parts)  # noqa: SLF001
        writer._write_content_types_stream(written)  # noqa: SLF001
        writer._write_pkg_rels(written)  # noqa: SLF001
        writer._write_parts(written)  # noqa: SLF001
    return buffer.getvalue()


class _Written(_PhysPkgWriter):
    """Where python-pptx writes a package's parts, one after the other."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def write(self, pack_uri: PackURI, blob: bytes) -> None:
        self._file.writestr(_entry(pack_uri.membername), blob)


def number_parts(deck: Any) -> None:  # noqa: ANN401
    """Let new parts be numbered by counting on: python-pptx walks through every part for each new one's name."""
    package = deck.part.package
    counters: dict[str, Iterator[int]] = {}

    def next_partname(template: str) -> PackURI:
        if template not in counters:
            first = type(package).next_partname(package, template)
            counters[template] = count(int(re.sub(r"\D", "", first.filename)))
        return PackURI(template % next(counters[template]))

    package.next_partname = next_partname


class _SteadyWorkbook:
    """Workbooks of charts bear a fixed date."""

    @contextmanager
    def _open_worksheet(self, file: BytesIO) -> Iterator[tuple[Any, Any]]:
        with super()._open_worksheet(file) as (workbook, worksheet):  # type: ignore[misc]
            workbook.set_properties({"created": EPOCH})
            yield workbook, worksheet


class _CategoryWorkbook(_SteadyWorkbook, CategoryWorkbookWriter):
    pass


class _XyWorkbook(_SteadyWorkbook, XyWorkbookWriter):
    pass


class SteadyCategories(CategoryChartData):
    """python-pptx's, with a workbook that is the same every time."""

    @lazyproperty
    def _workbook_writer(self) -> CategoryWorkbookWriter:
        return _CategoryWorkbook(self)  # type: ignore[no-untyped-call]


class SteadyPoints(XyChartData):
    """python-pptx's, with a workbook that is the same every time."""

    @lazyproperty
    def _workbook_writer(self) -> XyWorkbookWriter:
        return _XyWorkbook(self)  # type: ignore[no-untyped-call]


def steady_zip(content: bytes, made: dt.datetime) -> bytes:
    """Any Office file with fixed zip dates and fixed created and modified times."""
    stamp = made.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _TIMESTAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", data)
            new.writestr(_entry(name), data)
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _speak_danish(root: Any) -> None:  # noqa: ANN401
    """lang="da-DK" on all text. Runs without properties get some."""
    for run in (*root.iter(f"{_A}r"), *root.iter(f"{_A}fld")):
        if run.find(f"{_A}rPr") is None:
            run.insert(0, etree.SubElement(run, f"{_A}rPr"))
    for properties in root.iter(*_RUN_PROPERTIES):
        properties.set("lang", "da-DK")

"""The same bytes for the same input: fixed dates in zip files and in the workbooks inside, Danish on every run."""

import datetime as dt
import re
import zipfile
from io import BytesIO
from typing import Any

from lxml import etree

EPOCH = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - Office's core properties have no zone
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RUN_PROPERTIES = (f"{_A}rPr", f"{_A}defRPr", f"{_A}endParaRPr")
_TIMESTAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def steady_pptx(content: bytes, made: dt.datetime = EPOCH) -> bytes:
    """A deck with fixed dates, in its embedded workbooks too, and lang="da-DK" on every run of text."""

    def entry(name: str, data: bytes) -> bytes:
        if name.endswith(".xlsx"):
            return steady_zip(data, made)
        if name.endswith(".xml") and name.startswith("ppt/"):
            return speak_danish(data)
        return data

    return _repacked(content, entry, made)


def steady_zip(content: bytes, made: dt.datetime = EPOCH) -> bytes:
    """Any Office file with fixed zip dates and fixed created and modified times."""
    return _repacked(content, lambda _, data: data, made)


def speak_danish(part: bytes) -> bytes:
    """A part with lang="da-DK" on all its text. Runs without properties get some."""
    root = etree.fromstring(part)
    for run in (*root.iter(f"{_A}r"), *root.iter(f"{_A}fld")):
        if run.find(f"{_A}rPr") is None:
            run.insert(0, etree.Element(f"{_A}rPr"))
    changed = False
    for properties in root.iter(*_RUN_PROPERTIES):
        properties.set("lang", "da-DK")
        changed = True
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True) if changed else part


def _repacked(content: bytes, entry: Any, made: dt.datetime) -> bytes:  # noqa: ANN401
    stamp = made.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = entry(name, old.read(name))
            if name == "docProps/core.xml":
                data = _TIMESTAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", data)
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, data)
    return buffer.getvalue()

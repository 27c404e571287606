"""The results document's charts: native and editable, the table's own figures, told in words, and nothing too small."""

import datetime as dt
import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from lxml import etree
from openpyxl import load_workbook

from domain.danish import percent
from domain.package import Package
from reporting.document import make_document
from reporting.document_builder import DocumentBuilder
from reporting.document_charts import chart_shares
from tests.reporting.clusters import PACKAGES, a_baseline, the_retreat
from tests.reporting.conftest import DocumentOf
from tests.the_packages import TRIVSEL

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
OF_EACH = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)


def charts_of(content: bytes) -> dict[str, Any]:
    archive = zipfile.ZipFile(BytesIO(content))
    names = sorted(name for name in archive.namelist() if name.startswith("word/charts/chart"))
    return {name: etree.fromstring(archive.read(name)) for name in names}


def alts_of(content: bytes) -> list[str]:
    found = etree.fromstring(zipfile.ZipFile(BytesIO(content)).read("word/document.xml"))
    return [each.get("descr").replace("\N{NO-BREAK SPACE}", " ") for each in found.iter("{*}docPr")]


@OF_EACH
@pytest.mark.parametrize("n", [5, 9, 34])
def test_every_chart_has_its_figures_in_a_workbook_and_in_words(package: Package, n: int) -> None:
    content = make_document(a_baseline(package, n))
    archive, charts, alts = zipfile.ZipFile(BytesIO(content)), charts_of(content), alts_of(content)
    assert len(charts) == len(alts) > 3
    assert all(alt and not re.search(r"\b(None|nan)\b", alt) for alt in alts)
    for name, space in charts.items():
        rels = etree.fromstring(archive.read(name.replace("charts/", "charts/_rels/") + ".rels"))
        (target,) = [rel.get("Target") for rel in rels]
        sheet = load_workbook(BytesIO(archive.read("word" + target.removeprefix("..")))).active
        assert sheet is not None
        cached = [[float(v.text) for v in each.iterfind(f"{C}val//{C}v")] for each in space.iter(f"{C}ser")]
        kept = [[cell.value for cell in column[1:]] for column in list(sheet.columns)[1:]]
        assert [[round(v, 9) for v in each] for each in cached] == [[round(v, 9) for v in each] for each in kept]
        assert space.find(f"{C}externalData").get(f"{R}id")
        assert space.find(f"{C}lang").get("val") == "da-DK"
        assert b"schemeClr" not in etree.tostring(space)


@OF_EACH
def test_where_a_round_may_not_be_told_no_chart_is_drawn(package: Package) -> None:
    assert charts_of(make_document(a_baseline(package, 4))) == {}


def test_under_ten_answers_a_chart_has_counts_and_no_per_cent() -> None:
    content = make_document(a_baseline(TRIVSEL, 9))
    assert all("%" not in alt for alt in alts_of(content))
    formats = [each.get("formatCode") for space in charts_of(content).values() for each in space.iter(f"{C}numFmt")]
    assert not any("%" in found for found in formats)


def test_before_and_after_stand_in_one_chart(retreat_document: bytes) -> None:
    alts = alts_of(retreat_document)
    assert any("Første runde: " in alt and "Nu: " in alt for alt in alts)
    assert any("I høj grad: 38 %" in alt for alt in alts)
    assert make_document(the_retreat()) == retreat_document


def test_a_chart_stays_with_the_table_that_has_its_figures(document_of: DocumentOf) -> None:
    document = Document(BytesIO(document_of(TRIVSEL, 34)))
    drawn = [paragraph for paragraph in document.paragraphs if paragraph._p.findall(".//{*}docPr")]
    assert drawn
    for paragraph in drawn:
        assert paragraph.paragraph_format.keep_with_next
        assert paragraph._p.getnext().tag.endswith("}tbl")


def test_a_share_that_lies_between_two_is_told_in_words_as_the_table_has_it() -> None:
    paper = DocumentBuilder("Prøve", TRIVSEL, dt.datetime(2026, 11, 2), subject="", part="")  # noqa: DTZ001
    chart_shares(paper, ["Ja", "Nej"], [("Klyngen", [5, 35], 40)], "Svar", in_per_cent=True)
    (alt,) = alts_of(paper.content())
    assert percent(0.125).startswith("13")
    assert alt == "Svar. Ja: 13 %; Nej: 88 %."

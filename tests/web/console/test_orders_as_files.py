"""The list for a spreadsheet: what is filtered and nothing else, and no cell that would be reckoned."""

import csv
import datetime as dt
import io
import zipfile

import pytest
from lxml import etree

from tests.web.application import Web
from tests.web.console.office import signed_in
from tests.web.console.orders import order_of
from web.console.orders.export import COLUMNS, csv_file, excel_file
from web.console.orders.rows import RowShown

NOW = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def row(cluster: str) -> RowShown:
    from domain.model import OrderId

    return RowShown(
        OrderId("abc"), cluster, "nordjylland", "Trivsel", "Aftalt", "Mette", "", "KiAP", NOW, True, None, NOW, None, 8
    )


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_file_has_what_is_filtered(web: Web) -> None:
    order, _other = order_of(web, "Ærø"), order_of(web, "Ribe")
    web.plan(order)
    with signed_in(web) as me:
        sheet = me.get("/drift/forloeb.csv?soeg=%C3%A6r%C3%B8")
        book = me.get("/drift/forloeb.xlsx?soeg=%C3%A6r%C3%B8")
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    heads, line = lines(sheet.content)
    told = dict(zip(heads, line, strict=True))
    assert (told["Klynge"], told["Bestilling"], told["Møde"]) == ("Ærø", order, "25.03.2026 17.00")
    assert (told["Koordinator"], told["Medlemmer"]) == ("Mette Holm", "8")
    assert 'filename="forloeb.xlsx"' in book.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        assert len(etree.fromstring(parts.read("xl/worksheets/sheet1.xml")).findall(f".//{SHEET}row")) == 2


@pytest.mark.parametrize("name", ["=1+1", "+45", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_a_name_that_could_be_a_formula_is_text(name: str) -> None:
    (_, line) = lines(csv_file([row(name)]))
    assert line[1] == f"'{name}"
    with zipfile.ZipFile(io.BytesIO(excel_file([row(name)]))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_an_ordinary_name_stands_as_it_is_and_every_row_has_every_column() -> None:
    heads, line = lines(csv_file([row("Ærø; Syd")]))
    assert line[1] == "Ærø; Syd"
    assert len(heads) == len(line) == len(COLUMNS)

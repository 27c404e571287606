"""Papers as PDF, by the LibreOffice of this machine: each as its Word file, a wait for one is no wait for all."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.web.application import Web
from tests.web.papers.deliveries import agreed, delivered, member_page
from tests.web.reading import Shown

pytestmark = pytest.mark.office


def text_of(answer: httpx.Response, folder: Path) -> str:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    (folder / "file.pdf").write_bytes(answer.content)
    return subprocess.run(["pdftotext", "file.pdf", "-"], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def slow_http(web: Web) -> Iterator[httpx.Client]:
    with web.client() as client:
        client.timeout = httpx.Timeout(100)
        yield client


def test_a_paper_can_be_had_as_pdf_and_says_the_same(web: Web, slow_http: httpx.Client, tmp_path: Path) -> None:
    order = delivered(web)
    for page, paper, said in (
        (web.page_of(order), "grupper", "Jens Krogh"),
        (member_page(web, order), "implementeringsplan", "Hvad vil vi ændre?"),
        (member_page(web, order), "resultater", "WHO-5"),
    ):
        assert said in text_of(slow_http.get(f"{page}/papirer/{paper}.pdf"), tmp_path)


def test_a_pdf_with_names_is_not_remembered_and_one_without_is(web: Web, slow_http: httpx.Client) -> None:
    page = web.page_of(agreed(web))
    for paper, kept in (("deltagerliste", 0), ("program", 1)):
        assert slow_http.get(f"{page}/papirer/{paper}.pdf").status_code == 200
        assert len(web.services.pdfs._kept) == kept


def test_where_there_is_no_libreoffice_no_page_offers_a_pdf(
    web: Web, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = web.page_of(agreed(web))
    assert Shown(http.get(page)).tree.xpath("//a[contains(@href, '.pdf')]")
    monkeypatch.setenv("PATH", "")
    assert not Shown(http.get(page)).tree.xpath("//a[contains(@href, '.pdf')]")
    assert http.get(f"{page}/papirer/program.pdf").status_code == 404


def test_a_libreoffice_that_fails_gives_a_kind_page_and_the_word_file_is_still_there(
    web: Web, http: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = web.page_of(agreed(web))
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    answer = http.get(f"{page}/papirer/program.pdf")
    assert (answer.status_code, Shown(answer).heading) == (503, "Filen kunne ikke hentes")
    assert http.get(f"{page}/papirer/program.docx").status_code == 200

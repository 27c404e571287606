"""Decks and documents as LibreOffice opens them: every slide a page, every word on it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from reporting.document import make_document
from tests.reporting.clusters import a_baseline, the_retreat
from tests.reporting.conftest import DeckOf
from tests.reporting.slides import slides_of, title_of
from tests.the_packages import SAMARBEJDE, TRIVSEL

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="no LibreOffice here"),
]


def pages_of(content: bytes, ending: str, folder: Path) -> list[str]:
    """The words of each page, as LibreOffice prints it."""
    source = folder / f"it.{ending}"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = subprocess.run(
        ["pdftotext", "-layout", str(folder / "it.pdf"), "-"], check=True, capture_output=True, timeout=60
    )
    return text.stdout.decode().split("\f")[:-1]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_every_slide_opens_as_a_page_with_its_title(deck_of: DeckOf, package: str, tmp_path: Path) -> None:
    slides = slides_of(deck_of(package, 34))
    pages = pages_of(deck_of(package, 34), "pptx", tmp_path)
    assert len(pages) == len(slides)
    for slide, page in zip(slides, pages, strict=True):
        assert squeezed(title_of(slide)) in squeezed(page)


def test_labels_in_charts_are_drawn_in_danish(retreat_deck: bytes, tmp_path: Path) -> None:
    pages = pages_of(retreat_deck, "pptx", tmp_path)
    joy = next(page for page in pages if "Høj arbejdsglæde:" in page)
    assert all(label in joy for label in ("15 %", "38 %", "35 %", "12 %"))
    assert any("Forskel: +5,1 point" in page for page in pages)


@pytest.mark.parametrize("which", ["trivsel", "samarbejde", "follow_up"])
def test_the_document_opens_and_numbers_its_pages(which: str, tmp_path: Path) -> None:
    briefs = {"trivsel": a_baseline(TRIVSEL, 34), "samarbejde": a_baseline(SAMARBEJDE, 34), "follow_up": the_retreat()}
    pages = pages_of(make_document(briefs[which]), "docx", tmp_path)
    assert 1 <= len(pages) <= 8
    assert all(f"side {number}" in page for number, page in enumerate(pages, 1))
    assert all(page.strip() for page in pages)

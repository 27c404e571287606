"""Decks and documents as LibreOffice opens them: every slide a page, every word on it."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.made_once import Shelf, made_once
from tests.reporting.conftest import DeckOf, DocumentOf
from tests.reporting.slides import slides_of, title_of
from tests.the_packages import SAMARBEJDE, TRIVSEL

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="no LibreOffice here"),
]

PagesOf = Callable[[str], list[str]]


@pytest.fixture(scope="session")
def pages_of(
    shelf: Shelf, deck_of: DeckOf, retreat_deck: bytes, document_of: DocumentOf, retreat_document: bytes
) -> PagesOf:
    """The words of each page of a file, as LibreOffice prints it. It opens all files in one go."""
    files = {
        "trivsel-deck.pptx": deck_of("trivsel", 34),
        "samarbejde-deck.pptx": deck_of("samarbejde", 34),
        "follow_up-deck.pptx": retreat_deck,
        "trivsel.docx": document_of(TRIVSEL, 34),
        "samarbejde.docx": document_of(SAMARBEJDE, 34),
        "follow_up.docx": retreat_document,
    }

    def print_all(folder: Path) -> None:
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
        command += [str(folder / name) for name in files]
        subprocess.run(command, check=True, capture_output=True, timeout=240)

    printed = made_once(shelf.folder / "printed", print_all)

    def pages(name: str) -> list[str]:
        pdf = (printed / name).with_suffix(".pdf")
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, timeout=60)
        return text.stdout.decode().split("\f")[:-1]

    return pages


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_every_slide_opens_as_a_page_with_its_title(deck_of: DeckOf, pages_of: PagesOf, package: str) -> None:
    slides = slides_of(deck_of(package, 34))
    pages = pages_of(f"{package}-deck.pptx")
    assert len(pages) == len(slides)
    for slide, page in zip(slides, pages, strict=True):
        assert squeezed(title_of(slide)) in squeezed(page)


def test_labels_in_charts_are_drawn_in_danish(pages_of: PagesOf) -> None:
    pages = pages_of("follow_up-deck.pptx")
    joy = next(page for page in pages if "Høj arbejdsglæde:" in page)
    assert all(label in joy for label in ("15 %", "38 %", "35 %", "12 %"))
    assert any("+5,1 point" in page for page in pages)


@pytest.mark.parametrize("which", ["trivsel", "samarbejde", "follow_up"])
def test_the_document_opens_and_numbers_its_pages(pages_of: PagesOf, which: str) -> None:
    pages = pages_of(f"{which}.docx")
    assert 1 <= len(pages) <= 8
    assert all(f"side {number}" in page for number, page in enumerate(pages, 1))
    assert all(page.strip() for page in pages)

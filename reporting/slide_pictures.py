"""A deck's slides as pictures, by LibreOffice and poppler where they are installed; and their titles and notes."""

import io
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reporting.office import TIME_LIMIT, OfficeFailed, convert_to_pdf, run_program

WIDTH = 1280
"""Pixels of a picture."""
MOST_SLIDES = 60
NEEDED = ("soffice", "pdftoppm")


class NoPictures(OfficeFailed):
    """The deck could not be turned into pictures: in time, or at all. The text names the program, never a content."""


@dataclass(frozen=True)
class SlideWords:
    """What a slide is called, and what its notes say."""

    title: str
    notes: str


def can_make_pictures() -> bool:
    """Whether the programs are installed."""
    return all(shutil.which(program) for program in NEEDED)


def slide_words(deck: bytes) -> Sequence[SlideWords]:
    """Title and notes of each slide. Raises NoPictures where it is no deck."""
    from pptx import Presentation  # 0.2 s that few who import this need

    try:
        slides = Presentation(io.BytesIO(deck)).slides
        return [_words(slide) for slide in slides]
    except Exception:  # noqa: BLE001 - whatever python-pptx makes of what is no deck
        raise NoPictures("python-pptx can't read it") from None


def slide_pictures(deck: bytes, limit: float = TIME_LIMIT) -> Sequence[bytes]:
    """A PNG of each slide, at most `MOST_SLIDES`. Raises NoPictures; whatever was started is ended by then."""
    with tempfile.TemporaryDirectory(prefix="slides-", ignore_cleanup_errors=True) as room:
        folder = Path(room)
        try:
            convert_to_pdf(deck, "pptx", folder, limit)
            run_program(
                ["pdftoppm", "-png", "-scale-to-x", str(WIDTH), "-scale-to-y", "-1", "-l", str(MOST_SLIDES), "file.pdf",
                 "page"],
                folder, limit,
            )  # fmt: skip
        except OfficeFailed as error:
            raise NoPictures(*error.args) from None
        pictures = [file.read_bytes() for file in sorted(folder.glob("page*.png"))]
    if not pictures:
        raise NoPictures("pdftoppm made no picture")
    return pictures


def _words(slide: object) -> SlideWords:
    title = getattr(slide.shapes, "title", None)  # type: ignore[attr-defined]
    notes = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""  # type: ignore[attr-defined]
    return SlideWords(" ".join(title.text_frame.text.split()) if title is not None else "", notes.strip())

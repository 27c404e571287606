"""A deck's slides as pictures, by LibreOffice and poppler where they are installed; and their titles and notes."""

import io
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TIME_LIMIT = 90.0
"""Seconds for the whole of it. A deck of twenty slides takes five to ten."""
WIDTH = 1280
"""Pixels of a picture."""
MOST_SLIDES = 60
NEEDED = ("soffice", "pdftoppm")


class NoPictures(Exception):  # noqa: N818 - a finding, named as one
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
        (folder / "deck.pptx").write_bytes(deck)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        _run(["soffice", profile, "--headless", "--convert-to", "pdf", "deck.pptx"], folder, limit)
        if not (folder / "deck.pdf").exists():
            raise NoPictures("soffice made no PDF")
        last = str(MOST_SLIDES)
        _run(["pdftoppm", "-png", "-scale-to-x", str(WIDTH), "-scale-to-y", "-1", "-l", last, "deck.pdf", "page"],
             folder, limit)  # fmt: skip
        pictures = [file.read_bytes() for file in sorted(folder.glob("page*.png"))]
    if not pictures:
        raise NoPictures("pdftoppm made no picture")
    return pictures


def _words(slide: object) -> SlideWords:
    title = getattr(slide.shapes, "title", None)  # type: ignore[attr-defined]
    notes = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""  # type: ignore[attr-defined]
    return SlideWords(" ".join(title.text_frame.text.split()) if title is not None else "", notes.strip())


def _run(command: Sequence[str], folder: Path, limit: float) -> None:
    """Run a program in a group of its own, which is ended with everything it started when its time is up."""
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"}
    try:
        program = subprocess.Popen(
            command, cwd=folder, env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        raise NoPictures(f"{command[0]} can't be started: {error.strerror}") from None
    try:
        code = program.wait(limit)
    except subprocess.TimeoutExpired:
        raise NoPictures(f"{command[0]} took longer than {limit:g} s") from None
    finally:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()
    if code:
        raise NoPictures(f"{command[0]} ended with {code}")

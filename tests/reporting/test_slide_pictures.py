"""Pictures of slides: made in bounded time, with nothing left running, or a clear word on why not."""

import os
import shutil
import stat
import time
from pathlib import Path

import psutil
import pytest

from reporting.slide_pictures import NoPictures, slide_pictures, slide_words
from tests.web.console.decks import deck_with

needs_office = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftoppm")), reason="no LibreOffice here"
)


@pytest.mark.office
@needs_office
def test_a_slide_is_a_picture_in_the_decks_own_order() -> None:
    pictures = slide_pictures(deck_with("En", "To", "Tre"))
    assert len(pictures) == 3
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


@pytest.mark.office
@needs_office
def test_what_is_no_deck_has_no_pictures() -> None:
    with pytest.raises(NoPictures):
        slide_pictures(b"PK\x03\x04 not a deck")


def test_titles_and_notes_are_read_without_any_program() -> None:
    words = slide_words(deck_with("En", "To"))
    assert [(each.title, each.notes) for each in words] == [("En", "Sig velkommen."), ("To", "")]
    with pytest.raises(NoPictures):
        slide_words(b"nothing")


def program(folder: Path, script: str) -> None:
    """A `soffice` that does this instead."""
    file = folder / "soffice"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def has_ended(pid: int) -> None:
    """Wait for what was killed to be gone, or a zombie of a parent that is not ours."""
    for _ in range(1000):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} goes on")


def test_a_program_that_hangs_is_ended_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    pids = tmp_path / "pids"
    program(tmp_path, f"sleep 600 & echo $! > {pids}; echo $$ >> {pids}; wait")
    with pytest.raises(NoPictures, match="took longer"):
        slide_pictures(b"deck", limit=1)
    for pid in pids.read_text().split():
        has_ended(int(pid))


@pytest.mark.parametrize(("script", "said"), [("exit 3", "ended with 3"), ("exit 0", "made no PDF")])
def test_a_program_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    program(tmp_path, script)
    with pytest.raises(NoPictures, match=said):
        slide_pictures(b"deck")


def test_a_program_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoPictures, match="can't be started"):
        slide_pictures(b"deck")

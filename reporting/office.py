"""LibreOffice and poppler, where they are installed: run in a folder of their own, with a limit of time."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

TIME_LIMIT = 90.0
"""Seconds for one program."""


class OfficeFailed(Exception):  # noqa: N818 - a finding, named as one
    """A program could not do its work: in time, or at all. The text names the program, never a content."""


def can_make_pdf() -> bool:
    """Whether the program for it is installed."""
    return shutil.which("soffice") is not None


def pdf_of(document: bytes, ending: str = "docx", limit: float = TIME_LIMIT) -> bytes:
    """A Word or PowerPoint file as PDF. Raises OfficeFailed; whatever was started is ended by then."""
    with tempfile.TemporaryDirectory(prefix="office-", ignore_cleanup_errors=True) as room:
        folder = Path(room)
        convert_to_pdf(document, ending, folder, limit)
        return (folder / "file.pdf").read_bytes()


def convert_to_pdf(document: bytes, ending: str, folder: Path, limit: float) -> None:
    """Leave `file.pdf` in the folder. Raises OfficeFailed."""
    (folder / f"file.{ending}").write_bytes(document)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run_program(["soffice", profile, "--headless", "--convert-to", "pdf", f"file.{ending}"], folder, limit)
    if not (folder / "file.pdf").exists():
        msg = "soffice made no PDF"
        raise OfficeFailed(msg)


def run_program(command: Sequence[str], folder: Path, limit: float) -> None:
    """Run a program in a group of its own, which is ended with everything it started when its time is up.

    Raises OfficeFailed.
    """
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"}
    try:
        program = subprocess.Popen(
            command, cwd=folder, env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        msg = f"{command[0]} can't be started: {error.strerror}"
        raise OfficeFailed(msg) from None
    try:
        code = program.wait(limit)
    except subprocess.TimeoutExpired:
        msg = f"{command[0]} took longer than {limit:g} s"
        raise OfficeFailed(msg) from None
    finally:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()
    if code:
        msg = f"{command[0]} ended with {code}"
        raise OfficeFailed(msg)

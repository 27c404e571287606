"""Terminals and files that lack Danish letters: what is printed has something else for them, and nothing crashes."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.command_line import INSTALLED

OLD = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ENCODINGS = [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, OLD]


def run(cwd: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KLYNGEFLOW_", "PYTHON", "LC_"))}
    return subprocess.run(
        [INSTALLED, *arguments], cwd=cwd, env=kept | environment, capture_output=True, timeout=60, check=False
    )


@pytest.mark.parametrize("environment", ENCODINGS, ids=["ascii", "latin-1", "C"])
@pytest.mark.parametrize(
    "arguments",
    [("orders", "do", "--help"), ("package", "list"), ("simulate", "--clusters", "1", "--years", "1")],
    ids=" ".join,
)
def test_what_is_printed_comes_out(tmp_path: Path, environment: dict[str, str], arguments: tuple[str, ...]) -> None:
    done = run(tmp_path, environment, *arguments)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") > 2
    assert b"?" in done.stdout or environment == ENCODINGS[1]


@pytest.mark.parametrize("environment", ENCODINGS, ids=["ascii", "latin-1", "C"])
def test_a_refusal_comes_out(tmp_path: Path, environment: dict[str, str]) -> None:
    done = run(tmp_path, environment, "package", "show", "søvn")
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
    assert done.stderr.startswith(b"klyngeflow: ")

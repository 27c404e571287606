"""The command line as people meet it: in this process for speed, or the installed program."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from cli import main as cli
from demo.answers import Raw
from domain.model import Round
from domain.package import Package

INSTALLED = Path(sys.executable).parent / "klyngeflow"


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class CommandLine:
    """Runs `klyngeflow` in this process: the same entry, without starting Python again."""

    def __call__(self, *arguments: str | Path) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with (
            patch.object(sys, "argv", ["klyngeflow", *map(str, arguments)]),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            cli.main()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())

    def refuses(self, *arguments: str | Path) -> str:
        """The one line it says no with."""
        ran = self(*arguments)
        assert (ran.code, ran.out) == (2, "")
        lines = ran.err.splitlines()
        assert len(lines) == 1, ran.err
        return lines[0].removeprefix("klyngeflow: ")


def run_installed(*arguments: str | Path, cwd: Path) -> Ran:
    """The installed program, as a shell starts it."""
    done = subprocess.run([INSTALLED, *arguments], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


def csv_of(package: Package, round_: Round, people: Sequence[Raw], separator: str = ",") -> str:
    """The people's answers as a spreadsheet writes them."""
    columns = [item.id for item in package.asked_in(round_)]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([";".join(person.get(column, [])) for column in columns] for person in people)
    return text.getvalue()

"""`klyngeflow demo --serve` as people start it: it says where to begin, and ends without a trace."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from tests.cli.command_line import CommandLine
from tests.demo.demo_run import surroundings
from tests.demo.play.stage import WITHIN
from worker.servers import free_port
from worker.serving import take_port

pytestmark = pytest.mark.temporal

PROGRAM = (sys.executable, "-c", "from cli.main import main; main()", "demo", "--serve")


@pytest.fixture
def place(tmp_path: Path) -> dict[str, str]:
    """An environment whose temporary files lie in a folder of the test's."""
    return surroundings(tmp_path) | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}


def started(place: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        env=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=place["TMPDIR"],
    )


def family(program: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(program.pid).children(recursive=True)


def ended(program: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = program.communicate(timeout=WITHIN)
    return program.returncode, out, err


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_to_begin_and_a_signal_ends_it_without_a_trace(place: dict[str, str], by: signal.Signals) -> None:
    program = started(place, "--clusters", "2")
    assert program.stdout is not None
    said = program.stdout.readline() + program.stdout.readline()
    start = re.search(r"http://127\.0\.0\.1:\d+/demonstration", said)
    assert start is not None, said
    assert httpx.get(start[0]).status_code == 200
    children = family(program)
    assert any("temporal-test-server" in child.name() for child in children)
    program.send_signal(by)
    code, _, err = ended(program)
    assert (code, err) == (0, "")
    assert not any(child.is_running() for child in children)
    assert list(Path(place["TMPDIR"]).iterdir()) == []


def test_a_signal_while_the_country_is_made_ends_that_too(place: dict[str, str]) -> None:
    program = started(place, "--clusters", "60")
    while not any("demo.country.share" in " ".join(child.cmdline()) for child in family(program)):
        assert program.poll() is None
    children = family(program)
    program.send_signal(signal.SIGINT)
    code, _, err = ended(program)
    assert (code, err) == (0, "")
    assert not any(child.is_running() for child in children)
    assert list(Path(place["TMPDIR"]).iterdir()) == []


def test_a_port_that_is_taken_is_refused_in_one_line(klyngeflow: CommandLine) -> None:
    port = free_port()
    with take_port("127.0.0.1", port):
        assert klyngeflow.refuses("demo", "--serve", "--port", str(port)).startswith(f"port {port} is in use")


@pytest.mark.parametrize("wrong", [("--clusters", "0"), ("--clusters", "116"), ("--port", "0")], ids=" ".join)
def test_a_country_that_cannot_be_is_refused_in_one_line(klyngeflow: CommandLine, wrong: tuple[str, str]) -> None:
    assert klyngeflow.refuses("demo", "--serve", *wrong).startswith(f"Invalid value for '{wrong[0]}'")


def test_a_folder_that_holds_something_is_refused(klyngeflow: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "noget").touch()
    assert "is not empty" in klyngeflow.refuses("demo", "--serve", "--keep", tmp_path)


def test_what_it_worked_with_can_be_kept(place: dict[str, str], tmp_path: Path, klyngeflow: CommandLine) -> None:
    program = started(place, "--clusters", "2", "--keep", str(tmp_path / "gemt"))
    assert program.stdout is not None
    program.stdout.readline()
    program.send_signal(signal.SIGINT)
    assert ended(program)[0] == 0
    orders = klyngeflow("orders", "list", "--all", "--data", tmp_path / "gemt", "--json")
    assert len(orders.json) == 2

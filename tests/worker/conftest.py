"""What the tests of the command line share."""

import os

import pytest

from tests.cli.command_line import CommandLine
from tests.demo.demo_run import DemoRun, the_run


@pytest.fixture
def klyngeflow(monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, in this process and out of reach of the machine's own settings."""
    for name in ("KLYNGEFLOW_PACKAGES", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return CommandLine()


@pytest.fixture(scope="session")
def the_demo(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """One demo for the whole test run, whichever of its processes asks first."""
    base = tmp_path_factory.getbasetemp()
    return the_run((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "the_demo")

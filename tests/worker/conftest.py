"""What the tests of the command line share."""

import pytest

from tests.worker.command_line import CommandLine


@pytest.fixture
def klyngeflow(monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, in this process and out of reach of the machine's own settings."""
    for name in ("KLYNGEFLOW_PACKAGES", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return CommandLine()

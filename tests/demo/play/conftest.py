"""One demonstration for all tests of it: its tests go to one process, and time in it only goes forward."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.demo.play.stage import Stage, a_stage


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    data: Path = tmp_path_factory.mktemp("play") / "data"
    with a_stage(data) as running:
        yield running


@pytest.fixture
def browser_at(stage: Stage) -> Iterator[httpx.Client]:
    """Somebody at a browser."""
    with stage.browser() as client:
        yield client

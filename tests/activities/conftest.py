"""A desk with a real store in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.activities.desk import Desk, Postbox
from worker.settings import Settings
from worker.stack import open_stack


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    stack = open_stack(Settings(data=tmp_path / "data", base_url="http://127.0.0.1:8080"), migrating=True)
    yield Desk(stack, Postbox())
    stack.close()

"""A desk with a real store in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.activities.desk import Desk, Postbox
from tests.databases import new_sqlite
from worker.settings import Settings
from worker.stack import open_stack


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    data = tmp_path / "data"
    data.mkdir()
    new_sqlite(data / "klyngeflow.db")
    stack = open_stack(Settings(data=data, base_url="http://127.0.0.1:8080"), migrating=True)
    yield Desk(stack, Postbox())
    stack.close()

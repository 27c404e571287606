"""An order on a data folder of its own, whose stack and command line look at the same database."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.activities.desk import Desk, Postbox
from tests.databases import new_sqlite
from worker.settings import Settings
from worker.stack import open_stack


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Skovby's order to be placed; the command line finds it in `data`, where it is run."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir(0o700)
    new_sqlite(tmp_path / "data" / "klyngeflow.db")
    with closing(open_stack(Settings(data=tmp_path / "data", base_url="http://127.0.0.1:8080"))) as stack:
        yield Desk(stack, Postbox())

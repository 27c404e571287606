"""What the command line is run on: an order on a data folder of its own, and answers to report."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from demo.answers import baseline_answers
from tests.activities.desk import Desk, Postbox
from tests.cli.reports import Reports, write_answers
from tests.databases import new_sqlite
from tests.made_once import Shelf
from tests.the_packages import TRIVSEL
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


@pytest.fixture(scope="session")
def reports(shelf: Shelf) -> Reports:
    """Reports of made-up answers, each made once in a test run."""
    return Reports(shelf.folder)


@pytest.fixture
def svar(tmp_path: Path) -> Path:
    """34 people's answers to Trivsel og arbejdsglæde."""
    return write_answers(tmp_path / "svar.csv", baseline_answers(TRIVSEL)[:34])


@pytest.fixture
def ud(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "ud"

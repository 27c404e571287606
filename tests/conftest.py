"""What all tests share: real databases, the command line, one demo, and what is costly to make made once."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer

from storage.database import Database
from tests.cli.command_line import CommandLine
from tests.databases import Postgres, a_postgres, memory, new_sqlite, sqlite_url
from tests.demo.demo_run import DemoRun, the_run
from tests.made_once import Shelf
from tests.scheduling import TogetherScheduling


def pytest_configure() -> None:
    """Put the tests' own folders into memory, where the machine has room and nobody has chosen another place."""
    if (place := memory()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> TogetherScheduling | None:
    """With `--dist loadgroup`, what shares something costly goes to one process."""
    return TogetherScheduling(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def shelf(run_folder: Path) -> Shelf:
    """Files that are made once in a test run."""
    return Shelf(run_folder / "made_once")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL for this test process."""
    with a_postgres() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    return postgres.url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database's URL, on each of the two databases: an empty one, or a migrated one where the test has `database`."""
    migrated = "database" in request.fixturenames and "empty_database" not in request.fixturenames
    if request.param == "sqlite":
        path = tmp_path / "klyngeflow.db"
        yield sqlite_url(new_sqlite(path) if migrated else path)
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    url = postgres.new_migrated() if migrated else postgres.new()
    yield url
    postgres.drop(url)


@pytest.fixture
def empty_database(database_url: str) -> Iterator[Database]:
    """A database without any tables."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with the whole schema and no rows, on each of the two databases."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def klyngeflow(monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, in this process and out of reach of the machine's own settings."""
    for name in ("KLYNGEFLOW_PACKAGES", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return CommandLine()


@pytest.fixture(scope="session")
def the_demo(run_folder: Path) -> DemoRun:
    """One demo for the whole test run, whichever of its processes asks first."""
    return the_run(run_folder / "the_demo")

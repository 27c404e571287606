"""What somebody with the database's files can read: every byte of tables and indexes, and SQLite's write-ahead log."""

from pathlib import Path

from sqlalchemy import text

from storage.database import Database
from tests.databases import as_superuser


def everything_on_disk(database: Database) -> bytes:
    """The raw bytes, after PostgreSQL has written its buffers out."""
    if database.is_sqlite:
        return b"".join(path.read_bytes() for path in sqlite_files(database))
    with as_superuser(database) as connection:
        connection.execute(text("CHECKPOINT"))
        home = connection.execute(text("SHOW data_directory")).scalar_one()
        paths = connection.execute(
            text("SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 't', 'i') AND oid >= 16384")
        ).scalars()
        folders = {(Path(home) / path).parent for path in paths}
    # The folders, not the paths: files that a rewritten table has left behind count too.
    return b"".join(
        path.read_bytes() for folder in folders for path in sorted(folder.iterdir()) if path.name[0].isdigit()
    )


def sqlite_files(database: Database) -> list[Path]:
    """The database's file, and its write-ahead log where there is one."""
    file = Path(str(database.url.database))
    return [path for path in (file, file.with_name(file.name + "-wal")) if path.exists()]


def write_ahead_log(database: Database) -> bytes:
    """SQLite's WAL."""
    return sqlite_files(database)[1].read_bytes()

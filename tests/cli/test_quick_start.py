"""A command imports what it needs and nothing else: asking for help takes no library of numbers, decks or servers."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.core import TyperGroup

from cli.main import ENTRIES, Entry, app, load
from tests.databases import new_sqlite

HEAVY = {
    "temporalio", "sqlalchemy", "alembic", "pandas", "statsmodels", "pptx", "docx", "scipy", "fastapi", "uvicorn",
    "pydantic",
}  # fmt: skip

LIST_LOADED = """
import atexit, sys
from cli.main import main
atexit.register(lambda: print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr))
sys.argv[0] = "klyngeflow"
main()
"""


def loaded_by(*arguments: str, environment: Mapping[str, str] | None = None) -> set[str]:
    """Every library that the command left in memory."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_LOADED, *arguments],
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


def test_the_help_takes_no_heavy_library() -> None:
    loaded = loaded_by("--help")
    assert "typer" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize(
    ("command", "needs"),
    [
        ("orders", {"sqlalchemy", "alembic", "pydantic"}),
        ("events", {"sqlalchemy", "alembic", "pydantic"}),
        ("package", {"pydantic"}),
        ("report", {"pandas", "pptx", "docx", "pydantic"}),
    ],
)
def test_a_command_takes_no_more_than_it_needs(command: str, needs: set[str]) -> None:
    assert loaded_by(command, "--help") & HEAVY <= needs


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_the_list_says_what_the_command_says_of_itself(entry: Entry) -> None:
    listed = app.commands[entry.name]
    command = load(entry.name)
    assert listed.help == command.help.partition("\n\n")[0]
    assert isinstance(command, TyperGroup) == entry.where.endswith(":app")


NUMBERS_AND_SERVERS = {"statsmodels", "pandas", "numpy", "scipy", "temporalio", "fastapi", "pptx", "docx"}


def test_the_list_of_orders_and_a_migration_take_only_the_database(tmp_path: Path) -> None:
    """They are asked for most, of a database that is of this version already."""
    new_sqlite(tmp_path / "klyngeflow.db")
    embedded = {"KLYNGEFLOW_MODE": "embedded", "KLYNGEFLOW_DATA": str(tmp_path)}
    for command in (("orders", "list"), ("migrate",)):
        loaded = loaded_by(*command, environment=embedded)
        assert "sqlalchemy" in loaded
        assert loaded & {*NUMBERS_AND_SERVERS, "alembic"} == set()


def test_a_first_migration_takes_the_library_of_steps_besides(tmp_path: Path) -> None:
    loaded = loaded_by("migrate", environment={"KLYNGEFLOW_MODE": "embedded", "KLYNGEFLOW_DATA": str(tmp_path)})
    assert "alembic" in loaded
    assert loaded & NUMBERS_AND_SERVERS == set()

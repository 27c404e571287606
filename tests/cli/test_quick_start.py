"""A command imports what it needs and nothing else: asking for help takes no library of numbers, decks or servers."""

import subprocess
import sys

import pytest
from typer.core import TyperGroup

from cli.main import ENTRIES, Entry, app, load

HEAVY = {"temporalio", "sqlalchemy", "alembic", "pandas", "pptx", "docx", "scipy", "fastapi", "uvicorn", "pydantic"}

LIST_LOADED = """
import atexit, sys
from cli.main import main
atexit.register(lambda: print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr))
sys.argv[0] = "klyngeflow"
main()
"""


def loaded_by(*arguments: str) -> set[str]:
    """Every library that the command left in memory."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_LOADED, *arguments], capture_output=True, text=True, timeout=60, check=False
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

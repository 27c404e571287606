"""What the architecture's table says a room may import is what the import contracts check."""

import re
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
ROW = re.compile(r"^\| `(\w+)/` \|[^|]*\| (.+) \|$", re.MULTILINE)
MAY = dict(ROW.findall((HERE / "docs" / "architecture.md").read_text()))
LINTER = tomllib.loads((HERE / "pyproject.toml").read_text())["tool"]["importlinter"]
ROOMS = set(LINTER["root_packages"])


def forbidden_to(room: str) -> set[str]:
    """The rooms whose modules this room's may not import, by all contracts together."""
    found = set[str]()
    for contract in LINTER["contracts"]:
        if contract["type"] == "forbidden" and room in contract["source_modules"]:
            found |= set(contract["forbidden_modules"])
        elif contract["type"] == "independence" and room in contract["modules"]:
            found |= set(contract["modules"])
    return (found & ROOMS) - {room}


def test_every_room_has_its_line() -> None:
    assert set(MAY) - {"klyngepakker"} == ROOMS


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_is_forbidden_whatever_the_table_does_not_allow(room: str) -> None:
    allowed = ROOMS if MAY[room] == "all" else ROOMS & set(re.findall(r"\w+", MAY[room]))
    assert forbidden_to(room) == ROOMS - allowed - {room}

"""`vulture` looks at every room, finds what nothing uses, and is told to overlook nothing that it need not."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "vulture.toml").read_text()
VULTURE = tomllib.loads(SETTINGS)["tool"]["vulture"]
ROOMS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
FINDING = re.compile(r"unused \w+ '(\w+)'")


def vulture(*arguments: str, at: Path = ROOT) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "vulture", *arguments], cwd=at, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def names_in(group: str) -> set[str]:
    """The names beneath the comment that begins with these words."""
    block = SETTINGS.split(f"    # {group}")[1].split("\n\n")[0]
    return set(re.findall(r'"(\w+)"', block))


def test_every_room_is_looked_at() -> None:
    assert set(VULTURE["paths"]) == {*ROOMS, "benchmarks"}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def nobody_calls() -> int:\n    return 1\n", ["nobody_calls"]),
        ("LIMIT = 3\n", ["LIMIT"]),
        ("class Nobody:\n    pass\n", ["Nobody"]),
        ("def asked() -> int:\n    return 1\n\n\nprint(asked())\n", []),
    ],
)
def test_what_nothing_uses_is_found(tmp_path: Path, code: str, found: list[str]) -> None:
    (tmp_path / "room.py").write_text(code)
    status, said = vulture("--config", str(ROOT / "vulture.toml"), "room.py", at=tmp_path)
    assert FINDING.findall(said) == found
    assert (status == 0) == (not found)


def test_no_name_is_overlooked_without_need() -> None:
    decorators = ",".join(VULTURE["ignore_decorators"])
    _, said = vulture(*VULTURE["paths"], "--exclude", *VULTURE["exclude"], "--ignore-decorators", decorators)
    assert set(VULTURE["ignore_names"]) - set(FINDING.findall(said)) == set()


def test_what_only_templates_read_stands_in_one() -> None:
    words = set[str]()
    for template in (*ROOT.glob("web/templates/**/*.html"), *ROOT.glob("mail/messages/**/*.*")):
        words |= set(re.findall(r"\w+", template.read_text()))
    assert names_in("Read by templates of pages and mails.") - words == set()

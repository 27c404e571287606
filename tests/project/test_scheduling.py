"""What shares something costly to start goes to one process of a test run."""

import re
from pathlib import Path

import pytest

from tests.scheduling import group_of

ROOT = Path(__file__).parents[2]
FOUND = sorted(set((ROOT / "tests").rglob("test_*.py")) - {Path(__file__)})
FILES = {path.relative_to(ROOT).as_posix(): path.read_text() for path in FOUND}
IN_A_BROWSER = re.compile(r"^def test_\w+\([^)]*\b(?:Browser|Page|Somebody)\b", re.MULTILINE)


def group_of_file(path: str) -> str:
    return group_of(f"{path}::test_something[sqlite::1]")


def test_all_tests_of_the_time_machine_are_one_group() -> None:
    played = [(path, text) for path, text in FILES.items() if path.startswith("tests/demo/play/")]
    on_stage = [path for path, text in played if re.search(r"\b(stage|browser_at): ", text)]
    assert len(on_stage) >= 5
    assert {group_of_file(path) for path in on_stage} == {"the time machine"}


@pytest.mark.parametrize("path", [path for path, text in FILES.items() if len(IN_A_BROWSER.findall(text)) > 1])
def test_tests_in_one_browser_are_one_group(path: str) -> None:
    assert group_of_file(path) in (path, "the time machine")


def test_any_other_test_goes_where_there_is_time() -> None:
    assert group_of_file("tests/domain/test_calendar.py") == "tests/domain/test_calendar.py::test_something[sqlite::1]"

"""How old the newest back-up is, on the console's page on the system: also that nobody said, and that there is none."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.database import Database
from tests.hand_clock import MONDAY
from tests.web.application import Web, running_web
from tests.web.console.office import signed_in
from tests.web.reading import Shown
from web.console.backups import BackUpState, newest_backup

HOUR = dt.timedelta(hours=1)


def made(file: Path, hours_ago: float, content: str = "en kopi") -> None:
    file.write_text(content)
    then = (MONDAY - hours_ago * HOUR).timestamp()
    os.utime(file, (then, then))


def state(place: Path) -> BackUpState:
    return newest_backup(place, MONDAY).state


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(0, "fresh"), (26, "fresh"), (26.01, "old"), (400, "old"), (-0.05, "fresh"), (-3, "from_the_future")],
)
def test_a_back_up_is_old_after_twenty_six_hours(tmp_path: Path, hours: float, expected: str) -> None:
    made(tmp_path / "klyngeflow.dump", hours)
    assert state(tmp_path) == expected


def test_the_newest_of_many_counts(tmp_path: Path) -> None:
    for hours in (72, 48, 3, 24):
        made(tmp_path / f"{hours}.dump", hours)
    found = newest_backup(tmp_path, MONDAY)
    assert (found.state, found.hours, found.made_at) == (BackUpState.FRESH, 3, MONDAY - 3 * HOUR)


def test_empty_hidden_and_half_written_files_and_folders_are_no_back_ups(tmp_path: Path) -> None:
    made(tmp_path / "empty.dump", 1, content="")
    made(tmp_path / ".hidden", 1)
    made(tmp_path / "today.dump.part", 1)
    made(tmp_path / "today.tmp", 1)
    (tmp_path / "folder").mkdir()
    assert state(tmp_path) is BackUpState.NONE
    made(tmp_path / "yesterday.dump", 30)
    assert state(tmp_path) is BackUpState.OLD


def test_a_single_file_tells_by_its_own_time_also_an_empty_one(tmp_path: Path) -> None:
    made(tmp_path / "done", 2, content="")
    assert state(tmp_path / "done") is BackUpState.FRESH


def test_a_place_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    assert state(tmp_path / "nowhere") is BackUpState.NOT_FOUND


def test_a_link_that_leads_nowhere_is_left_aside(tmp_path: Path) -> None:
    made(tmp_path / "klyngeflow.dump", 1)
    (tmp_path / "latest").symlink_to(tmp_path / "gone")
    assert state(tmp_path) is BackUpState.FRESH


def test_without_the_setting_the_page_says_that_nobody_knows(web: Web) -> None:
    assert "Systemet ved ikke, om der bliver taget sikkerhedskopier" in words(web)
    assert "KLYNGEFLOW_BACKUPS" in words(web)


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda file: made(file, 3), "Den seneste er fra 05.01.2026 kl. 7.00, for 3 timer siden."),
        (lambda file: made(file, 0.5), "Den seneste er fra 05.01.2026 kl. 9.30, for under en time siden."),
        (lambda file: made(file, 50), "Den seneste er 50 timer gammel, fra 03.01.2026 kl. 8.00."),
        (lambda file: made(file, -9), "har en tid, der ikke er kommet endnu: 05.01.2026 kl. 19.00"),
        (lambda file: None, "Der er ingen sikkerhedskopi"),
        (lambda file: file.parent.rmdir(), "kan ikke læses"),
    ],
)
def test_the_page_tells_how_old_the_newest_is_and_what_is_wrong(
    database: Database, tmp_path: Path, prepare: Callable[[Path], None], said: str
) -> None:
    folder = tmp_path / "kopier"
    folder.mkdir()
    prepare(folder / "klyngeflow.dump")
    with running_web(database, backups=folder) as web:
        assert said in words(web)
        assert str(folder) not in words(web), "where it lies is nobody's business here"


def words(web: Web) -> str:
    with signed_in(web) as ole:
        return Shown(ole.get("/drift/drift")).words

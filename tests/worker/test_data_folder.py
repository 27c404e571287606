"""What the embedded stack keeps is for nobody else on the machine: Temporal's file has no rights of its own."""

import stat
from contextlib import closing
from pathlib import Path

import pytest

from cli.main import app
from worker.data_folder import make_data_folder
from worker.settings import Settings
from worker.stack import open_stack


def rights_of(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def test_a_new_data_folder_is_its_owners(tmp_path: Path) -> None:
    data = tmp_path / "kiap" / "data"
    with closing(open_stack(Settings(data=data))):
        assert rights_of(data) == 0o700


def test_migrate_makes_it_so_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLYNGEFLOW_MODE", "embedded")
    monkeypatch.setenv("KLYNGEFLOW_DATA", str(tmp_path / "data"))
    app(["migrate"], standalone_mode=False)
    assert rights_of(tmp_path / "data") == 0o700


@pytest.mark.parametrize("rights", [0o755, 0o777, 0o750, 0o701])
def test_one_that_others_could_read_is_closed_to_them(tmp_path: Path, rights: int) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(rights)
    make_data_folder(data)
    assert rights_of(data) == 0o700


def test_one_that_is_somebody_elses_stays_as_they_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    (tmp_path / "data").mkdir(0o755)
    make_data_folder(tmp_path / "data")
    assert rights_of(tmp_path / "data") == 0o755

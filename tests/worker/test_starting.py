"""What the parts refuse to start with: one clear line, and nothing made in the folder."""

import fcntl
from pathlib import Path

import pytest

from tests.worker.command_line import CommandLine
from worker.demo.run import _of_its_own
from worker.settings import Settings


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working folder and no settings in the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("part", ["worker", "web", "recover"])
def test_a_part_that_was_not_told_its_mode_makes_no_database_of_its_own(
    klyngeflow: CommandLine, here: Path, part: str
) -> None:
    assert klyngeflow.refuses(part).startswith("set KLYNGEFLOW_MODE to production")
    assert list(here.iterdir()) == []


def test_up_refuses_where_the_folder_says_production(klyngeflow: CommandLine, here: Path) -> None:
    (here / ".env").write_text("KLYNGEFLOW_MODE=production\n")
    assert klyngeflow.refuses("up").startswith("the settings here say production")
    assert [path.name for path in here.iterdir()] == [".env"]


def test_up_refuses_where_the_environment_says_production(
    klyngeflow: CommandLine, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLYNGEFLOW_MODE", "production")
    assert klyngeflow.refuses("up").startswith("the settings here say production")
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "mange", "KLYNGEFLOW_PORT: Input should be a valid integer"),
        ("API_KEYS", "{hemmelig", "KLYNGEFLOW_API_KEYS is not JSON"),
        ("API_KEYS", '{"hemmelig": "chef"}', "KLYNGEFLOW_API_KEYS: Input should be"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named_and_not_shown(
    klyngeflow: CommandLine, here: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"KLYNGEFLOW_{name}", value)
    refused = klyngeflow.refuses("up")
    assert refused.startswith(said)
    assert "hemmelig" not in refused.lower()
    assert list(here.iterdir()) == []


def test_a_second_up_on_a_folder_opens_nothing_in_it(klyngeflow: CommandLine, here: Path) -> None:
    (here / "data").mkdir()
    with (here / "data" / "running.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ran = klyngeflow("up")
    assert (ran.code, ran.err) == (2, "klyngeflow: Klyngeflow is running already on the data in 'data'\n")
    assert [path.name for path in (here / "data").iterdir()] == ["running.lock"]


def test_the_demo_keeps_off_the_real_database_key_and_mail(here: Path) -> None:
    (here / ".env").write_text(
        "KLYNGEFLOW_MODE=production\nKLYNGEFLOW_DATABASE_URL=postgresql+psycopg://db/drift\nKLYNGEFLOW_MAIL=smtp\n"
        "KLYNGEFLOW_SMTP_HOST=post.example.dk\nKLYNGEFLOW_MASTER_KEY_FILE=/run/secrets/master_key\n"
    )
    settings = _of_its_own(here / "demo", 8080)
    assert (settings.mode, settings.mail, settings.mails) == ("embedded", "folder", here / "demo" / "mails")
    assert settings.database == f"sqlite:///{here / 'demo' / 'klyngeflow.db'}"
    assert settings.master_key_file is None

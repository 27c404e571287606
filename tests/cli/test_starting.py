"""What the parts refuse to start with: one clear line, and nothing made in the folder."""

import fcntl
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.own_settings import of_its_own
from tests.cli.command_line import CommandLine
from tests.databases import new_sqlite, sqlite_url
from worker.servers import free_port
from worker.settings import Settings


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working folder and no settings in the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("part", ["worker", "web", "recover", "rebuild", "migrate"])
def test_a_part_that_was_not_told_its_mode_makes_no_databaseof_its_own(
    klyngeflow: CommandLine, here: Path, part: str
) -> None:
    assert klyngeflow.refuses(part).startswith("set KLYNGEFLOW_MODE to production")
    assert list(here.iterdir()) == []


@pytest.fixture
def production(here: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """All that production is told, with a database and a key that are there; nobody listens for Temporal."""
    (here / "master.key").write_bytes(bytes(32))
    new_sqlite(here / "drift.db")
    told = {
        "MODE": "production",
        "DATABASE_URL": sqlite_url(here / "drift.db"),
        "MASTER_KEY_FILE": str(here / "master.key"),
        "BASE_URL": "https://klynge.example.dk",
        "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
        "MAIL": "smtp",
        "SMTP_HOST": "post.example.dk",
    }
    for name, value in told.items():
        monkeypatch.setenv(f"KLYNGEFLOW_{name}", value)
    return told


@pytest.mark.parametrize("part", ["worker", "web", "recover", "rebuild", "orders list"])
def test_a_database_that_is_not_there_is_told_and_not_made(
    klyngeflow: CommandLine, here: Path, production: dict[str, str], part: str
) -> None:
    (here / "drift.db").unlink()
    said = f"there is no database '{here / 'drift.db'}': make it with `klyngeflow migrate`"
    assert klyngeflow.refuses(*part.split()) == said
    assert [path.name for path in here.iterdir()] == ["master.key"]


@pytest.mark.parametrize("part", ["worker", "web", "recover", "rebuild", "migrate", "orders list", "staff list"])
@pytest.mark.usefixtures("production")
def test_a_database_server_that_does_not_answer_is_told_in_one_line(
    klyngeflow: CommandLine, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    port = free_port()
    monkeypatch.setenv("KLYNGEFLOW_DATABASE_URL", f"postgresql+psycopg://kf:hemmelig@127.0.0.1:{port}/klyngeflow")
    refused = klyngeflow.refuses(*part.split())
    assert refused.startswith("the database is out of reach: ")
    assert str(port) in refused
    assert "hemmelig" not in refused


@pytest.mark.parametrize("url", ["mysql://kf:hemmelig@db/x", "hemmelig", "postgresql://kf:hemmelig@db/x"])
@pytest.mark.usefixtures("production")
def test_a_database_of_another_kind_is_refused_by_its_setting(
    klyngeflow: CommandLine, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("KLYNGEFLOW_DATABASE_URL", url)
    said = "KLYNGEFLOW_DATABASE_URL: must begin with postgresql+psycopg:// or sqlite:///"
    assert klyngeflow.refuses("migrate") == said


@pytest.mark.parametrize("part", ["worker", "recover"])
def test_a_temporal_that_does_not_answer_is_told_in_one_line(
    klyngeflow: CommandLine, production: dict[str, str], part: str
) -> None:
    ran = klyngeflow(part)
    said = f"klyngeflow: Temporal does not answer at {production['TEMPORAL_ADDRESS']}\n"
    assert (ran.code, ran.out, ran.err) == (2, "", said)


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
        ("PORT", "99999", "KLYNGEFLOW_PORT: Input should be less than or equal to 65535"),
        ("MAIL", "hemmelig", "KLYNGEFLOW_MAIL: Input should be 'folder', 'smtp' or 'sendgrid'"),
        ("TEMPORAL_TLS", "hemmelig", "KLYNGEFLOW_TEMPORAL_TLS: Input should be a valid boolean"),
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


@pytest.mark.parametrize(
    ("setting", "given", "said"),
    [
        ("OFFICE_ADDRESS", "support", "is not a mail address: write it like name@clinic.dk"),
        ("OPERATIONS_ADDRESS", "KiAP <support@kiap.dk>", "is not a mail address: give the address alone"),
        ("OFFICE_PHONE", "ring", "must be a phone number of at least 8 digits, like 20 30 40 50"),
        ("OFFICE_NAME", "Ki\u200bAP", "has an invisible sign (ZERO WIDTH SPACE) after character 2; delete it, "),
        ("CRISIS_CORPS_PAGE", "plo.dk", "must be an http or https address"),
    ],
)
def test_an_office_that_nobody_could_turn_to_is_refused_at_the_start(
    klyngeflow: CommandLine, here: Path, monkeypatch: pytest.MonkeyPatch, setting: str, given: str, said: str
) -> None:
    monkeypatch.setenv(f"KLYNGEFLOW_{setting}", given)
    line = klyngeflow.refuses("up")
    assert line.startswith(f"KLYNGEFLOW_{setting}: {said}")
    assert given not in line
    assert list(here.iterdir()) == []


def test_a_second_up_on_a_folder_opens_nothing_in_it(klyngeflow: CommandLine, here: Path) -> None:
    (here / "data").mkdir()
    with (here / "data" / "running.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ran = klyngeflow("up")
    assert (ran.code, ran.err) == (2, "klyngeflow: Klyngeflow is running already on the data in 'data'\n")
    assert [path.name for path in (here / "data").iterdir()] == ["running.lock"]


@pytest.mark.parametrize("command", [("up", "--data"), ("demo", "--out"), ("demo", "--keep")], ids=" ".join)
@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("/proc/klyngeflow", "'/proc/klyngeflow' can't be written to: "),
        ("README.md", "'README.md' is a file; name a folder."),
        ("README.md/data", "is a file; name a folder."),
    ],
)
def test_a_place_that_can_hold_nothing_is_refused_at_once(
    klyngeflow: CommandLine, here: Path, command: tuple[str, str], place: str, said: str
) -> None:
    (here / "README.md").write_text("# Mit")
    name, option = command
    refused = klyngeflow.refuses(name, option, place)
    assert refused.startswith(f"{option}: ")
    assert said in refused
    assert [path.name for path in here.iterdir()] == ["README.md"]


@pytest.fixture
def no_room() -> Iterator[None]:
    """No file may grow past a megabyte."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("no_room")
@pytest.mark.parametrize(("command", "option"), [("up", "--data"), ("demo", "--out")])
def test_a_lack_of_room_is_found_before_anything_is_done(
    klyngeflow: CommandLine, here: Path, command: str, option: str
) -> None:
    said = f"{option}: 'deep/new' can't be written to: File too large."
    assert klyngeflow.refuses(command, option, "deep/new") == said
    assert list(here.iterdir()) == []


@pytest.mark.usefixtures("no_room")
def test_a_lack_of_room_to_play_is_found_before_a_country_is_made(klyngeflow: CommandLine, here: Path) -> None:
    said = "--keep: 'deep/new' can't be written to: File too large."
    assert klyngeflow.refuses("demo", "--serve", "--keep", "deep/new") == said
    assert list(here.iterdir()) == []


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on, and will for long."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a port fails: nobody of ours is leaving one."""
    monkeypatch.setattr("asyncio.sleep", lambda _time: pytest.fail("it waits"))


@pytest.mark.parametrize("option", ["--port", "--temporal-port"])
@pytest.mark.usefixtures("no_patience")
def test_up_makes_nothing_where_a_port_is_taken(klyngeflow: CommandLine, here: Path, taken: int, option: str) -> None:
    ports = {"--port": free_port(), "--temporal-port": free_port()} | {option: taken}
    given = [str(each) for pair in ports.items() for each in pair]
    said = f"port {taken} is in use; is Klyngeflow running already? Choose another with {option}"
    assert klyngeflow.refuses("up", "--data", "new", *given) == said
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("option", ["--port", "--temporal-port"])
@pytest.mark.usefixtures("no_patience")
def test_a_taken_port_is_told_at_once_on_a_folder_that_was_used_before_too(
    klyngeflow: CommandLine, here: Path, taken: int, option: str
) -> None:
    (here / "old").mkdir()
    (here / "old" / "running.lock").touch()
    ports = {"--port": free_port(), "--temporal-port": free_port()} | {option: taken}
    refused = klyngeflow.refuses("up", "--data", "old", *(str(each) for pair in ports.items() for each in pair))
    assert refused.startswith(f"port {taken} is in use; ")
    assert refused.partition("hoose another with ")[2].startswith(option)


@pytest.mark.parametrize("apart", [0, 1000])
def test_one_port_cannot_be_the_webs_and_temporals(klyngeflow: CommandLine, here: Path, apart: int) -> None:
    refused = klyngeflow.refuses("up", "--port", str(17_233 + apart), "--temporal-port", "17233")
    assert refused.startswith(f"port {17_233 + apart} can't be both the web's and Temporal's, ")
    assert list(here.iterdir()) == []


def test_a_port_whose_neighbour_for_temporals_pages_cannot_be_is_refused(klyngeflow: CommandLine, here: Path) -> None:
    assert klyngeflow.refuses("up", "--temporal-port", "65000").startswith("Invalid value for '--temporal-port'")
    assert list(here.iterdir()) == []


def test_the_demo_keeps_off_the_real_database_key_and_mail(here: Path) -> None:
    (here / ".env").write_text(
        "KLYNGEFLOW_MODE=production\nKLYNGEFLOW_DATABASE_URL=postgresql+psycopg://db/drift\nKLYNGEFLOW_MAIL=smtp\n"
        "KLYNGEFLOW_SMTP_HOST=post.example.dk\nKLYNGEFLOW_MASTER_KEY_FILE=/run/secrets/master_key\n"
    )
    settings = of_its_own(here / "demo", 8080)
    assert (settings.mode, settings.mail, settings.mails) == ("embedded", "folder", here / "demo" / "mails")
    assert settings.database == f"sqlite:///{here / 'demo' / 'klyngeflow.db'}"
    assert settings.master_key_file is None

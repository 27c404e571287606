"""The web as production starts it, while Temporal is down: doctors answer, and it ends when it is told to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from domain.model import OrderId, Round
from storage import survey_roll
from storage.database import Database
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import MASTER_KEY, Web, fill_in, running_web
from worker.servers import free_port

STARTED_WITHIN = 60.0
KLYNGEFLOW = Path(sys.executable).with_name("klyngeflow")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_sqlite(tmp_path / "klyngeflow.db")


@pytest.fixture
def links(path: Path) -> list[str]:
    """Questionnaires of an order whose survey was opened before Temporal went down."""
    database = Database(sqlite_url(path))
    with running_web(database) as web:
        found = _opened(web)
    database.close()
    return found


def _opened(web: Web) -> list[str]:
    order = web.place()
    web.plan(order)
    return web.open_survey(order)


@pytest.fixture
def alone(tmp_path: Path, path: Path, links: list[str]) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """`klyngeflow web` in a process of its own; its address."""
    key = tmp_path / "master.key"
    key.write_bytes(MASTER_KEY)
    port = free_port()
    settings = {
        "MODE": "production", "DATABASE_URL": sqlite_url(path), "MASTER_KEY_FILE": str(key), "PORT": str(port),
        "BASE_URL": "https://klynge.example.dk", "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
        "MAIL": "smtp", "SMTP_HOST": "127.0.0.1",
    }  # fmt: skip
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KLYNGEFLOW_")}
    environment = ours | {f"KLYNGEFLOW_{name}": value for name, value in settings.items()}
    with (tmp_path / "log").open("wb") as log:
        web = subprocess.Popen([KLYNGEFLOW, "web"], cwd=tmp_path, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(address, web, tmp_path / "log")
        yield address, web
    finally:
        if web.poll() is None:
            web.kill()
        web.wait()


def _wait_until_it_answers(address: str, web: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline:
        assert web.poll() is None, log.read_text()
        try:
            httpx.get(f"{address}/healthz")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"it does not answer: {log.read_text()}")


def test_it_starts_is_ready_takes_answers_and_ends_by_sigterm_while_temporal_is_down(
    alone: tuple[str, "subprocess.Popen[bytes]"], path: Path, links: list[str]
) -> None:
    address, web = alone
    ready = httpx.get(f"{address}/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert ready.json()["checks"]["temporal"] != "ok"
    with httpx.Client(base_url=address) as http:
        assert fill_in(http, links[0], arbejdsglaede="hoej").status_code == 303
    web.send_signal(signal.SIGTERM)
    assert web.wait(20) == 0
    database = Database(sqlite_url(path))
    with database.read() as connection:
        (order,) = {row.order_id for row in connection.execute(survey_roll.invitation_table.select())}
        assert survey_roll.count(connection, OrderId(order), Round.BASELINE).answers == 1
    database.close()

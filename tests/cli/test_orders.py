"""`klyngeflow orders`: what operations read in a terminal, and the one line where something is wrong."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from cli import order_view
from domain.by import SYSTEM
from domain.model import OrderId
from domain.stages import Stage
from storage.database import Database
from storage.event_store import EventStore
from tests.cli.command_line import CommandLine
from tests.databases import new_sqlite, sqlite_url
from tests.domain.story import life_at
from worker.settings import Settings

A_CODE = re.compile(r"\b[a-z]+_[a-z]+|letter\.|=")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one order whose meeting is agreed."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    life = life_at(Stage.PLANNED)
    EventStore(database).append(life.order.id, 0, life.events, by=SYSTEM, now=life.now)
    database.close()
    return tmp_path


def test_an_order_is_told_in_danish_without_codes(klyngeflow: CommandLine, data: Path) -> None:
    order = life_at(Stage.PLANNED).order.id
    told = klyngeflow("orders", "show", order, "--data", data)
    assert told.code == 0, told.err
    assert "Mødet blev aftalt til onsdag den 25. marts 2026 kl. 17.00" in told.out
    below = told.out.split("\n", 1)[1]
    assert A_CODE.search(below) is None


def test_what_comes_by_itself_is_told_in_danish_without_codes(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    life = life_at(Stage.PLANNED)
    with closing(Database(sqlite_url(data / "klyngeflow.db"))) as database:
        order_view.show(database, life.order.id, life.now, as_data=False)
    _, _, coming = capsys.readouterr().out.partition("Kommer af sig selv")
    assert re.search(r"25. marts 2026 kl. 17.00 +Klyngemødet", coming)
    assert A_CODE.search(coming) is None


def test_a_long_list_shows_the_soonest_due_and_says_how_many_more_there_are(
    klyngeflow: CommandLine, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.orders.SHOWN", 2)
    with closing(Database(sqlite_url(data / "klyngeflow.db"))) as database:
        for number in range(3):
            life = life_at(Stage.PLANNED)
            order = OrderId(f"o-{number}")
            placed = life.events[0].model_copy(update={"order": order, "cluster": f"klynge-{number}"})
            EventStore(database).append(order, 0, [placed, *life.events[1:]], by=SYSTEM, now=life.now)
    shown = klyngeflow("orders", "list", "--data", data).out.splitlines()
    assert shown[-1] == "… og 2 til: `klyngeflow orders list --limit 0` viser alle."
    assert len(shown) == 1 + 2 + 1
    assert len(klyngeflow("orders", "list", "--limit", "0", "--data", data).out.splitlines()) == 1 + 4
    assert len(json.loads(klyngeflow("orders", "list", "--json", "--data", data).out)) == 4
    assert len(json.loads(klyngeflow("orders", "list", "--json", "--limit", "3", "--data", data).out)) == 3


def test_a_list_in_a_file_has_each_order_on_one_line(klyngeflow: CommandLine, data: Path) -> None:
    told = klyngeflow("orders", "list", "--data", data)
    lines = told.out.splitlines()
    assert len(lines) == 2
    assert "trivsel-og-arbejdsglaede" in lines[1]
    assert "25. marts 2026 kl. 17.00" in lines[1]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["meeting=1", "meeting.starts=2"], "'meeting.starts' stands inside 'meeting', which has a value of its own"),
        (["meeting.starts=2", "meeting=1"], "'meeting' is given twice"),
        (["a=1", "a=2"], "'a' is given twice"),
        (["møde"], "'møde' is not key=value"),
    ],
)
def test_values_that_contradict_each_other_are_refused(
    klyngeflow: CommandLine, data: Path, values: list[str], said: str
) -> None:
    assert klyngeflow.refuses("orders", "do", "o-1", "agree_plan", *values, "--data", data).startswith(said)


class _SomethingElse(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>en anden tjeneste</html>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def something_else() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _SomethingElse)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_from_something_else_ends_in_one_line(
    klyngeflow: CommandLine, data: Path, something_else: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLYNGEFLOW_PORT", str(something_else))
    ran = klyngeflow("orders", "do", "o-1", "hold_deck", "--key", "k", "--data", data)
    assert ran.code == 1
    said = f"klyngeflow: http://127.0.0.1:{something_else}/ answers 200, and not as Klyngeflow does\n"
    assert ran.err == said

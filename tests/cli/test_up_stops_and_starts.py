"""`klyngeflow up`, stopped at any moment and started again: all is where it was, and nobody gets a mail twice."""

import asyncio
import datetime as dt
import json
import signal
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from activities.maintenance import MaintenanceJob
from demo import people
from domain.calendar import is_quiet, working_day_from
from domain.model import OrderId
from storage import outbox
from storage.outbox import MailState, outbox_table
from tests.cli.command_line import CommandLine
from tests.worker.whole_system import WholeSystem, two_free_ports, wait_for
from worker.address_file import address_file
from worker.embedded_stack import embedded_stack
from worker.servers import free_port, is_free
from worker.settings import Settings

pytestmark = pytest.mark.temporal

TRIVSEL = "trivsel-og-arbejdsglaede"
INVITATION = "invitation/baseline/"
A_DOZEN = Path(__file__).parents[2] / "docs" / "examples" / "order.json"


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WholeSystem]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    system = WholeSystem(tmp_path)
    yield system
    system.clean_up()


class Operations:
    """Who works with the system from a terminal."""

    def __init__(self, system: WholeSystem, klyngeflow: CommandLine) -> None:
        self._system = system
        self._klyngeflow = klyngeflow

    def run(self, *arguments: str) -> str:
        ran = self._klyngeflow(*arguments, "--data", self._system.data)
        assert ran.code == 0, ran.err
        return ran.out

    def orders(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.run("orders", "list", "--json"))
        return found

    def assign_a_consultant(self, order: str) -> None:
        consultant = self.run("staff", "add", *people.CONSULTANT).strip()
        self.run("orders", "do", order, "assign_consultant", f"consultant={consultant}")

    def agree_on_a_survey_from_today(self, order: str) -> None:
        day = working_day_from(self._system.today + dt.timedelta(days=60))
        while is_quiet(day):
            day = working_day_from(day + dt.timedelta(days=1))
        plan = [f"meeting.starts={day}T17:00", f"survey_opens={self._system.today}", "policies.mail_hours=any_time"]
        self.run("orders", "do", order, "agree_plan", *plan)

    def answers_of(self, order: str) -> str:
        """What the order's own workflow says to something it can't do now: it lives, and knows where it stands."""
        ran = self._klyngeflow("orders", "do", order, "release_deck", "--data", self._system.data)
        assert ran.code == 1, ran
        return ran.err

    def everything(self, order: str) -> dict[str, Any]:
        """Whatever is to be where it was."""
        return {
            "orders": self.orders(),
            "order": json.loads(self.run("orders", "show", order, "--json")),
            "events": self.run("orders", "events", order, "--json"),
            "whole": self.run("events", "verify"),
            "the workflow's word": self.answers_of(order),
            "mails": self._system.mail_files(),
        }


@pytest.fixture
def operations(system: WholeSystem, klyngeflow: CommandLine) -> Operations:
    return Operations(system, klyngeflow)


def has_told(operations: Operations, order: str, *occasions: str) -> Callable[[], bool]:
    """Whether the order's stream says that these letters have been sent."""

    def told() -> bool:
        return set(occasions) <= {event["key"].partition("/")[0] for event in letters_told(operations, order)}

    return told


def letters_told(operations: Operations, order: str) -> list[dict[str, Any]]:
    """What the stream says of the letters, oldest first."""
    lines = operations.run("orders", "events", order, "--json").splitlines()
    events = [json.loads(line)["event"] for line in lines]
    return [event for event in events if event["type"] == "letters_sent"]


def test_stopped_in_any_way_it_goes_on_where_it_was(system: WholeSystem, operations: Operations) -> None:
    system.start()
    order = system.place(json.loads(A_DOZEN.read_text()))
    operations.assign_a_consultant(order)
    operations.agree_on_a_survey_from_today(order)
    told_by_then = ("order_received", "order_assigned", "plan_agreed", "invitation")
    wait_for("invitations", has_told(operations, order, *told_by_then))
    before = operations.everything(order)
    assert len(before["mails"]) == 12 + 3
    for stop in (system.press_ctrl_c, system.terminate):
        assert stop() == 0
        wait_for("all processes gone and the ports free", system.is_gone)
        system.start()
        assert operations.everything(order) == before
    system.kill()
    system.start()
    assert operations.everything(order) == before
    assert system.terminate() == 0
    wait_for("all processes gone and the ports free", system.is_gone)


def test_without_temporal_it_ends_with_one_clear_line(system: WholeSystem, operations: Operations) -> None:
    system.start()
    order = system.place(json.loads(A_DOZEN.read_text()))
    assert system.lose_temporal() == 1
    assert "Temporal ended by itself" in system.last_words
    wait_for("all processes gone and the ports free", system.is_gone)
    system.start()
    assert [each["order"] for each in operations.orders()] == [order]
    assert system.press_ctrl_c() == 0
    assert system.last_words == "Stopping …"


def test_the_terminals_key_is_told_by_its_file_alone(system: WholeSystem) -> None:
    system.start()
    wait_for("the addresses", lambda: any("Temporal's pages" in line for line in system.said))
    file = system.data / "terminal.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert any("API key" in line and str(file)[-20:] in line for line in system.said)
    assert file.read_text().strip() not in "\n".join(system.said)
    assert system.terminate() == 0
    assert system.last_words == "Stopping …"


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_start_that_has_only_begun(system: WholeSystem, told: signal.Signals) -> None:
    system.start(ready=False)
    wait_for("its hold on the folder", (system.data / "running.lock").exists, every=0.005)
    assert system.tell(told) == 0
    wait_for("all processes gone and the ports free", system.is_gone)
    assert _ours(system.said) in ([], ["Stopping …"])


def _ours(said: list[str]) -> list[str]:
    """Without what a thread of the Temporal SDK's core may say when Python ends while it connects: all is over then."""
    return [line for line in takewhile(lambda line: "'tokio-rt-worker'" not in line, said) if line]


def test_a_terminal_that_lacks_our_letters_shows_something_else_for_them(
    system: WholeSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    system.start()
    wait_for("the addresses", lambda: any("Temporal's pages" in line for line in system.said))
    assert system.terminate() == 0
    assert system.last_words == "Stopping ?"


async def test_a_fault_once_the_web_answers_leaves_nothing_running(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", port=free_port())
    address_file(settings.data).mkdir(parents=True)  # cannot be written
    before = asyncio.all_tasks()
    with pytest.raises(OSError, match=address_file(settings.data).name):
        async with embedded_stack(settings, two_free_ports()):
            pytest.fail("it is up")
    assert is_free(settings.port)
    assert asyncio.all_tasks() == before


def test_a_mail_that_never_left_goes_out_once_it_is_called_back(system: WholeSystem, operations: Operations) -> None:
    system.start()
    order = system.place(json.loads(A_DOZEN.read_text()))
    operations.assign_a_consultant(order)
    operations.agree_on_a_survey_from_today(order)
    wait_for("invitations", has_told(operations, order, "invitation"))
    with system.database() as database, database.write() as connection:
        lost, *_ = outbox.mails(connection, OrderId(order), INVITATION)
        connection.execute(update(outbox_table).where(outbox_table.c.id == lost.id).values(state="unknown"))
    before = system.mail_files()
    assert [each["mail"] for each in json.loads(operations.run("mails", "list", "--json"))] == [lost.id]
    operations.run("mails", "resolve", lost.id, "never-left")
    system.run_job(MaintenanceJob.SWEEP)
    wait_for("the letter, called back and sent", lambda: system.mail_files() != before)
    wait_for("its mark", lambda: states_of(operations, order, lost.id) == ["sent"])
    written = {name for name, at in system.mail_files().items() if at != before.get(name)}
    assert written == {name for name in before if lost.id in name}
    assert json.loads(operations.run("mails", "list", "--json")) == []
    told = [event for event in letters_told(operations, order) if event["key"] == INVITATION]
    assert [(event["sent"], event["failed"]) for event in told] == [(12, 0)], "twelve were sent, and twelve it is"


def states_of(operations: Operations, order: str, mail: str) -> list[str]:
    """Where a mail of the order stands, in whatever state it is."""
    every = [part for state in MailState for part in ("--state", state)]
    found = json.loads(operations.run("mails", "list", "--order", order, *every, "--json"))
    return [each["state"] for each in found if each["mail"] == mail]


def test_killed_in_the_middle_of_something_it_does_that_once(system: WholeSystem, operations: Operations) -> None:
    system.start()
    order = system.place(people.an_order(TRIVSEL))
    system.kill()
    system.start()
    assert [each["order"] for each in operations.orders()] == [order]
    wait_for("a receipt", has_told(operations, order, "order_received"))
    operations.assign_a_consultant(order)
    operations.agree_on_a_survey_from_today(order)
    wait_for("a first invitation", lambda: system.recipients("invitation"), every=0.005)
    system.kill()
    system.start()
    wait_for("the other invitations", has_told(operations, order, "invitation"))
    assert sorted(system.recipients("invitation").values()) == [1] * people.MEMBERS
    assert sorted(system.recipients("order_received").values()) == [1]
    assert sorted(system.recipients("plan_agreed").values()) == [1]
    assert operations.run("events", "verify").endswith("whole.\n")
    assert system.press_ctrl_c() == 0
    wait_for("all processes gone and the ports free", system.is_gone)

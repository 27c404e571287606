"""A back-up is restored as docs/restore.md says, command by command, and every order goes on from there."""

import asyncio
import dataclasses
import re
import shlex
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from domain import commands as do
from domain.model import Role, Round
from domain.stages import Stage
from storage.outbox import MailState
from tests.cli.command_line import CommandLine, Ran
from tests.workflows import orders_with_a_past, people
from tests.workflows.dev_server import DevServer, IsolatedOrder
from tests.workflows.due import Reader
from web.clock import SystemClock
from web.requests.people import AddMember
from worker.orders_client import TemporalOrders
from worker.settings import Settings
from worker.stack import open_stack
from workflows.messages import order_workflow_id

pytestmark = pytest.mark.temporal

PROCEDURE = (Path(__file__).parents[2] / "docs" / "restore.md").read_text()
COMMANDS = [shlex.split(line.strip()) for block in re.findall(r"```sh\n(.*?)```", PROCEDURE, re.DOTALL)
            for line in block.splitlines() if line.strip()]  # fmt: skip

NORA = AddMember(
    type="add_member", name="Nora Ny", email=f"nora@{people.DOMAIN}", practice=people.PRACTICE, role=Role.OWNER
)


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.setenv("KLYNGEFLOW_MODE", "embedded")
    monkeypatch.chdir(tmp_path)


async def run(place: IsolatedOrder, monkeypatch: pytest.MonkeyPatch, command: Sequence[str]) -> Ran:
    program, *arguments = command
    assert program == "klyngeflow"
    for name in ("data", "temporal_address", "temporal_namespace"):
        monkeypatch.setenv(f"KLYNGEFLOW_{name.upper()}", str(getattr(place.stack.settings, name)))
    return await asyncio.to_thread(CommandLine(), *arguments)


def back_up(place: IsolatedOrder, to: Path) -> None:
    with (
        closing(sqlite3.connect(place.stack.settings.data / "klyngeflow.db")) as live,
        closing(sqlite3.connect(to)) as copy,
    ):
        live.backup(copy)


def restored(place: IsolatedOrder, back_up: Path) -> IsolatedOrder:
    """The same place with the back-up's database; nobody is at work."""
    place.stack.close()
    for lost in place.stack.settings.data.glob("klyngeflow.db*"):
        lost.unlink()
    back_up.rename(place.stack.settings.data / "klyngeflow.db")
    stack = open_stack(place.stack.settings)
    orders = TemporalOrders(place.client, stack.database, stack.store, SystemClock())
    return dataclasses.replace(place, stack=stack, orders=orders, reader=Reader(stack.store))


async def answered_and_closed(place: IsolatedOrder, request_id: str) -> None:
    people.answer(place.stack, place.order_id, place.package, 11, Round.BASELINE)
    await place.do(do.CloseSurvey(round=Round.BASELINE), place.consultant, request_id)
    await place.until(Stage.IN_REVIEW)


async def run_id(place: IsolatedOrder) -> str | None:
    return (await place.client.get_workflow_handle(order_workflow_id(place.order_id)).describe()).run_id


async def test_an_order_goes_on_from_its_back_up(
    dev_server: DevServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    await place.orders.start(place.order_id)
    async with place.at_work():
        await place.until(Stage.SURVEY_OPEN)
    back_up(place, tmp_path / "back-up.db")
    had, first_run = place.outcome(), await run_id(place)
    async with place.at_work():
        await place.ask(NORA, place.consultant, "joined")
        await answered_and_closed(place, "closed")

    place = restored(place, tmp_path / "back-up.db")
    assert place.outcome().story == had.story
    said = {shlex.join(command[1:]): await run(place, monkeypatch, command) for command in COMMANDS}
    assert {command: ran.code for command, ran in said.items()} == dict.fromkeys(said, 0)
    assert said["recover --replace --all"].out == "1 orders in progress, 1 of them got a new workflow.\n"
    assert await run_id(place) != first_run
    async with place.at_work():
        await place.until(Stage.SURVEY_OPEN)
        assert place.outcome().story == had.story, "it stands where the back-up has it"
        await answered_and_closed(place, "closed again")
    after = place.outcome()
    place.stack.close()
    assert [event["type"] for event in after.story].count("survey_closed") == 1
    assert after.outbox[f"invitation/{Round.BASELINE}/", MailState.SENT] == orders_with_a_past.MEMBERS, (
        "and nobody twice"
    )
    assert after.roll


def test_the_procedure_has_its_commands_in_the_order_that_works() -> None:
    named = [command[1] for command in COMMANDS]
    assert named == ["migrate", "events", "rebuild", "recover", "tasks", "mails"]

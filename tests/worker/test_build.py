"""Which code took a step: named by what must replay, and noted by Temporal."""

from pathlib import Path

import pytest
from temporalio.worker import _worker as sdk

import workflows
from domain.stages import Stage
from tests.workflows.time_skipping import an_order_system
from worker.build import build_id


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workflows' files in a place where they may be changed."""
    build_id()  # of the files where they belong, once and for all
    (here,) = workflows.__path__
    for file in Path(here).glob("*.py"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(workflows, "__path__", [str(tmp_path)])
    return tmp_path


def test_the_same_workflows_have_the_same_name_wherever_they_run(copied: Path) -> None:
    elsewhere = build_id.__wrapped__()
    assert elsewhere == build_id()
    (copied / "notes.txt").write_text("no code")
    assert build_id.__wrapped__() == elsewhere


@pytest.mark.parametrize("change", ["a line more", "another file", "another name"])
def test_changed_workflows_have_another_name(copied: Path, change: str) -> None:
    order = copied / "order.py"
    match change:
        case "a line more":
            order.write_text(f"{order.read_text()}\n")
        case "another file":
            (copied / "more.py").write_text("")
        case _:
            order.rename(copied / "orders.py")
    assert build_id.__wrapped__() != build_id()


@pytest.mark.temporal
async def test_temporal_notes_it_with_each_step_and_no_module_is_read_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sdk, "load_default_build_id", lambda: pytest.fail("it reads every loaded module"))
    async with an_order_system(tmp_path) as system, system.worker():
        await system.live_to(Stage.ORDERED)
        history = await system.env.client.get_workflow_handle(system.workflow_id).fetch_history()
    steps = [event.workflow_task_completed_event_attributes for event in history.events]
    assert {step.binary_checksum for step in steps if step.identity} == {build_id()}

"""The kept histories replay on this code: a change that would leave running orders stuck on their way is found here.

They pass through most of the workflow, not through all of it: an order that is stuck nevertheless is for
`klyngeflow recover --replace` (`test_replaced.py`).
"""

import base64
import re
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.workflows.changed_order import ChangedOrderWorkflow
from tests.workflows.lives import LIVES
from workflows.order import OrderWorkflow

pytestmark = pytest.mark.temporal

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


def history_in(file: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json("order-kept", file.read_text())


def test_there_is_a_history_of_every_kept_life() -> None:
    assert {file.name.split(".")[0] for file in HISTORIES} == set(LIVES)


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.name.removesuffix(".json"))
async def test_a_kept_history_is_replayed(file: Path) -> None:
    replayer = Replayer(workflows=[OrderWorkflow], data_converter=pydantic_data_converter)
    await replayer.replay_workflow(history_in(file))


async def test_a_workflow_that_has_another_step_is_found_out() -> None:
    replayer = Replayer(workflows=[ChangedOrderWorkflow], data_converter=pydantic_data_converter)
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(history_in(HISTORIES[-1].with_name("a_usual_life.1.json")))


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.name.removesuffix(".json"))
def test_a_kept_history_tells_nothing_of_the_machine_it_was_made_on(file: Path) -> None:
    text = file.read_text()
    read = [base64.b64decode(data).decode() for data in re.findall(r'"data":"([^"]*)"', text)]
    assert read
    for told in (text, *read):
        assert not re.search(r"/(work|home|root|tmp|usr|var)/|\.py\b|@", told)

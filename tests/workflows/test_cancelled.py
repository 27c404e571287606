"""An order is cancelled at any stage: no mail after it, and no answers kept."""

import datetime as dt

import pytest

from domain import commands as do
from domain.model import Rejected, Round
from domain.stages import Stage
from storage import open_orders
from storage.survey_rounds import RoundState
from tests.workflows.time_skipping import OrderSystem

pytestmark = pytest.mark.temporal

CANCEL = do.CancelOrder(reason="cluster_withdrew")


@pytest.mark.parametrize(
    "stage",
    [Stage.ORDERED, Stage.PLANNED, Stage.SURVEY_OPEN, Stage.TOO_FEW_ANSWERS, Stage.IN_REVIEW, Stage.READY],
)
async def test_no_mail_leaves_after_the_cancellation_and_no_answers_are_kept(system: OrderSystem, stage: Stage) -> None:
    await system.live_to(stage, answers=4 if stage is Stage.TOO_FEW_ANSWERS else 11)
    if stage is Stage.SURVEY_OPEN:
        system.answer(6)
    accepted = await system.do(CANCEL, system.coordinator)
    assert accepted.stage == Stage.CANCELLED
    mails = len(system.mails())
    await system.until_instant(await system.now() + dt.timedelta(days=400))
    assert len(system.mails()) == mails
    assert dict(system.order.pending_letters) == {}
    had_a_survey = stage not in (Stage.ORDERED, Stage.PLANNED)
    assert system.box() is (RoundState.DESTROYED if had_a_survey else None)
    assert system.types().count("ballots_destroyed") == (1 if had_a_survey else 0)
    assert not await system.is_running()
    assert open_orders.unfinished(system.stack.database) == []


async def test_a_cancelled_follow_up_round_keeps_no_answers(system: OrderSystem) -> None:
    await system.live_to(Stage.READY)
    await system.agree_at_the_meeting()
    await system.until(Stage.FOLLOW_UP_OPEN)
    system.answer(8, Round.FOLLOW_UP)
    await system.do(CANCEL, system.operations)
    assert system.box(Round.FOLLOW_UP) is RoundState.DESTROYED
    assert system.types()[-2:] == ["order_cancelled", "ballots_destroyed"]


async def test_an_ended_order_takes_no_more_commands(system: OrderSystem) -> None:
    await system.live_to(Stage.PLANNED)
    await system.do(CANCEL, system.coordinator)
    with pytest.raises(Rejected, match="order_ended"):
        await system.do(CANCEL, system.coordinator)

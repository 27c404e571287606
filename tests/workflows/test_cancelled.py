"""An order is cancelled at any stage: no mail after it, and no answers kept."""

import datetime as dt

import pytest

from domain import commands as do
from domain.model import Actor, Rejected, Round
from domain.stages import Stage
from storage import open_orders
from storage.survey_rounds import RoundState
from tests.workflows.town import Town

pytestmark = pytest.mark.temporal

CANCEL = do.CancelOrder(reason="cluster_withdrew")


@pytest.mark.parametrize(
    "stage",
    [Stage.ORDERED, Stage.PLANNED, Stage.SURVEY_OPEN, Stage.TOO_FEW_ANSWERS, Stage.IN_REVIEW, Stage.READY],
)
async def test_no_mail_leaves_after_the_cancellation_and_no_answers_are_kept(town: Town, stage: Stage) -> None:
    await town.live_to(stage, answers=4 if stage is Stage.TOO_FEW_ANSWERS else 11)
    if stage is Stage.SURVEY_OPEN:
        town.answer(6)
    accepted = await town.do(CANCEL, Actor.COORDINATOR)
    assert accepted.stage == Stage.CANCELLED
    mails = len(town.mails())
    await town.until_instant(await town.now() + dt.timedelta(days=400))
    assert len(town.mails()) == mails
    assert town.order.errands == ()
    had_a_survey = stage not in (Stage.ORDERED, Stage.PLANNED)
    assert town.box() is (RoundState.DESTROYED if had_a_survey else None)
    assert town.types().count("ballots_destroyed") == (1 if had_a_survey else 0)
    assert not await town.is_running()
    assert open_orders.all_open(town.stack.database) == []


async def test_a_cancelled_follow_up_round_keeps_no_answers(town: Town) -> None:
    await town.live_to(Stage.READY)
    await town.agree_at_the_meeting()
    await town.until(Stage.FOLLOW_UP_OPEN)
    town.answer(8, Round.FOLLOW_UP)
    await town.do(CANCEL, Actor.OPERATIONS)
    assert town.box(Round.FOLLOW_UP) is RoundState.DESTROYED
    assert town.types()[-2:] == ["order_cancelled", "ballots_destroyed"]


async def test_an_ended_order_takes_no_more_commands(town: Town) -> None:
    await town.live_to(Stage.PLANNED)
    await town.do(CANCEL, Actor.COORDINATOR)
    with pytest.raises(Rejected, match="order_ended"):
        await town.do(CANCEL, Actor.COORDINATOR)

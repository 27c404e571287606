"""What people do while the order only waits for its last letter to leave."""

import datetime as dt

import pytest

from domain import commands as do
from domain.model import Actor
from domain.stages import Stage
from tests.workflows.town import FOLLOW_UP_OPENS, MEETING, Town, the_meeting

pytestmark = pytest.mark.temporal


async def test_a_follow_up_agreed_while_the_last_mail_waits_for_the_morning_is_still_held(town: Town) -> None:
    await town.order_a_package()
    await town.do(do.AgreePlan(meeting=the_meeting(), follow_up_wanted=False))
    await town.until(Stage.SURVEY_OPEN)
    town.answer(11)
    await town.until(Stage.READY)
    await town.until_day(MEETING, 21)
    await town.do(do.RecordMeeting(attended=10, absent=2), Actor.COORDINATOR)
    await town.do(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS), Actor.COORDINATOR)
    await town.until_day(MEETING + dt.timedelta(days=1))
    assert len(town.mails("after_meeting")) == 12
    await town.live_on_to_the_end()
    assert town.types()[-1] == "order_completed"

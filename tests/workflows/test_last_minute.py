"""What people do while the order only waits for its last letter to leave."""

import datetime as dt

import pytest

from domain import commands as do
from domain.stages import Stage
from tests.workflows.time_skipping import FOLLOW_UP_OPENS, MEETING, OrderSystem, the_meeting

pytestmark = pytest.mark.temporal


async def test_a_follow_up_agreed_while_the_last_mail_waits_for_the_morning_is_still_held(system: OrderSystem) -> None:
    await system.order_a_package()
    await system.do(do.AgreePlan(meeting=the_meeting(), follow_up_wanted=False))
    await system.until(Stage.SURVEY_OPEN)
    system.answer(11)
    await system.until(Stage.READY)
    await system.until_day(MEETING, 21)
    await system.do(do.RecordMeeting(attended=10, absent=2), system.coordinator)
    await system.do(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS), system.coordinator)
    await system.until_day(MEETING + dt.timedelta(days=1))
    assert len(system.mails("after_meeting")) == 12
    await system.live_on_to_the_end()
    assert system.types()[-1] == "order_completed"

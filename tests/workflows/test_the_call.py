"""The consultant's call: late, or never."""

import datetime as dt

import pytest

from domain import commands as do
from domain.stages import Stage
from tests.workflows.town import Town, the_meeting

pytestmark = pytest.mark.temporal

OPERATIONS = "support@kiap.dk"


async def test_a_late_call_is_told_to_operations_once_a_week_until_it_is_held(town: Town) -> None:
    await town.order_a_package()
    await town.until_day(dt.date(2031, 3, 10))
    assert town.mails("call_overdue") == []
    await town.until_day(dt.date(2031, 3, 19))
    told = [(mail.at_home.date(), mail.to) for mail in town.mails("call_overdue")]
    assert told == [(dt.date(2031, 3, 11), OPERATIONS), (dt.date(2031, 3, 18), OPERATIONS)]
    await town.do(do.AgreePlan(meeting=the_meeting()))
    await town.until(Stage.SURVEY_OPEN)
    assert len(town.mails("call_overdue")) == 2
    assert town.occasions()[-2:] == ["plan_agreed", "invitation"]


async def test_an_order_nobody_ever_calls_about_ends_by_itself(town: Town) -> None:
    await town.order_a_package()
    await town.until(Stage.CANCELLED)
    ended = town.order.ended
    assert ended is not None
    assert (ended.reason, ended.at.date()) == ("never_called", dt.date(2031, 6, 3))
    assert town.types() == ["order_placed", "consultant_assigned", "order_cancelled"]
    assert set(town.occasions()) == {"order_received", "call_overdue"}
    assert not await town.is_running()

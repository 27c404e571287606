"""The consultant's call: late, or never."""

import datetime as dt

import pytest

from domain import commands as do
from domain.stages import Stage
from tests.workflows import people
from tests.workflows.time_skipping import OrderSystem, the_meeting

pytestmark = pytest.mark.temporal

OPERATIONS = "support@kiap.dk"


async def test_a_late_call_is_told_to_operations_once_a_week_until_it_is_held(system: OrderSystem) -> None:
    await system.order_a_package()
    await system.until_day(dt.date(2031, 3, 10))
    assert system.mails("call_overdue") == []
    await system.until_day(dt.date(2031, 3, 19))
    told = [(mail.at_home.date(), mail.to) for mail in system.mails("call_overdue")]
    assert told == [(dt.date(2031, 3, 11), OPERATIONS), (dt.date(2031, 3, 18), OPERATIONS)]
    await system.do(do.AgreePlan(meeting=the_meeting()))
    await system.until(Stage.SURVEY_OPEN)
    assert len(system.mails("call_overdue")) == 2
    assert system.occasions()[-2:] == ["plan_agreed", "invitation"]


async def test_an_order_nobody_ever_calls_about_ends_by_itself(system: OrderSystem) -> None:
    await system.order_a_package()
    await system.until(Stage.CANCELLED)
    ended = system.order.ended
    assert ended is not None
    assert (ended.reason, ended.at.date()) == ("never_called", dt.date(2031, 6, 3))
    assert system.types() == ["order_placed", "consultant_assigned", "order_cancelled"]
    assert set(system.occasions()) == {"order_received", "order_assigned", "call_overdue", "order_cancelled"}
    assert [mail.to for mail in system.mails("order_cancelled")] == [f"koordinator@{people.DOMAIN}"]
    assert not await system.is_running()

"""The meeting's record, and the follow-up: agreed, started early, moved, declined, forgotten."""

import datetime as dt

import pytest

from domain import commands as do
from domain.calendar import add_months, working_day_from
from domain.model import Rejected
from domain.stages import Stage
from tests.workflows.time_skipping import FOLLOW_UP_OPENS, MEETING, MEMBERS, OrderSystem

pytestmark = pytest.mark.temporal


async def test_a_meeting_nobody_records_is_asked_about_three_times_and_then_given_up(system: OrderSystem) -> None:
    await system.live_to(Stage.READY)
    await system.until(Stage.QUIET)
    assert [mail.at_home.date() for mail in system.mails("record_request")] == [
        dt.date(2031, 5, 15),
        dt.date(2031, 5, 20),
        dt.date(2031, 5, 30),
    ]
    assert system.types()[-1] == "meeting_left_unrecorded"
    assert system.mails("after_meeting") == []
    await system.do(do.DeclineFollowUp(), system.coordinator)
    await system.until(Stage.COMPLETED)


async def test_what_the_coordinator_tells_of_the_meeting_goes_to_the_members(system: OrderSystem) -> None:
    await system.live_to(Stage.READY)
    await system.hold_the_meeting(ideas_text="Vi freder frokosten i alle huse.", follow_up="declined")
    sent = system.mails("after_meeting")
    assert len(sent) == MEMBERS
    assert all("Vi freder frokosten i alle huse." in mail.text for mail in sent)


async def test_a_follow_up_is_started_ahead_of_the_day_agreed(system: OrderSystem) -> None:
    await system.live_to(Stage.READY)
    await system.agree_at_the_meeting()
    with pytest.raises(Rejected) as refusal:
        await system.do(do.StartFollowUp(), system.coordinator)
    assert refusal.value.facts["earliest"] == "2032-01-14"
    await system.until_day(dt.date(2032, 1, 19))
    await system.do(do.StartFollowUp(), system.coordinator)
    await system.until(Stage.FOLLOW_UP_OPEN)
    assert (await system.now()).date() <= dt.date(2032, 1, 20)
    await system.live_on_to_the_end()
    assert system.types().count("follow_up_started") == 1
    assert system.mails("follow_up_notice") == []


async def test_a_follow_up_moved_opens_on_its_new_day_after_a_new_notice(system: OrderSystem) -> None:
    await system.live_to(Stage.READY)
    await system.agree_at_the_meeting()
    await system.until_day(dt.date(2032, 2, 20))
    later = dt.date(2032, 4, 12)
    await system.do(do.MoveFollowUp(opens=later), system.coordinator)
    await system.until_day(later - dt.timedelta(days=1))
    assert system.order.stage is Stage.QUIET
    await system.until(Stage.FOLLOW_UP_OPEN)
    assert (await system.now()).date() == later
    assert [mail.at_home.date() for mail in system.mails("follow_up_notice")] == [
        dt.date(2032, 2, 2),
        dt.date(2032, 3, 15),
    ]


async def test_a_follow_up_declined_ends_the_order(system: OrderSystem) -> None:
    await system.live_to(Stage.READY)
    await system.agree_at_the_meeting()
    await system.until_day(dt.date(2031, 12, 1))
    await system.do(do.DeclineFollowUp(), system.coordinator)
    assert system.types()[-2:] == ["follow_up_declined", "order_completed"]
    assert system.order.stage is Stage.COMPLETED


async def test_a_follow_up_nobody_decides_on_is_asked_about_each_month_and_lapses(system: OrderSystem) -> None:
    await system.live_to(Stage.READY)
    await system.hold_the_meeting(follow_up="later")
    await system.until(Stage.COMPLETED)
    asked = [mail.at_home.date() for mail in system.mails("follow_up_question")]
    months = [add_months(MEETING, number) for number in (8, 9, 10, 11, 12)]
    assert len(asked) == 5
    assert all(dt.timedelta(0) <= day - month < dt.timedelta(days=7) for day, month in zip(asked, months, strict=True))
    assert system.types()[-2:] == ["follow_up_lapsed", "order_completed"]
    assert (await system.now()).date() == working_day_from(add_months(MEETING, 12) + dt.timedelta(days=1))


async def test_a_follow_up_agreed_after_all_is_carried_out(system: OrderSystem) -> None:
    await system.live_to(Stage.READY)
    await system.hold_the_meeting(follow_up="later")
    await system.until_day(dt.date(2032, 2, 2))
    await system.do(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS), system.coordinator)
    await system.live_on_to_the_end()
    assert len(system.mails("follow_up_question")) == 1
    assert len(system.mails("comparison_delivered")) == 1

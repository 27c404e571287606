"""The meeting's record, and the follow-up: agreed, started early, moved, declined, forgotten."""

import datetime as dt

import pytest

from domain import commands as do
from domain.calendar import add_months, working_day_from
from domain.model import Actor, Rejected
from domain.stages import Stage
from tests.workflows import folk
from tests.workflows.town import FOLLOW_UP_OPENS, MEETING, MEMBERS, Town

pytestmark = pytest.mark.temporal


async def test_a_meeting_nobody_records_is_asked_about_three_times_and_then_given_up(town: Town) -> None:
    await town.live_to(Stage.READY)
    await town.until(Stage.QUIET)
    assert [mail.at_home.date() for mail in town.mails("record_request")] == [
        dt.date(2031, 5, 15),
        dt.date(2031, 5, 20),
        dt.date(2031, 5, 30),
    ]
    assert town.types()[-1] == "meeting_left_unrecorded"
    assert town.mails("after_meeting") == []
    await town.do(do.DeclineFollowUp(), Actor.COORDINATOR)
    await town.until(Stage.COMPLETED)


async def test_what_the_coordinator_tells_of_the_meeting_goes_to_the_members(town: Town) -> None:
    await town.live_to(Stage.READY)
    ideas = folk.a_text(town.stack, town.order_id, "Vi freder frokosten i alle huse.")
    await town.hold_the_meeting(ideas=ideas, follow_up="declined")
    sent = town.mails("after_meeting")
    assert len(sent) == MEMBERS
    assert all("Vi freder frokosten i alle huse." in mail.text for mail in sent)


async def test_a_follow_up_is_started_ahead_of_the_day_agreed(town: Town) -> None:
    await town.live_to(Stage.READY)
    await town.agree_at_the_meeting()
    with pytest.raises(Rejected) as refusal:
        await town.do(do.StartFollowUp(), Actor.COORDINATOR)
    assert refusal.value.facts["earliest"] == "2032-01-14"
    await town.until_day(dt.date(2032, 1, 19))
    await town.do(do.StartFollowUp(), Actor.COORDINATOR)
    await town.until(Stage.FOLLOW_UP_OPEN)
    assert (await town.now()).date() <= dt.date(2032, 1, 20)
    await town.live_on_to_the_end()
    assert town.types().count("follow_up_started") == 1
    assert town.mails("follow_up_notice") == []


async def test_a_follow_up_moved_opens_on_its_new_day_after_a_new_notice(town: Town) -> None:
    await town.live_to(Stage.READY)
    await town.agree_at_the_meeting()
    await town.until_day(dt.date(2032, 2, 20))
    later = dt.date(2032, 4, 12)
    await town.do(do.MoveFollowUp(opens=later), Actor.COORDINATOR)
    await town.until_day(later - dt.timedelta(days=1))
    assert town.order.stage is Stage.QUIET
    await town.until(Stage.FOLLOW_UP_OPEN)
    assert (await town.now()).date() == later
    assert [mail.at_home.date() for mail in town.mails("follow_up_notice")] == [
        dt.date(2032, 2, 2),
        dt.date(2032, 3, 15),
    ]


async def test_a_follow_up_declined_ends_the_order(town: Town) -> None:
    await town.live_to(Stage.READY)
    await town.agree_at_the_meeting()
    await town.until_day(dt.date(2031, 12, 1))
    await town.do(do.DeclineFollowUp(), Actor.COORDINATOR)
    assert town.types()[-2:] == ["follow_up_declined", "order_completed"]
    assert town.order.stage is Stage.COMPLETED


async def test_a_follow_up_nobody_decides_on_is_asked_about_each_month_and_lapses(town: Town) -> None:
    await town.live_to(Stage.READY)
    await town.hold_the_meeting(follow_up="later")
    await town.until(Stage.COMPLETED)
    asked = [mail.at_home.date() for mail in town.mails("follow_up_question")]
    months = [add_months(MEETING, number) for number in (8, 9, 10, 11, 12)]
    assert len(asked) == 5
    assert all(dt.timedelta(0) <= day - month < dt.timedelta(days=7) for day, month in zip(asked, months, strict=True))
    assert town.types()[-2:] == ["follow_up_lapsed", "order_completed"]
    assert (await town.now()).date() == working_day_from(add_months(MEETING, 12) + dt.timedelta(days=1))


async def test_a_follow_up_agreed_after_all_is_carried_out(town: Town) -> None:
    await town.live_to(Stage.READY)
    await town.hold_the_meeting(follow_up="later")
    await town.until_day(dt.date(2032, 2, 2))
    await town.do(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS), Actor.COORDINATOR)
    await town.live_on_to_the_end()
    assert len(town.mails("follow_up_question")) == 1
    assert len(town.mails("comparison_delivered")) == 1

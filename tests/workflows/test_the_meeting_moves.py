"""The meeting moves, both ways and at every stage."""

import datetime as dt

import pytest

from domain import commands as do
from domain.model import Rejected
from domain.stages import Stage
from tests.workflows.time_skipping import MEETING, OPENS, OrderSystem, the_meeting

pytestmark = pytest.mark.temporal

TWO_WEEKS = dt.timedelta(days=14)
ONE_DAY = dt.timedelta(days=1)


def to(day: dt.date) -> do.MoveMeeting:
    return do.MoveMeeting(to=the_meeting(day).starts)


async def test_moved_later_before_the_survey_opens_the_survey_moves_along(system: OrderSystem) -> None:
    await system.live_to(Stage.PLANNED)
    await system.do(to(MEETING + TWO_WEEKS), system.coordinator)
    await system.until_day(OPENS + ONE_DAY)
    assert system.order.stage is Stage.PLANNED
    await system.until(Stage.SURVEY_OPEN)
    survey = system.order.baseline
    assert survey is not None
    assert survey.opens > OPENS + ONE_DAY
    assert system.occasions() == ["order_received", "order_assigned", "plan_agreed", "invitation"]
    assert len(system.mails("plan_agreed")) == 2
    assert "BEGIN:VCALENDAR" in system.mails("plan_agreed")[1].attached("klyngemoede.ics")


async def test_moved_earlier_before_the_survey_opens_the_survey_moves_along(system: OrderSystem) -> None:
    await system.live_to(Stage.PLANNED)
    await system.do(to(dt.date(2031, 4, 9)), system.coordinator)
    await system.until(Stage.SURVEY_OPEN)
    invited = system.mails("invitation")
    assert {mail.at_home.date() for mail in invited} == {dt.date(2031, 3, 14)}
    system.answer(11)
    await system.until(Stage.READY)
    await system.until_day(dt.date(2031, 4, 9))
    assert system.deliveries()[-1].occasion == "meeting_reminder"
    assert system.deliveries()[-1].day == dt.date(2031, 4, 8)


async def test_moved_later_while_the_survey_is_open_it_closes_as_planned(system: OrderSystem) -> None:
    await system.live_to(Stage.SURVEY_OPEN)
    await system.do(to(MEETING + TWO_WEEKS), system.coordinator)
    system.answer(11)
    await system.until(Stage.READY)
    assert system.mails("deck_delivered")[0].at_home.date() == dt.date(2031, 5, 7)
    await system.until_day(MEETING + TWO_WEEKS)
    assert [(d.day, d.occasion) for d in system.deliveries()[-2:]] == [
        (dt.date(2031, 5, 20), "programme"),
        (dt.date(2031, 5, 27), "meeting_reminder"),
    ]
    told = system.mails("meeting_moved")
    assert len(told) == 12  # the invitation named the day
    assert "Det skulle have været onsdag den 14. maj" in " ".join(told[0].text.split())
    assert system.mails("plan_agreed")[1].message["Subject"].startswith("Flyttet: klyngemødet er nu")


async def test_moved_earlier_while_the_survey_is_open_only_as_far_as_the_deck_allows(system: OrderSystem) -> None:
    await system.order_a_package()
    await system.do(do.AgreePlan(meeting=the_meeting(MEETING + TWO_WEEKS), survey_opens=OPENS))
    await system.until(Stage.SURVEY_OPEN)
    with pytest.raises(Rejected) as refusal:
        await system.do(to(MEETING - ONE_DAY), system.coordinator)
    assert (refusal.value.code, refusal.value.facts) == ("meeting_too_early", {"earliest": MEETING.isoformat()})
    await system.do(to(MEETING), system.coordinator)
    system.answer(11)
    await system.until(Stage.READY)
    assert system.mails("programme")[0].at_home.date() == dt.date(2031, 5, 7)


@pytest.mark.parametrize("day", [MEETING + TWO_WEEKS, dt.date(2031, 5, 12)], ids=["later", "earlier"])
async def test_moved_after_the_deck_is_delivered_the_members_are_told_and_reminded_for_the_new_day(
    system: OrderSystem, day: dt.date
) -> None:
    await system.live_to(Stage.READY)
    await system.until_day(dt.date(2031, 5, 7))
    await system.do(to(day), system.coordinator)
    await system.until_day(day)
    since = [(d.occasion, d.mails) for d in system.deliveries() if d.day >= dt.date(2031, 5, 7)]
    assert since == [
        ("deck_delivered", 1),
        ("programme", 12),
        ("plan_agreed", 1),
        ("meeting_moved", 12),
        ("meeting_reminder", 12),
    ] or since == [
        ("deck_delivered", 1),
        ("programme", 12),
        ("meeting_moved", 12),
        ("plan_agreed", 1),
        ("meeting_reminder", 12),
    ]
    (reminded,) = {mail.at_home.date() for mail in system.mails("meeting_reminder")}
    assert reminded < day <= reminded + dt.timedelta(days=3)


async def test_a_meeting_that_was_not_held_gets_a_new_day_and_its_record_is_asked_for_then(system: OrderSystem) -> None:
    await system.live_to(Stage.AWAITING_RECORD)
    new_day = MEETING + TWO_WEEKS
    await system.do(to(new_day), system.coordinator)
    assert system.order.stage is Stage.READY
    assert len(system.mails("meeting_moved")) == 12
    await system.until_day(new_day + ONE_DAY)
    assert [mail.at_home.date() for mail in system.mails("record_request")] == [MEETING + ONE_DAY, new_day + ONE_DAY]
    await system.do(do.RecordMeeting(attended=9, absent=3, follow_up="declined"), system.coordinator)
    await system.until(Stage.COMPLETED)

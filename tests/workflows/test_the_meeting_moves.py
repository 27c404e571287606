"""The meeting moves, both ways and at every stage."""

import datetime as dt

import pytest

from domain import commands as do
from domain.model import Actor, Rejected
from domain.stages import Stage
from tests.workflows.town import MEETING, OPENS, Town, the_meeting

pytestmark = pytest.mark.temporal

TWO_WEEKS = dt.timedelta(days=14)
ONE_DAY = dt.timedelta(days=1)


def to(day: dt.date) -> do.MoveMeeting:
    return do.MoveMeeting(to=the_meeting(day).starts)


async def test_moved_later_before_the_survey_opens_the_survey_moves_along(town: Town) -> None:
    await town.live_to(Stage.PLANNED)
    await town.do(to(MEETING + TWO_WEEKS), Actor.COORDINATOR)
    await town.until_day(OPENS + ONE_DAY)
    assert town.order.stage is Stage.PLANNED
    await town.until(Stage.SURVEY_OPEN)
    survey = town.order.baseline
    assert survey is not None
    assert survey.opens > OPENS + ONE_DAY
    assert town.occasions() == ["order_received", "plan_agreed", "invitation"]
    assert len(town.mails("plan_agreed")) == 2
    assert "BEGIN:VCALENDAR" in town.mails("plan_agreed")[1].attached("klyngemoede.ics")


async def test_moved_earlier_before_the_survey_opens_the_survey_moves_along(town: Town) -> None:
    await town.live_to(Stage.PLANNED)
    await town.do(to(dt.date(2031, 4, 9)), Actor.COORDINATOR)
    await town.until(Stage.SURVEY_OPEN)
    invited = town.mails("invitation")
    assert {mail.at_home.date() for mail in invited} == {dt.date(2031, 3, 14)}
    town.answer(11)
    await town.until(Stage.READY)
    await town.until_day(dt.date(2031, 4, 9))
    assert town.deliveries()[-1].occasion == "meeting_reminder"
    assert town.deliveries()[-1].day == dt.date(2031, 4, 8)


async def test_moved_later_while_the_survey_is_open_it_closes_as_planned(town: Town) -> None:
    await town.live_to(Stage.SURVEY_OPEN)
    await town.do(to(MEETING + TWO_WEEKS), Actor.COORDINATOR)
    town.answer(11)
    await town.until(Stage.READY)
    assert town.mails("deck_delivered")[0].at_home.date() == dt.date(2031, 5, 7)
    await town.until_day(MEETING + TWO_WEEKS)
    assert [(d.day, d.occasion) for d in town.deliveries()[-2:]] == [
        (dt.date(2031, 5, 20), "programme"),
        (dt.date(2031, 5, 27), "meeting_reminder"),
    ]
    told = town.mails("meeting_moved")
    assert len(told) == 12  # the invitation named the day
    assert "Det skulle have været onsdag den 14. maj" in " ".join(told[0].text.split())
    assert town.mails("plan_agreed")[1].message["Subject"].startswith("Flyttet: klyngemødet er nu")


async def test_moved_earlier_while_the_survey_is_open_only_as_far_as_the_deck_allows(town: Town) -> None:
    await town.order_a_package()
    await town.do(do.AgreePlan(meeting=the_meeting(MEETING + TWO_WEEKS), survey_opens=OPENS))
    await town.until(Stage.SURVEY_OPEN)
    with pytest.raises(Rejected) as refusal:
        await town.do(to(MEETING - ONE_DAY), Actor.COORDINATOR)
    assert (refusal.value.code, refusal.value.facts) == ("meeting_too_early", {"earliest": MEETING.isoformat()})
    await town.do(to(MEETING), Actor.COORDINATOR)
    town.answer(11)
    await town.until(Stage.READY)
    assert town.mails("programme")[0].at_home.date() == dt.date(2031, 5, 7)


@pytest.mark.parametrize("day", [MEETING + TWO_WEEKS, dt.date(2031, 5, 12)], ids=["later", "earlier"])
async def test_moved_after_the_deck_is_delivered_the_members_are_told_and_reminded_for_the_new_day(
    town: Town, day: dt.date
) -> None:
    await town.live_to(Stage.READY)
    await town.until_day(dt.date(2031, 5, 7))
    await town.do(to(day), Actor.COORDINATOR)
    await town.until_day(day)
    since = [(d.occasion, d.mails) for d in town.deliveries() if d.day >= dt.date(2031, 5, 7)]
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
    (reminded,) = {mail.at_home.date() for mail in town.mails("meeting_reminder")}
    assert reminded < day <= reminded + dt.timedelta(days=3)


async def test_a_meeting_that_was_not_held_gets_a_new_day_and_its_record_is_asked_for_then(town: Town) -> None:
    await town.live_to(Stage.AWAITING_RECORD)
    new_day = MEETING + TWO_WEEKS
    await town.do(to(new_day), Actor.COORDINATOR)
    assert town.order.stage is Stage.READY
    assert len(town.mails("meeting_moved")) == 12
    await town.until_day(new_day + ONE_DAY)
    assert [mail.at_home.date() for mail in town.mails("record_request")] == [MEETING + ONE_DAY, new_day + ONE_DAY]
    await town.do(do.RecordMeeting(attended=9, absent=3, follow_up="declined"), Actor.COORDINATOR)
    await town.until(Stage.COMPLETED)

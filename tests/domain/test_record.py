"""The coordinator's record of the meeting, and what happens when none comes."""

import datetime as dt
from datetime import date

import pytest

from demo.clockwork import Clockwork
from domain import commands as do
from domain import events as ev
from domain.by import coordinator
from domain.letters import Letter, Occasion
from domain.limits import record_given_up_at
from domain.stages import Stage
from domain.tasks import tasks_of
from tests.domain.story import (
    AGREE,
    FOLLOW_UP,
    FOLLOW_UP_OPENS,
    IDEAS,
    PAST,
    RECORDED,
    THE_MEETING,
    five_on,
    given,
    life_at,
    morning_of,
    noon,
)

RECORD = do.RecordMeeting(attended=36, absent=6, ideas=IDEAS)
THE_RECORD = ev.MeetingRecorded(at=PAST, attended=36, absent=6, ideas=IDEAS)
AGREED = ev.FollowUpAgreed(at=PAST, opens=FOLLOW_UP_OPENS)
THE_NEXT_DAY = noon(date(2026, 3, 26))


def record(follow_up: str, opens: date | None = None) -> do.RecordMeeting:
    return do.RecordMeeting.model_validate({**RECORD.model_dump(), "follow_up": follow_up, "follow_up_opens": opens})


def test_the_record_leads_to_the_quiet_months_and_a_mail_to_the_members() -> None:
    life = given(Stage.AWAITING_RECORD).when(RECORD, RECORDED).then(THE_RECORD)
    assert life.order.stage is Stage.QUIET
    assert "after_meeting//" in life.order.pending_letters
    given(life).when(RECORD).then_rejected("already_recorded")


def test_a_meeting_may_be_recorded_while_it_goes_on_but_not_before() -> None:
    begins = THE_MEETING.starts_at
    given(Stage.READY).when(RECORD, begins - dt.timedelta(seconds=1)).then_rejected(
        "meeting_not_held", starts="2026-03-25T17:00:00"
    )
    given(Stage.READY).when(RECORD, begins).then(THE_RECORD)
    given(Stage.READY).when(RECORD, begins + dt.timedelta(minutes=30)).then(THE_RECORD)


def test_no_more_come_and_stay_away_than_there_are_members() -> None:
    refusal = given(Stage.AWAITING_RECORD).when(do.RecordMeeting(attended=40, absent=3))
    assert refusal.then_rejected("more_than_members", members=42).message == (
        "Der er 42 medlemmer, men 43 er talt med."
    )
    assert given(Stage.AWAITING_RECORD).when(do.RecordMeeting(attended=40, absent=2)).events


@pytest.mark.parametrize(("attended", "absent"), [(0, 42), (42, 0), (0, 0)])
def test_nobody_need_have_come_nor_stayed_away(attended: int, absent: int) -> None:
    given(Stage.AWAITING_RECORD).when(do.RecordMeeting(attended=attended, absent=absent)).then(
        ev.MeetingRecorded(at=PAST, attended=attended, absent=absent, ideas=None)
    )


@pytest.mark.parametrize(("attended", "absent"), [(-1, 5), (5, -1)])
def test_fewer_than_nobody_neither_came_nor_stayed_away(attended: int, absent: int) -> None:
    command = do.RecordMeeting(attended=attended, absent=absent)
    given(Stage.AWAITING_RECORD).when(command).then_rejected("more_than_members", members=42)


@pytest.mark.parametrize("stage", [Stage.SURVEY_OPEN, Stage.TOO_FEW_ANSWERS, Stage.ANALYSING, Stage.IN_REVIEW])
def test_a_meeting_held_is_recorded_or_given_up_also_where_its_deck_never_came_and_the_round_is_finished(
    stage: Stage,
) -> None:
    """After an outage. The cluster met, so it is taken down; the follow-up waits until the round is over."""
    life = given(stage).when(RECORD, RECORDED).then(THE_RECORD)
    assert life.order.stage is stage
    given(life).when(do.StartFollowUp(), noon(date(2026, 12, 1))).then_rejected("deck_not_delivered")
    clock = Clockwork(life.order, life.now)
    clock.run(noon(date(2026, 6, 1)))
    assert clock.order.baseline is not None
    assert clock.order.baseline.over
    assert clock.order.stage is Stage.QUIET
    given(stage).when(do.LeaveMeetingUnrecorded(), RECORDED).then(ev.MeetingLeftUnrecorded(at=PAST))


def test_letters_about_a_meeting_that_has_been_held_are_not_waited_for() -> None:
    """Moved in the evening to the next morning, the new time could not be written to anybody in time."""
    life = life_at(Stage.READY).got(Letter(Occasion.PROGRAMME)).with_letters_gone()
    evening = noon(date(2026, 3, 19)) + dt.timedelta(hours=8)
    life.does(do.MoveMeeting(to=five_on(date(2026, 3, 20), hour=8)), evening)
    assert "meeting_moved//2" in life.order.pending_letters
    life.does(RECORD, noon(date(2026, 3, 20)))
    assert not any(key.startswith("meeting_moved/") for key in life.order.pending_letters)


# --- what the cluster said of the follow-up -------------------------------------------------------------------------


def test_later_leaves_the_follow_up_to_be_asked_about() -> None:
    given(Stage.AWAITING_RECORD).when(record("later")).then(THE_RECORD)


def test_declined_at_the_meeting() -> None:
    given(Stage.AWAITING_RECORD).when(record("declined")).then(THE_RECORD, ev.FollowUpDeclined(at=PAST))


def test_agreed_at_the_meeting_with_a_date() -> None:
    given(Stage.AWAITING_RECORD).when(record("agreed", FOLLOW_UP_OPENS)).then(THE_RECORD, AGREED)


def test_agreed_without_a_date_is_not_agreed() -> None:
    given(Stage.AWAITING_RECORD).when(record("agreed")).then_rejected("follow_up_date_missing")


@pytest.mark.parametrize("opens", [date(2026, 11, 24), date(2027, 3, 26)])
def test_agreed_for_a_day_outside_the_window(opens: date) -> None:
    given(Stage.AWAITING_RECORD).when(record("agreed", opens)).then_rejected(
        "outside_follow_up_window", earliest=date(2026, 11, 25), latest=date(2027, 3, 25)
    )


def test_what_the_cluster_says_at_its_meeting_stands_above_what_was_agreed_before() -> None:
    agreed = life_at(Stage.AWAITING_RECORD).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    given(agreed).when(record("agreed", date(2027, 2, 2))).then(
        THE_RECORD, ev.FollowUpMoved(at=PAST, opens=date(2027, 2, 2))
    )
    given(agreed).when(record("agreed", FOLLOW_UP_OPENS)).then(THE_RECORD)
    given(agreed).when(record("declined")).then(THE_RECORD, ev.FollowUpDeclined(at=PAST))
    given(agreed).when(record("later")).then(THE_RECORD)
    declined = life_at(Stage.AWAITING_RECORD).does(do.DeclineFollowUp())
    given(declined).when(record("agreed", FOLLOW_UP_OPENS)).then(THE_RECORD, AGREED)
    given(declined).when(record("declined")).then(THE_RECORD)


@pytest.mark.parametrize("follow_up", [record("declined"), record("agreed", date(2027, 3, 1)), record("agreed")])
def test_a_late_record_changes_nothing_of_a_follow_up_that_has_opened(follow_up: do.RecordMeeting) -> None:
    life = life_at(Stage.AWAITING_RECORD).does(do.LeaveMeetingUnrecorded(), morning_of(date(2026, 4, 27)))
    life.does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    life.does(do.OpenSurvey(round=FOLLOW_UP), morning_of(FOLLOW_UP_OPENS))
    life = given(life).when(follow_up, noon(date(2027, 1, 15))).then(THE_RECORD)
    assert life.order.stage is Stage.FOLLOW_UP_OPEN
    assert life.order.follow_up.opens == FOLLOW_UP_OPENS


def test_a_cluster_that_did_not_want_a_follow_up_at_the_call_may_agree_on_one_at_the_meeting() -> None:
    life = life_at(Stage.PLANNED).does(AGREE.model_copy(update={"follow_up_wanted": False}))
    clock = Clockwork(life.order, life.now)
    clock.run(THE_NEXT_DAY)
    clock.does(record("agreed", FOLLOW_UP_OPENS), coordinator(clock.order.coordinator))
    clock.run(noon(FOLLOW_UP_OPENS))
    assert clock.order.stage is Stage.FOLLOW_UP_OPEN


# --- nobody records the meeting -------------------------------------------------------------------------------------


def test_the_record_is_given_up_after_four_weeks_and_the_quiet_months_begin() -> None:
    life = life_at(Stage.AWAITING_RECORD)
    limit = record_given_up_at(life.order)
    assert limit == morning_of(date(2026, 4, 27))
    life = given(life).when(do.LeaveMeetingUnrecorded(), limit).then(ev.MeetingLeftUnrecorded(at=PAST))
    assert life.order.stage is Stage.QUIET
    given(life).when(do.LeaveMeetingUnrecorded()).then_nothing()


def test_it_is_not_given_up_before_the_meeting_is_over() -> None:
    given(Stage.READY).when(do.LeaveMeetingUnrecorded(), THE_MEETING.starts_at).then_rejected("meeting_not_held")
    assert given(Stage.READY).when(do.LeaveMeetingUnrecorded(), THE_MEETING.ends_at).events


def test_a_record_that_comes_late_is_welcome() -> None:
    life = life_at(Stage.AWAITING_RECORD).does(do.LeaveMeetingUnrecorded())
    life = given(life).when(RECORD, noon(date(2026, 6, 1))).then(THE_RECORD)
    assert "after_meeting//" in life.order.pending_letters


def test_after_the_last_request_the_record_is_the_consultants_task() -> None:
    life = life_at(Stage.AWAITING_RECORD)
    assert [task.kind for task in tasks_of(life.order) if task.owner == "coordinator"] == ["record_the_meeting"]
    life.got(Letter(Occasion.RECORD_REQUEST, number="1.3"), when=morning_of(date(2026, 4, 14)))
    kinds = {task.kind: task.owner for task in tasks_of(life.order)}
    assert kinds == {"assign_consultant": "operations", "get_the_record": "consultant"}


def test_the_place_cannot_be_changed_once_the_record_is_asked_for() -> None:
    given(Stage.AWAITING_RECORD).when(do.ChangeMeeting(minutes=180), THE_NEXT_DAY).then_rejected("meeting_over")

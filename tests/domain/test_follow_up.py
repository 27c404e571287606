"""The follow-up: agreed, moved, started early, declined, forgotten."""

from datetime import date

import pytest

from domain import commands as do
from domain import events as ev
from domain.decisions.follow_up import window
from domain.order import FollowUpStatus
from domain.stages import Stage
from tests.domain.story import (
    AGREE,
    CALLED,
    FOLLOW_UP,
    FOLLOW_UP_OPENS,
    PAST,
    PLACE,
    PLACED,
    Life,
    given,
    life_at,
    noon,
)

FIRST, LAST = date(2026, 11, 25), date(2027, 3, 25)
AGREE_ON = do.AgreeFollowUp(opens=FOLLOW_UP_OPENS)
IN_DECEMBER = noon(date(2026, 12, 1))


def agreed(opens: date = FOLLOW_UP_OPENS) -> ev.FollowUpAgreed:
    return ev.FollowUpAgreed(at=PAST, opens=opens)


def moved(opens: date) -> ev.FollowUpMoved:
    return ev.FollowUpMoved(at=PAST, opens=opens)


def with_agreement() -> Life:
    return life_at(Stage.QUIET).does(AGREE_ON)


def test_the_window_of_trivsel_is_eight_to_twelve_months_after_the_meeting() -> None:
    allowed = window(life_at(Stage.QUIET).order)
    assert (allowed.opens, allowed.closes) == (FIRST, LAST)


@pytest.mark.parametrize("opens", [FIRST, LAST])
def test_its_first_and_last_day_can_be_agreed(opens: date) -> None:
    """25 March 2027 is Maundy Thursday. After Easter the window is over: the round opens the day before."""
    opening = date(2027, 3, 24) if opens == LAST else FIRST
    given(Stage.QUIET).when(do.AgreeFollowUp(opens=opens)).then(agreed(opening))


@pytest.mark.parametrize(
    "command", [do.AgreeFollowUp(opens=date(2026, 11, 24)), do.AgreeFollowUp(opens=date(2027, 3, 26))]
)
def test_a_day_outside_the_window_is_refused_with_both_its_ends(command: do.AgreeFollowUp) -> None:
    given(Stage.QUIET).when(command).then_rejected("outside_follow_up_window", earliest=FIRST, latest=LAST)


def test_a_day_gone_by_is_refused_though_it_lies_in_the_window() -> None:
    given(Stage.QUIET).when(do.AgreeFollowUp(opens=date(2026, 11, 30)), IN_DECEMBER).then_rejected(
        "outside_follow_up_window", earliest=date(2026, 12, 1), latest=LAST
    )


def test_after_the_window_the_refusal_names_no_day_that_would_be_refused() -> None:
    refusal = given(Stage.QUIET).when(AGREE_ON, noon(date(2027, 3, 26))).then_rejected("outside_follow_up_window")
    assert refusal.facts == {"latest": "2027-03-25"}
    assert "udløb" in refusal.message


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        (date(2026, 12, 24), date(2027, 1, 4)),
        (date(2027, 2, 17), date(2027, 2, 22)),
        (date(2026, 12, 5), date(2026, 12, 7)),
    ],
)
def test_a_day_off_or_a_quiet_one_becomes_the_first_suitable_day(asked: date, opens: date) -> None:
    given(Stage.QUIET).when(do.AgreeFollowUp(opens=asked)).then(agreed(opens))
    given(with_agreement()).when(do.MoveFollowUp(opens=asked)).then(moved(opens))


@pytest.mark.parametrize(
    ("asked", "opens"),
    [(date(2027, 3, 20), date(2027, 3, 22)), (date(2027, 3, 25), date(2027, 3, 24)), (LAST, date(2027, 3, 24))],
)
def test_a_follow_up_asked_for_at_the_windows_end_is_not_pushed_past_it(asked: date, opens: date) -> None:
    """A Saturday with days to spare comes the Monday after; Easter's first day can only come before."""
    given(Stage.QUIET).when(do.AgreeFollowUp(opens=asked)).then(agreed(opens))
    given(with_agreement()).when(do.MoveFollowUp(opens=asked)).then(moved(opens))


def test_asked_for_in_the_windows_last_days_it_may_open_the_same_day() -> None:
    given(Stage.QUIET).when(do.AgreeFollowUp(opens=LAST), noon(date(2027, 3, 24))).then(agreed(date(2027, 3, 24)))


def test_a_follow_up_started_on_the_windows_last_day_opens_all_the_same() -> None:
    """Maundy Thursday, with no suitable day left: the mail leaves after Easter, and nobody is refused for it."""
    [started] = given(Stage.QUIET).when(do.StartFollowUp(), noon(LAST)).events
    assert isinstance(started, ev.FollowUpStarted)
    assert started.opens == LAST


def test_agreeing_again_moves_it_and_agreeing_on_the_same_is_nothing() -> None:
    given(with_agreement()).when(AGREE_ON).then_nothing()
    given(with_agreement()).when(do.AgreeFollowUp(opens=date(2027, 2, 2))).then(moved(date(2027, 2, 2)))


def test_it_moves_both_ways_until_it_has_begun() -> None:
    life = given(with_agreement()).when(do.MoveFollowUp(opens=date(2027, 3, 1))).then(moved(date(2027, 3, 1)))
    given(life).when(do.MoveFollowUp(opens=FIRST)).then(moved(FIRST))
    given(life).when(do.MoveFollowUp(opens=date(2027, 3, 1))).then_nothing()
    given(Stage.FOLLOW_UP_OPEN).when(do.MoveFollowUp(opens=date(2027, 3, 1))).then_rejected("follow_up_under_way")


def test_what_was_never_agreed_cannot_be_moved() -> None:
    given(Stage.QUIET).when(do.MoveFollowUp(opens=FIRST)).then_rejected("no_follow_up_agreed")


@pytest.mark.parametrize("life", [life_at(Stage.QUIET), with_agreement()])
def test_the_coordinator_starts_it_early_whether_agreed_or_not(life: Life) -> None:
    life = given(life).when(do.StartFollowUp(), IN_DECEMBER).then(ev.FollowUpStarted(at=PAST, opens=date(2026, 12, 1)))
    given(life).when(do.StartFollowUp()).then_nothing()
    given(life).when(AGREE_ON).then_rejected("follow_up_under_way")
    [opened] = given(life).when(do.OpenSurvey(round=FOLLOW_UP), IN_DECEMBER).events
    assert isinstance(opened, ev.SurveyOpened)
    assert opened.opens == date(2026, 12, 1)


def test_started_at_christmas_it_opens_in_the_new_year() -> None:
    given(Stage.QUIET).when(do.StartFollowUp(), noon(date(2026, 12, 24))).then(
        ev.FollowUpStarted(at=PAST, opens=date(2027, 1, 4))
    )


def test_not_before_the_window_and_not_before_the_meeting_is_recorded() -> None:
    given(Stage.QUIET).when(do.StartFollowUp(), noon(date(2026, 11, 24))).then_rejected(
        "outside_follow_up_window", earliest=FIRST
    )
    given(Stage.READY).when(do.StartFollowUp(), IN_DECEMBER).then_rejected("meeting_not_recorded")


def test_a_follow_up_started_by_mistake_is_called_off_as_long_as_it_has_not_opened() -> None:
    life = life_at(Stage.QUIET).does(do.StartFollowUp(), noon(date(2026, 12, 24)))
    given(life).when(do.DeclineFollowUp()).then(ev.FollowUpDeclined(at=PAST))


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.READY, Stage.QUIET])
def test_the_cluster_declines_at_any_time_before_it_begins(stage: Stage) -> None:
    life = given(stage).when(do.DeclineFollowUp()).then(ev.FollowUpDeclined(at=PAST))
    given(life).when(do.DeclineFollowUp()).then_nothing()
    given(life).when(AGREE_ON).then_rejected("follow_up_declined")
    given(life).when(do.MoveFollowUp(opens=FOLLOW_UP_OPENS)).then_rejected("follow_up_declined")
    given(life).when(do.LapseFollowUp()).then_nothing()


def test_declined_the_order_ends_without_follow_up() -> None:
    life = life_at(Stage.QUIET).does(do.DeclineFollowUp())
    given(life).when(do.CompleteOrder()).then(ev.OrderCompleted(at=PAST, with_follow_up=False))


def test_forgotten_it_lapses_the_day_after_the_window() -> None:
    given(Stage.QUIET).when(do.LapseFollowUp(), noon(LAST)).then_rejected("window_still_open")
    life = given(Stage.QUIET).when(do.LapseFollowUp(), noon(date(2027, 3, 26))).then(ev.FollowUpLapsed(at=PAST))
    given(life).when(do.LapseFollowUp()).then_nothing()
    given(life).when(AGREE_ON).then_rejected("follow_up_lapsed")
    given(life).when(do.CompleteOrder()).then(ev.OrderCompleted(at=PAST, with_follow_up=False))


def test_an_agreed_one_does_not_lapse() -> None:
    given(with_agreement()).when(do.LapseFollowUp(), noon(date(2027, 5, 1))).then_nothing()


def test_not_wanted_at_the_call_it_is_not_waited_for_but_may_still_be_agreed() -> None:
    life = Life().does(PLACE, PLACED).does(AGREE.model_copy(update={"follow_up_wanted": False}), CALLED)
    assert not life.order.follow_up.wanted
    life.does(AGREE_ON)
    assert life.order.follow_up.wanted
    assert life.order.follow_up.status is FollowUpStatus.AGREED

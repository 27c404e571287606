"""A letter that has gone goes again to those it never left for, for as long as it says what they do not know."""

import datetime as dt

import pytest
from domain.postbox import Due, letters_to_come, next_letter

from domain import commands as do
from domain import events as ev
from domain.decisions.letters import _STILL_TRUE, is_still_true
from domain.letters import Letter, Occasion
from domain.model import Round
from domain.stages import Stage
from tests.domain.story import (
    BASELINE,
    CLOSES,
    FOLLOW_UP,
    FOLLOW_UP_OPENS,
    PAST,
    RECORDED,
    SØREN,
    THE_MEETING,
    Life,
    five_on,
    given,
    life_at,
    morning_of,
    noon,
)

STAGES = [stage for stage in Stage if stage not in (Stage.COMPLETED, Stage.CANCELLED)]
INVITATION = Letter(Occasion.INVITATION, BASELINE)

WHILE: list[tuple[Letter, set[Stage]]] = [
    (Letter(Occasion.ORDER_RECEIVED), {Stage.ORDERED}),
    (Letter(Occasion.CALL_OVERDUE, number="1"), set()),
    (
        Letter(Occasion.PLAN_AGREED, number="1"),
        {
            Stage.PLANNED,
            Stage.SURVEY_OPEN,
            Stage.TOO_FEW_ANSWERS,
            Stage.ANALYSING,
            Stage.IN_REVIEW,
            Stage.READY,
        },
    ),
    (INVITATION, {Stage.SURVEY_OPEN}),
    (Letter(Occasion.INVITATION, FOLLOW_UP), {Stage.FOLLOW_UP_OPEN}),
    (Letter(Occasion.SURVEY_EXTENDED, BASELINE, "1"), set()),
    (Letter(Occasion.TOO_FEW_ANSWERS, BASELINE, "0"), {Stage.TOO_FEW_ANSWERS}),
    (Letter(Occasion.DECK_REVIEW, BASELINE), {Stage.IN_REVIEW}),
    (Letter(Occasion.DECK_DELIVERED, BASELINE), {Stage.READY, Stage.AWAITING_RECORD}),
    (Letter(Occasion.RECORD_REQUEST, number="1.1"), set()),
    (Letter(Occasion.AFTER_MEETING), {Stage.QUIET}),
    (Letter(Occasion.FOLLOW_UP_QUESTION, number="1"), set()),
    (Letter(Occasion.COMPARISON_DELIVERED, FOLLOW_UP), set()),
]


@pytest.mark.parametrize(("letter", "stages"), WHILE, ids=lambda value: getattr(value, "key", None))
def test_a_letter_is_worth_sending_again_at_its_own_stages_only(letter: Letter, stages: set[Stage]) -> None:
    lives = {stage: life_at(stage) for stage in STAGES}
    assert {stage for stage, life in lives.items() if is_still_true(life.order, letter, life.now)} == stages


def test_what_never_left_is_called_back_and_goes_with_the_next_post() -> None:
    life = (
        given(life_at(Stage.SURVEY_OPEN).got(INVITATION))
        .when(again(INVITATION))
        .then(ev.LettersSent(at=PAST, key=INVITATION.key, sent=41, failed=0, waiting=1))
    )
    assert INVITATION in [due.letter for due in letters_to_come(life.order, life.now)]
    life = given(life).when(again(INVITATION)).then_nothing().got(INVITATION)
    assert INVITATION.key not in life.order.pending_letters


def test_a_letter_still_to_come_takes_all_with_it_that_waits() -> None:
    given(life_at(Stage.SURVEY_OPEN)).when(again(INVITATION)).then_nothing()


def test_an_overtaken_letter_stays_where_it_is() -> None:
    given(life_at(Stage.ANALYSING).got(INVITATION)).when(again(INVITATION)).then_rejected("letter_overtaken")


def test_an_invitation_does_not_go_after_the_last_mail_time_before_closing() -> None:
    life = life_at(Stage.SURVEY_OPEN).got(INVITATION)
    assert is_still_true(life.order, INVITATION, noon(CLOSES))
    assert not is_still_true(life.order, INVITATION, noon(CLOSES) + dt.timedelta(hours=4))


def test_a_reminder_is_for_its_own_day_and_not_beside_other_news() -> None:
    life = life_at(Stage.SURVEY_OPEN).got(INVITATION)
    assert life.order.baseline is not None
    day = life.order.baseline.reminders[0]
    reminder = Letter(Occasion.REMINDER, BASELINE, day.isoformat())
    assert is_still_true(life.order, reminder, noon(day))
    assert not is_still_true(life.order, reminder, noon(day) + dt.timedelta(hours=4))
    life.does(do.ExtendSurvey(closes=CLOSES + dt.timedelta(days=3)), noon(day)).with_letters_gone()
    assert not is_still_true(life.order, reminder, noon(day))


def test_only_the_newest_word_on_the_meeting_goes_again() -> None:
    life = life_at(Stage.READY).with_letters_gone().got(Letter(Occasion.PROGRAMME))
    day = THE_MEETING.day
    letters = [
        Letter(Occasion.PLAN_AGREED, number="1"),
        Letter(Occasion.MEETING_MOVED, number="2"),
        Letter(Occasion.MEETING_REMINDER, number=day.isoformat()),
    ]
    now = morning_of(day - dt.timedelta(days=1))
    assert [is_still_true(life.order, letter, now) for letter in letters] == [True, False, True]
    life.does(do.MoveMeeting(to=five_on(day + dt.timedelta(days=7))), now)
    assert [is_still_true(life.order, letter, now) for letter in letters] == [False, True, False]
    assert is_still_true(life.order, Letter(Occasion.PROGRAMME), now)
    assert not is_still_true(life.order, Letter(Occasion.PROGRAMME), noon(day + dt.timedelta(days=8)))


def test_a_new_coordinator_needs_the_receipt_with_the_way_in_and_nobody_the_old_one() -> None:
    life = life_at(Stage.QUIET).does(do.ReplaceCoordinator(coordinator=SØREN))
    assert is_still_true(life.order, Letter(Occasion.ORDER_RECEIVED, number="2"), life.now)
    assert not is_still_true(life.order, Letter(Occasion.ORDER_RECEIVED), life.now)


def test_the_notice_of_the_follow_up_goes_until_it_opens() -> None:
    life = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS), RECORDED)
    notice = Letter(Occasion.FOLLOW_UP_NOTICE, number=FOLLOW_UP_OPENS.isoformat())
    assert is_still_true(life.order, notice, noon(FOLLOW_UP_OPENS - dt.timedelta(days=1)))
    assert not is_still_true(life.order, notice, noon(FOLLOW_UP_OPENS))
    life.does(do.MoveFollowUp(opens=FOLLOW_UP_OPENS + dt.timedelta(days=7)))
    assert not is_still_true(life.order, notice, life.now)


def test_the_comparison_goes_until_the_order_has_ended() -> None:
    life = life_at(Stage.FOLLOW_UP_IN_REVIEW).does(do.ReleaseDeck()).with_letters_gone()
    comparison = Letter(Occasion.COMPARISON_DELIVERED, Round.FOLLOW_UP)
    assert is_still_true(life.order, comparison, life.now)
    given(life_at(Stage.COMPLETED)).when(again(comparison)).then_rejected("order_ended")


def again(letter: Letter) -> do.SendLettersAgain:
    return do.SendLettersAgain(key=letter.key, sent=41, waiting=1)


def test_every_occasion_has_its_rule() -> None:
    assert set(_STILL_TRUE) == set(Occasion)


# --- what waits and is overtaken is settled, not sent ---------------------------------------------------------------


def due_now(life: Life) -> Due:
    due = next_letter(life.order, life.now)
    assert due is not None
    return due


def is_settled(life: Life, letter: Letter) -> bool:
    """Whether the mail dispatcher has this letter only to settle it, and is done with it then."""
    due = due_now(life)
    to_settle = (due.letter, due.at, due.until) == (letter, life.now, life.now)
    return to_settle and letter.key not in life.got(letter).order.pending_letters


def test_a_programme_of_which_some_waits_is_settled_once_the_meeting_is_recorded() -> None:
    programme = Letter(Occasion.PROGRAMME)
    life = life_at(Stage.READY).with_letters_gone().does(do.RecordMeeting(attended=30, absent=4), RECORDED)
    life.with_letters_gone().does(do.RecordLetters(key=programme.key, sent=40, waiting=2))
    assert life.order.pending_letters == (programme.key,)
    assert is_settled(life, programme)


def test_an_invitation_of_which_some_waits_is_settled_once_the_round_is_closed() -> None:
    life = life_at(Stage.SURVEY_OPEN).does(do.CloseSurvey(round=BASELINE))
    life.with_letters_gone().does(do.RecordLetters(key=INVITATION.key, sent=40, waiting=2))
    assert is_settled(life, INVITATION)


def test_a_notice_called_back_is_settled_when_the_follow_up_is_declined_meanwhile() -> None:
    life = life_at(Stage.QUIET).with_letters_gone().does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS), RECORDED)
    notice = next(
        due for due in letters_to_come(life.order, life.now) if due.letter.occasion is Occasion.FOLLOW_UP_NOTICE
    )
    life.now = notice.at
    life.got(notice.letter).does(again(notice.letter))
    assert notice.letter.key in life.order.pending_letters
    life.does(do.DeclineFollowUp())
    assert is_settled(life, notice.letter)

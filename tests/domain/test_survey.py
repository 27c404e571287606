"""A survey round: opened, extended, closed, counted, gone on without."""

import datetime as dt
from datetime import date

import pytest

from domain import commands as do
from domain import events as ev
from domain.calendar import closing_time
from domain.commands import AnyCommand
from domain.letters import Letter, Occasion
from domain.limits import decide_by
from domain.meeting import Meeting
from domain.model import Round
from domain.stages import Stage
from tests.domain.story import (
    AGREE,
    ANSWERS,
    BASELINE,
    CALLED,
    CLOSES,
    FOLLOW_UP,
    FOLLOW_UP_OPENS,
    MEMBERS,
    OPENS,
    PAST,
    PLACE,
    PLACED,
    Life,
    five_on,
    given,
    life_at,
    morning_of,
    noon,
)

OPEN = do.OpenSurvey(round=BASELINE)
REMINDERS = (date(2026, 3, 6), date(2026, 3, 12), date(2026, 3, 13))
COUNTED = morning_of(date(2026, 3, 16))


def opened(**changes: object) -> ev.SurveyOpened:
    event = ev.SurveyOpened(at=PAST, round=BASELINE, opens=OPENS, closes=CLOSES, reminders=REMINDERS)
    return event.model_copy(update=changes)


def extended(closes: date, *reminders: date, round_: Round = BASELINE) -> ev.SurveyExtended:
    return ev.SurveyExtended(at=PAST, round=round_, closes=closes, reminders=reminders)


# --- opening --------------------------------------------------------------------------------------------------------


def test_a_survey_opens_as_the_mail_hours_of_its_day_begin() -> None:
    given(Stage.PLANNED).when(OPEN, morning_of(OPENS)).then(opened())


@pytest.mark.parametrize("early", [dt.timedelta(seconds=1), dt.timedelta(days=1)])
def test_not_before(early: dt.timedelta) -> None:
    given(Stage.PLANNED).when(OPEN, morning_of(OPENS) - early).then_rejected("survey_not_due", opens=OPENS)


def test_opened_late_it_keeps_its_length_as_far_as_the_meeting_allows() -> None:
    """Three days' outage: there is no day to spare before this meeting, and a fortnight before a later one."""
    given(Stage.PLANNED).when(OPEN, noon(date(2026, 3, 2))).then(
        opened(opens=date(2026, 3, 2), reminders=(date(2026, 3, 9), date(2026, 3, 13)))
    )
    roomy = AGREE.model_copy(update={"survey_opens": date(2026, 2, 2), "survey_closes": date(2026, 2, 16)})
    life = Life().does(PLACE, PLACED).does(roomy, CALLED)
    given(life).when(OPEN, noon(date(2026, 2, 5))).then(
        opened(
            opens=date(2026, 2, 5),
            closes=date(2026, 2, 19),
            reminders=(date(2026, 2, 18), date(2026, 2, 19)),  # the fifth day is in week 7, and 6 February too soon
        )
    )


def test_opened_late_on_a_saturday_night_its_first_day_is_the_monday_of_the_invitations() -> None:
    saturday_night = noon(date(2026, 2, 28)) + dt.timedelta(hours=11)
    given(Stage.PLANNED).when(OPEN, saturday_night).then(
        opened(opens=date(2026, 3, 2), reminders=(date(2026, 3, 9), date(2026, 3, 13)))
    )


def test_a_sunday_chosen_as_the_last_day_stays_it_whether_the_round_opens_in_time_or_late() -> None:
    """In time, with weeks to spare before the meeting; late, with none."""
    roomy = AGREE.model_copy(update={"survey_opens": date(2026, 1, 19), "survey_closes": date(2026, 2, 1)})
    life = Life().does(PLACE, PLACED).does(roomy, CALLED)
    [event] = given(life).when(OPEN, morning_of(date(2026, 1, 19))).events
    assert isinstance(event, ev.SurveyOpened)
    assert (event.opens, event.closes) == (date(2026, 1, 19), date(2026, 2, 1))
    tight = AGREE.model_copy(update={"survey_opens": date(2026, 3, 2), "survey_closes": date(2026, 3, 15)})
    life = Life().does(PLACE, PLACED).does(tight, CALLED)
    [event] = given(life).when(OPEN, noon(date(2026, 3, 3))).events
    assert isinstance(event, ev.SurveyOpened)
    assert (event.opens, event.closes) == (date(2026, 3, 3), date(2026, 3, 15))


def test_opened_after_its_last_day_it_is_open_for_a_working_day() -> None:
    given(Stage.PLANNED).when(OPEN, noon(date(2026, 3, 20))).then(
        opened(opens=date(2026, 3, 20), closes=date(2026, 3, 23), reminders=())
    )


def test_where_mails_leave_at_any_time_it_opens_the_day_of_the_call() -> None:
    policies = PLACE.package.policies.model_copy(update={"mail_hours": "any_time"})
    life = Life().does(
        PLACE.model_copy(update={"package": PLACE.package.model_copy(update={"policies": policies})}), PLACED
    )
    life.does(AGREE.model_copy(update={"meeting": Meeting(starts=five_on(date(2026, 2, 2)))}), CALLED)
    assert life.order.baseline is not None
    assert life.order.baseline.opens == date(2026, 1, 7)
    assert given(life).when(OPEN, CALLED).events


def test_a_second_round_opens_on_the_day_agreed_and_never_before_the_meeting_is_recorded() -> None:
    life = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    second = do.OpenSurvey(round=FOLLOW_UP)
    given(life).when(second, noon(date(2027, 1, 11))).then_rejected("survey_not_due", opens=FOLLOW_UP_OPENS)
    given(life).when(second, morning_of(FOLLOW_UP_OPENS)).then(
        ev.SurveyOpened(
            at=PAST,
            round=FOLLOW_UP,
            opens=FOLLOW_UP_OPENS,
            closes=date(2027, 1, 26),
            reminders=(date(2027, 1, 19), date(2027, 1, 25), date(2027, 1, 26)),
        )
    )
    unrecorded = life_at(Stage.READY).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    given(unrecorded).when(second, morning_of(FOLLOW_UP_OPENS)).then_rejected("meeting_not_recorded")


def test_a_second_round_opened_late_is_open_a_fortnight_all_the_same() -> None:
    life = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    [event] = given(life).when(do.OpenSurvey(round=FOLLOW_UP), noon(date(2027, 2, 1))).events
    assert isinstance(event, ev.SurveyOpened)
    assert (event.opens, event.closes) == (date(2027, 2, 1), date(2027, 2, 15))


# --- extending ------------------------------------------------------------------------------------------------------


def test_an_open_survey_is_extended_into_the_decks_days_with_a_reminder_on_its_new_last_day() -> None:
    life = (
        given(Stage.SURVEY_OPEN)
        .when(do.ExtendSurvey(closes=date(2026, 3, 20)), noon(date(2026, 3, 9)))
        .then(extended(date(2026, 3, 20), date(2026, 3, 12), date(2026, 3, 20)))
    )
    assert "survey_extended/baseline/1" in life.order.pending_letters


def test_its_own_letter_is_the_reminder_of_its_day() -> None:
    """Extended in the morning of a reminder's day: one mail, not two."""
    given(Stage.SURVEY_OPEN).when(do.ExtendSurvey(closes=date(2026, 3, 20)), morning_of(date(2026, 3, 12))).then(
        extended(date(2026, 3, 20), date(2026, 3, 20))
    )


@pytest.mark.parametrize("closes", [date(2027, 2, 13), date(2027, 2, 14), date(2027, 2, 19)])
def test_the_last_reminder_is_never_on_a_day_off_or_in_a_quiet_week(closes: date) -> None:
    """A Saturday, a Sunday, and week 7 of 2027, which begins on the 15th."""
    [event] = given(Stage.FOLLOW_UP_OPEN).when(do.ExtendSurvey(closes=closes), noon(date(2027, 1, 26))).events
    assert isinstance(event, ev.SurveyExtended)
    assert event.reminders == (date(2027, 2, 12),)


def test_too_few_answers_are_given_more_time_and_the_survey_is_open_again() -> None:
    life = (
        given(Stage.TOO_FEW_ANSWERS)
        .when(do.ExtendSurvey(closes=date(2026, 3, 20)), noon(date(2026, 3, 16)))
        .then(extended(date(2026, 3, 20), date(2026, 3, 20)))
    )
    assert life.order.stage is Stage.SURVEY_OPEN
    assert Letter(Occasion.TOO_FEW_ANSWERS, BASELINE, "0").key not in life.order.pending_letters
    given(life).when(do.CloseSurvey(round=BASELINE, why="due"), morning_of(date(2026, 3, 23))).then(
        ev.SurveyClosed(at=PAST, round=BASELINE, why="due")
    )


@pytest.mark.parametrize(
    ("when", "closes", "earliest"),
    [
        (noon(date(2026, 3, 9)), date(2026, 3, 10), date(2026, 3, 16)),  # not shorter
        (noon(date(2026, 3, 9)), date(2026, 3, 14), date(2026, 3, 16)),  # a Saturday gives nobody more time
        (noon(date(2026, 3, 15)), date(2026, 3, 15), date(2026, 3, 16)),
    ],
)
def test_an_extension_is_later_than_what_was_and_the_day_named_is_taken(
    when: dt.datetime, closes: date, earliest: date
) -> None:
    too_short = given(Stage.SURVEY_OPEN).when(do.ExtendSurvey(closes=closes), when)
    refusal = too_short.then_rejected("extension_too_short", earliest=earliest)
    assert refusal.message == "Undersøgelsen kan tidligst lukke den 16. marts 2026."
    assert given(Stage.SURVEY_OPEN).when(do.ExtendSurvey(closes=earliest), when).events


def test_an_extension_leaves_time_to_make_and_see_the_deck() -> None:
    too_long = given(Stage.SURVEY_OPEN).when(do.ExtendSurvey(closes=date(2026, 3, 24)))
    refusal = too_long.then_rejected("extension_too_long", latest=date(2026, 3, 23))
    assert refusal.message == "Undersøgelsen skal lukke senest den 23. marts 2026, eller mødet må flyttes først."
    assert given(Stage.SURVEY_OPEN).when(do.ExtendSurvey(closes=date(2026, 3, 23))).events


def test_where_the_earliest_day_is_also_the_latest_it_can_be_chosen() -> None:
    """On Friday the 20th, the Monday."""
    given(Stage.TOO_FEW_ANSWERS).when(do.ExtendSurvey(closes=date(2026, 3, 23)), noon(date(2026, 3, 20))).then(
        extended(date(2026, 3, 23), date(2026, 3, 23))
    )


def test_with_the_meeting_too_near_no_day_is_named_that_would_be_refused() -> None:
    close_by = noon(date(2026, 3, 23))
    refusal = (
        given(Stage.TOO_FEW_ANSWERS)
        .when(do.ExtendSurvey(closes=date(2026, 3, 24)), close_by)
        .then_rejected("extension_too_long")
    )
    assert refusal.facts == {"latest": "2026-03-23"}
    assert refusal.message == "Mødet er for tæt på til, at undersøgelsen kan forlænges. Flyt mødet først."


def test_a_follow_up_is_not_extended_for_ever() -> None:
    """It has no meeting ahead that could be moved, so none is spoken of."""
    for_ever = given(Stage.FOLLOW_UP_OPEN).when(do.ExtendSurvey(closes=date(2062, 1, 1)))
    refusal = for_ever.then_rejected("extension_too_long", latest=date(2027, 4, 12))
    assert refusal.message == "Undersøgelsen skal lukke senest den 12. april 2027."


def test_an_extension_to_the_day_it_closes_anyway_is_nothing() -> None:
    given(Stage.SURVEY_OPEN).when(do.ExtendSurvey(closes=CLOSES)).then_nothing()


# --- closing --------------------------------------------------------------------------------------------------------


def test_the_box_is_emptied_the_working_morning_after_the_last_day_so_that_a_late_evening_counts() -> None:
    due = do.CloseSurvey(round=BASELINE, why="due")
    assert closing_time(CLOSES) == COUNTED
    given(Stage.SURVEY_OPEN).when(due, COUNTED - dt.timedelta(seconds=1)).then_rejected("survey_not_due", closes=CLOSES)
    given(Stage.SURVEY_OPEN).when(due, COUNTED).then(ev.SurveyClosed(at=PAST, round=BASELINE, why="due"))


@pytest.mark.parametrize("why", ["everyone_answered", "by_hand"])
def test_with_everyone_done_on_day_two_it_closes_at_once(why: str) -> None:
    command = do.CloseSurvey.model_validate({"round": BASELINE, "why": why})
    life = (
        given(Stage.SURVEY_OPEN)
        .when(command, noon(date(2026, 3, 2)))
        .then(ev.SurveyClosed.model_validate({"at": PAST, "round": BASELINE, "why": why}))
    )
    life.does(do.RecordTurnout(round=BASELINE, answers=MEMBERS, invited=MEMBERS))
    assert life.order.stage is Stage.ANALYSING


def test_invitations_not_yet_sent_are_dropped_as_it_closes() -> None:
    life = life_at(Stage.SURVEY_OPEN).does(do.CloseSurvey(round=BASELINE))
    assert not any(key.startswith("invitation/") for key in life.order.pending_letters)


# --- counting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answers", "enough"), [(0, False), (4, False), (5, True), (38, True)])
def test_five_answers_are_enough(answers: int, enough: bool) -> None:
    life = life_at(Stage.SURVEY_OPEN).does(do.CloseSurvey(round=BASELINE))
    given(life).when(do.RecordTurnout(round=BASELINE, answers=answers, invited=MEMBERS)).then(
        ev.TurnoutCounted(at=PAST, round=BASELINE, answers=answers, invited=MEMBERS, enough=enough)
    )


def test_too_few_answers_are_the_consultants_to_decide_on() -> None:
    assert "too_few_answers/baseline/0" in life_at(Stage.TOO_FEW_ANSWERS).order.pending_letters


# --- too few --------------------------------------------------------------------------------------------------------


def test_the_cluster_meets_without_results_and_the_deck_is_made_all_the_same() -> None:
    life = (
        given(Stage.TOO_FEW_ANSWERS)
        .when(do.GoOnWithoutResults())
        .then(ev.WentOnWithoutResults(at=PAST, round=BASELINE, automatic=False))
    )
    assert life.order.stage is Stage.ANALYSING
    assert not any(key.startswith("too_few") for key in life.order.pending_letters)
    life.does(do.RecordResults(round=BASELINE, answers=4, free_texts=0))
    life.does(do.RecordDeck(round=BASELINE, version=1, documents=()))
    assert life.order.baseline is not None
    assert life.order.baseline.in_review


def test_left_undecided_it_goes_on_by_itself_when_the_decks_lead_time_begins() -> None:
    life = life_at(Stage.TOO_FEW_ANSWERS)
    assert life.order.baseline is not None
    limit = decide_by(life.order, life.order.baseline)
    assert limit == morning_of(date(2026, 3, 18))
    command = do.GoOnWithoutResults(automatic=True)
    given(life).when(command, limit - dt.timedelta(seconds=1)).then_rejected("may_still_be_decided")
    given(life).when(command, limit).then(ev.WentOnWithoutResults(at=PAST, round=BASELINE, automatic=True))


def test_with_the_meeting_moved_to_tomorrow_the_decision_is_not_left_until_after_it() -> None:
    life = life_at(Stage.TOO_FEW_ANSWERS).does(do.MoveMeeting(to=five_on(date(2026, 3, 17))))
    assert life.order.baseline is not None
    assert decide_by(life.order, life.order.baseline) == COUNTED


def test_with_the_meeting_moved_to_the_day_after_tomorrow_there_is_tomorrow_morning_to_decide_by() -> None:
    life = life_at(Stage.TOO_FEW_ANSWERS).does(do.MoveMeeting(to=five_on(date(2026, 3, 18))))
    assert life.order.baseline is not None
    assert decide_by(life.order, life.order.baseline) == morning_of(date(2026, 3, 17))


def test_until_it_is_counted_anew_a_round_given_more_time_is_decided_on_by_its_new_last_day() -> None:
    life = life_at(Stage.TOO_FEW_ANSWERS).does(do.ExtendSurvey(closes=date(2026, 3, 17)))
    assert life.order.baseline is not None
    assert decide_by(life.order, life.order.baseline) == morning_of(date(2026, 3, 20))


def test_a_follow_up_with_too_few_answers_ends_without_a_deck() -> None:
    life = life_at(Stage.FOLLOW_UP_TOO_FEW).does(do.GoOnWithoutResults())
    assert life.order.second is not None
    assert life.order.second.over
    given(life).when(do.RecordResults(round=FOLLOW_UP, answers=4, free_texts=0)).then_rejected("deck_delivered")
    given(life).when(do.RecordDeck(round=FOLLOW_UP, version=1, documents=())).then_rejected("deck_delivered")


# --- ballots --------------------------------------------------------------------------------------------------------


def test_ballots_are_destroyed_once_the_deck_is_out_of_the_house_and_not_before() -> None:
    destroy = do.RecordDestruction(round=BASELINE)
    given(Stage.IN_REVIEW).when(destroy).then_rejected("ballots_still_needed")
    life = given(Stage.READY).when(destroy).then(ev.BallotsDestroyed(at=PAST, round=BASELINE))
    given(life).when(destroy).then_nothing()


@pytest.mark.parametrize("stage", [Stage.SURVEY_OPEN, Stage.ANALYSING, Stage.TOO_FEW_ANSWERS])
def test_ballots_of_a_cancelled_order_are_destroyed(stage: Stage) -> None:
    life = life_at(stage).does(do.CancelOrder())
    given(life).when(do.RecordDestruction(round=BASELINE)).then(ev.BallotsDestroyed(at=PAST, round=BASELINE))


def test_results_are_recorded_once() -> None:
    command = do.RecordResults(round=BASELINE, answers=ANSWERS, free_texts=12)
    life = (
        given(Stage.ANALYSING)
        .when(command)
        .then(ev.ResultsTabulated(at=PAST, round=BASELINE, answers=ANSWERS, free_texts=12))
    )
    given(life).when(command).then_nothing()


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "command", "code", "says"),
    [
        (Stage.QUIET, do.OpenSurvey(round=FOLLOW_UP), "no_follow_up_agreed", "Der er ikke aftalt en opfølgning."),
        (Stage.PLANNED, do.ExtendSurvey(closes=date(2026, 3, 20)), "survey_not_open", "Undersøgelsen er ikke åben."),
        (Stage.PLANNED, do.CloseSurvey(round=BASELINE), "survey_not_open", "Undersøgelsen er ikke åben."),
        (
            Stage.SURVEY_OPEN,
            do.RecordTurnout(round=BASELINE, answers=ANSWERS, invited=MEMBERS),
            "survey_not_closed",
            "Undersøgelsen er ikke lukket.",
        ),
        (
            Stage.SURVEY_OPEN,
            do.GoOnWithoutResults(),
            "nothing_to_decide",
            "Der er ikke for få svar at tage stilling til.",
        ),
        (
            Stage.TOO_FEW_ANSWERS,
            do.RecordResults(round=BASELINE, answers=4, free_texts=0),
            "turnout_not_settled",
            "Svarene er ikke talt op endnu.",
        ),
    ],
)
def test_what_a_round_has_not_come_to_is_refused_in_plain_words(
    stage: Stage, command: AnyCommand, code: str, says: str
) -> None:
    assert given(stage).when(command).then_rejected(code).message == says

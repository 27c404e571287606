"""The order placed and the consultant's call: what is agreed, and the dates that follow."""

import datetime as dt
from datetime import date
from typing import Any

import pytest

from domain import commands as do
from domain import events as ev
from domain.agenda import lies_ahead
from domain.by import coordinator
from domain.by_form import ByForm
from domain.decisions import place
from domain.letters import Letter, Occasion
from domain.meeting import Facilitator, Format, Meeting
from domain.model import Rejected, TextId
from domain.policies import Policies
from domain.stages import Stage
from tests.domain.story import (
    AGREE,
    CALLED,
    CLOSES,
    FOLLOW_UP_OPENS,
    KAREN,
    LENE,
    MEETING,
    OPENS,
    PAST,
    PLACE,
    PLACED,
    THE_MEETING,
    Life,
    doctor,
    five_on,
    given,
    life_at,
    noon,
)

BY_KAREN = coordinator(KAREN)
TIGHTEST = date(2026, 2, 3)
"""The earliest meeting after a call on 7 January: open from the 8th to the 22nd, counted on the 23rd, and so on."""


def plan(**changes: Any) -> ev.PlanAgreed:
    agreed = ev.PlanAgreed(
        at=PAST,
        meeting=THE_MEETING,
        survey_opens=OPENS,
        survey_closes=CLOSES,
        survey_dates_chosen=False,
        follow_up_wanted=True,
        policies=Policies(),
    )
    return agreed.model_copy(update=changes)


def meeting_on(day: date) -> Meeting:
    return THE_MEETING.model_copy(update={"starts": five_on(day)})


# --- the order ------------------------------------------------------------------------------------------------------


def test_an_order_takes_over_what_the_package_says_and_promises_a_call_within_five_working_days() -> None:
    placed = place(PLACE, BY_KAREN, PLACED)
    assert placed == ev.OrderPlaced(
        at=PLACED,
        order=PLACE.order,
        cluster=PLACE.cluster,
        package=PLACE.package.slug,
        package_version=PLACE.package.version,
        coordinator=PLACE.coordinator,
        members=PLACE.members,
        policies=PLACE.package.policies,
        disclosure=PLACE.package.disclosure,
        follow_up_months=(8, 12),
        call_due=date(2026, 1, 12),
        shortest_meeting=ByForm(fysisk=85, video=85),
    )


def test_an_order_placed_late_in_the_evening_counts_from_its_danish_day() -> None:
    just_after_midnight = dt.datetime(2026, 1, 5, 23, 30, tzinfo=dt.UTC)
    placed = place(PLACE, BY_KAREN, just_after_midnight)
    assert placed.call_due == date(2026, 1, 13)


def test_an_order_of_fewer_than_five_doctors_is_refused_for_their_answers_could_not_be_anonymous() -> None:
    with pytest.raises(Rejected) as refusal:
        place(PLACE.model_copy(update={"members": PLACE.members[:4]}), BY_KAREN, PLACED)
    assert (refusal.value.code, refusal.value.facts) == ("too_few_members", {"least": 5, "members": 4})
    assert place(PLACE.model_copy(update={"members": PLACE.members[:5]}), BY_KAREN, PLACED)


def test_a_doctor_stands_on_the_list_once() -> None:
    with pytest.raises(Rejected) as refusal:
        place(PLACE.model_copy(update={"members": (*PLACE.members, doctor(3))}), BY_KAREN, PLACED)
    assert refusal.value.code == "member_twice"


# --- the call -------------------------------------------------------------------------------------------------------


def test_the_survey_is_computed_back_from_the_meeting() -> None:
    life = given(Stage.ORDERED).when(AGREE, CALLED).then(plan())
    assert life.order.stage is Stage.PLANNED


def test_a_tight_meeting_gets_the_first_survey_there_is_time_for() -> None:
    command = AGREE.model_copy(update={"meeting": meeting_on(TIGHTEST)})
    given(Stage.ORDERED).when(command, CALLED).then(
        plan(meeting=meeting_on(TIGHTEST), survey_opens=date(2026, 1, 8), survey_closes=date(2026, 1, 22))
    )


def test_where_the_last_days_are_quiet_ones_the_first_survey_there_is_time_for_is_taken() -> None:
    """Counted back past week 7 it would open before the call; opened tomorrow, it closes in time all the same."""
    command = AGREE.model_copy(update={"meeting": meeting_on(date(2026, 2, 25))})
    given(Stage.ORDERED).when(command, noon(date(2026, 1, 26))).then(
        plan(meeting=meeting_on(date(2026, 2, 25)), survey_opens=date(2026, 1, 27), survey_closes=date(2026, 2, 10))
    )


@pytest.mark.parametrize("day", [date(2026, 2, 2), date(2026, 1, 20), date(2026, 1, 7), date(2025, 12, 1)])
def test_a_meeting_too_early_is_refused_and_the_earliest_day_named_is_taken(day: date) -> None:
    given(Stage.ORDERED).when(AGREE.model_copy(update={"meeting": meeting_on(day)}), CALLED).then_rejected(
        "meeting_too_early", earliest=TIGHTEST
    )


def test_the_refusal_says_the_date_as_people_do() -> None:
    refusal = (
        given(Stage.ORDERED).when(AGREE.model_copy(update={"meeting": meeting_on(date(2026, 2, 2))}), CALLED).refusal
    )
    assert "tidligst ligge den 3. februar 2026" in refusal.message


def test_a_meeting_in_2062_is_a_slip_of_the_finger() -> None:
    given(Stage.ORDERED).when(
        AGREE.model_copy(update={"meeting": meeting_on(date(2062, 3, 25))}), CALLED
    ).then_rejected("meeting_too_late", latest=date(2028, 1, 7))


def test_the_consultant_may_choose_the_survey_dates() -> None:
    chosen = {"survey_opens": date(2026, 1, 19), "survey_closes": date(2026, 1, 30)}
    given(Stage.ORDERED).when(AGREE.model_copy(update=chosen), CALLED).then(plan(survey_dates_chosen=True, **chosen))


def test_with_only_the_opening_chosen_the_survey_is_open_as_long_as_agreed() -> None:
    given(Stage.ORDERED).when(AGREE.model_copy(update={"survey_opens": date(2026, 1, 19)}), CALLED).then(
        plan(survey_dates_chosen=True, survey_opens=date(2026, 1, 19), survey_closes=date(2026, 2, 2))
    )


def test_with_only_the_closing_chosen_it_opens_as_long_before() -> None:
    given(Stage.ORDERED).when(AGREE.model_copy(update={"survey_closes": date(2026, 3, 12)}), CALLED).then(
        plan(survey_dates_chosen=True, survey_opens=date(2026, 2, 26), survey_closes=date(2026, 3, 12))
    )


def test_an_opening_chosen_on_a_saturday_is_the_monday() -> None:
    given(Stage.ORDERED).when(AGREE.model_copy(update={"survey_opens": date(2026, 1, 17)}), CALLED).then(
        plan(survey_dates_chosen=True, survey_opens=date(2026, 1, 19), survey_closes=date(2026, 2, 2))
    )


def test_a_survey_opens_tomorrow_at_the_earliest() -> None:
    given(Stage.ORDERED).when(AGREE.model_copy(update={"survey_opens": date(2026, 1, 7)}), CALLED).then_rejected(
        "survey_too_early", earliest=date(2026, 1, 8)
    )
    given(Stage.ORDERED).when(AGREE.model_copy(update={"survey_opens": date(2026, 1, 8)}), CALLED).then(
        plan(survey_dates_chosen=True, survey_opens=date(2026, 1, 8), survey_closes=date(2026, 1, 22))
    )


def test_a_survey_closes_after_it_opens() -> None:
    command = AGREE.model_copy(update={"survey_opens": date(2026, 2, 2), "survey_closes": date(2026, 2, 2)})
    given(Stage.ORDERED).when(command, CALLED).then_rejected("survey_closes_before_it_opens")


@pytest.mark.parametrize("closes", [date(2026, 3, 16), date(2026, 3, 21), date(2026, 4, 4)])
def test_a_closing_chosen_too_late_for_the_deck_names_a_meeting_that_is_then_taken(closes: date) -> None:
    command = AGREE.model_copy(update={"survey_closes": closes})
    refusal = given(Stage.ORDERED).when(command, CALLED).then_rejected("meeting_too_early")
    earliest = date.fromisoformat(str(refusal.facts["earliest"]))
    assert given(Stage.ORDERED).when(command.model_copy(update={"meeting": meeting_on(earliest)}), CALLED).events


def test_a_closing_on_the_sunday_after_the_last_friday_is_in_time() -> None:
    assert given(Stage.ORDERED).when(AGREE.model_copy(update={"survey_closes": date(2026, 3, 15)}), CALLED).events


def test_policies_change_for_one_order_and_the_dates_with_them() -> None:
    policies = {"survey_open_days": 21, "deck_before_meeting": 10, "reminders_after": (7,)}
    given(Stage.ORDERED).when(AGREE.model_copy(update={"policies": policies}), CALLED).then(
        plan(
            survey_opens=date(2026, 2, 6),  # the 13th is in week 7
            survey_closes=date(2026, 3, 6),
            policies=Policies.model_validate(policies),
        )
    )


@pytest.mark.parametrize(
    ("policies", "named"),
    [
        ({"survey_open_days": 2}, "survey_open_days"),
        ({"survey_open_days": 1000}, "survey_open_days"),
        ({"record_asked_after": ()}, "record_asked_after"),
        ({"reminders_after": (9, 5)}, "reminders_after"),
        ({"reminders_often": True}, "reminders_often"),
    ],
)
def test_a_policy_that_makes_no_sense_is_named(policies: dict[str, object], named: str) -> None:
    refusal = (
        given(Stage.ORDERED).when(AGREE.model_copy(update={"policies": policies}), CALLED).then_rejected("bad_policy")
    )
    assert str(refusal.facts["policy"]).startswith(named)


def test_north_jutland_meets_for_three_hours_on_video_with_a_consultant() -> None:
    meeting = Meeting(starts=MEETING, minutes=180, format=Format.VIDEO, facilitator=Facilitator.CONSULTANT)
    given(Stage.ORDERED).when(AGREE.model_copy(update={"meeting": meeting}), CALLED).then(plan(meeting=meeting))


def test_the_same_call_told_twice_is_one_plan() -> None:
    given(Stage.PLANNED).when(AGREE).then_nothing()


def test_a_new_plan_takes_the_place_of_the_old_one_until_the_survey_opens() -> None:
    given(Stage.PLANNED).when(AGREE.model_copy(update={"follow_up_wanted": False})).then(plan(follow_up_wanted=False))
    given(Stage.SURVEY_OPEN).when(AGREE.model_copy(update={"follow_up_wanted": False})).then_rejected(
        "survey_already_open"
    )


def test_a_call_that_is_never_held_ends_the_order_but_not_once_it_was_held() -> None:
    never = do.CancelOrder(reason="never_called")
    given(Stage.ORDERED).when(never).then(ev.OrderCancelled(at=PAST, reason="never_called"))
    given(Stage.PLANNED).when(never).then_rejected("call_was_held")


def test_a_consultant_may_be_on_the_order_before_the_call_and_change_after_it() -> None:
    given(Stage.ORDERED, do.AssignConsultant(consultant=LENE)).when(do.AssignConsultant(consultant=LENE)).then_nothing()


# --- what the plan means to the order -------------------------------------------------------------------------------


def test_only_the_latest_plan_is_written_to_the_coordinator() -> None:
    life = life_at(Stage.PLANNED).does(AGREE.model_copy(update={"follow_up_wanted": False}))
    plans = [key for key in life.order.pending_letters if Letter.parse(key).occasion is Occasion.PLAN_AGREED]
    assert plans == ["plan_agreed//2"]


def test_a_change_of_the_meetings_form_keeps_all_that_is_not_named() -> None:
    given(Stage.PLANNED).when(do.ChangeMeeting(minutes=180, place=TextId("tekst-billund"))).then(
        ev.MeetingChanged(
            at=PAST,
            minutes=180,
            format=Format.IN_PERSON,
            facilitator=Facilitator.COORDINATOR,
            place=TextId("tekst-billund"),
        )
    )
    given(Stage.PLANNED).when(do.ChangeMeeting(minutes=150)).then_nothing()


def test_a_new_plan_takes_an_agreed_follow_up_along() -> None:
    """Agreed for January; with the meeting in September the window begins in May after."""
    life = life_at(Stage.PLANNED).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    september = meeting_on(date(2026, 9, 16))
    given(life).when(AGREE.model_copy(update={"meeting": september}), noon(date(2026, 1, 9))).then(
        plan(meeting=september, survey_opens=date(2026, 8, 21), survey_closes=date(2026, 9, 4)),
        ev.FollowUpMoved(at=PAST, opens=date(2027, 5, 18)),
    )


# --- what the coordinator sees coming -------------------------------------------------------------------------------


def codes(life: Life) -> list[str]:
    return [each.code for each in lies_ahead(life.order, life.now)]


def test_once_the_plan_is_agreed_the_whole_way_to_the_meeting_lies_ahead() -> None:
    seen = codes(life_at(Stage.PLANNED).with_letters_gone())
    way = ["survey_opens", "survey_closes", "deck_promised", "letter.programme", "letter.meeting_reminder", "meeting"]
    assert [code for code in seen if code in way] == way
    assert seen.index("meeting") < seen.index("letter.record_request")


@pytest.mark.parametrize("stage", [Stage.SURVEY_OPEN, Stage.IN_REVIEW, Stage.READY])
def test_each_letter_about_the_meeting_lies_ahead_once(stage: Stage) -> None:
    seen = codes(life_at(stage).with_letters_gone())
    for code in ("letter.programme", "letter.meeting_reminder", "letter.record_request"):
        assert seen.count(code) == 1
    assert ("deck_promised" in seen) is (stage is not Stage.READY)

"""The mail dispatcher's list: each letter when it is due, not before, not after, and once."""

import datetime as dt
from datetime import date

import pytest

from demo.clockwork import Clockwork
from domain import commands as do
from domain.by import consultant, coordinator
from domain.calendar import add_working_days, is_quiet, is_working_day
from domain.commands import AnyCommand
from domain.letters import Due, Letter, Occasion, WhyNot
from domain.mailings import MAILINGS, letters_to_come, letters_to_settle, next_letter, why_not
from domain.meeting import at, danish
from domain.stages import Stage
from tests.domain.story import (
    A_NEWCOMER,
    AGREE,
    BASELINE,
    BIRTHE,
    CALLED,
    FOLLOW_UP,
    FOLLOW_UP_OPENS,
    KAREN,
    LENE,
    OPENS,
    PLACE,
    PLACED,
    RECORDED,
    SØREN,
    THE_MEETING,
    Life,
    five_on,
    life_at,
    morning_of,
    noon,
)

PROGRAMME, INVITATION = Letter(Occasion.PROGRAMME), Letter(Occasion.INVITATION, BASELINE)
NEAR = five_on(date(2026, 3, 18))
MINUTE = dt.timedelta(minutes=1)


def clock_of(life: Life) -> Clockwork:
    return Clockwork(life.order, life.now)


def posted(clock: Clockwork, occasion: Occasion) -> list[dt.datetime]:
    return [at for at, letter in clock.posted if letter.occasion is occasion]


def days_of(clock: Clockwork, occasion: Occasion) -> list[date]:
    return [danish(at).date() for at in posted(clock, occasion)]


def coming(life: Life, occasion: Occasion, now: dt.datetime | None = None) -> Due | None:
    dues = letters_to_come(life.order, now or life.now)
    return min((due for due in dues if due.letter.occasion is occasion), key=lambda due: due.at, default=None)


def a_whole_life() -> Clockwork:
    """Called, met, recorded with a follow-up agreed; the rest is the clock's."""
    clock = clock_of(life_at(Stage.ORDERED))
    clock.run(CALLED)
    clock.does(AGREE, consultant(LENE))
    clock.run(RECORDED)
    agreed = do.RecordMeeting(attended=36, absent=6, follow_up="agreed", follow_up_opens=FOLLOW_UP_OPENS)
    clock.does(agreed, coordinator(KAREN))
    clock.run(noon(date(2027, 6, 1)))
    return clock


# --- the whole list -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", [Occasion.DECK_DELIVERED, Occasion.RESULTS])
def test_a_deck_released_in_the_afternoon_of_the_meeting_is_out_before_it_begins(letter: Occasion) -> None:
    """The next mail time is tomorrow morning: too late for what is to be talked about at five."""
    life = life_at(Stage.IN_REVIEW).with_letters_gone().does(do.HoldDeck())
    life.got(Letter(Occasion.PROGRAMME), when=morning_of(date(2026, 3, 20)))
    released = at(date(2026, 3, 25), dt.time(16, 30))
    life.does(do.ReleaseDeck(), released)
    due = {each.letter.occasion: each.at for each in letters_to_come(life.order, released)}
    assert due[letter] == released


def test_every_letter_of_a_life_as_agreed_comes_on_its_day_and_once() -> None:
    clock = a_whole_life()
    assert clock.order.stage is Stage.COMPLETED
    assert [(danish(at).date(), letter.key) for at, letter in clock.posted] == [
        (date(2026, 1, 5), "order_received//"),
        (date(2026, 1, 7), "plan_agreed//1"),
        (date(2026, 2, 27), "invitation/baseline/"),
        (date(2026, 3, 6), "reminder/baseline/2026-03-06"),
        (date(2026, 3, 12), "reminder/baseline/2026-03-12"),
        (date(2026, 3, 13), "reminder/baseline/2026-03-13"),
        (date(2026, 3, 16), "deck_review/baseline/"),
        (date(2026, 3, 18), "deck_delivered/baseline/"),
        (date(2026, 3, 18), "programme//"),
        (date(2026, 3, 24), "meeting_reminder//2026-03-25"),
        (date(2026, 3, 26), "record_request//1.1"),
        (date(2026, 3, 27), "after_meeting//"),
        (date(2026, 12, 15), "follow_up_notice//2027-01-12"),
        (date(2027, 1, 12), "invitation/follow_up/"),
        (date(2027, 1, 19), "reminder/follow_up/2027-01-19"),
        (date(2027, 1, 25), "reminder/follow_up/2027-01-25"),
        (date(2027, 1, 26), "reminder/follow_up/2027-01-26"),
        (date(2027, 1, 27), "deck_review/follow_up/"),
        (date(2027, 1, 29), "comparison_delivered/follow_up/"),
    ]


def test_letters_leave_in_mail_hours_but_the_answer_to_an_order_at_night_comes_at_once() -> None:
    night = PLACED + dt.timedelta(hours=13)
    life = Life().does(PLACE, night)
    due = next_letter(life.order, night)
    assert due is not None
    assert (due.letter.occasion, due.at) == (Occasion.ORDER_RECEIVED, night)
    assert {occasion for occasion, mailing in MAILINGS.items() if mailing.at_once} == {
        Occasion.ORDER_RECEIVED,
        Occasion.ORDER_ASSIGNED,
        Occasion.COORDINATOR_WELCOME,
        Occasion.PLAN_AGREED,
        Occasion.ORDER_CANCELLED,
    }


def test_every_occasion_has_a_mailing_and_a_key_that_reads_back() -> None:
    assert set(MAILINGS) == set(Occasion)
    for letter in (Letter(occasion, FOLLOW_UP, "2027-01-12") for occasion in Occasion):
        assert Letter.parse(letter.key) == letter


@pytest.mark.parametrize(
    "key", ["", "programme", "programme///", "valentine//", "reminder/third/", "programme//Birthe"]
)
def test_a_key_that_is_no_letters_is_not_read(key: str) -> None:
    with pytest.raises(ValueError):
        Letter.parse(key)


# --- the promised call ----------------------------------------------------------------------------------------------


def test_operations_hear_of_a_call_overdue_the_morning_after_and_then_weekly() -> None:
    clock = clock_of(life_at(Stage.ORDERED))
    clock.run(noon(date(2026, 1, 28)))
    assert days_of(clock, Occasion.CALL_OVERDUE) == [date(2026, 1, 13), date(2026, 1, 20), date(2026, 1, 27)]


def test_with_the_call_held_nobody_is_told_that_it_is_overdue() -> None:
    clock = clock_of(life_at(Stage.PLANNED))
    clock.run(noon(date(2026, 2, 20)))
    assert days_of(clock, Occasion.CALL_OVERDUE) == []


def test_after_an_outage_overdue_notices_do_not_come_in_a_burst() -> None:
    clock = clock_of(life_at(Stage.ORDERED))
    clock.sleep(dt.timedelta(days=30))
    clock.run(noon(date(2026, 2, 18)))
    assert days_of(clock, Occasion.CALL_OVERDUE) == [date(2026, 2, 4), date(2026, 2, 10), date(2026, 2, 17)]


def test_waking_the_very_moment_a_notice_is_due_that_one_goes_and_not_the_one_before() -> None:
    life = life_at(Stage.ORDERED).with_letters_gone()
    second = morning_of(date(2026, 1, 20))
    due = coming(life, Occasion.CALL_OVERDUE, second)
    assert due is not None
    assert (due.letter.number, due.at) == ("2", second)


# --- invitations and reminders --------------------------------------------------------------------------------------


def test_no_reminder_leaves_before_its_morning() -> None:
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    due = next_letter(life.order, life.now)
    assert due is not None
    assert (due.letter.key, due.at) == ("reminder/baseline/2026-03-06", morning_of(date(2026, 3, 6)))


def test_a_reminder_whose_day_an_outage_has_taken_is_dropped() -> None:
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    late = noon(date(2026, 3, 6)).replace(hour=16)
    due = next_letter(life.order, late)
    assert due is not None
    assert due.letter.key == "reminder/baseline/2026-03-12"


def test_a_reminder_still_leaves_later_on_its_own_day() -> None:
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    at_noon = noon(date(2026, 3, 6))
    due = next_letter(life.order, at_noon)
    assert due is not None
    assert (due.letter.key, due.at) == ("reminder/baseline/2026-03-06", at_noon)


def test_after_an_outage_no_two_reminders_come_at_once_and_none_with_the_invitation() -> None:
    clock = clock_of(life_at(Stage.SURVEY_OPEN))
    clock.sleep(morning_of(date(2026, 3, 12)) - clock.now)
    clock.run(noon(date(2026, 3, 16)))
    assert days_of(clock, Occasion.INVITATION) == [date(2026, 3, 12)]
    assert days_of(clock, Occasion.REMINDER) == [date(2026, 3, 13)]


def test_an_extension_that_an_outage_made_late_takes_the_place_of_the_days_reminder() -> None:
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    life.does(do.ExtendSurvey(closes=date(2026, 3, 20)), noon(date(2026, 3, 6)))
    clock = clock_of(life)
    clock.sleep(morning_of(date(2026, 3, 12)) - clock.now)
    clock.run(noon(date(2026, 3, 23)))
    assert days_of(clock, Occasion.SURVEY_EXTENDED) == [date(2026, 3, 12)]
    assert days_of(clock, Occasion.REMINDER) == [date(2026, 3, 20)]


@pytest.mark.parametrize("why", ["by_hand", "everyone_answered"])
def test_a_closed_survey_reminds_nobody(why: str) -> None:
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    life.does(do.CloseSurvey.model_validate({"round": BASELINE, "why": why}), noon(date(2026, 3, 2)))
    assert coming(life, Occasion.REMINDER) is None


def test_no_reminder_comes_between_the_last_day_and_the_emptying_of_the_box() -> None:
    clock = clock_of(life_at(Stage.SURVEY_OPEN))
    clock.run(morning_of(date(2026, 3, 16)))
    assert max(days_of(clock, Occasion.REMINDER)) == date(2026, 3, 13)


def test_two_extensions_in_an_evening_are_one_letter() -> None:
    evening = noon(date(2026, 3, 9)).replace(hour=19)
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    life.does(do.ExtendSurvey(closes=date(2026, 3, 18)), evening).does(do.ExtendSurvey(closes=date(2026, 3, 20)))
    assert set(life.order.pending_letters) == {"survey_extended/baseline/2"}


@pytest.mark.parametrize("opens", [date(2026, 6, 22), date(2026, 10, 5), date(2026, 12, 14), date(2026, 2, 2)])
def test_a_round_across_a_quiet_time_reminds_before_it_or_after_and_never_in_it(opens: date) -> None:
    life = Life().does(PLACE, PLACED)
    closes = opens + dt.timedelta(days=21)
    meeting = THE_MEETING.model_copy(update={"starts": five_on(add_working_days(closes, 12))})
    life.does(AGREE.model_copy(update={"meeting": meeting, "survey_opens": opens, "survey_closes": closes}), CALLED)
    clock = clock_of(life)
    clock.run(noon(closes + dt.timedelta(days=7)))
    days = days_of(clock, Occasion.REMINDER)
    assert days
    assert all(is_working_day(day) and not is_quiet(day) and opens < day <= closes for day in days)


# --- members mid-round ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        do.AddMember(joined=A_NEWCOMER),
        do.ReaddressMember(member=BIRTHE, address=2),
    ],
    ids=lambda change: change.type,
)
def test_mid_round_who_is_new_is_invited_in_the_next_mail_hours_and_only_once(change: AnyCommand) -> None:
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    saturday = noon(date(2026, 3, 7))
    life.does(change, saturday)
    due = next_letter(life.order, saturday)
    assert due is not None
    assert (due.letter, due.at) == (INVITATION, morning_of(date(2026, 3, 9)))
    life.got(INVITATION, when=due.at)
    assert coming(life, Occasion.INVITATION) is None


def test_a_newcomers_invitation_does_not_take_the_others_reminder() -> None:
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    life.does(do.AddMember(joined=A_NEWCOMER), morning_of(date(2026, 3, 6)))
    assert [due.letter.occasion for due in letters_to_come(life.order, life.now) if due.at == life.now] == [
        Occasion.INVITATION,
        Occasion.REMINDER,
    ]
    clock = clock_of(life)
    clock.run(noon(date(2026, 3, 6)))
    assert [letter.key for _, letter in clock.posted] == ["invitation/baseline/", "reminder/baseline/2026-03-06"]


def test_a_newcomer_at_the_last_minute_is_not_invited_to_a_closed_box() -> None:
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    sunday = noon(date(2026, 3, 15))
    assert coming(life.does(do.AddMember(joined=A_NEWCOMER), sunday), Occasion.INVITATION) is None


def test_a_coordinator_replaced_in_the_night_has_the_way_in_at_once() -> None:
    night = noon(OPENS).replace(hour=23)
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone().does(do.ReplaceCoordinator(coordinator=SØREN), night)
    due = next_letter(life.order, night)
    assert due is not None
    assert (due.letter.key, due.at) == ("coordinator_welcome//2", night)


# --- around the meeting ---------------------------------------------------------------------------------------------


def test_programme_and_results_go_five_working_days_before_in_one_mail() -> None:
    due = coming(life_at(Stage.READY), Occasion.PROGRAMME)
    assert due is not None
    assert due.at == morning_of(date(2026, 3, 18))


def test_the_programme_waits_for_results_that_are_to_be_delivered_the_same_day() -> None:
    """The deck goes at half past eight by itself; within the hour the programme takes it along."""
    due = coming(life_at(Stage.IN_REVIEW), Occasion.PROGRAMME, morning_of(date(2026, 3, 18)))
    assert due is not None
    assert due.at == morning_of(date(2026, 3, 18)) + dt.timedelta(hours=1)
    clock = clock_of(life_at(Stage.IN_REVIEW))
    clock.run(THE_MEETING.ends_at)
    assert days_of(clock, Occasion.PROGRAMME) == [date(2026, 3, 18)]
    assert days_of(clock, Occasion.RESULTS) == []


@pytest.mark.parametrize(
    "stage", [Stage.SURVEY_OPEN, Stage.TOO_FEW_ANSWERS, Stage.ANALYSING, Stage.IN_REVIEW, Stage.READY]
)
def test_the_programme_goes_by_the_meetings_date_whatever_has_become_of_the_deck(stage: Stage) -> None:
    """After an outage the round is anywhere; a deck that cannot be made or released keeps nobody waiting for ever."""
    life = life_at(stage).with_letters_gone()
    for now in (morning_of(date(2026, 3, 19)), noon(date(2026, 3, 20)), morning_of(date(2026, 3, 24))):
        due = coming(life, Occasion.PROGRAMME, now)
        assert due is not None
        assert due.at == now


def test_the_programme_waits_an_hour_for_a_deck_that_is_to_be_made_the_same_morning() -> None:
    """The meeting was moved near: the box is emptied and the programme due at the same half past eight."""
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    emptied = morning_of(date(2026, 3, 16))
    life.does(do.CloseSurvey(round=BASELINE, why="due"), emptied)
    life.does(do.RecordTurnout(round=BASELINE, answers=38, invited=42)).does(
        do.MoveMeeting(to=NEAR)
    ).with_letters_gone()
    [due] = [due for due in letters_to_come(life.order, life.now) if due.letter == PROGRAMME]
    assert due.at == emptied + dt.timedelta(hours=1)
    [as_before] = [due for due in letters_to_come(life.order, emptied + 59 * MINUTE) if due.letter == PROGRAMME]
    assert as_before.at == due.at


def test_results_that_come_after_the_programmes_day_follow_it_and_do_not_put_it_off() -> None:
    """Extended by a day: counted on the 17th, looked at until the 19th, and the programme is for the 18th."""
    clock = clock_of(life_at(Stage.SURVEY_OPEN).does(do.ExtendSurvey(closes=date(2026, 3, 16))))
    clock.run(THE_MEETING.ends_at)
    assert posted(clock, Occasion.PROGRAMME) == [morning_of(date(2026, 3, 18))]
    assert days_of(clock, Occasion.DECK_DELIVERED) == [date(2026, 3, 19)]
    assert days_of(clock, Occasion.RESULTS) == [date(2026, 3, 19)]


# --- a held deck silences nobody ------------------------------------------------------------------------------------


def held() -> Life:
    return life_at(Stage.IN_REVIEW).does(do.HoldDeck())


def test_with_the_deck_held_programme_and_reminder_go_by_the_meetings_date_and_the_results_stay() -> None:
    clock = clock_of(held())
    clock.run(THE_MEETING.starts_at - MINUTE)
    assert posted(clock, Occasion.PROGRAMME) == [morning_of(date(2026, 3, 18))]
    assert posted(clock, Occasion.MEETING_REMINDER) == [morning_of(date(2026, 3, 24))]
    assert posted(clock, Occasion.RESULTS) == posted(clock, Occasion.DECK_DELIVERED) == []


def test_the_results_of_a_deck_held_follow_once_as_it_is_released() -> None:
    clock = clock_of(held())
    clock.run(noon(date(2026, 3, 20)))
    clock.does(do.ReleaseDeck(), consultant(LENE))
    clock.run(THE_MEETING.ends_at)
    assert days_of(clock, Occasion.DECK_DELIVERED) == [date(2026, 3, 20)]
    assert days_of(clock, Occasion.RESULTS) == [date(2026, 3, 20)]
    assert MAILINGS[Occasion.RESULTS].to == "members"
    assert days_of(clock, Occasion.MEETING_REMINDER) == [date(2026, 3, 24)]


def test_results_released_on_the_programmes_day_after_it_has_left_come_the_next_morning() -> None:
    """One mail a day."""
    clock = clock_of(held())
    clock.run(noon(date(2026, 3, 18)))
    clock.does(do.ReleaseDeck(), consultant(LENE))
    clock.run(THE_MEETING.ends_at)
    assert posted(clock, Occasion.RESULTS) == [morning_of(date(2026, 3, 19))]


def test_results_released_before_the_programme_come_with_it_and_have_no_mail_of_their_own() -> None:
    clock = clock_of(held())
    clock.run(noon(date(2026, 3, 17)))
    clock.does(do.ReleaseDeck(), consultant(LENE))
    clock.run(THE_MEETING.ends_at)
    assert days_of(clock, Occasion.PROGRAMME) == [date(2026, 3, 18)]
    assert days_of(clock, Occasion.RESULTS) == []


def test_results_released_as_the_meeting_goes_on_are_the_coordinators_and_nobody_is_mailed_them() -> None:
    clock = clock_of(held())
    clock.run(THE_MEETING.starts_at + MINUTE)
    assert clock.order.baseline is not None
    assert clock.order.baseline.withheld
    clock.does(do.ReleaseDeck(), consultant(LENE))
    clock.run(THE_MEETING.ends_at)
    clock.run(noon(date(2026, 3, 26)))
    assert days_of(clock, Occasion.DECK_DELIVERED) == [date(2026, 3, 26)]
    assert days_of(clock, Occasion.RESULTS) == []


def test_results_released_the_day_before_the_meeting_spare_the_reminder() -> None:
    """Whoever opens one mail about the meeting that day needs no second."""
    clock = clock_of(held())
    clock.run(morning_of(date(2026, 3, 24)) - MINUTE)
    clock.does(do.ReleaseDeck(), consultant(LENE))
    clock.run(THE_MEETING.ends_at)
    assert days_of(clock, Occasion.RESULTS) + days_of(clock, Occasion.MEETING_REMINDER) == [date(2026, 3, 24)]


def test_results_released_while_the_programme_was_on_its_way_follow_it() -> None:
    """Who has the programme had it without them, and whatever comes for newcomers later brings them no second time."""
    life = life_at(Stage.IN_REVIEW).with_letters_gone()
    as_it_left = life.order.version
    life.does(do.ReleaseDeck(), morning_of(date(2026, 3, 18)))
    assert "results//" not in life.order.pending_letters
    life.does(do.RecordLetters(key=PROGRAMME.key, sent=42, seen=as_it_left))
    assert "results//" in life.order.pending_letters
    life.with_letters_gone().does(do.AddMember(joined=A_NEWCOMER))
    life.does(do.RecordLetters(key=PROGRAMME.key, sent=43, seen=as_it_left))
    assert "results//" not in life.order.pending_letters


def test_a_programme_that_left_with_the_results_is_followed_by_none() -> None:
    life = life_at(Stage.IN_REVIEW).with_letters_gone().does(do.ReleaseDeck(), morning_of(date(2026, 3, 18)))
    life.does(do.RecordLetters(key=PROGRAMME.key, sent=42, seen=life.order.version))
    assert "results//" not in life.order.pending_letters


def test_where_too_few_answered_there_are_no_results_to_follow() -> None:
    life = life_at(Stage.TOO_FEW_ANSWERS).does(do.GoOnWithoutResults())
    life.does(do.RecordResults(round=BASELINE, answers=4, free_texts=0))
    life.does(do.RecordDeck(round=BASELINE, version=1, documents=())).does(do.HoldDeck()).with_letters_gone()
    clock = clock_of(life)
    clock.run(noon(date(2026, 3, 18)))
    assert days_of(clock, Occasion.PROGRAMME) == [date(2026, 3, 18)]
    clock.does(do.ReleaseDeck(), consultant(LENE))
    clock.run(THE_MEETING.ends_at)
    assert days_of(clock, Occasion.DECK_DELIVERED) == [date(2026, 3, 18)]
    assert days_of(clock, Occasion.RESULTS) == []


def test_a_programme_late_to_the_day_before_is_reminder_enough() -> None:
    clock = clock_of(life_at(Stage.READY))
    clock.sleep(morning_of(date(2026, 3, 24)) - clock.now)
    clock.run(THE_MEETING.ends_at)
    assert days_of(clock, Occasion.PROGRAMME) == [date(2026, 3, 24)]
    assert days_of(clock, Occasion.MEETING_REMINDER) == []


def test_no_reminder_is_shown_as_coming_while_the_programme_is_still_to_come_that_day() -> None:
    life = life_at(Stage.READY)
    assert coming(life, Occasion.MEETING_REMINDER, morning_of(date(2026, 3, 23))) is not None
    assert coming(life, Occasion.MEETING_REMINDER, morning_of(date(2026, 3, 24)) - MINUTE) is None


def test_a_new_time_told_the_day_before_the_meeting_is_reminder_enough() -> None:
    life = life_at(Stage.READY).got(PROGRAMME).with_letters_gone()
    life.does(do.MoveMeeting(to=five_on(date(2026, 3, 24))), morning_of(date(2026, 3, 23)))
    clock = clock_of(life)
    clock.run(noon(date(2026, 3, 24)))
    assert days_of(clock, Occasion.MEETING_MOVED) == [date(2026, 3, 23)]
    assert days_of(clock, Occasion.MEETING_REMINDER) == []


def test_a_new_time_for_the_next_morning_is_told_the_same_evening_and_never_after_it() -> None:
    """Moved at seven in the evening to eight the next morning: mail hours begin when it is too late."""
    evening = noon(date(2026, 3, 19)).replace(hour=18)
    life = life_at(Stage.READY).got(PROGRAMME).with_letters_gone()
    life.does(do.MoveMeeting(to=five_on(date(2026, 3, 20), hour=8)), evening)
    due = coming(life, Occasion.MEETING_MOVED)
    assert due is not None
    an_hour_for_the_papers = dt.timedelta(hours=1)
    assert due.at == evening + an_hour_for_the_papers
    assert coming(life, Occasion.MEETING_MOVED, noon(date(2026, 3, 20))) is None
    moved = Letter(Occasion.MEETING_MOVED, number="2")
    assert why_not(life.order, moved, noon(date(2026, 3, 20)), evening) is WhyNot.TOO_LATE


def test_a_newcomers_programme_on_the_day_before_does_not_take_the_others_reminder() -> None:
    life = life_at(Stage.READY).got(PROGRAMME, when=morning_of(date(2026, 3, 18))).with_letters_gone()
    life.does(do.AddMember(joined=A_NEWCOMER), morning_of(date(2026, 3, 24)))
    clock = clock_of(life)
    clock.run(noon(date(2026, 3, 24)))
    assert [letter.occasion for _, letter in clock.posted] == [Occasion.PROGRAMME, Occasion.MEETING_REMINDER]


def test_a_meeting_on_monday_is_reminded_of_on_friday() -> None:
    life = life_at(Stage.READY).does(do.MoveMeeting(to=five_on(date(2026, 4, 13)))).got(PROGRAMME)
    due = coming(life, Occasion.MEETING_REMINDER)
    assert due is not None
    assert due.at == morning_of(date(2026, 4, 10))


def test_nothing_about_a_meeting_leaves_once_it_has_begun() -> None:
    life = life_at(Stage.READY)
    begun = THE_MEETING.starts_at
    assert coming(life, Occasion.PROGRAMME, begun) is None
    assert coming(life, Occasion.MEETING_REMINDER, begun) is None


def test_the_record_is_asked_for_the_morning_after_and_after_three_and_ten_working_days() -> None:
    clock = clock_of(life_at(Stage.READY))
    clock.run(noon(date(2026, 6, 1)))
    assert days_of(clock, Occasion.RECORD_REQUEST) == [date(2026, 3, 26), date(2026, 3, 31), date(2026, 4, 14)]


def test_requests_for_the_record_stop_as_it_comes() -> None:
    clock = clock_of(life_at(Stage.READY))
    clock.run(RECORDED)
    clock.does(do.RecordMeeting(attended=36, absent=6), coordinator(KAREN))
    clock.run(noon(date(2026, 6, 1)))
    assert days_of(clock, Occasion.RECORD_REQUEST) == [date(2026, 3, 26)]


@pytest.mark.parametrize(
    ("wakes", "asked"),
    [
        (noon(date(2026, 4, 8)), [date(2026, 4, 8), date(2026, 4, 14)]),
        (noon(date(2026, 3, 30)).replace(hour=20), [date(2026, 3, 31), date(2026, 4, 14)]),
    ],
)
def test_after_an_outage_the_record_is_asked_for_once_and_then_as_planned(
    wakes: dt.datetime, asked: list[date]
) -> None:
    clock = clock_of(life_at(Stage.READY))
    clock.run(noon(date(2026, 3, 25)))
    clock.sleep(wakes - clock.now)
    clock.run(noon(date(2026, 6, 1)))
    assert days_of(clock, Occasion.RECORD_REQUEST) == asked


# --- the quiet months -----------------------------------------------------------------------------------------------


def test_without_an_agreement_the_coordinator_is_asked_as_the_window_opens_and_monthly() -> None:
    clock = clock_of(life_at(Stage.QUIET))
    clock.run(noon(date(2027, 6, 1)))
    assert days_of(clock, Occasion.FOLLOW_UP_QUESTION) == [
        date(2026, 11, 25),
        date(2026, 12, 28),
        date(2027, 1, 25),
        date(2027, 2, 25),
    ]
    assert clock.order.stage is Stage.COMPLETED


def test_the_coordinator_is_asked_on_the_windows_very_last_day_too() -> None:
    life = life_at(Stage.READY).does(do.MoveMeeting(to=five_on(date(2026, 3, 24))))
    life.does(do.RecordMeeting(attended=36, absent=6), RECORDED)
    clock = clock_of(life)
    clock.run(noon(date(2027, 6, 1)))
    assert days_of(clock, Occasion.FOLLOW_UP_QUESTION)[-1] == date(2027, 3, 24)


def test_a_cluster_that_wants_no_follow_up_is_not_asked_about_one() -> None:
    life = life_at(Stage.PLANNED).does(AGREE.model_copy(update={"follow_up_wanted": False}))
    life.does(do.LeaveMeetingUnrecorded(), RECORDED)
    assert coming(life, Occasion.FOLLOW_UP_QUESTION) is None


def test_a_question_that_an_outage_passed_over_is_not_made_up_for() -> None:
    clock = clock_of(life_at(Stage.QUIET))
    clock.sleep(noon(date(2027, 1, 11)) - clock.now)
    clock.run(noon(date(2027, 1, 20)))
    assert days_of(clock, Occasion.FOLLOW_UP_QUESTION) == [date(2027, 1, 11)]


def test_an_answer_ends_the_questions() -> None:
    clock = clock_of(life_at(Stage.QUIET))
    clock.run(noon(date(2026, 11, 26)))
    clock.does(do.AgreeFollowUp(opens=date(2027, 3, 1)), coordinator(KAREN))
    clock.run(noon(date(2027, 2, 26)))
    assert len(posted(clock, Occasion.FOLLOW_UP_QUESTION)) == 1
    assert days_of(clock, Occasion.FOLLOW_UP_NOTICE) == [date(2027, 2, 1)]


def test_a_follow_up_moved_after_its_notice_has_a_notice_again() -> None:
    clock = clock_of(life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS)))
    clock.run(noon(date(2026, 12, 16)))
    clock.does(do.MoveFollowUp(opens=date(2027, 3, 1)), coordinator(KAREN))
    clock.run(noon(date(2027, 2, 26)))
    assert days_of(clock, Occasion.FOLLOW_UP_NOTICE) == [date(2026, 12, 15), date(2027, 2, 1)]


def test_who_agrees_on_a_day_less_than_four_weeks_off_needs_no_notice_of_it() -> None:
    life = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=date(2026, 12, 15)), noon(date(2026, 12, 1)))
    assert coming(life, Occasion.FOLLOW_UP_NOTICE) is None


@pytest.mark.parametrize("command", [do.DeclineFollowUp(), do.StartFollowUp()], ids=lambda command: command.type)
def test_declined_or_started_now_nobody_is_given_notice(command: AnyCommand) -> None:
    life = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=date(2027, 3, 1))).does(command, noon(date(2026, 12, 1)))
    assert coming(life, Occasion.FOLLOW_UP_NOTICE) is None
    assert coming(life, Occasion.FOLLOW_UP_QUESTION) is None


# --- decisions taken before their letter left -----------------------------------------------------------------------


def test_a_question_already_answered_is_not_put_to_the_consultant() -> None:
    sunday = noon(date(2026, 3, 15))
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone().does(do.CloseSurvey(round=BASELINE), sunday)
    life.does(do.RecordTurnout(round=BASELINE, answers=3, invited=42))
    assert coming(life, Occasion.TOO_FEW_ANSWERS) is not None
    assert coming(life.does(do.GoOnWithoutResults()), Occasion.TOO_FEW_ANSWERS) is None


def test_each_letter_is_posted_once_however_often_the_clock_looks() -> None:
    clock = a_whole_life()
    keys = [letter.key for _, letter in clock.posted]
    assert len(set(keys)) == len(keys)
    clock.run(clock.now + dt.timedelta(days=400))
    assert [letter.key for _, letter in clock.posted] == keys


def test_a_letter_recorded_twice_is_recorded_once() -> None:
    life = life_at(Stage.READY).got(PROGRAMME)
    assert life.ask(do.RecordLetters(key=PROGRAMME.key, sent=1, seen=life.order.version)) == []


# --- trouble with the mail ------------------------------------------------------------------------------------------


def survey_opens() -> Life:
    """The invitations are all that is due."""
    return life_at(Stage.PLANNED).with_letters_gone().does(do.OpenSurvey(round=BASELINE), morning_of(OPENS))


def sent_but_one(life: Life, letter: Letter) -> do.RecordLetters:
    return do.RecordLetters(key=letter.key, sent=41, waiting=1, seen=life.order.version)


def test_mail_that_waits_is_tried_at_its_instant_and_lets_the_others_pass() -> None:
    life = survey_opens()
    life.does(sent_but_one(life, INVITATION))
    in_ten_days = life.now + dt.timedelta(days=10)
    waiting = {INVITATION.key: in_ten_days}
    following = next_letter(life.order, life.now, waiting)
    assert following is not None
    assert following.letter.occasion is Occasion.REMINDER
    assert [due.at for due in letters_to_come(life.order, life.now, waiting) if due.letter == INVITATION] == [
        in_ten_days
    ]


def test_mail_that_waits_keeps_mail_hours() -> None:
    life = survey_opens()
    life.does(sent_but_one(life, INVITATION))
    saturday = noon(date(2026, 2, 28))
    due = next_letter(life.order, life.now, {INVITATION.key: saturday})
    assert due is not None
    assert (due.letter, due.at) == (INVITATION, morning_of(date(2026, 3, 2)))


def test_mail_that_waits_in_the_outbox_is_tried_though_the_stream_knows_of_none() -> None:
    """Between a mail's return to the outbox and the count of it."""
    life = life_at(Stage.SURVEY_OPEN).got(INVITATION)
    in_an_hour = life.now + dt.timedelta(hours=1)
    coming_letters = letters_to_come(life.order, life.now, {INVITATION.key: in_an_hour})
    [due] = [due for due in coming_letters if due.letter == INVITATION]
    assert due.at == in_an_hour


def test_only_news_hurries_in_the_evening_before_the_meeting() -> None:
    """A newcomer's programme does not: in the morning it is too late, and it is given up."""
    life = life_at(Stage.READY).got(PROGRAMME).with_letters_gone()
    life.does(do.MoveMeeting(to=five_on(THE_MEETING.day, hour=8))).with_letters_gone()
    evening = noon(THE_MEETING.day - dt.timedelta(days=1)) + dt.timedelta(hours=6)
    life.does(do.AddMember(joined=A_NEWCOMER), evening)
    assert coming(life, Occasion.PROGRAMME) is None
    assert [due.letter for due in letters_to_settle(life.order, evening)] == [PROGRAMME]


def test_a_newcomer_does_not_wait_for_the_mail_that_does() -> None:
    life = survey_opens()
    life.does(sent_but_one(life, INVITATION)).does(do.AddMember(joined=A_NEWCOMER))
    due = next_letter(life.order, life.now, {INVITATION.key: life.now + dt.timedelta(days=7)})
    assert due is not None
    assert (due.letter, due.at) == (INVITATION, life.now)


def test_mail_that_waits_past_its_time_comes_once_more_to_be_settled() -> None:
    life = life_at(Stage.READY).with_letters_gone().got(PROGRAMME)
    reminder = coming(life, Occasion.MEETING_REMINDER)
    assert reminder is not None
    life.does(sent_but_one(life, reminder.letter), reminder.at)
    in_time = {reminder.letter.key: reminder.at + MINUTE}
    assert letters_to_settle(life.order, reminder.at, in_time) == []
    begun = THE_MEETING.starts_at
    [left_over] = letters_to_settle(life.order, begun, in_time)
    assert (left_over.letter, left_over.at, left_over.settle) == (reminder.letter, begun, True)
    assert next_letter(life.order, begun, in_time) == left_over
    life.does(do.RecordLetters(key=reminder.letter.key, sent=41, failed=1, seen=life.order.version), begun)
    assert letters_to_settle(life.order, begun) == []


def test_a_round_of_which_some_waits_has_gone_and_is_still_to_do() -> None:
    life = survey_opens()
    life.does(sent_but_one(life, INVITATION))
    assert INVITATION.key in life.order.letters
    assert set(life.order.pending_letters) == {INVITATION.key}
    first_reminder = coming(life, Occasion.REMINDER)
    assert first_reminder is not None
    assert first_reminder == coming(life_at(Stage.SURVEY_OPEN).got(INVITATION), Occasion.REMINDER)
    assert life.got(INVITATION).order.pending_letters == {}


def test_a_reminder_that_waits_is_for_its_own_day_and_an_open_round() -> None:
    life = life_at(Stage.SURVEY_OPEN).got(INVITATION)
    due = coming(life, Occasion.REMINDER)
    assert due is not None
    life.does(sent_but_one(life, due.letter), due.at)
    assert due.letter in [each.letter for each in letters_to_come(life.order, due.at + MINUTE)]
    tomorrow = due.at + dt.timedelta(days=1)
    assert due.letter not in [each.letter for each in letters_to_come(life.order, tomorrow)]
    life.does(do.CloseSurvey(round=BASELINE), due.at + MINUTE)
    assert due.letter.key not in life.order.pending_letters


def test_a_meeting_reminder_that_waits_is_dropped_when_the_meeting_moves() -> None:
    life = life_at(Stage.READY).with_letters_gone().got(PROGRAMME)
    due = coming(life, Occasion.MEETING_REMINDER)
    assert due is not None
    life.does(sent_but_one(life, due.letter), due.at)
    life.does(do.MoveMeeting(to=five_on(THE_MEETING.day + dt.timedelta(days=14))), due.at + MINUTE)
    assert due.letter.key not in life.order.pending_letters


def test_after_the_order_ended_nothing_waits() -> None:
    life = life_at(Stage.SURVEY_OPEN).does(do.CancelOrder(reason="cluster_withdrew")).with_letters_gone()
    life.does(sent_but_one(life, INVITATION))
    assert life.order.pending_letters == {}


@pytest.mark.parametrize("stage", list(Stage))
def test_the_next_letter_is_never_in_the_past(stage: Stage) -> None:
    life = life_at(stage)
    for days in range(0, 400, 9):
        now = life.now + dt.timedelta(days=days) + MINUTE
        due = next_letter(life.order, now)
        assert due is None or due.at >= now

"""Letters with the results: once, in time for the meeting; a deck that is held silences no other letter."""

import datetime as dt
from datetime import date

import pytest

from demo.clockwork import Clockwork
from domain import commands as do
from domain.by import consultant
from domain.letters import Occasion
from domain.mailings import MAILINGS, letters_to_come
from domain.meeting import at
from domain.stages import Stage
from tests.domain.letters import MINUTE, PROGRAMME, clock_of, days_of, posted
from tests.domain.story import A_NEWCOMER, BASELINE, LENE, THE_MEETING, Life, life_at, morning_of, noon


def held() -> Life:
    """The deck of the baseline, held by the consultant."""
    return life_at(Stage.IN_REVIEW).does(do.HoldDeck())


def held_until(released: dt.datetime) -> Clockwork:
    """What is posted until the meeting ends, where the consultant releases the deck only then."""
    clock = clock_of(held())
    clock.run(released)
    clock.does(do.ReleaseDeck(), consultant(LENE))
    clock.run(THE_MEETING.ends_at)
    return clock


@pytest.mark.parametrize("letter", [Occasion.DECK_DELIVERED, Occasion.RESULTS])
def test_a_deck_released_in_the_afternoon_of_the_meeting_is_out_before_it_begins(letter: Occasion) -> None:
    """The next mail time is tomorrow morning: too late for what is to be talked about at five."""
    life = life_at(Stage.IN_REVIEW).with_letters_gone().does(do.HoldDeck())
    life.got(PROGRAMME, when=morning_of(date(2026, 3, 20)))
    released = at(date(2026, 3, 25), dt.time(16, 30))
    life.does(do.ReleaseDeck(), released)
    due = {each.letter.occasion: each.at for each in letters_to_come(life.order, released)}
    assert due[letter] == released


def test_results_that_come_after_the_programmes_day_follow_it_and_do_not_put_it_off() -> None:
    """Extended by a day: counted on the 17th, looked at until the 19th, and the programme is for the 18th."""
    clock = clock_of(life_at(Stage.SURVEY_OPEN).does(do.ExtendSurvey(closes=date(2026, 3, 16))))
    clock.run(THE_MEETING.ends_at)
    assert posted(clock, Occasion.PROGRAMME) == [morning_of(date(2026, 3, 18))]
    assert days_of(clock, Occasion.DECK_DELIVERED) == [date(2026, 3, 19)]
    assert days_of(clock, Occasion.RESULTS) == [date(2026, 3, 19)]


def test_with_the_deck_held_programme_and_reminder_go_by_the_meetings_date_and_the_results_stay() -> None:
    clock = clock_of(held())
    clock.run(THE_MEETING.starts_at - MINUTE)
    assert posted(clock, Occasion.PROGRAMME) == [morning_of(date(2026, 3, 18))]
    assert posted(clock, Occasion.MEETING_REMINDER) == [morning_of(date(2026, 3, 24))]
    assert posted(clock, Occasion.RESULTS) == posted(clock, Occasion.DECK_DELIVERED) == []


def test_the_results_of_a_deck_held_follow_once_as_it_is_released() -> None:
    clock = held_until(noon(date(2026, 3, 20)))
    assert days_of(clock, Occasion.DECK_DELIVERED) == [date(2026, 3, 20)]
    assert days_of(clock, Occasion.RESULTS) == [date(2026, 3, 20)]
    assert MAILINGS[Occasion.RESULTS].to == "members"
    assert days_of(clock, Occasion.MEETING_REMINDER) == [date(2026, 3, 24)]


def test_results_released_on_the_programmes_day_after_it_has_left_come_the_next_morning() -> None:
    """One mail a day."""
    clock = held_until(noon(date(2026, 3, 18)))
    assert posted(clock, Occasion.RESULTS) == [morning_of(date(2026, 3, 19))]


def test_results_released_before_the_programme_come_with_it_and_have_no_mail_of_their_own() -> None:
    clock = held_until(noon(date(2026, 3, 17)))
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
    clock = held_until(morning_of(date(2026, 3, 24)) - MINUTE)
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

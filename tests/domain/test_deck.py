"""The deck: made, looked at, read, made again, held, released or withheld."""

import datetime as dt
from datetime import date

import pytest

from domain import commands as do
from domain import events as ev
from domain.commands import AnyCommand
from domain.letters import Letter, Occasion
from domain.limits import withheld_at
from domain.model import DocumentId, TextId
from domain.stages import Stage
from domain.tasks import tasks_of
from tests.domain.story import (
    ANSWERS,
    BASELINE,
    DECK,
    DOCUMENT,
    FOLLOW_UP,
    PAST,
    THE_MEETING,
    Life,
    five_on,
    given,
    life_at,
    morning_of,
    noon,
)

REVIEWED = morning_of(date(2026, 3, 18))
NEW_DECK = DocumentId("dokument-deck-to")
RELEASE, BY_ITSELF = do.ReleaseDeck(), do.ReleaseDeck(automatic=True)
MADE_AGAIN = do.RecordDeck(round=BASELINE, version=2, documents=(NEW_DECK,))
MEETING_BEGINS = THE_MEETING.starts_at


def with_results(stage: Stage = Stage.ANALYSING) -> Life:
    round_ = FOLLOW_UP if stage is Stage.FOLLOW_UP_ANALYSING else BASELINE
    return life_at(stage).does(do.RecordResults(round=round_, answers=ANSWERS, free_texts=12))


def struck(count: int) -> tuple[TextId, ...]:
    return tuple(TextId(f"tekst-{number}") for number in range(count))


def released(*, automatic: bool) -> ev.DeckReleased:
    return ev.DeckReleased(at=PAST, round=BASELINE, automatic=automatic)


def test_a_deck_is_made_of_results_and_the_consultant_has_two_working_days() -> None:
    command = do.RecordDeck(round=BASELINE, version=1, documents=(DECK, DOCUMENT))
    given(Stage.ANALYSING).when(command).then_rejected("results_not_ready")
    life = (
        given(with_results())
        .when(command)
        .then(ev.DeckMade(at=PAST, round=BASELINE, version=1, documents=(DECK, DOCUMENT), review_until=REVIEWED))
    )
    assert "deck_review/baseline/" in life.order.pending_letters


def test_a_deck_made_in_the_night_gives_two_whole_working_days_all_the_same() -> None:
    night = morning_of(date(2026, 3, 16)) + dt.timedelta(hours=13)
    [made] = given(with_results()).when(do.RecordDeck(round=BASELINE, version=1, documents=()), night).events
    assert isinstance(made, ev.DeckMade)
    assert made.review_until == morning_of(date(2026, 3, 19))


def test_a_deck_made_late_is_looked_at_until_the_last_working_morning_before_the_meeting() -> None:
    """Two working days on from the Monday is the meeting's own Wednesday. A follow-up has no such day."""
    command = do.RecordDeck(round=BASELINE, version=1, documents=())
    [made] = given(with_results()).when(command, noon(date(2026, 3, 23))).events
    assert isinstance(made, ev.DeckMade)
    assert made.review_until == morning_of(date(2026, 3, 24))
    second = do.RecordDeck(round=FOLLOW_UP, version=1, documents=())
    [made] = given(with_results(Stage.FOLLOW_UP_ANALYSING)).when(second, noon(date(2027, 2, 1))).events
    assert isinstance(made, ev.DeckMade)
    assert made.review_until == morning_of(date(2027, 2, 3))


@pytest.mark.parametrize("command", [do.HoldDeck(), do.ReadFreeTexts(), do.RemakeDeck(), RELEASE, do.WithholdDeck()])
@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.ANALYSING, Stage.FOLLOW_UP_ANALYSING])
def test_before_there_is_a_deck_nothing_is_done_with_it(stage: Stage, command: AnyCommand) -> None:
    refusal = given(stage).when(command).then_rejected("no_deck_yet")
    assert refusal.message == "Der er ikke nogen præsentation at se på endnu."


def test_a_deck_made_again_has_no_longer_review_and_no_second_letter() -> None:
    life = life_at(Stage.IN_REVIEW).with_letters_gone().does(do.RemakeDeck())
    command = do.RecordDeck(round=BASELINE, version=2, documents=(NEW_DECK,))
    life = (
        given(life)
        .when(command, noon(date(2026, 3, 17)))
        .then(
            ev.DeckMade(
                at=PAST, round=BASELINE, version=2, documents=(NEW_DECK,), review_until=REVIEWED, why=("asked",)
            )
        )
    )
    assert life.order.pending_letters == {}
    given(life).when(command).then_nothing()


def test_a_delivered_deck_is_made_again_only_where_somebody_asked_for_it() -> None:
    unasked = do.RecordDeck(round=BASELINE, version=2, documents=(NEW_DECK,))
    given(Stage.READY).when(unasked).then_rejected("deck_delivered")


def test_ballots_are_kept_until_the_deck_is_delivered() -> None:
    refusal = given(Stage.IN_REVIEW).when(do.RecordDestruction(round=BASELINE)).then_rejected("ballots_still_needed")
    assert refusal.message == "Svarene skal bruges endnu."


def test_ballots_too_few_to_show_are_not_kept_for_the_deck() -> None:
    life = life_at(Stage.TOO_FEW_ANSWERS).does(do.GoOnWithoutResults())
    given(life).when(do.RecordDestruction(round=BASELINE)).then(ev.BallotsDestroyed(at=PAST, round=BASELINE))


def test_the_deck_goes_by_itself_when_the_review_is_over() -> None:
    given(Stage.IN_REVIEW).when(BY_ITSELF, REVIEWED - dt.timedelta(seconds=1)).then_rejected("review_not_over")
    life = given(Stage.IN_REVIEW).when(BY_ITSELF, REVIEWED).then(released(automatic=True))
    assert "deck_delivered/baseline/" in life.order.pending_letters
    assert "deck_review/baseline/" not in life.order.pending_letters
    given(life).when(BY_ITSELF).then_nothing()


def test_the_consultant_may_let_it_go_at_once() -> None:
    given(Stage.IN_REVIEW).when(RELEASE).then(released(automatic=False))


def test_a_held_deck_does_not_go_by_itself_but_by_hand() -> None:
    reason = TextId("tekst-grund")
    life = (
        given(Stage.IN_REVIEW)
        .when(do.HoldDeck(reason=reason))
        .then(ev.DeckHeld(at=PAST, round=BASELINE, reason=reason))
    )
    given(life).when(do.HoldDeck()).then_nothing()
    given(life).when(BY_ITSELF, REVIEWED).then_rejected("review_not_over")
    given(life).when(RELEASE, noon(date(2026, 3, 23))).then(released(automatic=False))


def test_a_deck_still_held_as_the_meeting_begins_is_withheld_and_the_order_goes_on() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.HoldDeck())
    given(life).when(do.WithholdDeck(), MEETING_BEGINS - dt.timedelta(seconds=1)).then_rejected("deck_may_still_come")
    life = given(life).when(do.WithholdDeck(), MEETING_BEGINS).then(ev.DeckWithheld(at=PAST, round=BASELINE))
    assert life.order.stage is Stage.READY
    assert not any(key.startswith("deck_") for key in life.order.pending_letters)
    given(life).when(do.HoldDeck()).then_rejected("deck_withheld")
    given(life).when(do.RecordDeck(round=BASELINE, version=2, documents=())).then_rejected("deck_withheld")


def test_only_a_held_deck_is_withheld() -> None:
    given(Stage.IN_REVIEW).when(do.WithholdDeck(), MEETING_BEGINS).then_rejected("deck_may_still_come")


def test_a_withheld_deck_is_released_by_hand_while_the_meeting_goes_on() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.HoldDeck()).does(do.WithholdDeck(), MEETING_BEGINS)
    assert [task.kind for task in tasks_of(life.order) if task.owner == "consultant"] == ["release_deck"]
    ten_past_five = MEETING_BEGINS + dt.timedelta(minutes=10)
    given(life).when(BY_ITSELF, ten_past_five).then_rejected("deck_withheld")
    life = given(life).when(RELEASE, ten_past_five).then(released(automatic=False))
    assert [task.kind for task in tasks_of(life.order) if task.owner == "consultant"] == []
    given(life).when(RELEASE).then_nothing()


def test_a_withheld_deck_stays_where_it_is_once_the_meeting_is_recorded() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.HoldDeck()).does(do.WithholdDeck(), MEETING_BEGINS)
    life.does(do.RecordMeeting(attended=30, absent=12), MEETING_BEGINS + dt.timedelta(hours=4))
    given(life).when(RELEASE).then_rejected("deck_withheld")


def test_the_meetings_move_gives_a_held_deck_more_time() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.HoldDeck()).does(do.MoveMeeting(to=five_on(date(2026, 4, 14))))
    given(life).when(do.WithholdDeck(), MEETING_BEGINS).then_rejected("deck_may_still_come")


def test_a_follow_ups_deck_is_held_for_twenty_working_days_at_the_most() -> None:
    life = life_at(Stage.FOLLOW_UP_IN_REVIEW).does(do.HoldDeck())
    assert life.order.second is not None
    limit = withheld_at(life.order, life.order.second)
    assert limit == morning_of(date(2027, 2, 26))
    given(life).when(do.WithholdDeck(), limit - dt.timedelta(seconds=1)).then_rejected("deck_may_still_come")
    given(life).when(do.WithholdDeck(), limit).then(ev.DeckWithheld(at=PAST, round=FOLLOW_UP))


def test_a_deck_being_made_again_waits_to_be_released() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.RemakeDeck())
    given(life).when(do.RemakeDeck()).then_nothing()
    given(life).when(RELEASE).then_rejected("deck_being_made")
    life.does(do.RecordDeck(round=BASELINE, version=2, documents=(NEW_DECK,)))
    given(life).when(RELEASE).then(released(automatic=False))


# --- free texts -----------------------------------------------------------------------------------------------------


def test_free_texts_read_by_the_consultant_make_a_new_deck() -> None:
    life = (
        given(Stage.IN_REVIEW)
        .when(do.ReadFreeTexts(struck_texts=struck(2)))
        .then(ev.FreeTextsRead(at=PAST, round=BASELINE, kept=10, struck=2, struck_texts=struck(2)))
    )
    assert life.order.baseline is not None
    assert (life.order.baseline.free_texts, life.order.baseline.remake) == (10, True)
    given(life).when(do.ReadFreeTexts(struck_texts=struck(2))).then_nothing()
    given(life).when(do.ReadFreeTexts(struck_texts=tuple(reversed(struck(2))))).then_nothing()


@pytest.mark.parametrize("count", [0, 1, 12])
def test_every_free_text_is_kept_or_struck_at_the_first_reading_and_the_next(count: int) -> None:
    command = do.ReadFreeTexts(struck_texts=struck(count))
    all_of_them = ev.FreeTextsRead(
        at=PAST, round=BASELINE, kept=12 - count, struck=count, struck_texts=tuple(sorted(struck(count)))
    )
    given(Stage.IN_REVIEW).when(command).then(all_of_them)
    read_once = life_at(Stage.IN_REVIEW).does(do.ReadFreeTexts(struck_texts=struck(2)))
    given(read_once).when(command).then(all_of_them)


def test_no_more_free_texts_are_struck_than_were_written() -> None:
    command = do.ReadFreeTexts(struck_texts=struck(13))
    given(Stage.IN_REVIEW).when(command).then_rejected("free_texts_do_not_add_up", texts=12)
    read_once = life_at(Stage.IN_REVIEW).does(do.ReadFreeTexts(struck_texts=struck(2)))
    given(read_once).when(command).then_rejected("free_texts_do_not_add_up", texts=12)


def test_a_text_named_twice_is_struck_once() -> None:
    [read] = given(Stage.IN_REVIEW).when(do.ReadFreeTexts(struck_texts=(*struck(2), *struck(2)))).events
    assert isinstance(read, ev.FreeTextsRead)
    assert (read.kept, read.struck, read.struck_texts) == (10, 2, struck(2))


def test_the_consultant_may_think_again_of_what_to_strike() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.ReadFreeTexts(struck_texts=struck(2)))
    life = (
        given(life)
        .when(do.ReadFreeTexts(struck_texts=struck(1)))
        .then(ev.FreeTextsRead(at=PAST, round=BASELINE, kept=11, struck=1, struck_texts=struck(1)))
    )
    survey = life.order.baseline
    assert survey is not None
    assert survey.struck_texts == frozenset(struck(1))


@pytest.mark.parametrize(
    ("commands", "texts_kept"),
    [
        ((do.ReadFreeTexts(struck_texts=struck(2)), MADE_AGAIN, RELEASE), 10),
        ((RELEASE,), 0),  # never read, they are in no material
        ((do.ReadFreeTexts(struck_texts=struck(2)), do.CancelOrder()), 0),
        ((do.CancelOrder(),), 0),
    ],
)
def test_of_the_free_texts_only_those_read_kept_and_delivered_outlive_the_ballots(
    commands: tuple[AnyCommand, ...], texts_kept: int
) -> None:
    given(Stage.IN_REVIEW, *commands).when(do.RecordDestruction(round=BASELINE)).then(
        ev.BallotsDestroyed(at=PAST, round=BASELINE, texts_kept=texts_kept)
    )


def test_where_nobody_wrote_anything_there_is_nothing_to_read() -> None:
    life = life_at(Stage.ANALYSING).does(do.RecordResults(round=BASELINE, answers=ANSWERS, free_texts=0))
    life.does(do.RecordDeck(round=BASELINE, version=1, documents=(DECK,)))
    given(life).when(do.ReadFreeTexts()).then_nothing()


def test_the_comparison_goes_to_the_coordinator_as_the_follow_ups_deck_is_released() -> None:
    life = life_at(Stage.FOLLOW_UP_IN_REVIEW).got(Letter(Occasion.PROGRAMME)).with_letters_gone().does(RELEASE)
    assert set(life.order.pending_letters) == {"comparison_delivered/follow_up/"}


def test_a_text_struck_while_a_deck_is_being_made_calls_for_one_more() -> None:
    life = life_at(Stage.IN_REVIEW)
    life.does(do.ReadFreeTexts(struck_texts=(TextId("a"),)))
    life.does(do.ReadFreeTexts(struck_texts=(TextId("b"),)))
    life.does(do.RecordDeck(round=BASELINE, version=2, documents=(NEW_DECK,)))
    survey = life.order.baseline
    assert survey is not None
    assert survey.remake
    assert survey.deck_wanted == 3
    given(life).when(RELEASE).then_rejected("deck_being_made")

"""A deck that a person has corrected: laid in before the delivery and after it, kept, outdated, given up again."""

import datetime as dt
from datetime import date

import pytest

from domain import commands as do
from domain import events as ev
from domain.calendar import end_of_work
from domain.clock import next_step
from domain.commands import AnyCommand
from domain.history import entry_of
from domain.model import DocumentId, TextId
from domain.order import Survey
from domain.stages import Stage
from domain.steps import Action
from domain.tasks import tasks_of
from domain.words import past_line
from tests.domain.story import (
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
    noon,
)

OWN, ANOTHER = DocumentId("dokument-rettet"), DocumentId("dokument-rettet-igen")
WHY = TextId("tekst-rettelse")
REPLACE = do.ReplaceDeck(document=OWN, why=WHY)
MOVE = do.MoveMeeting(to=five_on(date(2026, 4, 14)))
OURS, WORD = DocumentId("dokument-deck-tre"), DocumentId("dokument-resultater-tre")


def read_through() -> Life:
    """In review, what doctors wrote read and the deck made for it; no mail on its way."""
    life = life_at(Stage.IN_REVIEW).does(do.ReadFreeTexts())
    return life.does(do.RecordDeck(round=BASELINE, version=2, documents=(DECK, DOCUMENT))).with_letters_gone()


def corrected() -> Life:
    """The same with a corrected deck."""
    return read_through().does(REPLACE)


def delivered() -> Life:
    """A corrected deck that is with the coordinator, who knows of it."""
    return life_at(Stage.READY).with_letters_gone().does(REPLACE).with_letters_gone()


def made(life: Life) -> Life:
    """The next version is made, as the system makes it."""
    survey = survey_of(life)
    documents = survey.next_documents(OURS, WORD)
    return life.does(do.RecordDeck(round=BASELINE, version=survey.deck_wanted, documents=documents))


def survey_of(life: Life) -> Survey:
    survey = life.order.baseline
    assert survey is not None
    return survey


def consultants_tasks(life: Life) -> list[str]:
    return [str(task.kind) for task in tasks_of(life.order) if task.owner == "consultant"]


def test_a_corrected_deck_takes_the_place_of_the_one_in_review_and_nothing_else_changes() -> None:
    life = (
        given(read_through())
        .when(REPLACE)
        .then(ev.DeckReplaced(at=PAST, round=BASELINE, version=3, document=OWN, why=WHY))
    )
    survey = survey_of(life)
    assert survey.documents == (OWN, DOCUMENT)
    assert (survey.remake, survey.held, survey.free_texts_read) == (False, False, True)
    assert life.order.pending_letters == {}, "the coordinator has not got any yet"
    step = next_step(life.order, life.now)
    assert step is not None
    assert (step.action, step.at) == (Action.RELEASE_DECK, survey.review_until)
    given(life).when(REPLACE).then_nothing()
    given(life).when(do.ReplaceDeck(document=ANOTHER, why=WHY)).then(
        ev.DeckReplaced(at=PAST, round=BASELINE, version=4, document=ANOTHER, why=WHY)
    )


def test_what_doctors_wrote_is_read_before_the_deck_is_corrected() -> None:
    refusal = given(Stage.IN_REVIEW).when(REPLACE).then_rejected("free_texts_unread")
    assert refusal.message == (
        "Læs først, hvad lægerne har skrevet med egne ord. Præsentationen bliver lavet på ny af det."
    )


def test_a_text_struck_later_brings_back_a_deck_of_ours_without_it() -> None:
    """The corrected one may show it."""
    life = corrected().does(do.ReadFreeTexts(struck_texts=(TextId("a"),)))
    given(life).when(do.ReplaceDeck(document=ANOTHER, why=WHY)).then_rejected("deck_being_made")
    survey = survey_of(made(life))
    assert (survey.documents, survey.own_deck) == ((OURS, WORD), None)


@pytest.mark.parametrize("stage", [Stage.READY, Stage.AWAITING_RECORD])
def test_a_delivered_deck_is_corrected_until_the_meeting_is_recorded_and_the_coordinator_is_told(stage: Stage) -> None:
    life = life_at(stage).with_letters_gone().does(REPLACE)
    assert survey_of(life).documents == (OWN, DOCUMENT)
    assert set(life.order.pending_letters) == {"deck_corrected/baseline/2"}
    life.does(do.RecordMeeting(attended=30, absent=12), noon(date(2026, 3, 27)))
    assert not any(key.startswith("deck_corrected") for key in life.order.pending_letters)
    refusal = given(life).when(do.ReplaceDeck(document=ANOTHER, why=WHY)).then_rejected("meeting_over")
    assert refusal.message == "Mødet er holdt, så præsentationen bliver, som den var."


def test_of_two_corrections_only_the_last_is_told() -> None:
    life = life_at(Stage.READY).with_letters_gone().does(REPLACE).does(do.ReplaceDeck(document=ANOTHER, why=WHY))
    life.does(do.AddNote(note=WHY))
    assert set(life.order.pending_letters) == {"deck_corrected/baseline/3"}


def test_a_follow_ups_deck_is_corrected_too() -> None:
    life = life_at(Stage.FOLLOW_UP_IN_REVIEW).does(do.ReadFreeTexts())
    life.does(do.RecordDeck(round=FOLLOW_UP, version=2, documents=(DECK, DOCUMENT)))
    given(life).when(REPLACE).then(ev.DeckReplaced(at=PAST, round=FOLLOW_UP, version=3, document=OWN, why=WHY))


def test_a_withheld_deck_is_corrected_and_then_released_while_the_meeting_goes_on() -> None:
    life = read_through().does(do.HoldDeck()).does(do.WithholdDeck(), THE_MEETING.starts_at)
    life.does(REPLACE).does(do.ReleaseDeck())
    assert survey_of(life).documents == (OWN, DOCUMENT)
    late = read_through().does(do.HoldDeck()).does(do.WithholdDeck(), THE_MEETING.starts_at)
    late.does(do.RecordMeeting(attended=30, absent=12), THE_MEETING.starts_at + dt.timedelta(hours=4))
    given(late).when(REPLACE).then_rejected("deck_withheld")


# --- the meeting changes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [MOVE, do.ChangeMeeting(minutes=180)])
def test_a_changed_meeting_renews_the_results_and_leaves_the_corrected_deck(change: AnyCommand) -> None:
    life = corrected().does(change)
    step = next_step(life.order, life.now)
    assert step is not None
    assert (step.action, step.version) == (Action.MAKE_DECK, 4)
    survey = survey_of(made(life))
    assert (survey.documents, survey.own_deck) == ((OWN, WORD), OWN)
    entry = entry_of(life.events[-1])
    assert past_line(entry.code, entry.facts) == "Word-dokumentet blev lavet på ny, så det passer til mødet"


def test_in_review_it_is_then_held_until_somebody_has_looked_at_it() -> None:
    life = made(corrected().does(MOVE))
    assert consultants_tasks(life) == ["release_deck"]
    given(life).when(do.ReleaseDeck(automatic=True), noon(date(2026, 4, 1))).then_rejected("review_not_over")
    life.does(do.ReleaseDeck())
    assert consultants_tasks(life) == []
    assert not survey_of(life).own_deck_outdated


def test_delivered_it_is_somebodys_to_correct_before_the_meeting() -> None:
    life = made(delivered().does(MOVE, noon(date(2026, 3, 18))))
    [task] = [task for task in tasks_of(life.order) if task.owner == "consultant"]
    assert (str(task.kind), task.since) == ("correct_deck", noon(date(2026, 3, 18)))
    assert task.promised == end_of_work(date(2026, 3, 20))
    life.does(do.ReplaceDeck(document=ANOTHER, why=WHY))
    assert consultants_tasks(life) == []


def test_where_it_still_fits_somebody_says_so_and_the_coordinator_is_not_written_to() -> None:
    life = made(delivered().does(MOVE).with_letters_gone())
    life = given(life).when(do.KeepDeck()).then(ev.DeckKept(at=PAST, round=BASELINE))
    assert consultants_tasks(life) == []
    assert survey_of(life).own_deck == OWN
    assert not any(key.startswith("deck_corrected") for key in life.order.pending_letters)
    given(life).when(do.KeepDeck()).then_nothing()
    again = life.does(do.ChangeMeeting(minutes=180))
    assert consultants_tasks(again) == ["correct_deck"], "it has changed once more"


def test_one_in_review_is_released_rather_than_kept() -> None:
    given(made(corrected().does(MOVE))).when(do.KeepDeck()).then_nothing()


def test_after_the_meeting_there_is_nothing_to_keep_it_for() -> None:
    life = delivered().does(MOVE).does(do.RecordMeeting(attended=30, absent=12), noon(date(2026, 4, 15)))
    given(life).when(do.KeepDeck()).then_rejected("meeting_over")


def test_on_the_last_day_it_is_to_be_corrected_as_the_meeting_begins() -> None:
    life = delivered().does(do.ChangeMeeting(minutes=180), noon(date(2026, 3, 24)))
    [task] = [task for task in tasks_of(life.order) if task.owner == "consultant"]
    assert task.promised == THE_MEETING.starts_at
    life.does(do.RecordMeeting(attended=30, absent=12), noon(date(2026, 3, 26)))
    assert consultants_tasks(life) == []


def test_a_deck_corrected_after_the_change_fits_it() -> None:
    life = made(delivered().does(MOVE))
    life.does(do.ReplaceDeck(document=ANOTHER, why=WHY))
    assert not survey_of(life).own_deck_outdated
    given(life).when(do.MoveMeeting(to=five_on(date(2026, 4, 15)))).then(
        ev.MeetingMoved(
            at=PAST,
            starts=five_on(date(2026, 4, 15)),
            survey_opens=survey_of(life).opens,
            survey_closes=survey_of(life).closes,
        )
    )


# --- back to ours ---------------------------------------------------------------------------------------------------


def test_a_corrected_deck_gives_way_to_one_of_ours_where_somebody_asks_for_it() -> None:
    life = corrected().does(do.RemakeDeck())
    survey = survey_of(made(life))
    assert (survey.documents, survey.own_deck) == ((OURS, WORD), None)
    assert life.order.pending_letters == {}


def test_a_delivered_one_does_too_and_the_coordinator_is_told_of_the_deck_that_stands() -> None:
    life = delivered().does(do.RemakeDeck())
    assert life.order.pending_letters == {}, "nothing has changed yet"
    made(life)
    assert survey_of(life).documents == (OURS, WORD)
    assert set(life.order.pending_letters) == {"deck_corrected/baseline/3"}
    given(life).when(do.RemakeDeck()).then_rejected("deck_delivered")


def test_asked_for_while_the_results_are_renewed_for_a_changed_meeting_it_does_as_well() -> None:
    life = corrected().does(MOVE)
    life = given(life).when(do.RemakeDeck()).then(ev.DeckRemakeAsked(at=PAST, round=BASELINE))
    given(life).when(do.RemakeDeck()).then_nothing()
    assert survey_of(made(life)).documents == (OURS, WORD)


def test_the_coordinator_is_told_of_ours_once_it_stands_and_not_while_the_corrected_one_still_does() -> None:
    """The version that was being made for the moved meeting keeps the corrected deck; the next one has ours."""
    life = delivered().does(MOVE).does(do.RemakeDeck())
    life.does(do.RecordDeck(round=BASELINE, version=3, documents=(OWN, WORD)))
    assert not any(key.startswith("deck_corrected") for key in life.order.pending_letters)
    assert survey_of(life).documents == (OWN, WORD)
    life.does(do.RecordDeck(round=BASELINE, version=4, documents=(OURS, WORD)))
    assert "deck_corrected/baseline/4" in life.order.pending_letters


def test_after_the_meeting_no_deck_gives_way() -> None:
    life = delivered().does(do.RecordMeeting(attended=30, absent=12), noon(date(2026, 3, 26)))
    given(life).when(do.RemakeDeck()).then_rejected("meeting_over")


def test_a_version_that_was_under_way_does_not_take_the_place_of_a_later_correction() -> None:
    life = corrected()
    given(life).when(do.RecordDeck(round=BASELINE, version=3, documents=(OURS, WORD))).then_nothing()

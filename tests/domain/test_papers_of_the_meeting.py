"""A meeting that changes while it is ahead changes its papers: made again before the mail about the change leaves."""

import datetime as dt
from datetime import date

import pytest

from demo.clockwork import Clockwork
from domain import commands as do
from domain import events as ev
from domain.by import coordinator
from domain.clock import next_step
from domain.commands import AnyCommand
from domain.history import entry_of
from domain.letters import Letter, Occasion
from domain.mailings import MAILINGS, letters_to_come, next_letter
from domain.meeting import Facilitator, Format, PlannedPart
from domain.model import DocumentId, PartId, TextId
from domain.stages import Stage
from domain.steps import Action
from domain.words import past_line
from tests.domain.story import A_NEWCOMER, BASELINE, KAREN, PAST, Life, five_on, given, life_at, morning_of, noon

NEW_DECK = DocumentId("dokument-deck-to")
INVITATION, PROGRAMME = Letter(Occasion.INVITATION, BASELINE), Letter(Occasion.PROGRAMME)
CHANGES: list[AnyCommand] = [
    do.MoveMeeting(to=five_on(date(2026, 4, 14))),
    do.MoveMeeting(to=five_on(date(2026, 3, 25), hour=18)),
    do.ChangeMeeting(minutes=180),
    do.ChangeMeeting(format=Format.VIDEO),
    do.ChangeMeeting(facilitator=Facilitator.CONSULTANT),
    do.ChangeMeeting(place=TextId("tekst-billund")),
]
A_PROGRAMME = do.ChangeProgramme(
    parts=(PlannedPart(part=PartId("a"), minutes=100), PlannedPart(part=PartId("b"), minutes=50))
)
NEWS = {Occasion.PLAN_AGREED, Occasion.MEETING_MOVED}


def ready() -> Life:
    """The deck is delivered, everybody has the programme, and no mail is on its way."""
    life = life_at(Stage.READY).does(do.RecordDestruction(round=BASELINE)).got(INVITATION, PROGRAMME)
    return life.with_letters_gone()


@pytest.mark.parametrize("change", [*CHANGES, A_PROGRAMME])
@pytest.mark.parametrize("stage", [Stage.IN_REVIEW, Stage.READY])
def test_every_change_of_the_meeting_has_the_deck_made_again_at_once(stage: Stage, change: AnyCommand) -> None:
    life = life_at(stage).with_letters_gone().does(change)
    step = next_step(life.order, life.now)
    assert step is not None
    assert (step.action, step.at, step.version) == (Action.MAKE_DECK, life.now, 2)
    life = (
        given(life)
        .when(do.RecordDeck(round=BASELINE, version=2, documents=(NEW_DECK,)))
        .then(
            ev.DeckMade(
                at=PAST,
                round=BASELINE,
                version=2,
                documents=(NEW_DECK,),
                review_until=morning_of(date(2026, 3, 18)),
                why=("meeting",),
            )
        )
    )
    assert life.order.baseline is not None
    assert not life.order.baseline.remake


@pytest.mark.parametrize("change", [*CHANGES, A_PROGRAMME])
@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.SURVEY_OPEN, Stage.TOO_FEW_ANSWERS, Stage.ANALYSING])
def test_before_there_are_papers_none_are_made_again(stage: Stage, change: AnyCommand) -> None:
    life = life_at(stage).does(change)
    assert life.order.baseline is not None
    assert (life.order.baseline.deck_wanted, life.order.baseline.remake) == (1, False)


def test_a_change_to_what_is_agreed_already_makes_nothing_anew() -> None:
    given(ready()).when(do.ChangeMeeting(minutes=150)).then_nothing()


@pytest.mark.parametrize("change", CHANGES)
def test_the_mail_about_a_change_leaves_after_its_papers(change: AnyCommand) -> None:
    life = ready()
    clock = Clockwork(life.order, life.now)
    clock.does(change, coordinator(KAREN))
    clock.run(clock.now + dt.timedelta(days=1))
    happened = [event for event in clock.events if isinstance(event, ev.DeckMade | ev.LettersSent)]
    assert [event.type for event in happened] == ["deck_made", "letters_sent", "letters_sent"]
    assert {letter.occasion for _, letter in clock.posted} == NEWS
    assert {at for at, _ in clock.posted} == {life.now}, "at once, as the papers are there"


def test_people_do_not_wait_for_papers_that_cannot_be_made() -> None:
    """An hour, and no more: the new time matters more than the slides."""
    life = ready().does(do.MoveMeeting(to=five_on(date(2026, 4, 14))))
    coming = {due.letter.occasion: due.at for due in letters_to_come(life.order, life.now)}
    assert {coming[occasion] for occasion in NEWS} == {life.now + dt.timedelta(hours=1)}
    an_hour_on = life.now + dt.timedelta(hours=1)
    due = next_letter(life.order, an_hour_on)
    assert due is not None
    assert (due.letter.occasion in NEWS, due.at) == (True, an_hour_on)


def test_no_other_mail_waits_for_papers_nor_news_of_the_meeting_for_a_deck_that_is_asked_for() -> None:
    assert {occasion for occasion, mailing in MAILINGS.items() if mailing.after_papers} == NEWS
    life = ready()
    eve = morning_of(date(2026, 3, 24))
    life.does(do.AddMember(joined=A_NEWCOMER), eve).does(do.ChangeMeeting(minutes=180))
    assert [due.at for due in letters_to_come(life.order, eve) if due.letter == PROGRAMME] == [eve]
    life = life_at(Stage.IN_REVIEW).does(do.RemakeDeck())
    [plan] = [due for due in letters_to_come(life.order, life.now) if due.letter.occasion is Occasion.PLAN_AGREED]
    assert plan.at == life.now


def test_a_deck_that_is_not_yet_delivered_is_released_in_its_new_version_only() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.ChangeMeeting(minutes=180))
    given(life).when(do.ReleaseDeck()).then_rejected("deck_being_made")
    life.does(do.RecordDeck(round=BASELINE, version=2, documents=(NEW_DECK,)))
    given(life).when(do.ReleaseDeck()).then(ev.DeckReleased(at=PAST, round=BASELINE, automatic=False))
    assert life.order.baseline is not None
    assert life.order.baseline.documents == (NEW_DECK,)


def test_a_delivered_deck_made_again_is_delivered_still_and_nobody_looks_at_it_again() -> None:
    life = ready().does(do.ChangeMeeting(minutes=180))
    life.does(do.RecordDeck(round=BASELINE, version=2, documents=(NEW_DECK,)))
    survey = life.order.baseline
    assert survey is not None
    assert survey.delivered
    assert (survey.documents, survey.made_for) == ((NEW_DECK,), ("meeting",))
    assert life.order.stage is Stage.READY
    assert {Letter.parse(key).occasion for key in life.order.pending_letters} == NEWS


def test_two_changes_while_a_deck_is_made_are_one_deck_more_and_it_has_both() -> None:
    life = ready().does(do.ChangeMeeting(minutes=180)).does(do.MoveMeeting(to=five_on(date(2026, 4, 14))))
    step = next_step(life.order, life.now)
    assert step is not None
    assert step.version == 3
    life.does(do.RecordDeck(round=BASELINE, version=2, documents=(NEW_DECK,)))
    survey = life.order.baseline
    assert survey is not None
    assert survey.remake, "made for the first change, begun before the second"
    life.does(do.RecordDeck(round=BASELINE, version=3, documents=(NEW_DECK,)))
    survey = life.order.baseline
    assert survey is not None
    assert (survey.remake, survey.remake_for) == (False, ())


def test_a_withheld_deck_of_a_meeting_moved_on_is_made_again_once_it_is_released() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.HoldDeck()).does(do.WithholdDeck(), noon(date(2026, 3, 26)))
    life.does(do.MoveMeeting(to=five_on(date(2026, 4, 14))))
    step = next_step(life.order, life.now)
    assert step is not None
    assert step.action is not Action.MAKE_DECK
    due = next_letter(life.order, life.now)
    assert due is not None
    assert (due.letter.occasion, due.at) == (Occasion.PLAN_AGREED, life.now), "it waits for no papers"
    life.does(do.ReleaseDeck())
    step = next_step(life.order, life.now)
    assert step is not None
    assert (step.action, step.version) == (Action.MAKE_DECK, 2)


def test_the_history_says_that_the_papers_were_made_to_fit_the_meeting() -> None:
    life = ready().does(do.ChangeMeeting(minutes=180))
    life.does(do.RecordDeck(round=BASELINE, version=2, documents=(NEW_DECK,)))
    entry = entry_of(life.events[-1])
    assert entry.facts["why"] == "meeting"
    assert past_line(entry.code, entry.facts) == "Materialet blev lavet på ny, så det passer til mødet"

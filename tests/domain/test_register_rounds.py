"""Rounds by a register's extract: nobody is asked, KiAP gets the numbers, and the order goes on as any."""

import datetime as dt
from collections.abc import Callable

import pytest

from domain import commands as do
from domain import events as ev
from domain.agenda import comes_next
from domain.calendar import end_of_work
from domain.clock import next_step
from domain.coming import coming_lines, next_to_members
from domain.commands import AnyCommand
from domain.details import details_of
from domain.history import entry_of
from domain.letters import Letter, Occasion
from domain.limits import extract_given_up_at
from domain.mailings import letters_to_come
from domain.model import DocumentId, TextId
from domain.own_questions import OwnQuestion
from domain.stages import Stage
from domain.steps import Action
from domain.task_kinds import TaskKind
from domain.tasks import tasks_of
from domain.words import next_line, past_line
from tests.domain.register_story import (
    FETCHED,
    PLACE_REGISTER,
    PRACTICES,
    delivered,
    extract,
    extract_awaited,
    extract_given,
    follow_up_awaited,
    given_up,
    in_review,
    planned,
    register_life,
    results,
)
from tests.domain.story import (
    A_NEWCOMER,
    BASELINE,
    BIRTHE,
    CLOSES,
    DECK,
    DOCUMENT,
    MEETING,
    OPENS,
    PLACE,
    Life,
    doctor,
    given,
    life_at,
    morning_of,
    noon,
)

ABOUT_A_QUESTIONNAIRE = (Occasion.INVITATION, Occasion.REMINDER, Occasion.SURVEY_EXTENDED, Occasion.TOO_FEW_ANSWERS)


def codes(life: Life) -> list[str]:
    return [each.code for each in comes_next(life.order, life.now)]


def occasions(life: Life) -> set[Occasion]:
    return {Letter.parse(key).occasion for key in (*life.order.letters, *life.order.pending_letters)} | {
        due.letter.occasion for due in letters_to_come(life.order, life.now)
    }


def test_an_order_of_a_register_package_goes_from_its_place_to_its_end() -> None:
    life = register_life()
    assert [type(event).__name__ for event in life.events if not isinstance(event, ev.LettersSent)] == [
        "OrderPlaced", "PlanAgreed", "ExtractAwaited", "ExtractGiven", "ResultsTabulated", "DeckMade", "DeckReleased",
        "MeetingRecorded", "FollowUpAgreed", "ExtractAwaited", "ExtractGiven", "ResultsTabulated", "DeckMade",
        "DeckReleased", "ComparisonShared", "OrderCompleted",
    ]  # fmt: skip
    assert life.order.stage is Stage.COMPLETED


def test_an_order_of_fewer_practices_than_can_be_shown_is_refused_as_it_is_placed() -> None:
    four = tuple(doctor(number) for number in range(8))
    few = PLACE_REGISTER.model_copy(update={"members": four})
    given(Life()).when(few).then_rejected("too_few_practices", least=5, practices=4)
    given(Life()).when(PLACE.model_copy(update={"members": four}))
    Life().does(PLACE_REGISTER.model_copy(update={"members": (*four, doctor(8))}))


def test_nobody_gets_a_letter_about_a_questionnaire_in_all_its_life() -> None:
    for life in (planned(), extract_awaited(), extract_given(), delivered(), follow_up_awaited(), register_life()):
        assert not occasions(life) & set(ABOUT_A_QUESTIONNAIRE)


@pytest.mark.parametrize(
    "command", [do.AddMember(joined=A_NEWCOMER), do.ReaddressMember(member=BIRTHE, address=2)], ids=lambda c: c.type
)
def test_whoever_comes_while_the_extract_is_awaited_is_not_invited(command: AnyCommand) -> None:
    life = extract_awaited().with_letters_gone().does(command)
    assert not life.order.pending_letters


def test_the_plan_agrees_the_day_by_which_the_numbers_are_there_as_any_survey_closes() -> None:
    survey = planned().order.baseline
    assert survey is not None
    assert (survey.opens, survey.closes, survey.evidence) == (OPENS, CLOSES, "register")


def test_what_comes_is_told_without_a_word_of_a_questionnaire() -> None:
    said = [str(line) for line in coming_lines(planned().order, planned().now)]
    assert "KiAP henter klyngens tal fra registret fredag den 27. februar kl. 8.30" in said
    awaited = extract_awaited()
    said += [str(line) for line in coming_lines(awaited.order, awaited.now)]
    said += [past_line(entry.code, entry.facts) for entry in map(entry_of, register_life().events)]
    said += [details_of(life.order, life.now) for life in (awaited, extract_given(), register_life())]
    text = " ".join(said).casefold()
    assert not [word for word in ("spørgeskema", "svar", "invit", "påmind", "åbn") if word in text]
    assert "18 af 21 praksisser har tal" in text


def test_members_hear_nothing_before_the_programme() -> None:
    life = planned()
    line = next_to_members(life.order, life.now)
    assert line is not None
    assert str(line).startswith("Medlemmerne får programmet")


def test_kiap_has_the_task_to_get_it_from_the_first_day_and_it_is_due_on_the_last() -> None:
    assert not [task for task in tasks_of(planned().order) if task.kind is TaskKind.GET_EXTRACT]
    [task] = [task for task in tasks_of(extract_awaited().order) if task.kind is TaskKind.GET_EXTRACT]
    assert (task.owner, task.since, task.due) == ("operations", morning_of(OPENS), end_of_work(CLOSES))
    assert not [task for task in tasks_of(extract_given().order) if task.kind is TaskKind.GET_EXTRACT]


def test_the_extract_closes_the_round_and_it_is_tabulated_at_once() -> None:
    life = (
        given(extract_awaited())
        .when(extract())
        .then(
            ev.ExtractGiven(
                at=noon(FETCHED), round=BASELINE, practices=18, of_practices=PRACTICES, digest=extract().digest
            )
        )
    )
    survey = life.order.baseline
    assert survey is not None
    assert (survey.closed, survey.answers, survey.invited, survey.enough) == (True, 18, PRACTICES, True)
    step = next_step(life.order, life.now)
    assert step is not None
    assert (step.action, step.at) == (Action.TABULATE, life.now)


def test_the_same_extract_again_is_done_already() -> None:
    given(extract_given()).when(extract()).then_nothing()


@pytest.mark.parametrize("practices", [0, 1, 4])
def test_an_extract_of_fewer_practices_than_may_be_shown_is_not_taken(practices: int) -> None:
    given(extract_awaited()).when(extract(practices=practices)).then_rejected(
        "too_few_practices", practices=practices, least=5
    )


def test_one_of_five_is() -> None:
    extract_awaited().does(extract(practices=5))


def test_an_extract_before_its_day_is_refused_with_the_day() -> None:
    given(planned()).when(extract()).then_rejected("extract_too_early", opens=OPENS)


def test_another_takes_its_place_until_the_material_is_released_and_the_deck_is_made_and_reviewed_anew() -> None:
    life = in_review().does(extract(digest="c3", practices=19), noon(dt.date(2026, 3, 9)))
    survey = life.order.baseline
    assert survey is not None
    assert (survey.answers, survey.tabulated, survey.remake, survey.review_until) == (19, False, True, None)
    step = next_step(life.order, life.now)
    assert step is not None
    assert step.action is Action.TABULATE
    life.does(results(life, answers=19))
    life.does(do.RecordDeck(round=BASELINE, version=2, documents=(DECK, DOCUMENT)))
    survey = life.order.baseline
    assert survey is not None
    assert survey.made_for == ("extract",)
    assert survey.review_until == morning_of(dt.date(2026, 3, 11))
    given(delivered()).when(extract(digest="c3")).then_rejected("extract_too_late")


def test_results_of_an_extract_that_another_has_replaced_are_refused_and_made_again() -> None:
    life = extract_awaited().does(extract())
    of_the_first = results(life)
    life.does(extract(digest="c3"))
    given(life).when(of_the_first).then_rejected("results_outdated")
    step = next_step(life.order, life.now)
    assert step is not None
    assert step.action is Action.TABULATE


def test_an_extract_given_while_the_first_deck_is_made_has_a_deck_of_its_own_version() -> None:
    """The file of the version before is of the numbers before, and stands by itself."""
    life = extract_awaited().does(extract())
    life.does(results(life)).does(extract(digest="c3"))
    life.does(results(life))
    step = next_step(life.order, life.now)
    assert step is not None
    assert (step.action, step.version) == (Action.MAKE_DECK, 2)
    late = life.does(do.RecordDeck(round=BASELINE, version=1, documents=(DECK, DOCUMENT)))
    step = next_step(late.order, late.now)
    assert step is not None
    assert (step.action, step.version) == (Action.MAKE_DECK, 2)


def test_a_deck_that_a_person_corrected_gives_way_to_one_of_the_new_numbers() -> None:
    life = in_review().does(do.ReplaceDeck(document=DocumentId("rettet"), why=TextId("hvorfor")))
    life.does(extract(digest="c3"))
    survey = life.order.baseline
    assert survey is not None
    assert survey.next_documents(DECK, DOCUMENT) == (DECK, DOCUMENT)


def test_an_extract_that_never_comes_does_not_stop_the_meeting() -> None:
    life = extract_awaited()
    survey = life.order.baseline
    assert survey is not None
    limit = extract_given_up_at(life.order, survey)
    assert life.order.meeting is not None
    assert limit < life.order.meeting.starts_at
    given(life).when(do.GoOnWithoutResults(automatic=True), limit - dt.timedelta(minutes=1)).then_rejected(
        "may_still_be_decided"
    )
    gone_on = given_up()
    assert gone_on.order.stage is Stage.ANALYSING
    step = next_step(gone_on.order, gone_on.now)
    assert step is not None
    assert step.action is Action.TABULATE


def test_one_that_comes_after_all_is_taken_while_the_material_is_not_delivered() -> None:
    life = given_up().does(extract())
    survey = life.order.baseline
    assert survey is not None
    assert (survey.without_results, survey.enough, survey.closed_why) == (False, True, "extract")


def test_kiap_can_go_on_without_it_before_that() -> None:
    life = extract_awaited().does(do.GoOnWithoutResults())
    assert life.order.baseline is not None
    assert life.order.baseline.closed_why == "no_extract"
    given(extract_given()).when(do.GoOnWithoutResults()).then_rejected("nothing_to_decide")


def test_a_follow_up_waits_twenty_working_days_longer_and_then_ends_the_order_without_it() -> None:
    life = follow_up_awaited()
    assert life.order.second is not None
    limit = extract_given_up_at(life.order, life.order.second)
    assert limit == morning_of(dt.date(2026, 12, 15))
    life.does(do.GoOnWithoutResults(automatic=True), limit).with_letters_gone()
    step = next_step(life.order, life.now)
    assert step is not None
    assert step.action is Action.COMPLETE


@pytest.mark.parametrize(
    "command",
    [
        do.ExtendSurvey(closes=dt.date(2026, 3, 17)),
        do.SendReminder(),
        do.CloseSurvey(round=BASELINE),
        do.AskOwnQuestions(questions=(OwnQuestion(kind="text", text=TextId("t")),)),
    ],
    ids=lambda command: command.type,
)
def test_what_is_of_a_questionnaire_is_refused_in_a_line(command: AnyCommand) -> None:
    refused = given(extract_awaited()).when(command)
    refused.then_rejected("no_questionnaire")
    assert refused.refusal.message == "Pakken har intet spørgeskema: Tallene kommer fra et register."


def test_an_order_with_a_questionnaire_takes_no_extract() -> None:
    given(life_at(Stage.SURVEY_OPEN)).when(extract()).then_rejected("no_register")


def test_the_meeting_moves_the_day_along_while_the_extract_is_not_awaited_yet() -> None:
    life = planned().does(do.MoveMeeting(to=MEETING + dt.timedelta(days=14)))
    survey = life.order.baseline
    assert survey is not None
    assert survey.evidence == "register"
    assert survey.closes > CLOSES


@pytest.mark.parametrize("make", [extract_awaited, extract_given, in_review, follow_up_awaited])
def test_a_cancelled_order_has_no_ballots_to_clear(make: Callable[[], Life]) -> None:
    life = make()
    life.does(do.CancelOrder(reason="cluster_withdrew"))
    assert next_step(life.order, life.now) is None


def test_words_of_what_happens_by_itself_are_a_registers_own() -> None:
    assert [code for code in codes(planned()) if code.startswith(("survey", "extract"))] == ["extract_fetched"]
    assert "extract_given_up" in codes(extract_awaited())
    assert next_line("extract_given_up", {}) == "Går videre uden resultater, hvis tallene ikke er kommet"

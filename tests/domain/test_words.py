"""The Danish words of timeline and tasks: nothing an order can show is left as a code."""

import re
from typing import get_args

import pytest

from domain import events as ev
from domain.agenda import HIDDEN, LAST_RESORT, comes_next, tasks_of
from domain.events import Happened
from domain.history import entry_of
from domain.letters import Occasion
from domain.mailings import MAILINGS
from domain.stages import OWNERS, Owner, Stage
from domain.steps import Action
from domain.words import NEXT, PAST, ROUNDS, next_line, past_line, task_line
from tests.domain.story import life_at

A_CODE = re.compile(r"[a-z]+_[a-z]+|letter\.")


def test_everything_that_can_happen_has_words() -> None:
    assert {kind.model_fields["type"].default for kind in _kinds()} - {"letters_sent"} == set(PAST)


def test_every_step_that_is_shown_has_words() -> None:
    """The meeting and the promised deck are no steps; what takes seconds, or is a last resort, is not shown."""
    steps = {str(action) for action in Action} - {str(action) for action in (*HIDDEN, *LAST_RESORT)}
    assert steps | {"meeting", "deck_promised"} == set(NEXT)


@pytest.mark.parametrize("occasion", Occasion)
def test_every_letter_has_words_before_it_goes_and_after(occasion: Occasion) -> None:
    code = f"letter.{occasion}"
    assert next_line(code, {}) == MAILINGS[occasion].coming
    assert past_line(code, {"sent": 3}).startswith(MAILINGS[occasion].past)


@pytest.mark.parametrize("stage", Stage)
def test_no_stage_shows_a_code(stage: Stage) -> None:
    life = life_at(stage)
    said = [past_line(entry.code, entry.facts) for entry in (entry_of(event) for event in life.events)]
    said += [next_line(upcoming.code, upcoming.facts) for upcoming in comes_next(life.order, life.now)]
    said += [task_line(task.kind) for task in tasks_of(life.order)]
    assert said
    assert [line for line in said if A_CODE.search(line)] == []


def test_every_owner_and_round_has_a_name() -> None:
    assert set(OWNERS) == set(get_args(Owner))
    assert len(set(ROUNDS.values())) == 2


def test_what_happened_is_told_with_its_figures_and_its_danish_hour() -> None:
    assert past_line("letter.reminder", {"sent": 1}) == "Påmindelse sendt til 1 medlem"
    assert past_line("plan_agreed", {"starts": "2026-03-25T17:00:00"}) == (
        "Mødet blev aftalt til onsdag den 25. marts 2026 kl. 17.00"
    )
    assert past_line("letter.reminder", {"sent": 3, "failed": 1, "waiting": 2}) == (
        "Påmindelse sendt til 3 medlemmer, 2 prøves igen, 1 kunne ikke sendes"
    )
    assert next_line("survey_closes", {"round": "follow_up"}) == "Opfølgningen lukker og gøres op"


def test_a_letter_that_reached_nobody_is_not_told_as_sent() -> None:
    line = "Materialet sendes til koordinatoren"
    assert past_line("letter.deck_delivered", {"sent": 0, "failed": 1}) == f"Kunne ikke sendes: {line}"
    assert past_line("letter.deck_delivered", {"sent": 0, "failed": 0, "waiting": 1}) == f"Prøves igen: {line}"


def test_an_unknown_code_is_shown_rather_than_hidden() -> None:
    assert [past_line("newer", {}), next_line("newer", {}), task_line("newer")] == ["newer"] * 3


def _kinds() -> set[type[Happened]]:
    return {kind for kind in vars(ev).values() if isinstance(kind, type) and issubclass(kind, Happened)} - {Happened}

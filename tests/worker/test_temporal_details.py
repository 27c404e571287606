"""What Temporal's own page tells of an order: Danish lines in Markdown that renders as lists."""

import re
from itertools import pairwise

import pytest

from domain.agenda import lies_ahead
from domain.details import details_of
from domain.stages import ENDED, Stage
from tests.domain.story import life_at

A_CODE = re.compile(r"[a-z]+_[a-z]+|letter\.")


def details_at(stage: Stage) -> str:
    life = life_at(stage)
    return details_of(life.order, life.now)


@pytest.mark.parametrize("stage", Stage)
def test_no_stage_shows_a_code(stage: Stage) -> None:
    assert A_CODE.search(details_at(stage)) is None


@pytest.mark.parametrize("stage", Stage)
def test_a_list_has_a_blank_line_before_it(stage: Stage) -> None:
    lines = details_at(stage).splitlines()
    firsts = [above for above, line in pairwise(lines) if line.startswith("- ")]
    assert firsts
    assert all(above == "" or above.startswith("- ") for above in firsts)


def test_who_is_waited_for_and_what_comes_are_told_in_danish() -> None:
    told = details_at(Stage.ORDERED)
    assert told.startswith("**Bestilt – afventer opkald**\n\n- Pakke: ")
    assert "\n\nVenter på:\n\n- KiAP: Giv bestillingen en konsulent (senest " in told
    assert "\n- Konsulent: Ring til koordinatoren, og aftal mødet (senest mandag den 12. januar 2026 kl. 15.00)" in told
    assert "\n\nDet næste:\n\n- " in told


def test_of_all_that_comes_the_next_six_are_told() -> None:
    life = life_at(Stage.PLANNED)
    _, _, told = details_of(life.order, life.now).partition("Det næste:\n\n")
    assert len(list(lies_ahead(life.order, life.now))) > len(told.splitlines()) == 6


def test_the_meeting_and_the_turnout_are_told() -> None:
    told = details_at(Stage.IN_REVIEW)
    assert "- Møde: onsdag den 25. marts 2026 kl. 17.00" in told
    assert re.search(r"^- Undersøgelsen: \d+ af 42 har svaret$", told, re.MULTILINE)


@pytest.mark.parametrize("stage", sorted(ENDED))
def test_an_ended_order_waits_for_nobody(stage: Stage) -> None:
    assert "Venter på" not in details_at(stage)


@pytest.mark.parametrize("stage", sorted(ENDED - {Stage.CANCELLED}))
def test_nothing_comes_after_the_end(stage: Stage) -> None:
    assert "Det næste" not in details_at(stage)


def test_after_a_cancellation_comes_word_of_it_and_nothing_else() -> None:
    *_, coming = details_at(Stage.CANCELLED).partition("Det næste:\n\n")
    (only,) = coming.splitlines()
    assert only.endswith(": Koordinatoren får besked om, at bestillingen er aflyst")

"""One meeting's own programme: it lasts as long as the meeting, and gives way to the package's."""

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from domain import commands as do
from domain import events as ev
from domain.meeting import PlannedPart
from domain.model import PartId, Rejected, TextId
from domain.stages import Stage
from tests.domain.story import PAST, given, life_at

PARTS = (
    PlannedPart(part=PartId("velkomst"), minutes=20, title=TextId("tekst-velkomst")),
    PlannedPart(part=PartId("emnet"), minutes=130),
)
CHANGE = do.ChangeProgramme(parts=PARTS)


def test_the_meeting_has_it_from_now_on() -> None:
    life = given(Stage.PLANNED).when(CHANGE).then(ev.ProgrammeChanged(at=PAST, parts=PARTS))
    assert life.order.programme == PARTS


@any_of(st.lists(st.integers(1, 300), min_size=1, max_size=8))
def test_it_lasts_as_long_as_the_meeting_or_is_refused_with_both_lengths(minutes: list[int]) -> None:
    command = do.ChangeProgramme(
        parts=tuple(PlannedPart(part=PartId(f"del_{number}"), minutes=each) for number, each in enumerate(minutes))
    )
    if sum(minutes) == 150:
        assert given(Stage.PLANNED).when(command).events
        return
    refusal = given(Stage.PLANNED).when(command).then_rejected("programme_does_not_add_up", meeting=150)
    assert refusal.message == f"Punkterne varer {sum(minutes)} minutter i alt, men mødet er aftalt til 150."


def test_the_same_once_more_is_nothing() -> None:
    given(Stage.PLANNED, CHANGE).when(CHANGE).then_nothing()


def test_the_packages_own_comes_again_and_the_papers_are_made_anew_for_it() -> None:
    life = given(Stage.READY, CHANGE).when(do.RestoreProgramme()).then(ev.ProgrammeRestored(at=PAST))
    assert life.order.programme == ()
    assert life.order.baseline is not None
    assert life.order.baseline.remake_for == ("meeting",)
    given(life).when(do.RestoreProgramme()).then_nothing()


def test_nobody_is_written_to_about_it() -> None:
    life = life_at(Stage.READY).with_letters_gone()
    before = dict(life.order.pending_letters)
    assert life.does(CHANGE).order.pending_letters == before


@pytest.mark.parametrize("command", [CHANGE, do.RestoreProgramme()])
def test_of_a_meeting_that_was_held_nothing_is_changed(command: do.AnyCommand) -> None:
    with pytest.raises(Rejected, match="Mødet er holdt"):
        life_at(Stage.AWAITING_RECORD).ask(command)

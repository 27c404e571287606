"""A programme edited for one meeting that then gets another length or form, and a meeting too short for its package."""

import datetime as dt
from datetime import date

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from domain import commands as do
from domain.fitting import shortest, spread
from domain.meeting import LONGEST_MEETING, Format, Meeting, PlannedPart
from domain.meeting_programme import all_parts
from domain.model import PartId, TextId
from domain.order import Order
from domain.stages import Stage
from domain.task_kinds import TaskKind
from domain.tasks import tasks_of
from tests.domain.story import given, life_at, noon
from tests.the_packages import SAMARBEJDE, TRIVSEL

OWN = do.ChangeProgramme(parts=(PlannedPart(part=PartId("introduktion"), minutes=150),))
COFFEE = TextId("tekst-kaffe")


def a_meeting(minutes: int, form: Format = Format.IN_PERSON) -> Meeting:
    return Meeting(starts=dt.datetime(2026, 3, 25, 17), minutes=minutes, format=form)  # noqa: DTZ001


def edited(minutes: int, **changes: int) -> list[PlannedPart]:
    """The package's parts as long as the meeting, with these minutes instead for some."""
    parts = spread(TRIVSEL.programme.of(Format.IN_PERSON), minutes)
    return [
        PlannedPart(part=part.id, minutes=changes.get(part.id, part.minutes), title=COFFEE if not number else None)
        for number, part in enumerate(parts)
    ]


def test_at_the_length_it_was_edited_for_it_is_as_it_was_written() -> None:
    own = edited(120, introduktion=15, plenum_positive=5)
    parts = all_parts(TRIVSEL.programme, a_meeting(120), own, Format.IN_PERSON, {COFFEE: "Kaffe"})
    assert [part.minutes for part in parts] == [part.minutes for part in own]
    assert parts[0].title == "Kaffe"


@any_of(st.integers(85, LONGEST_MEETING))
def test_at_another_length_it_is_fitted_as_the_packages_is_and_keeps_its_words(minutes: int) -> None:
    own = edited(120, introduktion=15, plenum_positive=5)
    parts = all_parts(TRIVSEL.programme, a_meeting(minutes), own, Format.IN_PERSON, {COFFEE: "Kaffe"})
    assert sum(part.minutes for part in parts) == minutes
    assert parts[0].title == "Kaffe"


def test_for_another_form_the_packages_own_stands_since_the_words_may_not_fit() -> None:
    own = edited(120, introduktion=15, plenum_positive=5)
    parts = all_parts(TRIVSEL.programme, a_meeting(120, Format.VIDEO), own, Format.IN_PERSON, {COFFEE: "Kaffe"})
    assert parts == spread(TRIVSEL.programme.of(Format.VIDEO), 120)


def test_erased_words_are_the_packages() -> None:
    parts = all_parts(TRIVSEL.programme, a_meeting(120), edited(120), Format.IN_PERSON, {})
    assert parts == spread(TRIVSEL.programme.of(Format.IN_PERSON), 120)


def test_a_break_that_was_left_out_comes_back_in_a_long_meeting() -> None:
    parts = all_parts(TRIVSEL.programme, a_meeting(180), edited(120), Format.IN_PERSON, {})
    assert next(part.minutes for part in parts if part.id == "pause") == 15


@pytest.mark.parametrize("change", [do.ChangeMeeting(minutes=180), do.ChangeMeeting(format=Format.VIDEO)])
@pytest.mark.parametrize("looked", [do.RestoreProgramme(), None])
def test_the_consultant_looks_at_it_once_the_meeting_has_another_length_or_form(
    change: do.ChangeMeeting, looked: do.AnyCommand | None
) -> None:
    life = life_at(Stage.PLANNED).does(OWN)
    assert kinds_of(life.order) == []
    life = life.does(change)
    assert kinds_of(life.order) == [TaskKind.LOOK_AT_PROGRAMME]
    minutes = change.minutes or 150
    again = do.ChangeProgramme(parts=(PlannedPart(part=PartId("introduktion"), minutes=minutes, title=COFFEE),))
    assert kinds_of(life.does(looked or again).order) == []


def test_a_meeting_back_at_its_length_and_form_needs_no_look() -> None:
    life = life_at(Stage.PLANNED).does(OWN).does(do.ChangeMeeting(minutes=180)).does(do.ChangeMeeting(minutes=150))
    assert kinds_of(life.order) == []
    assert kinds_of(life_at(Stage.PLANNED).does(do.ChangeMeeting(minutes=180)).order) == []


def kinds_of(order: Order) -> list[TaskKind]:
    return [task.kind for task in tasks_of(order) if task.kind is TaskKind.LOOK_AT_PROGRAMME]


def test_a_meeting_too_short_for_its_package_is_refused_with_the_shortest_length() -> None:
    least = shortest(TRIVSEL.programme.of(Format.IN_PERSON))
    said = f"Et møde med denne klyngepakke varer fra {least} til 480 minutter."
    refusal = (
        given(Stage.PLANNED).when(do.ChangeMeeting(minutes=least - 1)).then_rejected("meeting_length", least=least)
    )
    assert refusal.message == said
    assert life_at(Stage.PLANNED).does(do.ChangeMeeting(minutes=least)).order.meeting
    plan = do.AgreePlan(meeting=a_meeting(least - 1).moved_to(dt.datetime(2026, 3, 25, 17)))  # noqa: DTZ001
    given(Stage.ORDERED).when(plan, noon(date(2026, 1, 7))).then_rejected("meeting_length", least=least)


def test_three_hours_of_both_packages_need_no_hand() -> None:
    for package in (TRIVSEL, SAMARBEJDE):
        for form in Format:
            parts = all_parts(package.programme, a_meeting(180, form), (), None, {})
            assert sum(part.minutes for part in parts) == 180
            assert any(part.kind == "break" and part.minutes for part in parts)


def test_whom_to_ring_stays_when_the_meeting_moves_and_the_rest_changes() -> None:
    name, phone = TextId("tekst-navn"), TextId("tekst-nummer")
    life = life_at(Stage.PLANNED).does(do.ChangeMeeting(format=Format.VIDEO, ring_name=name, ring_phone=phone))
    life = life.does(do.MoveMeeting(to=dt.datetime(2026, 4, 15, 17))).does(do.ChangeMeeting(minutes=180))  # noqa: DTZ001
    assert life.order.meeting
    assert (life.order.meeting.ring_name, life.order.meeting.ring_phone) == (name, phone)

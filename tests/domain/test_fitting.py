"""A programme fitted to a meeting's length: whole minutes that add up, and nobody robbed by a longer meeting."""

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from domain.fitting import STEP, TooShort, fitted, shortest, spread, wished
from domain.meeting import LONGEST_MEETING, Format
from domain.model import PartId
from domain.package import Package
from domain.programme import FormPart, MeetingPart
from tests.the_packages import SAMARBEJDE, TRIVSEL

PROGRAMMES = [(package, form) for package in (TRIVSEL, SAMARBEJDE) for form in Format]


def a_part(number: int, minimum: int, more: int, weight: int, over: int | None = None) -> FormPart:
    wish = minimum + more
    part = MeetingPart(
        id=PartId(f"del_{number}"), title=f"Del {number}", minutes=wish, kind="break" if over else "results"
    )
    return FormPart(part=part, minimum=minimum, wish=wish, weight=weight, over=over)


@st.composite
def programmes(draw: st.DrawFn, *, long_breaks: bool = True) -> list[FormPart]:
    sizes = draw(
        st.lists(st.tuples(st.integers(0, 40), st.integers(0, 30), st.integers(0, 40)), min_size=1, max_size=14)
    )
    parts = [a_part(number, *size) for number, size in enumerate(sizes)]
    if long_breaks and draw(st.booleans()):
        over = max(150, sum(part.minimum for part in parts) + 15)
        parts.insert(draw(st.integers(0, len(parts))), a_part(99, 10, 5, 0, over))
    return parts


@any_of(programmes(), st.integers(0, LONGEST_MEETING))
def test_the_minutes_add_up_and_none_is_under_what_it_needs(parts: list[FormPart], minutes: int) -> None:
    if minutes < shortest(parts):
        with pytest.raises(TooShort) as refused:
            fitted(parts, minutes)
        assert refused.value.shortest == shortest(parts)
        return
    fits = {part.id: part.minutes for part in fitted(parts, minutes)}
    assert sum(fits.values()) == minutes
    for part in parts:
        there = part.over is None or minutes > part.over
        assert fits.get(part.part.id, 0) >= (part.minimum if there else 0)
        assert there or part.part.id not in fits


@any_of(programmes())
def test_at_the_wished_length_each_part_has_its_wish(parts: list[FormPart]) -> None:
    minutes = wished(parts)
    there = [part for part in parts if part.over is None or minutes > part.over]
    assert [part.minutes for part in fitted(there, minutes)] == [part.wish for part in there if part.wish]


@any_of(programmes(), st.integers(0, LONGEST_MEETING), st.integers(1, 60))
def test_a_longer_meeting_never_makes_a_part_shorter_but_to_make_room_for_its_break(
    parts: list[FormPart], minutes: int, more: int
) -> None:
    minutes = max(minutes, shortest(parts))
    if any(part.over is not None and minutes <= part.over < minutes + more for part in parts):
        return
    short, long = spread(parts, minutes), spread(parts, minutes + more)
    assert all(before.minutes <= after.minutes for before, after in zip(short, long, strict=True))


@any_of(programmes(long_breaks=False), st.integers(0, LONGEST_MEETING))
def test_at_most_one_part_leaves_the_fives_that_its_wish_and_need_are_on(parts: list[FormPart], minutes: int) -> None:
    """Where each part can give whole steps. What is odd in the wish itself stays as odd as it was."""
    whole = [
        part.model_copy(update={"minimum": part.wish - (part.wish - part.minimum) // STEP * STEP, "weight": 1})
        for part in parts
    ]
    minutes = max(minutes, shortest(whole))
    odd = [
        part.part.id
        for part, fits in zip(whole, spread(whole, minutes), strict=True)
        if fits.minutes and (fits.minutes - part.wish) % STEP
    ]
    assert len(odd) <= 1


def test_what_is_left_of_the_time_is_shared_by_weight() -> None:
    parts = [a_part(1, 10, 10, 30), a_part(2, 10, 10, 10), a_part(3, 10, 10, 0)]
    assert [part.minutes for part in fitted(parts, 100)] == [50, 30, 20]
    assert [part.minutes for part in fitted(parts, 50)] == [10, 20, 20]
    assert [part.minutes for part in fitted(parts, 30)] == [10, 10, 10]


def test_where_no_part_has_a_weight_all_share_alike() -> None:
    assert [part.minutes for part in fitted([a_part(1, 5, 0, 0), a_part(2, 5, 0, 0)], 30)] == [15, 15]


@pytest.mark.parametrize(("package", "form"), PROGRAMMES)
@pytest.mark.parametrize("minutes", [90, 105, 120, 135, 150, 155, 165, 180, 210, 240])
def test_our_packages_keep_their_clock_on_the_fives_where_groups_begin(
    package: Package, form: Format, minutes: int
) -> None:
    begun = 0
    for part in fitted(package.programme.of(form), minutes):
        assert part.kind != "group_work" or begun % STEP == 0
        begun += part.minutes
    assert begun == minutes


@pytest.mark.parametrize(("package", "form"), PROGRAMMES)
def test_a_meeting_of_more_than_two_and_a_half_hours_has_a_break(package: Package, form: Format) -> None:
    for minutes in range(151, LONGEST_MEETING + 1):
        assert any(part.kind == "break" and part.minutes >= 10 for part in fitted(package.programme.of(form), minutes))

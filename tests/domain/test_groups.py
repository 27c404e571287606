"""Groups of four: everybody once, colleagues apart, few who have met; never worse than by looking at every way."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.groups import Draw, Groups, crowded, draw_groups, pairs_in, sizes_of

PRACTICES = st.lists(st.sampled_from("abcde"), min_size=1, max_size=9)
CLUSTERS = st.lists(st.integers(1, 9), min_size=1, max_size=30).filter(lambda sizes: sum(sizes) <= 73)


def people(practices: Sequence[str]) -> dict[str, str]:
    return {f"p{number:02}": practice for number, practice in enumerate(practices)}


def a_cluster(sizes: Sequence[int]) -> dict[str, str]:
    return people([f"praksis {number}" for number, size in enumerate(sizes) for _ in range(size)])


def every_way(left: Sequence[str], sizes: Sequence[int]) -> Iterator[Groups]:
    if not sizes:
        yield ()
        return
    first, *others = left
    for size in sorted(set(sizes)):
        remaining = list(sizes)
        remaining.remove(size)
        for together in combinations(others, size - 1):
            rest = [each for each in others if each not in together]
            for groups in every_way(rest, remaining):
                yield ((first, *together), *groups)


def again(groups: Groups, before: Groups) -> int:
    met = {frozenset(pair) for group in before for pair in combinations(group, 2)}
    return sum(frozenset(pair) in met for group in groups for pair in combinations(group, 2))


def fewest(practices: Mapping[str, str], before: Groups = ()) -> tuple[int, int]:
    ways = every_way(sorted(practices), sizes_of(len(practices)))
    return min((pairs_in(groups, practices), again(groups, before)) for groups in ways)


@pytest.mark.parametrize(
    ("number", "sizes"),
    [(0, ()), (1, (1,)), (2, (2,)), (3, (3,)), (4, (4,)), (5, (5,)), (6, (3, 3)), (7, (4, 3)), (8, (4, 4)),
     (9, (5, 4)), (10, (4, 3, 3)), (11, (4, 4, 3)), (13, (5, 4, 4)), (14, (4, 4, 3, 3))],
)  # fmt: skip
def test_there_are_fours_and_others_only_where_the_number_demands_it(number: int, sizes: tuple[int, ...]) -> None:
    assert sizes_of(number) == sizes


def test_no_number_has_more_than_two_groups_that_are_no_four() -> None:
    for number in range(4, 74):
        sizes = sizes_of(number)
        assert sum(sizes) == number
        assert sum(size != 4 for size in sizes) <= 2
        assert set(sizes) <= {3, 4, 5}


@given(CLUSTERS, st.text(max_size=5))
def test_everybody_sits_in_one_group_of_the_right_size(cluster: list[int], seed: str) -> None:
    practices = a_cluster(cluster)
    drawn = draw_groups(practices, seed)
    assert sorted(person for group in drawn.groups for person in group) == sorted(practices)
    assert sorted((len(group) for group in drawn.groups), reverse=True) == sorted(
        sizes_of(len(practices)), reverse=True
    )
    assert drawn.colleagues == pairs_in(drawn.groups, practices)


@given(PRACTICES, st.text(max_size=3))
@settings(max_examples=60)
def test_no_other_way_has_fewer_pairs_of_colleagues(practices: list[str], seed: str) -> None:
    cluster = people(practices)
    assert draw_groups(cluster, seed).colleagues == fewest(cluster)[0]


@given(PRACTICES, st.text(max_size=3))
@settings(max_examples=60)
def test_no_other_second_draw_has_fewer_who_have_met_with_as_few_colleagues(practices: list[str], seed: str) -> None:
    cluster = people(practices)
    first = draw_groups(cluster, f"{seed} 1").groups
    second = draw_groups(cluster, f"{seed} 2", [first])
    assert (second.colleagues, second.met_before) == fewest(cluster, first)
    assert second.met_before == again(second.groups, first)
    assert second.is_fewest


@given(CLUSTERS)
@settings(max_examples=40, deadline=None)
def test_colleagues_sit_together_only_where_a_practice_has_more_people_than_there_are_groups_or_room(
    cluster: list[int],
) -> None:
    practices = a_cluster(cluster)
    sizes = sizes_of(len(practices))
    # Gale and Ryser: the k largest practices find room apart where groups hold them, for each k.
    largest = sorted(cluster, reverse=True)
    fits = all(sum(largest[:count]) <= sum(min(size, count) for size in sizes) for count in range(1, len(largest) + 1))
    assert (draw_groups(practices, "x").colleagues == 0) == fits


@given(CLUSTERS)
@settings(max_examples=15, deadline=None)
def test_a_second_draw_keeps_colleagues_as_far_apart_as_the_first(cluster: list[int]) -> None:
    practices = a_cluster(cluster)
    first = draw_groups(practices, "1")
    second = draw_groups(practices, "2", [first.groups])
    assert second.colleagues == first.colleagues
    assert second.met_before == again(second.groups, first.groups)


@pytest.mark.parametrize("number", [16, 18, 19, 29, 42, 73])
def test_in_a_cluster_of_pairs_nobody_meets_anybody_again(number: int) -> None:
    practices = {f"p{each}": f"praksis {each // 2}" for each in range(number)}
    first = draw_groups(practices, "1")
    second = draw_groups(practices, "2", [first.groups])
    assert (first.colleagues, second.colleagues, second.met_before) == (0, 0, 0)
    assert second.is_fewest


def test_a_group_of_five_over_four_groups_has_one_pair_who_meet_again_and_that_is_the_fewest() -> None:
    practices = a_cluster([1] * 17)
    second = draw_groups(practices, "2", [draw_groups(practices, "1").groups])
    assert (second.met_before, second.is_fewest) == (1, True)


def test_the_same_seed_gives_the_same_groups_in_whatever_order_people_come() -> None:
    practices = a_cluster([3, 2, 2, 1, 4, 1, 1, 5])
    turned = dict(reversed(practices.items()))
    assert draw_groups(practices, "o-1 1") == draw_groups(turned, "o-1 1")
    assert draw_groups(practices, "o-1 1") != draw_groups(practices, "o-1 2")


def test_who_has_no_practice_is_nobodys_colleague() -> None:
    assert draw_groups({"a": "", "b": "", "c": "", "d": ""}, "x").colleagues == 0


def test_a_practice_with_more_people_than_there_are_groups_is_why_colleagues_sit_together() -> None:
    practices = a_cluster([5, 2, 1])
    assert crowded(practices) == {"praksis 0": 3}
    assert draw_groups(practices, "x").colleagues == 4  # three and two of the five
    assert crowded(a_cluster([2, 2, 2, 2])) == {}


def test_who_has_gone_home_after_the_first_draw_is_not_counted_in_the_second() -> None:
    practices = a_cluster([1] * 16)
    first = draw_groups(practices, "1")
    stayed = {person: practice for person, practice in practices.items() if person != "p00"}
    second = draw_groups(stayed, "2", [first.groups])
    assert sorted(person for group in second.groups for person in group) == sorted(stayed)
    assert isinstance(second, Draw)

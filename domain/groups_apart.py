"""People of one kind spread over groups so that as few pairs of a kind as possible share one: a flow of least cost.

The n-th of a kind in a group costs n - 1 pairs, which grows, so that cheapest paths one after the other give the least
cost there is (Ahuja, Magnanti & Orlin, Network Flows, 1993, sections 9.7 and 14.3).
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

Sharing = list[list[int]]
"""How many of each kind (row) are in each group (column)."""


def spread(kinds: Mapping[str, str], sizes: Sequence[int], chance: random.Random) -> tuple[tuple[str, ...], ...]:
    """Everybody in a group, with the fewest pairs of a kind that there can be. `kinds` tells whose kind is whose."""
    members: dict[str, list[str]] = defaultdict(list)
    for person, kind in kinds.items():
        members[kind].append(person)
    rows = sorted(members.values(), key=len, reverse=True)  # ties stay in the order of the draw
    groups: list[list[str]] = [[] for _ in sizes]
    for people, row in zip(rows, _shared([len(row) for row in rows], sizes, chance), strict=True):
        left = iter(people)
        for group, count in zip(groups, row, strict=True):
            group.extend(next(left) for _ in range(count))
    return tuple(tuple(group) for group in groups)


def fewest_pairs(kinds: Sequence[int], sizes: Sequence[int]) -> int:
    """The fewest pairs of a kind that must share a group, for so many of each kind; there is room for all of them."""
    shared = _shared(sorted(kinds, reverse=True), sizes, random.Random(0))  # noqa: S311
    return sum(count * (count - 1) // 2 for row in shared for count in row)


def _shared(kinds: Sequence[int], sizes: Sequence[int], chance: random.Random) -> Sharing:
    shared = [[0] * len(sizes) for _ in kinds]
    room = list(sizes)
    for kind, count in enumerate(kinds):
        for _ in range(count):
            free = [group for group, left in enumerate(room) if left and not shared[kind][group]]
            if free:
                most = max(room[group] for group in free)
                path = [(kind, chance.choice([group for group in free if room[group] == most]))]
            else:
                path = _cheapest_path(shared, room, kind)
            for row, group in path:
                shared[row][group] += 1
            for (_, group), (row, _) in pairwise(path):
                shared[row][group] -= 1
            room[path[-1][1]] -= 1
    return shared


def _cheapest_path(shared: Sharing, room: Sequence[int], start: int) -> list[tuple[int, int]]:
    """One more of a kind put into a group, one of another moved on from there, until a group has room."""
    never = float("inf")
    kinds, groups = range(len(shared)), range(len(room))
    to_kind: list[float] = [never] * len(shared)
    to_group: list[float] = [never] * len(room)
    from_kind, from_group = [-1] * len(room), [-1] * len(shared)
    to_kind[start] = 0
    changed = True
    while changed:
        changed = False
        for kind in kinds:
            for group in groups:
                there = to_kind[kind] + shared[kind][group]
                if there < to_group[group]:
                    to_group[group], from_kind[group], changed = there, kind, True
                back = to_group[group] - shared[kind][group] + 1
                if shared[kind][group] and back < to_kind[kind]:
                    to_kind[kind], from_group[kind], changed = back, group, True
    group = min((group for group in groups if room[group]), key=lambda each: to_group[each])
    path = [(from_kind[group], group)]
    while path[0][0] != start:
        group = from_group[path[0][0]]
        path.insert(0, (from_kind[group], group))
    return path

"""Groups in which few have sat together before: every way looked at for few people, exchanges of two for many."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence

Groups = tuple[tuple[str, ...], ...]
Met = Counter[frozenset[str]]
"""How often two people have sat together."""
Cost = tuple[int, int]
"""Pairs of colleagues, then pairs who have met."""

EXCHANGES, STARTS = 400, 4
"""So often two people are exchanged from one start, and so many starts there are: a second's work at most."""
ASTRAY = 0.1
"""How often an exchange need not be the best one, so that the search leaves where it is stuck."""


def smallest(
    people: Sequence[str], sizes: Sequence[int], practices: Mapping[str, str], met: Met, least: Cost
) -> Groups:
    """The groups of least cost, by looking at all of them; at once where one costs no more than `least`."""
    costs = _costs(people, practices, met)
    best: tuple[Cost, Groups] | None = None
    groups: list[list[str]] = [[] for _ in sizes]

    def place(number: int, so_far: Cost) -> bool:
        """Put the next into each group there is room in; whether it can be no better."""
        nonlocal best
        if best is not None and so_far >= best[0]:
            return False
        if number == len(people):
            best = so_far, tuple(tuple(group) for group in groups)
            return so_far <= least
        person = people[number]
        empty: set[int] = set()
        for group, size in zip(groups, sizes, strict=True):
            if len(group) == size or (not group and size in empty):
                continue
            if not group:
                empty.add(size)
            more = [costs[person, other] for other in group]
            here = (so_far[0] + sum(cost[0] for cost in more), so_far[1] + sum(cost[1] for cost in more))
            group.append(person)
            done = place(number + 1, here)
            group.pop()
            if done:
                return True
        return False

    place(0, (0, 0))
    if best is None:
        return ()
    return best[1]


def improved(start: Groups, practices: Mapping[str, str], met: Met, least: Cost, chance: random.Random) -> Groups:
    """The best groups found by exchanging two people at a time; never more pairs of colleagues than at the start."""
    people = [person for group in start for person in group]
    costs = _costs(people, practices, met)
    best = start, _cost_of(start, costs)
    for _ in range(STARTS):
        groups = [list(group) for group in start]
        for _ in range(EXCHANGES):
            if best[1] <= least:
                return best[0]
            if not _exchange(groups, costs, chance):
                break
            cost = _cost_of(groups, costs)
            if cost < best[1]:
                best = tuple(tuple(group) for group in groups), cost
    return best[0]


def _exchange(groups: list[list[str]], costs: Mapping[tuple[str, str], Cost], chance: random.Random) -> bool:
    """Exchange somebody who should not sit where they sit with whom it helps most; False where all sit well."""
    unhappy = [
        (place, seat)
        for place, group in enumerate(groups)
        for seat, person in enumerate(group)
        if any(costs[person, other] != (0, 0) for other in group if other != person)
    ]
    if not unhappy:
        return False
    place, seat = chance.choice(unhappy)
    others = [(other, chair) for other, group in enumerate(groups) if other != place for chair in range(len(group))]
    if not others:
        return False
    chance.shuffle(others)
    if chance.random() < ASTRAY:
        other, chair = others[0]
    else:
        other, chair = min(others, key=lambda each: _change(groups, (place, seat), each, costs))
    groups[place][seat], groups[other][chair] = groups[other][chair], groups[place][seat]
    return True


def _change(
    groups: Sequence[Sequence[str]], one: tuple[int, int], two: tuple[int, int], costs: Mapping[tuple[str, str], Cost]
) -> Cost:
    """How much more the groups cost after the exchange."""
    colleagues = again = 0
    for (place, seat), (other, chair) in ((one, two), (two, one)):
        goes, comes = groups[place][seat], groups[other][chair]
        for number, stays in enumerate(groups[place]):
            if number != seat:
                before, after = costs[goes, stays], costs[comes, stays]
                colleagues += after[0] - before[0]
                again += after[1] - before[1]
    return colleagues, again


def _costs(people: Sequence[str], practices: Mapping[str, str], met: Met) -> dict[tuple[str, str], Cost]:
    return {
        (one, two): (int(practices[one] == practices[two]), met[frozenset((one, two))])
        for one in people
        for two in people
        if one != two
    }


def _cost_of(groups: Sequence[Sequence[str]], costs: Mapping[tuple[str, str], Cost]) -> Cost:
    pairs = [costs[one, two] for group in groups for number, one in enumerate(group) for two in group[:number]]
    return sum(cost[0] for cost in pairs), sum(cost[1] for cost in pairs)

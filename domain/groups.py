"""Groups of four without colleagues from one practice, drawn so that the same seed gives the same groups.

Where colleagues can't be kept apart, as few pairs of them as possible sit together: that is shown, not hoped for.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from domain.groups_apart import fewest_pairs, spread
from domain.groups_search import improved, smallest

Groups = tuple[tuple[str, ...], ...]
"""Who sits together, by id."""

FOUR = 4
EXACTLY_UP_TO = 13
"""People for whom a later draw looks at every way to share them out; there are 45,045 of them."""


@dataclass(frozen=True)
class Draw:
    """Groups, and what could not be had: pairs of colleagues, and pairs who have sat together before.

    `colleagues` is the fewest possible. `met_before` is so where `is_fewest`, and otherwise the fewest that was found.
    """

    groups: Groups
    colleagues: int
    met_before: int
    is_fewest: bool = True


def sizes_of(people: int) -> tuple[int, ...]:
    """The groups' sizes, largest first: fours, and one five, one three or two threes where the number demands it.

    Two people are a group, and so is one; nobody is none.
    """
    if people <= FOUR + 1:
        return (people,) if people else ()
    fours, left = divmod(people, FOUR)
    match left:
        case 1:
            return (FOUR + 1, *(FOUR for _ in range(fours - 1)))
        case 2:
            return (*(FOUR for _ in range(fours - 1)), FOUR - 1, FOUR - 1)
        case 3:
            return (*(FOUR for _ in range(fours)), FOUR - 1)
    return tuple(FOUR for _ in range(fours))


def draw_groups(practices: Mapping[str, str], seed: str, before: Sequence[Groups] = ()) -> Draw:
    """Share people out. `practices` has the practice of each by id; who has none (empty) is nobody's colleague.

    Colleagues are kept apart first; then, of people who sat together in a draw `before`, as few as can be sit together
    again. The same people, seed and draws before give the same groups.
    """
    people = sorted(practices)
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated, nothing secret
    chance.shuffle(people)
    sizes = sizes_of(len(people))
    of_practice = {person: practices[person] or f"alone {person}" for person in people}
    apart = spread(of_practice, sizes, chance)
    earlier = [[[each for each in group if each in practices] for group in draw] for draw in before]
    met = Counter(frozenset(pair) for draw in earlier for group in draw for pair in combinations(sorted(group), 2))
    colleagues = pairs_in(apart, of_practice)
    bound = sum(fewest_pairs([len(group) for group in draw], sizes) for draw in earlier)
    if len(people) <= EXACTLY_UP_TO and met:
        groups = smallest(people, sizes, of_practice, met, (colleagues, bound))
        return _draw(groups, of_practice, met, is_fewest=True)
    groups = improved(apart, of_practice, met, (colleagues, bound), chance) if met else apart
    drawn = _draw(groups, of_practice, met, is_fewest=False)
    return Draw(drawn.groups, drawn.colleagues, drawn.met_before, is_fewest=drawn.met_before == bound)


def pairs_in(groups: Sequence[Sequence[str]], practices: Mapping[str, str]) -> int:
    """Pairs of colleagues who sit together."""
    counted = (Counter(practices[person] for person in group) for group in groups)
    return sum(count * (count - 1) // 2 for each in counted for count in each.values())


def crowded(practices: Mapping[str, str]) -> Mapping[str, int]:
    """How many people each practice has more than there are groups: why colleagues can't be kept apart."""
    groups = len(sizes_of(len(practices)))
    by_practice = Counter(filter(None, practices.values()))
    return {practice: count - groups for practice, count in by_practice.items() if count > groups}


def _draw(groups: Groups, practices: Mapping[str, str], met: Counter[frozenset[str]], *, is_fewest: bool) -> Draw:
    again = sum(met[frozenset(pair)] for group in groups for pair in combinations(group, 2))
    return Draw(groups, pairs_in(groups, practices), again, is_fewest=is_fewest)

"""First rounds over all clusters: parts that have no round in common and pass the gate, whatever is subtracted."""

import itertools
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import domain.first_rounds
from domain.first_rounds import ELSEWHERE, FirstRound, FirstRounds, batch_of_first_rounds
from domain.model import ClusterId, Round
from domain.national import Batch, Pair, batch_of
from domain.national_gate import ANSWERS_AT_LEAST, CLUSTERS_AT_LEAST
from domain.results import ItemResult, Results
from tests.domain.test_national import a_round
from tests.the_packages import TRIVSEL

ITEM = "arbejdsglaede"
REGIONS = ("nordjylland", "midtjylland", "syddanmark")


@cache
def said(round_: Round, n: int, point: int) -> Results:
    return a_round(round_, [point if each % 2 else 5 for each in range(n)], n // 2, n // 5)


def a_first_round(cluster: str, n: int, region: str = "nordjylland", point: int = 3, year: int = 2027) -> FirstRound:
    return FirstRound(ClusterId(cluster), region, year, said(Round.BASELINE, n, point))


def batch(rounds: Sequence[FirstRound]) -> FirstRounds:
    found = batch_of_first_rounds(rounds, TRIVSEL)
    assert found is not None
    return found


def test_six_clusters_are_told_of_and_five_are_not() -> None:
    rounds = [a_first_round(f"c{number}", 20, ELSEWHERE) for number in range(6)]
    assert batch(rounds).indices["who5"][ELSEWHERE].clusters == 6
    assert batch_of_first_rounds(rounds[:5], TRIVSEL) is None


def test_a_large_clusters_own_answers_do_not_open_the_gate_for_it() -> None:
    rounds = [a_first_round(f"c{number}", 19) for number in range(5)]
    assert batch_of_first_rounds([*rounds, a_first_round("stor", 73)], TRIVSEL) is None


def test_what_is_told_is_what_the_answers_say() -> None:
    found = batch([a_first_round(f"c{number}", 20 + number, point=number % 5) for number in range(6)])
    (scores,) = found.indices["who5"].values()
    points = [20 * (number % 5 if each % 2 else 5) for number in range(6) for each in range(20 + number)]
    assert scores.n == len(points)
    assert scores.counts == {str(score): points.count(score) for score in sorted(set(points))}
    total = sum(int(score) * count for score, count in scores.counts.items())
    assert total / scores.n == pytest.approx(statistics.mean(points))


def test_a_region_with_enough_is_a_part_and_the_rest_another() -> None:
    rounds = [a_first_round(f"n{number}", 21, "nordjylland") for number in range(6)]
    rounds += [a_first_round(f"m{number}", 21, REGIONS[1 + number % 2]) for number in range(6)]
    parts = batch(rounds).items[ITEM]
    assert {region: part.clusters for region, part in parts.items()} == {"nordjylland": 6, ELSEWHERE: 6}


def test_a_rest_too_small_to_be_told_takes_the_smallest_region_with_it() -> None:
    rounds = [a_first_round(f"n{number}", 21, "nordjylland") for number in range(6)]
    rounds += [a_first_round(f"m{number}", 30, "midtjylland") for number in range(6)]
    rounds += [a_first_round("s", 30, "syddanmark")]
    parts = batch(rounds).items[ITEM]
    assert {region: part.clusters for region, part in parts.items()} == {"midtjylland": 6, ELSEWHERE: 7}


def test_rounds_too_small_for_shares_are_not_counted() -> None:
    many = [a_first_round(f"c{number}", 25) for number in range(6)]
    assert batch([*many, a_first_round("lille", 9), a_first_round("mindre", 4)]) == batch(many)


def test_neither_free_texts_nor_a_clusters_own_questions_nor_single_questions_of_an_index_are_counted() -> None:
    def with_own(round_: FirstRound) -> FirstRound:
        own = ItemResult(n=25, counts={"Ja": 25}, share={})
        results = round_.results.model_copy(update={"items": {**round_.results.items, "egen_1": own}})
        return FirstRound(round_.cluster, round_.region, round_.year, results)

    found = batch([with_own(a_first_round(f"c{number}", 25)) for number in range(6)])
    assert set(found.items) == {ITEM}
    assert set(found.indices) == {"who5"}


def test_a_round_has_all_its_indices_in_or_none() -> None:
    """Two that share questions, over different clusters, could be subtracted from each other."""
    (who5,) = TRIVSEL.indices
    package = TRIVSEL.model_copy(update={"indices": (who5, who5.model_copy(update={"id": "kort"}))})

    def with_both(round_: FirstRound, *, told: bool) -> FirstRound:
        indices = round_.results.indices | ({"kort": round_.results.indices["who5"]} if told else {})
        results = round_.results.model_copy(update={"indices": indices})
        return FirstRound(round_.cluster, round_.region, round_.year, results)

    rounds = [with_both(a_first_round(f"c{number}", 25), told=number < 6) for number in range(7)]
    found = batch_of_first_rounds(rounds, package)
    assert found is not None
    assert {index: part["nordjylland"].clusters for index, part in found.indices.items()} == {"who5": 6, "kort": 6}
    assert found.items[ITEM]["nordjylland"].clusters == 7


def test_numbers_in_groups_are_not_counted_as_numbers() -> None:
    """A rating under ten answers has groups of numbers; its round may have ten."""

    def with_rating(round_: FirstRound, n: int) -> FirstRound:
        told = n >= TRIVSEL.disclosure.percentages_from
        rating = ItemResult(n=n, counts={"4": n} if told else {"4–7": n}, mean=4.0, sd=0.0 if told else None)
        results = round_.results.model_copy(update={"items": {"belastning_01": rating}})
        return FirstRound(round_.cluster, round_.region, round_.year, results)

    rounds = [with_rating(a_first_round(f"c{number}", 25), 25) for number in range(6)]
    few = with_rating(a_first_round("c6", 25), 9)
    assert batch([*rounds, few]).items["belastning_01"]["nordjylland"].counts == {"4": 150}


# --- an attacker ----------------------------------------------------------------------------------------------------

AT_ONCE = 4
"""Published figures that the attacker adds and subtracts in one go."""

Round_ = tuple[str, str]
"""Which cluster, and which of its rounds."""
Published = tuple[frozenset[Round_], str]
"""Over which rounds a published figure is, and of what."""

Order = tuple[int, int, int, int]
"""Region, answers in the first round, answers in the follow-up (under 3: none), and quarters from one to the other."""


def history(quarters: Sequence[Sequence[Order]]) -> list[Published]:
    """Everything that is ever published of clusters that each have one order, as the nights make it."""
    waiting, pairs = list[FirstRound](), list[Pair]()
    coming = defaultdict[int, list[Pair]](list)
    published = list[Published]()
    names = (f"c{number}" for number in itertools.count())
    for now, quarter in enumerate(quarters):
        for region, first, second, later in quarter:
            one = a_first_round(next(names), first, REGIONS[region])
            waiting.append(one)
            if second >= 3:
                coming[now + later].append(Pair(one.cluster, one.results, said(Round.FOLLOW_UP, second, 4)))
        pairs += coming.pop(now, [])
        if found := batch_of_first_rounds(waiting, TRIVSEL):
            published += parts_of(found, waiting)
            waiting = []
        if change := batch_of(pairs, TRIVSEL):
            published += changes_of(change, pairs)
            pairs = []
    return published


def parts_of(found: FirstRounds, rounds: Sequence[FirstRound]) -> Iterable[Published]:
    """Which rounds each part is over, found anew from how many clusters and answers it says."""
    for what, parts in (*found.indices.items(), *found.items.items()):
        counted = [each for each in rounds if each.results.n >= TRIVSEL.disclosure.percentages_from]
        for region, part in parts.items():
            those = [e for e in counted if e.region == region or (region == ELSEWHERE and e.region not in parts)]
            assert (part.clusters, part.n) == (len(those), sum(each.results.n for each in those))
            yield frozenset((each.cluster, "first") for each in those), what


def changes_of(change: Batch, pairs: Sequence[Pair]) -> Iterable[Published]:
    """A change is a figure over both rounds of its orders."""
    counted = [pair for pair in pairs if min(pair.before.n, pair.after.n) >= TRIVSEL.disclosure.percentages_from]
    for key in change.changes:
        what = key.partition(".")[0]
        yield frozenset((pair.cluster, which) for pair in counted for which in ("first", "second")), what


def isolated(published: Sequence[Published], sizes: dict[Round_, int]) -> list[frozenset[Round_]]:
    """Whatever adding and subtracting published figures leaves of rounds, if that is too few for the gate.

    Coefficients −1 and 1 on up to `AT_ONCE` figures of one item: sums, differences, sums of differences. A round whose
    coefficients add up to 0 has gone. An attacker who is one of the clusters takes its own rounds out besides.
    """
    found, seen = list[frozenset[Round_]](), set[frozenset[Round_]]()
    for what in {name for _, name in published}:
        sums = {rounds for rounds, name in published if name == what}
        for many in range(1, AT_ONCE + 1):
            for chosen in itertools.combinations(sums, many):
                together = frozenset[Round_]().union(*chosen)
                places = {each: tuple(each in rounds for rounds in chosen) for each in together}
                for signs in itertools.product((1, -1), repeat=many - 1):
                    gone = {p for p in set(places.values()) if not sum(itertools.compress((1, *signs), p))}
                    left = frozenset(each for each, place in places.items() if place not in gone)
                    if left and left not in seen:
                        seen.add(left)
                        found += [] if hides(left, sizes) else [left]
    return found


def hides(rounds: frozenset[Round_], sizes: dict[Round_, int]) -> bool:
    clusters = {cluster for cluster, _ in rounds}
    if len(clusters) <= CLUSTERS_AT_LEAST:
        return False
    return all(sum(sizes[each] for each in rounds if each[0] != own) >= ANSWERS_AT_LEAST for own in clusters)


def sizes_of(quarters: Sequence[Sequence[Order]]) -> dict[Round_, int]:
    orders = [order for quarter in quarters for order in quarter]
    return {
        (f"c{number}", which): n
        for number, (_, first, second, _) in enumerate(orders)
        for which, n in (("first", first), ("second", second))
    }


ORDERS = st.tuples(st.integers(0, 2), st.integers(4, 45), st.integers(0, 45), st.integers(0, 2))
HISTORIES = st.lists(st.lists(ORDERS, max_size=16), min_size=1, max_size=4)


@given(quarters=HISTORIES)
@settings(max_examples=40, deadline=None)
def test_nothing_published_at_any_time_isolates_fewer_than_five_other_clusters_and_a_hundred_answers(
    quarters: list[list[Order]],
) -> None:
    assert isolated(history(quarters), sizes_of(quarters)) == []


SIX_AND_ONE: list[list[Order]] = [[(0, 30, 30, 1)] * 6 + [(1, 30, 0, 0)]]


def test_the_attacker_finds_a_cluster_where_the_gate_lets_it_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what the tests above can see: a gate that counts clusters one too few, or lets a small rest stand."""
    assert isolated(history(SIX_AND_ONE), sizes_of(SIX_AND_ONE)) == []
    monkeypatch.setattr(domain.first_rounds, "may_be_told", lambda answers: bool(list(answers)))
    assert isolated(history(SIX_AND_ONE), sizes_of(SIX_AND_ONE))


def test_the_attacker_finds_a_cluster_where_levels_of_other_orders_stand_beside_first_rounds() -> None:
    """Why batches of orders with a follow-up tell of changes alone."""
    quarters: list[list[Order]] = [[(0, 30, 30, 1)] * 6 + [(0, 30, 0, 0)], []]
    published = history(quarters)
    with_levels = [*published, *((frozenset(r for r in rounds if r[1] == "first"), what) for rounds, what in published)]
    assert isolated(published, sizes_of(quarters)) == []
    assert frozenset({("c6", "first")}) in isolated(with_levels, sizes_of(quarters))

"""Before and after over all clusters: whatever is subtracted from whatever, no cluster comes out alone."""

import statistics
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.disclosure import disclose
from domain.model import ClusterId, Round
from domain.national import (
    STEPS,
    Batch,
    Pair,
    Said,
    Scores,
    Told,
    batch_of,
    change_of_points,
    changes_of_shares,
    national,
)
from domain.national_gate import ANSWERS_AT_LEAST, CLUSTERS_AT_LEAST
from domain.package import Answers
from domain.policies import Disclosure
from domain.results import Results
from domain.tabulation import tabulate
from tests.the_packages import TRIVSEL

ITEM = "arbejdsglaede"
SOME: dict[str, int] = {"orders": 6}
HIGH, LOW = TRIVSEL.bars_of(TRIVSEL.item(ITEM))["high"], TRIVSEL.bars_of(TRIVSEL.item(ITEM))["low"]
OPTIONS = {option.label: option.id for option in TRIVSEL.options_of(TRIVSEL.item(ITEM))}


def a_round(round_: Round, scores: list[int], high: int, low: int) -> Results:
    """As a cluster is shown it: one doctor a score (the five answers of WHO-5 alike), so many at each end."""
    choices = [OPTIONS[HIGH[0]]] * high + [OPTIONS[LOW[0]]] * low
    middle = next(each for label, each in OPTIONS.items() if label not in {*HIGH, *LOW})
    choices += [middle] * (len(scores) - len(choices))
    rows: list[Answers] = [
        {**{f"who5_{number}": score for number in range(1, 6)}, ITEM: choice}
        for score, choice in zip(scores, choices, strict=True)
    ]
    return disclose(tabulate(TRIVSEL, round_, 73, rows, lambda texts: None), Disclosure())


@cache
def rounds_of(before: int, after: int, points: tuple[int, int]) -> tuple[Results, ...]:
    return tuple(
        a_round(round_, [point if each % 2 else 5 for each in range(n)], n // 2, n // 5)
        for round_, n, point in ((Round.BASELINE, before, points[0]), (Round.FOLLOW_UP, after, points[1]))
    )


def a_pair(cluster: str, before: int, after: int, points: tuple[int, int] = (2, 3)) -> Pair:
    """A cluster with so many answers in each round, some of everything."""
    return Pair(ClusterId(cluster), *rounds_of(before, after, points))


def test_a_cluster_beside_five_others_with_a_hundred_answers_is_told_of() -> None:
    batch = batch_of([a_pair(f"c{number}", 20, 20) for number in range(6)], TRIVSEL)
    assert batch is not None
    assert (batch.orders, batch.clusters) == (6, 6)
    assert (batch.changes["who5"].n_before, batch.changes[f"{ITEM}.high"].n_after) == (120, 120)


@pytest.mark.parametrize(("clusters", "before", "after"), [(5, 70, 70), (6, 19, 40), (6, 40, 19), (9, 11, 11)], ids=str)
def test_where_a_cluster_has_fewer_than_five_others_or_a_hundred_of_their_answers_nothing_is(
    clusters: int, before: int, after: int
) -> None:
    assert batch_of([a_pair(f"c{number}", before, after) for number in range(clusters)], TRIVSEL) is None


def test_a_large_clusters_own_answers_do_not_open_the_gate_for_it() -> None:
    others = [a_pair(f"c{number}", 19, 19) for number in range(5)]
    assert batch_of([*others, a_pair("stor", 70, 70)], TRIVSEL) is None


def test_one_cluster_six_times_is_one_cluster() -> None:
    assert batch_of([a_pair("c", 40, 40) for _ in range(6)], TRIVSEL) is None


def test_a_round_too_small_for_shares_is_not_added_up() -> None:
    many = [a_pair(f"c{number}", 25, 25) for number in range(6)]
    with_small = batch_of([*many, a_pair("lille", 9, 25), a_pair("mindre", 25, 4)], TRIVSEL)
    assert with_small == batch_of(many, TRIVSEL)


def test_an_item_that_too_few_clusters_could_show_is_left_out_and_the_rest_is_told() -> None:
    pairs = [a_pair(f"c{number}", 30, 30) for number in range(6)]
    bare = pairs[0].after.model_copy(
        update={"items": {name: item for name, item in pairs[0].after.items.items() if name != ITEM}}
    )
    batch = batch_of([Pair(pairs[0].cluster, pairs[0].before, bare), *pairs[1:]], TRIVSEL)
    assert batch is not None
    assert set(batch.changes) == {"who5"}


def test_what_is_told_is_how_much_the_answers_changed() -> None:
    pairs = [a_pair(f"c{number}", 20 + number, 30 + number, (number % 5, (number + 1) % 5)) for number in range(6)]
    batch = batch_of(pairs, TRIVSEL)
    assert batch is not None
    found = {(each.item, each.part): each for each in national([batch]).changes}

    def scores(more: int, on: int) -> list[int]:
        return [
            20 * ((number + on) % 5 if each % 2 else 5) for number in range(6) for each in range(20 + number + more)
        ]

    change = statistics.mean(scores(10, 1)) - statistics.mean(scores(0, 0))
    assert found["who5", ""].difference.value == pytest.approx(change, abs=0.05)
    high = [sum((n + number) // 2 for number in range(6)) / sum(n + number for number in range(6)) for n in (20, 30)]
    assert found[ITEM, "high"].difference.value == pytest.approx(high[1] - high[0], abs=0.005)
    assert found[ITEM, "high"].verdict == "uncertain"


def test_batches_together_weigh_by_what_each_knows() -> None:
    batches = [
        Batch(
            orders=6,
            clusters=6,
            changes={"who5": Told(**SOME, n_before=n, n_after=n, difference=d, low=d - 2, high=d + 2)},
        )
        for n, d in ((100, 2.0), (300, 6.0))
    ]
    (change,) = national(batches).changes
    assert (change.orders, change.n_before) == (12, 400)
    assert change.difference.value == pytest.approx(5)
    assert change.difference.low == pytest.approx(5 - (0.5**2 + 1.5**2) ** 0.5)


@given(n=st.integers(101, 400), m=st.integers(101, 400), high=st.floats(0.05, 0.95), changed=st.floats(-0.04, 0.04))
@settings(max_examples=40, deadline=None)
def test_a_change_of_shares_cannot_be_solved_for_how_many_there_were(
    n: int, m: int, high: float, changed: float
) -> None:
    """Exact, its fraction gives both numbers away; by its interval, shares could be told. As told, nearly all fit."""
    told = changes_of_shares(
        Said(n=n, high=round(n * high), low=0), Said(n=m, high=round(m * (high + changed)), low=0), 6
    )
    change = told["high"]
    fits = {
        before
        for before in range(n + 1)
        for after in {round(m * (before / n + change.difference)) + more for more in (-1, 0, 1)}
        if 0 <= after <= m
        and changes_of_shares(Said(n=n, high=before, low=0), Said(n=m, high=after, low=0), 6)["high"] == change
    }
    assert len(fits) >= 0.9 * n


@given(n=st.integers(101, 300), m=st.integers(101, 300), mean=st.integers(20, 80), step=st.sampled_from([1, 4, 20]))
@settings(max_examples=40, deadline=None)
def test_a_change_of_points_is_told_so_coarsely_that_any_sum_before_it_fits(
    n: int, m: int, mean: int, step: int
) -> None:
    """The sum of points goes in steps: for each sum before there is one after that gives what was told."""
    grain = max(0.1, step / STEPS)
    told = change_of_points(
        Scores(n=n, total=n * mean // step * step, squares=n * mean**2 + 9 * n),
        Scores(n=m, total=m * (mean + 1) // step * step, squares=m * (mean + 1) ** 2 + 9 * m),
        6,
        grain,
    )
    for before in range(n * 10 // step * step, n * 90, step):
        near = round(m * (before / n + told.difference) / step) * step
        fits = [round(round((after / m - before / n) / grain) * grain, 6) for after in (near - step, near, near + step)]
        assert told.difference in fits


@given(
    quarters=st.lists(
        st.lists(st.tuples(st.integers(0, 8), st.integers(3, 45), st.integers(3, 45)), max_size=10),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=40, deadline=None)
def test_no_two_publications_differ_by_less_than_five_other_clusters_and_a_hundred_answers(
    quarters: list[list[tuple[int, int, int]]],
) -> None:
    """Quarters as the nightly job goes through them: what does not pass waits, and nobody is in two batches."""
    waiting = list[Pair]()
    for quarter in quarters:
        waiting += [a_pair(f"c{cluster}", before, after) for cluster, before, after in quarter]
        batch = batch_of(waiting, TRIVSEL)
        if batch is None:
            continue
        behind = [pair for pair in waiting if min(pair.before.n, pair.after.n) >= 10]
        for own in {pair.cluster for pair in behind}:
            others = [pair for pair in behind if pair.cluster != own]
            assert len({pair.cluster for pair in others}) >= CLUSTERS_AT_LEAST
            assert min(sum(p.before.n for p in others), sum(p.after.n for p in others)) >= ANSWERS_AT_LEAST
        for change in batch.changes.values():
            assert change.n_before == sum(pair.before.n for pair in behind)
            assert change.orders == len(behind)
        waiting = []

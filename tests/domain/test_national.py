"""Before and after over all clusters: whatever is subtracted from whatever, no cluster comes out alone."""

import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.disclosure import disclose
from domain.model import ClusterId, Round
from domain.national import ANSWERS_AT_LEAST, CLUSTERS_AT_LEAST, Batch, Pair, batch_of, national
from domain.package import Answers
from domain.policies import Disclosure
from domain.results import Results
from domain.tabulation import tabulate
from tests.the_packages import TRIVSEL

ITEM = "arbejdsglaede"
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


def a_pair(cluster: str, before: int, after: int, points: tuple[int, int] = (2, 3)) -> Pair:
    """A cluster with so many answers in each round, some of everything."""
    rounds = [
        a_round(round_, [point if each % 2 else 5 for each in range(n)], n // 2, n // 5)
        for round_, n, point in ((Round.BASELINE, before, points[0]), (Round.FOLLOW_UP, after, points[1]))
    ]
    return Pair(ClusterId(cluster), *rounds)


def test_five_clusters_and_a_hundred_answers_are_told_of() -> None:
    batch = batch_of([a_pair(f"c{number}", 20, 20) for number in range(5)], TRIVSEL)
    assert batch is not None
    assert (batch.orders, batch.clusters) == (5, 5)
    assert (batch.indices["who5"].before.n, batch.items[ITEM].after.n) == (100, 100)


@pytest.mark.parametrize(("clusters", "before", "after"), [(4, 70, 70), (5, 19, 40), (5, 40, 19), (9, 11, 11)], ids=str)
def test_under_five_clusters_or_a_hundred_answers_in_either_round_nothing_is(
    clusters: int, before: int, after: int
) -> None:
    assert batch_of([a_pair(f"c{number}", before, after) for number in range(clusters)], TRIVSEL) is None


def test_one_cluster_five_times_is_one_cluster() -> None:
    assert batch_of([a_pair("c", 40, 40) for _ in range(5)], TRIVSEL) is None


def test_a_round_too_small_for_shares_is_not_added_up() -> None:
    many = [a_pair(f"c{number}", 25, 25) for number in range(5)]
    with_small = batch_of([*many, a_pair("lille", 9, 25), a_pair("mindre", 25, 4)], TRIVSEL)
    assert with_small == batch_of(many, TRIVSEL)


def test_an_item_that_too_few_clusters_could_show_is_left_out_and_the_rest_is_told() -> None:
    pairs = [a_pair(f"c{number}", 30, 30) for number in range(5)]
    bare = pairs[0].after.model_copy(
        update={"items": {name: item for name, item in pairs[0].after.items.items() if name != ITEM}}
    )
    batch = batch_of([Pair(pairs[0].cluster, pairs[0].before, bare), *pairs[1:]], TRIVSEL)
    assert batch is not None
    assert ("who5" in batch.indices, ITEM in batch.items) == (True, False)


def test_what_is_told_is_what_the_answers_say() -> None:
    pairs = [a_pair(f"c{number}", 20 + number, 30 + number, (number, number)) for number in range(5)]
    batch = batch_of(pairs, TRIVSEL)
    assert batch is not None
    found = {(each.item, each.part): each for each in national([batch]).changes}
    scores = [score * 20 for number in range(5) for score in [number if each % 2 else 5 for each in range(20 + number)]]
    assert found["who5", ""].before == pytest.approx(statistics.mean(scores))
    assert batch.indices["who5"].before.summary.sd == pytest.approx(statistics.stdev(scores))
    high = sum((20 + number) // 2 for number in range(5))
    assert found[ITEM, "high"].before == pytest.approx(high / len(scores))
    assert found[ITEM, "high"].verdict == "uncertain"


@given(
    quarters=st.lists(
        st.lists(st.tuples(st.integers(0, 7), st.integers(3, 45), st.integers(3, 45)), max_size=9),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=60, deadline=None)
def test_no_two_publications_differ_by_less_than_five_clusters_and_a_hundred_answers(
    quarters: list[list[tuple[int, int, int]]],
) -> None:
    """Quarters as the nightly job goes through them: what does not pass waits, and nobody is in two batches."""
    published, waiting = list[Batch](), list[Pair]()
    behind = list[set[str]]()
    for quarter in quarters:
        waiting += [a_pair(f"c{cluster}", before, after) for cluster, before, after in quarter]
        batch = batch_of(waiting, TRIVSEL)
        if batch is None:
            continue
        published.append(batch)
        behind.append({pair.cluster for pair in waiting if min(pair.before.n, pair.after.n) >= 10})
        waiting = []
    for later in range(len(published)):
        for earlier in range(later):
            new, old = (
                {(each.item, each.part): each for each in national(published[: last + 1]).changes}
                for last in (later, earlier)
            )
            clusters = set[str]().union(*behind[earlier + 1 : later + 1])
            for key, figure in new.items():
                n_before = figure.n_before - (old[key].n_before if key in old else 0)
                n_after = figure.n_after - (old[key].n_after if key in old else 0)
                assert n_before == n_after == 0 or (
                    min(n_before, n_after) >= ANSWERS_AT_LEAST and len(clusters) >= CLUSTERS_AT_LEAST
                )

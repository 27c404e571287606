"""How far two groups of numbers lie apart, held to published values and to SciPy."""

import itertools
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from domain.rank_statistics import MOST, hodges_lehmann, intervals_place
from domain.statistics import verdict

AT_TERM = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
EARLY = [1.15, 0.88, 0.90, 0.74, 1.21]
"""Permeability of the human chorioamnion: Hollander and Wolfe (1973), p. 69 f., the example of R's `wilcox.test`."""

NUMBERS = st.lists(st.integers(0, 400).map(lambda tenths: tenths / 10), min_size=4, max_size=14)


def test_the_example_of_hollander_and_wolfe_comes_out_as_published() -> None:
    found = hodges_lehmann(EARLY, AT_TERM)
    assert (found.value, found.low, found.high) == pytest.approx((0.305, -0.15, 0.76))
    assert verdict(found) == "uncertain"


@pytest.mark.parametrize(
    ("first", "second", "critical"),
    [(4, 4, 0), (5, 5, 2), (5, 10, 8), (8, 12, 22), (10, 10, 23), (12, 15, 49), (15, 20, 90), (20, 20, 127)],
)
def test_the_critical_values_of_u_are_those_of_the_printed_tables(first: int, second: int, critical: int) -> None:
    """Two-sided 5 %: Siegel (1956), Nonparametric Statistics, table K, as many textbooks have it since."""
    assert intervals_place(first, second) - 1 == critical


@settings(max_examples=60, deadline=None)
@given(st.integers(4, 14), st.integers(4, 14), st.integers(0, 10_000))
def test_the_interval_holds_the_shifts_that_scipys_exact_test_does_not_reject(m: int, n: int, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - numbers to try with
    numbers = [each + chance.random() / 3 for each in range(m + n)]
    chance.shuffle(numbers)
    first, second = numbers[:m], numbers[m:]
    found = hodges_lehmann(first, second)
    for shift, inside in ((found.low + 1e-6, True), (found.high - 1e-6, True),
                          (found.low - 1e-6, False), (found.high + 1e-6, False)):  # fmt: skip
        p = mannwhitneyu([each - shift for each in second], first, method="exact").pvalue
        assert bool(p > 0.05) is inside


@given(NUMBERS, NUMBERS)
def test_the_estimate_is_the_middle_of_all_differences_and_lies_in_its_interval(
    first: list[float], second: list[float]
) -> None:
    found = hodges_lehmann(first, second)
    differences = sorted(b - a for a, b in itertools.product(first, second))
    half = len(differences) // 2
    middle = differences[half] if len(differences) % 2 else (differences[half - 1] + differences[half]) / 2
    assert found.value == pytest.approx(middle)
    assert found.low <= found.value <= found.high
    turned = hodges_lehmann(second, first)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


def test_equal_numbers_on_both_sides_are_no_change() -> None:
    found = hodges_lehmann([24.5] * 10, [24.5] * 12)
    assert (found.value, found.low, found.high) == (0, 0, 0)
    assert verdict(found) == "uncertain"


def test_three_numbers_on_each_side_leave_everything_open() -> None:
    found = hodges_lehmann([1, 2, 3], [4, 5, 6])
    assert (found.value, found.low, found.high) == (3, float("-inf"), float("inf"))


@pytest.mark.parametrize(("first", "second"), [([], [1.0]), ([1.0], []), ([1.0] * (MOST + 1), [1.0])])
def test_no_numbers_and_too_many_are_refused(first: list[float], second: list[float]) -> None:
    with pytest.raises(ValueError, match="1 to 200 numbers"):
        hodges_lehmann(first, second)

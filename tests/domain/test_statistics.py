"""Against figures published with the methods, and worked by hand."""

import pytest

from domain.results import Verdict
from domain.statistics import (
    Interval,
    Summary,
    mean_interval,
    newcombe_difference,
    verdict,
    welch_difference,
    wilson,
)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_intervals_newcombe_published_in_1998(count: int, n: int, low: float, high: float) -> None:
    assert wilson(count, n) == pytest.approx((count / n, low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((48, 80), (56, 70), 0.0524, 0.3339),
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((2, 7), (6, 7), 0.0582, 0.8062),
        ((0, 29), (5, 56), -0.0381, 0.1926),
    ],
)
def test_newcombe_gives_the_differences_he_published_as_method_10(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    _, found_low, found_high = newcombe_difference(*first, *second)
    assert (found_low, found_high) == pytest.approx((low, high), abs=5e-5)


def test_a_share_stays_between_nothing_and_everybody() -> None:
    assert wilson(0, 10).low == 0.0
    assert wilson(10, 10).high == 1.0


def test_the_documents_rise_from_58_to_63_is_within_the_uncertainty() -> None:
    change = welch_difference(Summary(38, 58, 18), Summary(34, 63, 18))
    # se = 18·√(1/38 + 1/34) = 4.249, t(69.1) = 1.995
    assert change == pytest.approx((5, -3.476, 13.476), abs=0.005)
    assert verdict(change) == "uncertain"


def test_welch_gives_what_scipy_gives_from_the_same_people() -> None:
    from scipy.stats import ttest_ind

    before, after = [48, 52, 60, 72, 40, 88, 16], [60, 64, 92, 80, 76]
    expected = ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    found = welch_difference(_summary(before), _summary(after))
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_a_mean_has_students_interval() -> None:
    # t(9) = 2.2622: 50 ± 2.2622 · 10/√10
    assert mean_interval(Summary(10, 50, 10)) == pytest.approx((50, 42.846, 57.154), abs=0.001)


def test_people_who_all_answer_alike_leave_no_uncertainty_in_the_figures() -> None:
    assert welch_difference(Summary(5, 40, 0), Summary(6, 44, 0)) == (4, 4, 4)
    assert mean_interval(Summary(5, 40, 0)) == (40, 40, 40)


@pytest.mark.parametrize("n", [0, 1])
def test_a_single_answer_has_no_interval(n: int) -> None:
    with pytest.raises(ValueError, match="at least two"):
        mean_interval(Summary(n, 50, 0))
    with pytest.raises(ValueError, match="at least two"):
        welch_difference(Summary(n, 50, 0), Summary(10, 50, 3))


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(0.1, 2, "up"), (-2, -0.1, "down"), (-1, 1, "uncertain"), (0, 2, "uncertain")]
)
def test_it_has_risen_or_fallen_only_where_the_interval_leaves_out_nought(
    low: float, high: float, expected: Verdict
) -> None:
    assert verdict(Interval((low + high) / 2, low, high)) == expected


def _summary(values: list[int]) -> Summary:
    from statistics import mean, stdev

    return Summary(len(values), mean(values), stdev(values))

"""Against figures published with the methods, against SciPy and statsmodels, and worked by hand."""

from collections.abc import Sequence
from statistics import NormalDist, mean, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as scipys_t
from scipy.stats import ttest_1samp, ttest_ind
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from domain.results import Verdict
from domain.statistics import (
    Interval,
    Summary,
    Z,
    mean_interval,
    newcombe_difference,
    student_t,
    verdict,
    welch_difference,
    wilson,
)

SHARES = st.integers(1, 3500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
"""A count out of n; there are some 3,300 doctors in the country."""
ANSWERS = st.lists(st.integers(0, 100), min_size=2, max_size=80).filter(lambda values: len(set(values)) > 1)


# --- published ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_intervals_of_newcombe_1998_stat_med_17_857_table_1(
    count: int, n: int, low: float, high: float
) -> None:
    assert wilson(count, n) == pytest.approx((count / n, low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((48, 80), (56, 70), 0.0524, 0.3339),
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((2, 7), (6, 7), 0.0582, 0.8062),
        ((0, 29), (5, 56), -0.0381, 0.1926),
        ((0, 20), (0, 10), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((0, 20), (10, 10), 0.6791, 1.0000),
        ((0, 10), (10, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_gives_the_differences_of_his_1998_paper_stat_med_17_873_table_2_method_10(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    _, found_low, found_high = newcombe_difference(*first, *second)
    assert (found_low, found_high) == pytest.approx((low, high), abs=5e-5)


def test_welch_gives_what_r_prints_of_students_sleep_data() -> None:
    # R, example(t.test): t.test(extra ~ group, data = sleep) has df 17.776 and the interval -3.3654832 to 0.2054832
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = welch_difference(_summary(second), _summary(first))
    assert found == pytest.approx((-1.58, -3.3654832, 0.2054832), abs=5e-8)


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (60, 2.000), (100, 1.984)],
)
def test_students_t_stands_in_every_table_as_in_the_nist_handbooks_1_3_6_7_2(freedom: int, quantile: float) -> None:
    assert student_t(freedom) == pytest.approx(quantile, abs=5e-4)


# --- by SciPy and statsmodels ---------------------------------------------------------------------------------------


@settings(deadline=None)
@given(SHARES)
def test_wilson_is_statsmodels(share: tuple[int, int]) -> None:
    low, high = proportion_confint(*share, method="wilson")
    assert wilson(*share)[1:] == pytest.approx((low, high), abs=1e-12)


@settings(deadline=None)
@given(SHARES, SHARES)
def test_newcombe_is_statsmodels(first: tuple[int, int], second: tuple[int, int]) -> None:
    low, high = confint_proportions_2indep(*second, *first, method="newcomb", compare="diff")
    assert newcombe_difference(*first, *second)[1:] == pytest.approx((low, high), abs=1e-7)


@settings(deadline=None)
@given(ANSWERS, ANSWERS)
def test_welch_is_scipys(before: list[int], after: list[int]) -> None:
    theirs = ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    found = welch_difference(_summary(before), _summary(after))
    assert found == pytest.approx((mean(after) - mean(before), theirs.low, theirs.high), abs=1e-9)


@settings(deadline=None)
@given(ANSWERS)
def test_a_means_interval_is_scipys(values: list[int]) -> None:
    theirs = ttest_1samp(values, 0).confidence_interval(0.95)
    assert mean_interval(_summary(values)) == pytest.approx((mean(values), theirs.low, theirs.high), abs=1e-9)


@settings(deadline=None)
@given(st.floats(1, 1e6))
def test_students_t_is_scipys_for_any_degrees_of_freedom(freedom: float) -> None:
    assert student_t(freedom) == pytest.approx(float(scipys_t.ppf(0.975, freedom)), abs=1e-9)


def test_the_normal_quantile_is_pythons_own() -> None:
    assert pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-15) == Z


# --- by what they mean ----------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(SHARES)
def test_a_share_lies_in_its_interval_and_the_interval_between_nobody_and_everybody(share: tuple[int, int]) -> None:
    value, low, high = wilson(*share)
    assert 0 <= low <= value <= high <= 1
    assert low < high


@settings(deadline=None)
@given(SHARES, SHARES)
def test_the_way_back_is_the_same_difference_with_the_other_sign(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    there, back = newcombe_difference(*first, *second), newcombe_difference(*second, *first)
    assert there == pytest.approx((-back.value, -back.high, -back.low))
    assert -1 <= there.low <= there.value <= there.high <= 1


@settings(deadline=None)
@given(st.floats(1, 1e5), st.floats(1.01, 10))
def test_more_answers_leave_less_uncertainty(freedom: float, more: float) -> None:
    assert Z < student_t(freedom * more) < student_t(freedom)


def test_the_documents_rise_from_58_to_63_is_within_the_uncertainty() -> None:
    change = welch_difference(Summary(38, 58, 18), Summary(34, 63, 18))
    # se = 18·√(1/38 + 1/34) = 4.249, t(69.1) = 1.995
    assert change == pytest.approx((5, -3.476, 13.476), abs=0.005)
    assert verdict(change) == "uncertain"


def test_a_mean_has_students_interval() -> None:
    # t(9) = 2.2622: 50 ± 2.2622 · 10/√10
    assert mean_interval(Summary(10, 50, 10)) == pytest.approx((50, 42.846, 57.154), abs=0.001)


def test_people_who_all_answer_alike_leave_no_uncertainty_in_the_figures() -> None:
    assert welch_difference(Summary(5, 40, 0), Summary(6, 44, 0)) == (4, 4, 4)
    assert mean_interval(Summary(5, 40, 0)) == (40, 40, 40)


def test_a_spread_too_small_to_square_is_no_division_by_nothing() -> None:
    assert welch_difference(Summary(5, 40, 1e-120), Summary(6, 44, 1e-120)) == pytest.approx((4, 4, 4))


@pytest.mark.parametrize("n", [0, 1])
def test_a_single_answer_has_no_interval(n: int) -> None:
    with pytest.raises(ValueError, match="at least two"):
        mean_interval(Summary(n, 50, 0))
    with pytest.raises(ValueError, match="at least two"):
        welch_difference(Summary(n, 50, 0), Summary(10, 50, 3))


@pytest.mark.parametrize(("count", "n"), [(0, 0), (5, 4), (-1, 4)])
def test_there_is_no_share_of_nobody_and_none_above_all(count: int, n: int) -> None:
    with pytest.raises(ValueError, match="a share is of at least one"):
        wilson(count, n)


def test_students_t_is_not_asked_below_one_degree_of_freedom() -> None:
    with pytest.raises(ValueError, match="from one degree"):
        student_t(0.5)


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(0.1, 2, "up"), (-2, -0.1, "down"), (-1, 1, "uncertain"), (0, 2, "uncertain")]
)
def test_it_has_risen_or_fallen_only_where_the_interval_leaves_out_nought(
    low: float, high: float, expected: Verdict
) -> None:
    assert verdict(Interval((low + high) / 2, low, high)) == expected


def _summary(values: Sequence[float]) -> Summary:
    return Summary(len(values), mean(values), stdev(values))

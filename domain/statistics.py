"""The statistics of the reports: means, shares and differences with 95 % intervals. No p-values.

SciPy and statsmodels are imported where they are used: they take seconds, and most of the domain never needs them.
"""

import math
from typing import NamedTuple

from domain.results import Verdict

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """An estimate and its 95 % interval."""

    value: float
    low: float
    high: float


class Summary(NamedTuple):
    """What is kept of a sample: size, mean, and standard deviation (n − 1)."""

    n: int
    mean: float
    sd: float


def mean_interval(sample: Summary) -> Interval:
    """The mean and its interval by Student's t with n − 1 degrees of freedom. Raises ValueError under two values."""
    if sample.n < 2:
        msg = "an interval for a mean needs at least two values"
        raise ValueError(msg)
    half = _t(sample.n - 1) * sample.sd / math.sqrt(sample.n)
    return Interval(sample.mean, sample.mean - half, sample.mean + half)


def welch_difference(first: Summary, second: Summary) -> Interval:
    """Second mean minus first, unpaired, variances not assumed equal.

    Welch (1947), Biometrika 34:28, with Satterthwaite's degrees of freedom. SciPy has the test but takes no interval
    from summaries. Raises ValueError under two values in a sample.
    """
    if min(first.n, second.n) < 2:
        msg = "a difference of means needs at least two values on each side"
        raise ValueError(msg)
    difference = second.mean - first.mean
    variances = first.sd**2 / first.n, second.sd**2 / second.n
    total = sum(variances)
    if total == 0:  # everybody alike on both sides
        return Interval(difference, difference, difference)
    freedom = total**2 / (variances[0] ** 2 / (first.n - 1) + variances[1] ** 2 / (second.n - 1))
    half = _t(freedom) * math.sqrt(total)
    return Interval(difference, difference - half, difference + half)


def wilson(count: int, n: int) -> Interval:
    """The share count/n with Wilson's score interval (1927), statsmodels' `proportion_confint`. n from 1."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(count, n, alpha=1 - CONFIDENCE, method="wilson")
    return Interval(count / n, float(low) if count else 0.0, float(high) if count < n else 1.0)


def newcombe_difference(first_count: int, first_n: int, second_count: int, second_n: int) -> Interval:
    """Second share minus first, unpaired: Newcombe's hybrid score interval (1998, Stat Med 17:873, method 10)."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        second_count, second_n, first_count, first_n, method="newcomb", compare="diff", alpha=1 - CONFIDENCE
    )
    return Interval(second_count / second_n - first_count / first_n, float(low), float(high))


def verdict(interval: Interval) -> Verdict:
    """ "up" or "down" only where the interval excludes 0."""
    if interval.low > 0:
        return "up"
    if interval.high < 0:
        return "down"
    return "uncertain"


def _t(freedom: float) -> float:
    from scipy.stats import t

    return float(t.ppf((1 + CONFIDENCE) / 2, freedom))

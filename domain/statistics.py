"""The statistics of the reports: means, shares and differences with 95 % intervals. No p-values.

Plain Python: a deck needs some fifty of these, and importing a statistics library takes longer than all of them. The
tests hold every formula to SciPy, statsmodels and published figures.
"""

import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple

from domain.results import Verdict

OUTSIDE = 0.05
"""The share of samples whose 95 % interval misses."""

Z = 1.959963984540054
"""The normal distribution's 97.5 % quantile."""


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
    """The mean and its interval by Student's t (1908, Biometrika 6:1) with n − 1 degrees of freedom.

    mean ± t(n − 1) · sd / √n. Raises ValueError under two values.
    """
    if sample.n < 2:
        msg = "an interval for a mean needs at least two values"
        raise ValueError(msg)
    half = student_t(sample.n - 1) * sample.sd / math.sqrt(sample.n)
    return Interval(sample.mean, sample.mean - half, sample.mean + half)


def welch_difference(first: Summary, second: Summary) -> Interval:
    """Second mean minus first, unpaired, variances not assumed equal: Welch (1947), Biometrika 34:28.

    With v = sd² / n of each sample: difference ± t(df) · √(v₁ + v₂), and Satterthwaite's (1946, Biometrics 2:110)
    df = (v₁ + v₂)² / (v₁² / (n₁ − 1) + v₂² / (n₂ − 1)). Raises ValueError under two values in a sample.
    """
    if min(first.n, second.n) < 2:
        msg = "a difference of means needs at least two values on each side"
        raise ValueError(msg)
    difference = second.mean - first.mean
    variances = first.sd**2 / first.n, second.sd**2 / second.n
    total = sum(variances)
    if total == 0:  # everybody alike on both sides
        return Interval(difference, difference, difference)
    parts = variances[0] / total, variances[1] / total
    freedom = 1 / (parts[0] ** 2 / (first.n - 1) + parts[1] ** 2 / (second.n - 1))
    half = student_t(freedom) * math.sqrt(total)
    return Interval(difference, difference - half, difference + half)


def wilson(count: int, n: int) -> Interval:
    """The share p = count / n with Wilson's score interval: Wilson (1927), J Am Stat Assoc 22:209.

    (p + z²/2n ± z · √(p(1 − p)/n + z²/4n²)) / (1 + z²/n), method 3 in Newcombe (1998), Stat Med 17:857.
    Raises ValueError where count is not among 0–n, or n is 0.
    """
    if not 0 <= count <= n or n == 0:
        msg = "a share is of at least one, and of no more than all"
        raise ValueError(msg)
    share, room = count / n, Z**2 / n
    middle = share + room / 2
    half = Z * math.sqrt(share * (1 - share) / n + room / (4 * n))
    low, high = (middle - half) / (1 + room), (middle + half) / (1 + room)
    return Interval(share, low if count else 0.0, high if count < n else 1.0)


def newcombe_difference(first_count: int, first_n: int, second_count: int, second_n: int) -> Interval:
    """Second share minus first, unpaired: Newcombe's hybrid score interval (1998, Stat Med 17:873, method 10).

    With l and u Wilson's limits of each share p, d = p₂ − p₁: from d − √((p₂ − l₂)² + (u₁ − p₁)²) to
    d + √((u₂ − p₂)² + (p₁ − l₁)²). Raises ValueError as `wilson` does.
    """
    first, second = wilson(first_count, first_n), wilson(second_count, second_n)
    difference = second.value - first.value
    down = math.hypot(second.value - second.low, first.high - first.value)
    up = math.hypot(second.high - second.value, first.value - first.low)
    return Interval(difference, difference - down, difference + up)


def verdict(interval: Interval) -> Verdict:
    """ "up" or "down" only where the interval excludes 0."""
    if interval.low > 0:
        return "up"
    if interval.high < 0:
        return "down"
    return "uncertain"


def student_t(freedom: float) -> float:
    """The 97.5 % quantile of Student's t, which leaves 5 % outside ± it; `freedom` need not be whole.

    Newton's method from the normal quantile: that is the smaller, and the tail falls ever more slowly, so each step
    comes nearer from below. Within 1e-9 of SciPy for 1 to 1,000,000 degrees of freedom. Raises ValueError under 1.
    """
    if freedom < 1:
        msg = "Student's t is used from one degree of freedom"
        raise ValueError(msg)
    t, step = Z, math.inf
    while step > 1e-12 * t:
        step = (_outside(t, freedom) - OUTSIDE) / (2 * _density(t, freedom))
        t += step
    return t


def _density(t: float, freedom: float) -> float:
    """Of Student's t: Γ((ν + 1)/2) / (√(νπ) Γ(ν/2)) · (1 + t²/ν)^(−(ν + 1)/2)."""
    scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    return math.exp(scale - (freedom + 1) / 2 * math.log1p(t * t / freedom))


def _outside(t: float, freedom: float) -> float:
    """How much of Student's t lies outside ± t: the incomplete beta function I(ν/2, 1/2) at x = ν / (ν + t²).

    Its continued fraction, DLMF 8.17.22, which converges quickly for t² ≥ 3: there x < (a + 1) / (a + b + 2).
    """
    a, b = freedom / 2, 0.5
    x = freedom / (freedom + t * t)
    front = t * _density(t, freedom) / a  # xᵃ (1 − x)ᵇ / (a B(a, b)), by the density's own constant
    return front / _continued_fraction(x, a, b)


def _continued_fraction(x: float, a: float, b: float) -> float:
    """1 + d₁/(1 + d₂/(1 + …)) of DLMF 8.17.22, by Lentz's method as Thompson and Barnett (1986) changed it."""
    value = above = 1.0
    below = 0.0
    for term in _terms(x, a, b):
        above, below = 1 + term / above, 1 / (1 + term * below)
        value *= above * below
        if abs(above * below - 1) < 1e-15:
            break
    return value


def _terms(x: float, a: float, b: float) -> Iterator[float]:
    """d₁, d₂, …"""
    for m in itertools.count():
        if m:
            yield m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))

"""How far two groups of numbers lie from each other, told by their order alone: no bell curve is taken for granted."""

from collections.abc import Sequence
from functools import lru_cache
from math import comb

from domain.statistics import OUTSIDE, Interval

MOST = 200
"""Numbers in a group: the distribution is counted in whole numbers, and takes the longer the more there are."""


def hodges_lehmann(first: Sequence[float], second: Sequence[float]) -> Interval:
    """How much `second` lies above `first`, unpaired: the median of all differences, with a distribution-free interval.

    Hodges and Lehmann (1963), Ann Math Stat 34:598; the interval is Moses's (1965), as in Hollander and Wolfe,
    Nonparametric Statistical Methods, section 4.3: of the mn differences in order, from number k to number mn + 1 − k,
    where k is the largest with P(U < k) ≤ 2.5 % in the distribution of Mann and Whitney (1947), Ann Math Stat 18:50.
    It covers the shift with at least 95 %; ties and rounded numbers only make it surer. Both groups have few numbers
    where there is no such k: then the ends are infinite. Raises ValueError for no numbers, or more than `MOST`.
    """
    if not (0 < len(first) <= MOST and 0 < len(second) <= MOST):
        msg = f"a shift is of 1 to {MOST} numbers on each side"
        raise ValueError(msg)
    differences = sorted(round(after - before, 9) for before in first for after in second)
    count = len(differences)
    middle = (differences[(count - 1) // 2] + differences[count // 2]) / 2
    k = intervals_place(len(first), len(second))
    if k == 0:
        return Interval(middle, float("-inf"), float("inf"))
    return Interval(middle, differences[k - 1], differences[count - k])


def median_interval(values: Sequence[float]) -> Interval | None:
    """The median of numbers in order, least first, with a distribution-free interval of at least 95 %.

    From number k to number n + 1 − k, where k is the largest with P(B < k) ≤ 2.5 % for B heads of n fair throws:
    Thompson (1936), Ann Math Stat 7:122, as in Hollander and Wolfe, section 3.6. None under six numbers, which have no
    such k.
    """
    n = len(values)
    below, k = 0, 0
    while k < n and below + comb(n, k) <= 2**n * OUTSIDE / 2:
        below, k = below + comb(n, k), k + 1
    if k == 0:
        return None
    return Interval((values[(n - 1) // 2] + values[n // 2]) / 2, values[k - 1], values[n - k])


@lru_cache(maxsize=256)
def intervals_place(first: int, second: int) -> int:
    """k for groups of so many numbers: how many of the smallest values of U have at most half of what may lie outside.

    0 where not even the smallest has so little.
    """
    fewer, more = sorted((first, second))
    below, all_orders = 0, comb(fewer + more, fewer)
    for value, orders in enumerate(_orders(fewer, more)):
        below += orders
        if below > all_orders * OUTSIDE / 2:
            return value
    return 0


def _orders(fewer: int, more: int) -> list[int]:
    """In how many orders of both groups U is 0, 1, 2 …, up to its middle: the coefficients of Gauss's binomial."""
    most = fewer * more // 2 + 1
    counts = [1] + [0] * most
    for each in range(1, fewer + 1):
        for value in range(most, more + each - 1, -1):
            counts[value] -= counts[value - more - each]
        for value in range(each, most + 1):
            counts[value] += counts[value - each]
    return counts

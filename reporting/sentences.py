"""Numbers in words: every verdict on them, made from the numbers as they are printed, so that no reader sees otherwise.

A winner is named only where it is ahead of every other beyond chance, and no change goes without its interval.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.danish import half_up, number, signed
from domain.register import Measure
from domain.results import Change, Verdict
from domain.statistics import Summary, newcombe_difference, welch_difference, wilson

CHANGE_WORDS: dict[Verdict, str] = {"up": "steget", "down": "faldet", "uncertain": "kan ikke afgøres"}
ROUNDED = "Tallene er afrundet."


def as_printed(value: float, decimals: int) -> float:
    """The number a reader sees: rounded as it is written."""
    return float(half_up(value, decimals))


def printed_share(count: int, base: int) -> float:
    """A share as its whole per cent say it: 2 of 3 is 0.67."""
    return as_printed(count / base * 100, 0) / 100


@dataclass(frozen=True)
class ChangeInWords:
    """A difference, its interval and what they allow one to say, each as it is printed."""

    size: str
    unit: str
    interval: str
    verdict: Verdict
    meaning: str

    @property
    def word(self) -> str:
        """ "steget", "faldet" or "kan ikke afgøres"."""
        return CHANGE_WORDS[self.verdict]

    @property
    def lines(self) -> list[str]:
        """Size, interval and meaning, a line each."""
        return [
            f"Forskel: {self.size} {self.unit}",
            f"95 % sikkerhedsinterval: {self.interval} {self.unit}",
            self.meaning,
        ]


def in_words(change: Change, *, in_points: bool) -> ChangeInWords:
    """A change of an index in points with a decimal, or of a share in whole percentage points.

    Its verdict is that of the interval as printed: one whose end is printed as 0 holds 0.
    """
    if in_points:
        return _in_words(change, 1, 1, "point")
    return _in_words(change, 100, 0, "procentpoint")


def measure_change_in_words(change: Change, measure: Measure) -> ChangeInWords:
    """A change of a register's measure in its own unit and decimals; of a percentage in percentage points."""
    return _in_words(change, 1, measure.decimals, "procentpoint" if measure.unit == "%" else measure.unit)


def _in_words(change: Change, scale: int, decimals: int, unit: str) -> ChangeInWords:
    low, high = (as_printed(end * scale, decimals) for end in (change.low, change.high))
    verdict: Verdict = "up" if low > 0 else "down" if high < 0 else "uncertain"
    meaning = {
        "up": "Hele intervallet ligger over 0: tallet er steget.",
        "down": "Hele intervallet ligger under 0: tallet er faldet.",
        "uncertain": "Intervallet rummer 0: det kan ikke afgøres, om tallet er steget eller faldet.",
    }[verdict]
    return ChangeInWords(
        size=signed(change.difference * scale, decimals),
        unit=unit,
        interval=f"{signed(low, decimals)} til {signed(high, decimals)}",
        verdict=verdict,
        meaning=meaning,
    )


def mean_interval_in_words(low: float, high: float) -> str:
    """ "41,3 til 51,1"."""
    return f"{number(low)} til {number(high)}"


def stands_against(low: float, high: float, figure: float, decimals: int = 1) -> str:
    """Whether an interval is "above", "below" or "near" another figure, all as printed with so many decimals."""
    if as_printed(low, decimals) > as_printed(figure, decimals):
        return "above"
    return "below" if as_printed(high, decimals) < as_printed(figure, decimals) else "near"


def rounded_parts(counts: Sequence[int], base: int) -> str:
    """That the parts of a whole are rounded, where a reader who adds them up finds it; else nothing.

    That is where some of them, from either end of the scale, are together another number than is printed of their sum;
    so also where all of them are not 100 per cent.
    """
    ends = [counts[:place] for place in range(2, len(counts) + 1)] + [
        counts[place:] for place in range(1, len(counts) - 1)
    ]
    added = [(sum(_per_cent(count, base) for count in end), _per_cent(sum(end), base)) for end in ends] if base else []
    return ROUNDED if any(seen != printed for seen, printed in added) else ""


def _per_cent(count: int, base: int) -> int:
    return int(half_up(count / base * 100))


def rounded_change(before: float, after: float, difference: float, decimals: int) -> str:
    """That figures are rounded, where the printed ones differ by another number than is printed; else nothing."""
    seen = as_printed(as_printed(after, decimals) - as_printed(before, decimals), 1)
    return "" if seen == as_printed(difference, 1) else ROUNDED


def one_rounding_note(notes: Iterable[str]) -> str:
    """The note once, if any of these is one."""
    return ROUNDED if any(notes) else ""


def leads(first: int, second: int) -> bool:
    """Whether more people chose this of two options than the other, beyond chance.

    Of those who chose just one of the two, more than half chose the first: Wilson's interval of their share lies above
    one half. Where some chose both, that is the careful side: without them the first would lead by more.
    """
    return first + second > 0 and as_printed(wilson(first, first + second).low, 3) > 0.5


def is_more(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether a share (count, n) is above another beyond chance: Newcombe's interval of the difference is above 0."""
    return newcombe_difference(second[0], second[1], first[0], first[1]).low > 0


def is_higher(first: Summary, second: Summary) -> bool:
    """Whether a mean is above another beyond chance: Welch's interval of the difference lies above 0."""
    return welch_difference(second, first).low > 0


def those_in_front(counts: Sequence[int]) -> int:
    """Of counts, most first: how many can't be told from the first. 1 where it leads alone; 0 where there is none."""
    if not counts or counts[0] == 0:
        return 0
    return sum(not leads(counts[0], count) for count in counts[1:]) + 1

"""A register's measure as decks and documents print it: amounts with their unit, its axis, and it all in words."""

import math
from collections.abc import Iterable, Iterator

from domain.danish import NBSP, number
from domain.package import Package, Reference
from domain.register import Measure, Spread
from domain.results import Results
from reporting import tokens
from reporting.dots import Dots, Upright
from reporting.figures import name_of
from reporting.lanes import Lane, Lanes
from reporting.report_context import ReportContext

SERIES, MEDIAN = "Praksis", "Median"
FIRST, NOW = "Første runde", "Nu"
BAND = "DCEFEC"
"""The middle half's area: teal, so light that dots and lines stand out on it."""
LINES = (tokens.BROWN, tokens.BLUE)
"""Colours of the figures it is compared with: two at most."""
NOT_A_TARGET = "Tallet er ikke et mål i sig selv: forskelle kan have gode grunde."
SHIFT = (
    "Forskellen er den midterste af alle forskelle mellem en praksis nu og en i første runde. "
    "Den kan være en anden end forskellen på de to medianer."
)


def spread_of(package: Package, results: Results | None, measure_id: str) -> Spread | None:
    """The measure's spread, or None where it may not be told."""
    if results is None or results.suppressed:
        return None
    found = results.measures.get(measure_id)
    if found is None or found.suppressed or found.median is None or found.n < package.disclosure.at_least:
        return None
    return found


def told_of(spread: Spread) -> dict[str, float]:
    """What sentences may speak of, by name; the ends only where single numbers are told."""
    found = {"median": spread.median, "lower": spread.lower, "upper": spread.upper}
    if spread.values:
        found |= {"least": spread.values[0], "most": spread.values[-1]}
    return {name: value for name, value in found.items() if value is not None}


def figure_of(measure: Measure, value: float) -> str:
    """The number alone: "24,5"."""
    return number(value, measure.decimals)


def amount_of(measure: Measure, value: float) -> str:
    """The number with its unit: "24,5 %", "98 pr. 1.000 patienter"."""
    return f"{figure_of(measure, value)}{NBSP}{measure.unit}"


def middle_half(measure: Measure, spread: Spread) -> str:
    """Where the middle half of the practices lie: "18–31 %"."""
    return f"{figure_of(measure, spread.lower or 0)}–{amount_of(measure, spread.upper or 0)}"


def practices(count: int) -> str:
    """ "12 praksis": one word for one and for many."""
    return f"{count}{NBSP}praksis"


def definition_of(measure: Measure) -> str:
    """What is counted, among whom and when, in a sentence."""
    among = f" ud af {measure.denominator}" if measure.denominator else ""
    counted = f"{measure.numerator}{among}"
    return f"{counted[:1].upper()}{counted[1:]}, {measure.period}."


def reference_in_words(measure: Measure, reference: Reference) -> str:
    """A figure that the measure is compared with, and its source."""
    return f"{reference.named}: {amount_of(measure, reference.value or 0)}. Kilde: {reference.source}"


def in_words(measure: Measure, spread: Spread, references: Iterable[Reference] = ()) -> str:
    """Everything that its chart shows, for those who do not see it."""
    lines = [
        f"Median {amount_of(measure, spread.median or 0)} ({practices(spread.n)})",
        f"den midterste halvdel {middle_half(measure, spread)}",
    ]
    if spread.values:
        numbers = "; ".join(figure_of(measure, value) for value in spread.values)
        lines.append(f"alle praksis fra lavest til højest: {numbers}")
    lines += [f"{name_of(reference)} {amount_of(measure, reference.value or 0)}" for reference in references]
    return ". ".join(f"{line[:1].upper()}{line[1:]}" for line in lines) + "."


def both_in_words(measure: Measure, before: Spread, after: Spread) -> str:
    """What the chart of both rounds shows."""
    return f"{FIRST}: {in_words(measure, before)} {NOW}: {in_words(measure, after)}"


def dots_of(measure: Measure, spread: Spread, references: tuple[Reference, ...], dot_points: int) -> Dots:
    """The practices as dots from least to most, the median, and what it is compared with."""
    values = spread.values or ()
    lowest, highest, unit = axis_of(measure, [spread], references)
    return Dots(
        series=SERIES,
        points=tuple((value, place + 0.5) for place, value in enumerate(values)),
        line=MEDIAN,
        line_at=measure.rounded(spread.median or 0),
        minimum=lowest,
        maximum=highest,
        height=max(len(values), 1),
        dot_points=dot_points,
        unit=unit,
        name=f"{measure.chart_label}: spredning",
        beside=tuple(
            Upright(name_of(reference), reference.value or 0, colour)
            for reference, colour in zip(references, LINES, strict=False)
        ),
    )


def lanes_of(measure: Measure, before: Spread, after: Spread) -> Lanes:
    """Both rounds' practices over one axis."""
    lowest, highest, unit = axis_of(measure, (before, after), ())
    rounds = ((FIRST, before, tokens.MUTED, "E3E7E9"), (NOW, after, tokens.DEEP, BAND))
    return Lanes(
        lanes=tuple(
            Lane(
                name=name,
                label=f"{name}: median {amount_of(measure, spread.median or 0)}, midterste halvdel "
                f"{middle_half(measure, spread)} ({practices(spread.n)})",
                values=spread.values or (),
                median=measure.rounded(spread.median or 0),
                middle=(spread.lower or 0, spread.upper or 0),
                colour=colour,
                band=band,
            )
            for name, spread, colour, band in rounds
        ),
        minimum=lowest,
        maximum=highest,
        unit=unit,
        name=f"{measure.chart_label} før og nu",
    )


def axis_of(measure: Measure, spreads: Iterable[Spread], references: Iterable[Reference]) -> tuple[int, int, int]:
    """Where the axis begins and ends, and its step: percentages from 0 to 100, others from 0 to a round number."""
    if measure.unit == "%":
        return 0, 100, 20
    shown = [reference.value or 0 for reference in references]
    for spread in spreads:
        shown += spread.values or (spread.lower or 0, spread.upper or 0)
    most, least = max(*shown, 1), min(*shown, 0)
    unit = next(unit for unit in _units() if unit * 6 >= most - least)
    return math.floor(least / unit) * unit, math.ceil(most / unit) * unit, unit


def _units() -> Iterator[int]:
    ten = 1
    while True:
        yield from (ten, 2 * ten, 5 * ten)
        ten *= 10


def compared_with(report: ReportContext, references: Iterable[Reference]) -> tuple[Reference, ...]:
    """The figures there is room for; in a follow-up none: it is compared with the first round."""
    return tuple(references)[: len(LINES)] if report.baseline is None else ()

"""Made-up extracts of a register: numbers of any package's measures, the same each time for the same arguments."""

import random

from domain.danish import number
from domain.model import Round
from domain.package import Package
from domain.register import Extract, Measure

FIRST_YDERNUMMER = 990_001
"""Of practices that are not there."""


def plausible_extract(package: Package, round_: Round, practices: int, seed: int = 1) -> Extract:
    """So many practices with numbers around a third of what is plausible, a little towards the better end again."""
    chance = random.Random(f"{package.slug} {round_} {seed}")  # noqa: S311 - made up, and the same each time
    rows: dict[str, dict[str, float]] = {}
    for place in range(practices):
        numbers = {
            measure.id: _number(measure, round_, chance)
            for measure in package.measured_in(round_)
            if chance.random() > 0.04
        }
        rows[f"{FIRST_YDERNUMMER + place:06}"] = numbers
    return Extract(rows)


def extract_csv(package: Package, extract: Extract, round_: Round = Round.BASELINE) -> str:
    """The extract as a register would give it: semicolons, Danish decimals, empty where a number is not given."""
    measures = package.measured_in(round_)
    lines = [["ydernummer", *(measure.id for measure in measures)]]
    for practice, numbers in extract.rows.items():
        cells = (
            number(numbers[measure.id], measure.decimals).replace(".", "") if measure.id in numbers else ""
            for measure in measures
        )
        lines.append([practice, *cells])
    return "".join(";".join(cells) + "\n" for cells in lines)


def _number(measure: Measure, round_: Round, chance: random.Random) -> float:
    across = measure.maximum - measure.minimum
    shift = {"higher": 0.12, "lower": -0.08, "neither": 0.0}[measure.better] if round_ is Round.FOLLOW_UP else 0.0
    middle = measure.minimum + across * ({"higher": 0.45, "lower": 0.35, "neither": 0.35}[measure.better] + shift)
    drawn = chance.gauss(middle, across * 0.09)
    return measure.rounded(max(measure.minimum, min(measure.maximum, drawn)))

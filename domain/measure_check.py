"""What is wrong with a package's measures and with the evidence it names, each with its place."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from domain.register import LONGEST_SHORT, LONGEST_UNIT, Measure

if TYPE_CHECKING:
    from domain.package import Package

Path = tuple[str | int, ...]
Faults = Iterator[tuple[Path, str]]
"""The path of keys and positions from the package's top, and what is wrong there."""

PRACTICE_COLUMNS = ("ydernummer", "praksis")
"""The extract's column that says whose row it is has one of these names, so no measure has."""


def measure_faults(package: "Package") -> Faults:
    """All that keeps an extract from being read or shown, or a package from being of one sort of evidence."""
    if package.evidence == "register":
        yield from _register_faults(package)
    else:
        if package.measures:
            yield ("measures",), "measures are read from a register: write evidence: register, or leave them out"
        for position, section in enumerate(package.sections):
            if not section.items:
                yield ("sections", position), f"section '{section.id}' names no item"
    names: dict[str, str] = {}
    for position, measure in enumerate(package.measures):
        where: Path = ("measures", position)
        yield from ((where + field, f"measure '{measure.id}': {what}") for field, what in _faults_of(measure))
        for name in dict.fromkeys((measure.id, measure.title.casefold(), measure.chart_label.casefold())):
            if name in names and names[name] != measure.id:
                yield (*where, "title"), f"measures '{names[name]}' and '{measure.id}' are both called '{name}'"
            names.setdefault(name, measure.id)
    yield from _placing_faults(package)
    yield from _reference_faults(package)


def _register_faults(package: "Package") -> Faults:
    if not package.measures:
        yield (), "a package with evidence: register needs measures"
    for field in ("items", "indices", "groups", "scales"):
        if getattr(package, field):
            yield (field,), f"a package with evidence: register asks nobody: leave {field} out"
    if package.english is not None:
        yield ("english",), "english is of a questionnaire, and a package with evidence: register has none"
    for position, section in enumerate(package.sections):
        if not section.measures:
            yield ("sections", position), f"section '{section.id}' names no measure"


def _faults_of(measure: Measure) -> Faults:
    if measure.id in PRACTICE_COLUMNS or measure.title.casefold() in PRACTICE_COLUMNS:
        yield ("id",), "'ydernummer' and 'praksis' name the column of practices"
    if measure.minimum >= measure.maximum:
        yield ("minimum",), "minimum must be below maximum"
    if len(measure.chart_label) > LONGEST_SHORT:
        yield ("title",), f"the chart label (short, or title) is longer than {LONGEST_SHORT} characters"
    if len(measure.unit) > LONGEST_UNIT:
        yield ("unit",), f"the unit is longer than {LONGEST_UNIT} characters"
    if measure.unit == "%" and not measure.denominator:
        yield ("denominator",), "a percentage needs a denominator: of what it is a share"
    if measure.unit == "%" and not 0 <= measure.minimum < measure.maximum <= 100:
        yield ("maximum",), "a percentage lies from 0 to 100"


def _placing_faults(package: "Package") -> Faults:
    known = [measure.id for measure in package.measures]
    for position, name in enumerate(known):
        if name in known[:position]:
            yield ("measures", position, "id"), f"measure '{name}' stands twice"
    placed: set[str] = set()
    for position, section in enumerate(package.sections):
        for place, name in enumerate(section.measures):
            where: Path = ("sections", position, "measures", place)
            if name not in known:
                yield where, f"section '{section.id}' names '{name}', which is no measure"
            if name in placed:
                yield where, f"measure '{name}' stands in the sections twice"
            placed.add(name)
    for position, name in enumerate(known):
        if name not in placed:
            yield ("measures", position), f"measure '{name}' stands in no section"


def _reference_faults(package: "Package") -> Faults:
    units = {measure.id: measure.unit for measure in package.measures}
    for position, reference in enumerate(package.references):
        unit = units.get(reference.item)
        if package.evidence == "register" and unit is None:
            yield ("references", position, "item"), f"reference '{reference.id}' names '{reference.item}', no measure"
        elif unit is not None and reference.unit not in (unit, "measure"):
            yield ("references", position, "unit"), f"'{reference.item}' is in '{unit}': write unit: measure"
        elif unit is None and reference.unit == "measure":
            yield ("references", position, "unit"), f"'{reference.item}' is no measure: its unit is score or %"

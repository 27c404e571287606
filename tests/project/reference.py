"""Writes the reference pages in docs/ anew from the code: `make docs`.

`docs/commands.md` is made whole from the table that the domain's tests hold the decisions to. In `docs/domain-rules.md`
people write what a rule says, whose it is and which test holds it; numbers and places are the code's. A name that has
moved takes its words along; one that is gone loses its line; a new one gets a line to be filled in.
"""

import ast
import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from importlib import import_module
from pathlib import Path

from domain.commands import COMMANDS
from domain.danish import time_of_day
from domain.package import Package
from domain.policies import Disclosure, Policies
from domain.stages import DANISH
from tests.domain.test_every_command import OUTCOMES, STAGES
from tests.the_packages import SAMARBEJDE, TRIVSEL

ROOT = Path(__file__).resolve().parents[2]
COMMANDS_PAGE, RULES_PAGE = ROOT / "docs" / "commands.md", ROOT / "docs" / "domain-rules.md"
NUMBERS = (int, float, Decimal, dt.timedelta, dt.time)
UNITS = frozenset({"ONE_DAY"})
"""Names for a unit, not for a rule."""
ALL_RULES = "domain/denmark.py"
"""Whatever stands here in capitals is a rule, number or not."""
PACKAGE_DATA = "package.yaml"
PACKAGES = (TRIVSEL, SAMARBEJDE)


# --- docs/commands.md -----------------------------------------------------------------------------------------------

LEGEND = """# What is allowed when

Which command an order takes in which stage. Made by `make docs` from the table in `tests/domain/test_every_command.py`,
which holds the decisions to it. **●** it happens · **○** it is so already, nothing happens · **–** it is refused.
Commands that wait for their time (a survey's opening, the end of a window) are given here before it.
"""


def commands_page() -> str:
    """The page about commands and stages."""
    names = [command.__name__ for command in COMMANDS]
    head = "| command | " + " | ".join(str(number) for number, _ in enumerate(STAGES, 1)) + " |"
    rows = [f"| [{name}](#{name.lower()}) | {' | '.join(_mark(OUTCOMES[name, s]) for s in STAGES)} |" for name in names]
    stages = [f"{number}. `{stage}`: {DANISH[stage]}" for number, stage in enumerate(STAGES, 1)]
    table = [head, "|---" + "|:-:" * len(STAGES) + "|", *rows]
    parts = [LEGEND, "\n".join(stages), "\n".join(table), *map(_outcomes_of, names)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _mark(outcome: str) -> str:
    if outcome == "nothing":
        return "○"
    return "●" if outcome[0].isupper() else "–"


def _outcomes_of(command: str) -> str:
    """Each outcome of a command, and the stages that have it."""
    by_outcome: dict[str, list[str]] = {}
    for stage in STAGES:
        by_outcome.setdefault(OUTCOMES[command, stage], []).append(str(stage))
    if len(by_outcome) == 1:
        by_outcome = {outcome: ["every stage"] for outcome in by_outcome}
    lines = [f"- {_told(outcome)}: {', '.join(stages)}" for outcome, stages in by_outcome.items()]
    return "\n".join([f"### {command}\n", *lines])


def _told(outcome: str) -> str:
    return {"●": f"**{outcome}**", "○": "nothing happens", "–": f"refused, `{outcome}`"}[_mark(outcome)]


# --- docs/domain-rules.md -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One rule's line in the page."""

    rule: str
    number: str
    where: str
    source: str
    held_by: str

    @classmethod
    def read(cls, line: str) -> "Row | None":
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 5 or not cells[2].startswith("`"):
            return None
        return cls(*cells)

    @property
    def place(self) -> tuple[str, str]:
        """File and name: ("domain/tabulation.py", "HIGH_FROM") or ("package.yaml", "policies.review_days")."""
        file, _, name = self.where.strip("`").partition(": ")
        return file, name

    def at(self, file: str, name: str) -> "Row":
        """The line with the number that stands there now."""
        return replace(self, where=f"`{file}: {name}`", number=number_at(file, name))

    def __str__(self) -> str:
        return f"| {self.rule} | {self.number} | {self.where} | {self.source} | {self.held_by} |"


def rules_page(text: str) -> str:
    """The page with every number and place as the code has them now."""
    lines: list[str] = []
    told = set[tuple[str, str]]()
    for line in text.splitlines():
        row = Row.read(line)
        if row is None:
            lines.append(line)
        elif (place := _found(*row.place)) is not None and place not in told:
            told.add(place)
            lines.append(str(row.at(*place)))
    new = [str(Row("", "", "", "", "").at(*place)) for place in must_be_told() if place not in told]
    return "\n".join(lines).rstrip() + "\n" + "".join(f"{line}\n" for line in new)


def rows_of(text: str) -> list[Row]:
    return [row for line in text.splitlines() if (row := Row.read(line)) is not None]


def must_be_told() -> list[tuple[str, str]]:
    """Every field of the policies and of the disclosure rules, and every named number of the domain."""
    data = [
        (PACKAGE_DATA, f"{part}.{field}")
        for part, model in (("policies", Policies), ("disclosure", Disclosure))
        for field in model.model_fields
    ]
    return data + [(file, name) for file, name in _names() if _is_rule(file, name)]


def number_at(file: str, name: str) -> str:
    """What stands there: a number as people read it; of a function nothing but that it is one."""
    if file == PACKAGE_DATA:
        return _number_in_packages(name)
    value = _value(file, name)
    return "function" if callable(value) else _said(value)


def _is_rule(file: str, name: str) -> bool:
    if not name.isupper() or name.startswith("_") or name in UNITS:
        return False
    value = _value(file, name)
    return file == ALL_RULES or (isinstance(value, NUMBERS) and not isinstance(value, bool))


def _value(file: str, name: str) -> object:
    module = import_module(file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    return getattr(module, name)


def _names() -> Iterator[tuple[str, str]]:
    """What the domain's modules themselves define, in their own order."""
    for path in sorted((ROOT / "domain").rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        yield from ((file, name) for name in defined_in(file))


def defined_in(file: str) -> Iterator[str]:
    """The constants and functions that a module itself defines."""
    for node in ast.parse((ROOT / file).read_text()).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def _found(file: str, name: str) -> tuple[str, str] | None:
    """Where the name stands now: there, or at the one other place in the domain that has it."""
    if file == PACKAGE_DATA:
        return (file, name) if _field(TRIVSEL, name) is not None else None
    if (ROOT / file).exists() and name in defined_in(file):
        return file, name
    places = [place for place in _names() if place[1] == name]
    return places[0] if len(places) == 1 else None


def _field(package: Package, name: str) -> object:
    found: object = package
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def _number_in_packages(name: str) -> str:
    part, _, field = name.partition(".")
    defaults = {"policies": Policies(), "disclosure": Disclosure()}
    values = {package.slug: _said(_field(package, name)) for package in PACKAGES}
    if part in defaults:
        usual = _said(getattr(defaults[part], field))
        own = [f"{value} in {slug}" for slug, value in values.items() if value != usual]
        return "; ".join([usual, *own])
    return "; ".join(f"{value} in {slug}" for slug, value in values.items())


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.timedelta):
        hours = value / dt.timedelta(hours=1)
        many, unit = (hours / 24, "day") if hours % 24 == 0 else (hours, "hour")
        return f"{many:g} {unit}{'' if many == 1 else 's'}"
    if isinstance(value, dt.time):
        return time_of_day(value)
    if is_dataclass(value):
        told = [each.name for each in fields(value) if _differs(value, each.name)]
        return ", ".join(f"{name} {_said(getattr(value, name))}" for name in told)
    if isinstance(value, tuple):
        return ("; " if any(is_dataclass(each) for each in value) else ", ").join(map(_said, value))
    return str(value)


def _differs(value: object, name: str) -> bool:
    """Whether a field says more than its default."""
    return bool(getattr(value, name) != getattr(type(value), name, None))


def main() -> None:
    """Write both pages; say what in them wants words."""
    COMMANDS_PAGE.write_text(commands_page())
    RULES_PAGE.write_text(rules_page(RULES_PAGE.read_text()))
    for row in rows_of(RULES_PAGE.read_text()):
        if not (row.rule and row.source and row.held_by):
            sys.stdout.write(f"docs/domain-rules.md: {row.where} wants words\n")


if __name__ == "__main__":
    main()

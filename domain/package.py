"""A cluster package as data: questions, scales, policies, references, programme. See `klyngepakker/`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple, Self

from pydantic import Field, ValidationInfo, model_validator

from domain.dates import Day
from domain.deck_plan import DeckPlan
from domain.fitting import wished
from domain.help import EVERY_PACKAGE_NAMES, Help
from domain.index import Index
from domain.index_check import index_faults
from domain.measure_check import measure_faults
from domain.meeting import Format
from domain.model import Frozen, PackageSlug, Role, Round
from domain.own_questions import is_own
from domain.policies import Disclosure, Policies, problems_of
from domain.programme import Link as Link
from domain.programme import Programme
from domain.programme_faults import programme_faults
from domain.register import Evidence, Measure
from domain.text import Title, TypesetLine
from domain.translation import English, translation_faults

Kind = Literal["score", "degree", "choice", "choices", "rating", "text"]
"""score: labelled whole numbers (0–5) · degree: one of an ordered scale · choice: one of unordered options
· choices: several options · rating: a whole number 1–10 · text: free text."""

MOST_CONDITIONS = 4
"""Different `only_if` of a package: the pages hide by style alone what is not asked, and have rules for so many."""

NOT_RELEVANT = "ikke_relevant"
NOT_RELEVANT_LABEL = "Ikke relevant"


class Option(Frozen):
    """One possible answer. `value` is the number of a `score` option."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: TypesetLine
    value: int | None = None
    source: str = ""
    """Where the wording is from, when it is not where the item's or scale's is."""


class Scale(Frozen):
    """An ordered set of options shared by items, best or most first.

    `high` and `low` are the option ids counted as the two bars (the middle stays in the base). `diverging` scales
    (agreement) have a neutral middle.
    """

    options: tuple[Option, ...]
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    high_label: TypesetLine = ""
    low_label: TypesetLine = ""
    diverging: bool = False
    source: str

    @model_validator(mode="after")
    def _ends_are_options(self) -> Self:
        ids = {option.id for option in self.options}
        for end in (*self.high, *self.low):
            if end not in ids:
                msg = f"high/low names '{end}', which is not an option of the scale"
                raise ValueError(msg)
        if set(self.high) & set(self.low):
            msg = "an option stands both in high and in low"
            raise ValueError(msg)
        return self

    def labels_of(self, end: Literal["high", "low"]) -> tuple[str, ...]:
        """The labels counted in one of the two bars."""
        wanted = self.high if end == "high" else self.low
        return tuple(option.label for option in self.options if option.id in wanted)


class OnlyIf(Frozen):
    """The item is asked only where another, earlier item was answered with this option.

    Where the other item stands unanswered, an answer to this one is kept: nobody's words are thrown away on a guess.
    """

    item: str
    option: str


class Item(Frozen):
    """One thing asked. Its id is the column of CSV files and the key of JSON results."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    kind: Kind
    text: str
    short: str = ""
    """A label of at most 60 characters for charts; the text where it is short enough."""
    group: str = ""
    """The shared stem's id, for items asked under one question (`q7`)."""
    scale: str | None = None
    options: tuple[Option, ...] = ()
    at_most: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    minimum_label: TypesetLine = ""
    maximum_label: TypesetLine = ""
    may_be_not_relevant: bool = False
    only_if: OnlyIf | None = None
    required: bool = False
    source: str

    @property
    def chart_label(self) -> str:
        return self.short or self.text


class Group(Frozen):
    """A question whose items share a stem: "I hvilket omfang har I planlagt fælles pauser?"."""

    id: str
    text: str
    number: str = ""


class Section(Frozen):
    """A page or more of the questionnaire, and a chapter of the results."""

    id: str
    title: TypesetLine
    measure: TypesetLine = ""
    """KiAP's name: "Målepunkt 1"."""
    intro: str = ""
    items: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    """A chapter of a register's measures has these instead of items."""


class Reference(Frozen):
    """A national figure. Without a value it is a task for the package's author, whom `package check` tells of it."""

    id: str
    label: TypesetLine
    value: float | None = None
    unit: Literal["score", "%", "measure"]
    """`measure`: that of the measure it is compared with."""
    year: int | None = None
    source: str
    item: str
    """What it is compared with: an index, an index' band (`trivsel.lav`), an end of an item (`arbejdsglaede.high`), a
    measure …"""
    note: str = ""

    @property
    def named(self) -> str:
        """Its label, and its year where the label does not say it."""
        year = f" ({self.year})" if self.year and str(self.year) not in self.label else ""
        return f"{self.label}{year}"


class FollowUpPlan(Frozen):
    """Months after the meeting in which the second round may open, and what it repeats (all items if empty)."""

    from_months: int
    to_months: int
    repeats: tuple[str, ...] = ()


class Package(Frozen):
    """One package in one version. A running order keeps the version it started with."""

    slug: PackageSlug
    version: int = Field(ge=1)
    title: Title
    title_follow_up: TypesetLine = ""
    summary: str
    evidence: Evidence = "questionnaire"
    surveyed: tuple[Role, ...] = (Role.OWNER, Role.EMPLOYED, Role.TRAINEE)
    scales: dict[str, Scale] = Field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    sections: tuple[Section, ...]
    items: tuple[Item, ...] = ()
    measures: tuple[Measure, ...] = ()
    indices: tuple[Index, ...] = ()
    follow_up: FollowUpPlan
    policies: Policies = Policies()
    disclosure: Disclosure = Disclosure()
    references: tuple[Reference, ...] = ()
    programme: Programme
    homework: str = ""
    videos: tuple[Link, ...] = ()
    sources: tuple[str, ...] = ()
    help: Help | None = None
    """Where to turn for whoever is not well. Every package has it; versions kept earlier have none."""
    deck: DeckPlan = DeckPlan()
    english: English | None = None
    """What the questionnaire says in English; without it, it is in Danish only."""
    published: Day

    def item(self, item_id: str) -> Item:
        """The item with this id. Raises KeyError with the id."""
        return self._by_id[item_id]

    def index(self, index_id: str) -> Index:
        """The index with this id. Raises KeyError with the id."""
        for index in self.indices:
            if index.id == index_id:
                return index
        raise KeyError(index_id)

    def measure(self, measure_id: str) -> Measure:
        """The measure with this id. Raises KeyError with the id."""
        for measure in self.measures:
            if measure.id == measure_id:
                return measure
        raise KeyError(measure_id)

    @property
    def _by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    def options_of(self, item: Item) -> tuple[Option, ...]:
        """The item's own options or those of its scale; empty for ratings and free text."""
        return self.scales[item.scale].options if item.scale else item.options

    def bars_of(self, item: Item) -> dict[str, tuple[str, ...]]:
        """The labels counted in a degree scale's two bars, `high` and `low`; empty where it has none."""
        scale = self.scales.get(item.scale or "")
        if item.kind != "degree" or scale is None or not (scale.high and scale.low):
            return {}
        return {"high": scale.labels_of("high"), "low": scale.labels_of("low")}

    def group(self, group_id: str) -> Group:
        return next(group for group in self.groups if group.id == group_id)

    def title_in(self, round_: Round) -> str:
        """What it is called in a round."""
        if round_ is Round.FOLLOW_UP:
            return self.title_follow_up or f"Opfølgning: {self.title}"
        return self.title

    def asked_in(self, round_: Round) -> tuple[Item, ...]:
        """The items of a round, in the order of the sections. The follow-up repeats the package's chosen items."""
        wanted = set(self.follow_up.repeats) if round_ is Round.FOLLOW_UP and self.follow_up.repeats else None
        return tuple(item for item in self._in_order() if wanted is None or item.id in wanted)

    def measured_in(self, round_: Round) -> tuple[Measure, ...]:
        """The measures of a round, in the order of the sections. The follow-up repeats the package's chosen ones."""
        wanted = set(self.follow_up.repeats) if round_ is Round.FOLLOW_UP else set()
        in_order = (name for section in self.sections for name in section.measures)
        return tuple(self.measure(name) for name in in_order if not wanted or name in wanted)

    def indices_in(self, round_: Round) -> tuple[Index, ...]:
        """The indices of which a round asks every item."""
        asked = {item.id for item in self.asked_in(round_)}
        return tuple(index for index in self.indices if asked.issuperset(index.items))

    def _in_order(self) -> Iterator[Item]:
        by_id = self._by_id
        for section in self.sections:
            for item_id in section.items:
                yield by_id[item_id]

    @property
    def programme_minutes(self) -> int:
        """How long a meeting in person is by the programme."""
        return wished(self.programme.of(Format.IN_PERSON))

    @model_validator(mode="after")
    def _hangs_together(self, info: ValidationInfo) -> Self:
        if info.context == AS_KEPT:
            return self
        problems = tuple(_problems(self))
        if problems:
            raise PackageProblems(problems)
        return self


AS_KEPT = {"read": "as kept"}
"""The validation context for a version that orders run on: what it was accepted with is not asked again."""


class Problem(NamedTuple):
    """What is wrong, and where: the path of keys and positions down to it, as in the file."""

    where: tuple[str | int, ...]
    what: str


Check = Callable[[Package], Iterable[Problem]]
"""A look at a whole package for what its model does not know of, such as which slides can be drawn."""


class PackageProblems(ValueError):  # noqa: N818 - pydantic carries it in its own ValidationError
    """Everything in a package that does not hang together."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.what for problem in problems))
        self.problems = problems


def _problems(package: Package) -> Iterator[Problem]:
    known = {item.id for item in package.items}
    yield from _twice("items", "item", [item.id for item in package.items])
    yield from _twice("groups", "group", [group.id for group in package.groups])
    yield from _twice("sections", "section", [section.id for section in package.sections])
    yield from _twice("references", "reference", [reference.id for reference in package.references])
    yield from _section_problems(package, known)
    yield from _kept_ids(package)
    for where, what in index_faults(package):
        yield Problem(("indices", *where), what)
    for where, what in measure_faults(package):
        yield Problem(where, what)
    repeatable, one = ({measure.id for measure in package.measures}, "measure") if package.measures else (known, "item")
    for position, name in enumerate(package.follow_up.repeats):
        if name not in repeatable:
            yield Problem(("follow_up", "repeats", position), f"repeats names '{name}', which is no {one}")
    if not 0 <= package.follow_up.from_months < package.follow_up.to_months:
        yield Problem(("follow_up", "from_months"), "follow_up.from_months must come before to_months")
    for part, rules in (("policies", package.policies), ("disclosure", package.disclosure)):
        for name, why in problems_of(rules).items():
            yield Problem((part, name), f"{name} {why}")
    if len({item.only_if for item in package.items if item.only_if}) > MOST_CONDITIONS:
        yield Problem(("items",), f"the items have more than {MOST_CONDITIONS} different conditions (only_if)")
    yield from _words_mixed(package)
    order = [item_id for section in package.sections for item_id in section.items]
    groups = {group.id for group in package.groups}
    for position, item in enumerate(package.items):
        for field, what in _item_problems(package, item, groups, order):
            yield Problem(("items", position, *field), f"item '{item.id}': {what}")
    yield from _help_problems(package)
    for where, what in programme_faults(package.programme):
        yield Problem(("programme", *where), what)
    for where, what in translation_faults(package):
        yield Problem(("english", *where), what)


def _words_mixed(package: Package) -> Iterator[Problem]:
    in_words = [position for position, item in enumerate(package.items) if item.kind == "text" and not is_own(item.id)]
    for position in in_words[1:]:
        yield Problem(("items", position, "kind"), "a package has one text at most: its answers are shown together")


def _help_problems(package: Package) -> Iterator[Problem]:
    if package.help is None:
        yield Problem((), "help is missing: where to turn for whoever is not well")
        return
    named = [place.id for place in package.help.places]
    for position, place in enumerate(package.help.places):
        if place.id in named[:position]:
            yield Problem(("help", "places", position, "id"), f"place '{place.id}' stands twice")
    for needed in EVERY_PACKAGE_NAMES:
        if needed not in named:
            yield Problem(("help", "places"), f"'{needed}' is missing")


def _kept_ids(package: Package) -> Iterator[Problem]:
    named: list[tuple[_Path, str]] = [(("items", at, "id"), item.id) for at, item in enumerate(package.items)]
    named += [(("sections", at, "id"), section.id) for at, section in enumerate(package.sections)]
    named += [(("scales", name), name) for name in package.scales]
    for where, name in named:
        if is_own(name):
            yield Problem(where, f"'{name}': ids that begin so are those of clusters' own questions")


def _twice(field: str, what: str, ids: list[str]) -> Iterator[Problem]:
    for position, found in enumerate(ids):
        if found in ids[:position]:
            yield Problem((field, position, "id"), f"{what} '{found}' stands twice")


def _section_problems(package: Package, known: set[str]) -> Iterator[Problem]:
    placed: set[str] = set()
    for position, section in enumerate(package.sections):
        for index, item_id in enumerate(section.items):
            where = ("sections", position, "items", index)
            if item_id not in known:
                yield Problem(where, f"section '{section.id}' names '{item_id}', which is no item")
            if item_id in placed:
                yield Problem(where, f"item '{item_id}' stands in the sections twice")
            placed.add(item_id)
    for position, item in enumerate(package.items):
        if item.id not in placed:
            yield Problem(("items", position), f"item '{item.id}' stands in no section")


_Path = tuple[str | int, ...]


def _item_problems(package: Package, item: Item, groups: set[str], order: list[str]) -> Iterator[tuple[_Path, str]]:
    if item.scale and item.scale not in package.scales:
        yield ("scale",), f"scale '{item.scale}' is not defined"
        return
    yield from _option_problems(item, package.options_of(item))
    if item.kind == "rating" and (item.minimum is None or item.maximum is None or item.minimum >= item.maximum):
        yield (), "a rating needs a minimum below its maximum"
    if item.kind != "rating" and (item.minimum is not None or item.maximum is not None):
        yield ("minimum",), "only a rating has a minimum and maximum"
    if item.at_most is not None and (item.kind != "choices" or item.at_most < 1):
        yield ("at_most",), "at_most is a number from 1, for choices only"
    if item.may_be_not_relevant and item.kind == "text":
        yield ("may_be_not_relevant",), "a free text can't be 'not relevant'; it can be left empty"
    if item.group and item.group not in groups:
        yield ("group",), f"group '{item.group}' is not defined"
    if item.only_if:
        yield from _condition_problems(package, item, item.only_if, order)
    if len(item.chart_label) > 60:
        yield ("text",), "the chart label (short, or text) is longer than 60 characters"


def _option_problems(item: Item, options: tuple[Option, ...]) -> Iterator[tuple[_Path, str]]:
    where: _Path = ("options",) if item.options else ("scale",) if item.scale else ()
    if item.options and item.scale:
        yield ("options",), "has both a scale and options of its own"
    if item.kind in ("score", "degree", "choice", "choices") and len(options) < 2:
        yield where, "needs a scale or at least two options"
    if item.kind in ("rating", "text") and options:
        yield where, f"a {item.kind} has no options"
    if item.kind == "score" and any(option.value is None for option in options):
        yield where, "every option of a score needs a value"
    ids = [option.id for option in options]
    labels = [option.label.casefold() for option in options]
    if len(set(ids)) != len(ids) or len(set(labels)) != len(labels):
        yield where, "two options have the same id or label"
    if NOT_RELEVANT in ids or NOT_RELEVANT_LABEL.casefold() in labels:
        yield where, f"'{NOT_RELEVANT_LABEL}' is no option: write may_be_not_relevant: true"
    if any(";" in label for label in labels):
        yield where, "a label can't contain ';', which separates several choices in CSV files"


def _condition_problems(
    package: Package, item: Item, condition: OnlyIf, order: list[str]
) -> Iterator[tuple[_Path, str]]:
    asked = next((other for other in package.items if other.id == condition.item), None)
    if asked is None:
        yield ("only_if", "item"), f"only_if names '{condition.item}', which is no item"
    elif asked.kind not in ("choice", "degree"):
        yield ("only_if", "item"), f"only_if needs a choice or degree, '{asked.id}' is a {asked.kind}"
    elif asked.scale in (None, *package.scales) and condition.option not in {o.id for o in package.options_of(asked)}:
        yield ("only_if", "option"), f"'{condition.option}' is not an option of '{asked.id}'"
    elif {asked.id, item.id} <= set(order) and order.index(asked.id) >= order.index(item.id):
        yield ("only_if", "item"), f"'{asked.id}' must be asked before '{item.id}'"


Answer = int | str | tuple[str, ...]
"""score, rating: the number · degree, choice: the option's id, or NOT_RELEVANT · choices: ids · text: the text."""
Answers = dict[str, Answer]
"""One person's answers by item id; an item not answered is not there. Read them with `domain/answers.py`."""

"""A cluster package as data: questions, scales, policies, references, programme. See `klyngepakker/`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.deck_plan import DeckPlan
from domain.model import Frozen, PackageSlug, Role, Round
from domain.policies import Disclosure, Policies

Kind = Literal["score", "degree", "choice", "choices", "rating", "text"]
"""score: labelled whole numbers (WHO-5, 0–5) · degree: one of an ordered scale · choice: one of unordered options
· choices: several options · rating: a whole number 1–10 · text: free text."""

NOT_RELEVANT = "ikke_relevant"
NOT_RELEVANT_LABEL = "Ikke relevant"


class Option(Frozen):
    """One possible answer. `value` is the number of a `score` option."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: str
    value: int | None = None


class Scale(Frozen):
    """An ordered set of options shared by items, best or most first.

    `high` and `low` are the option ids counted as the two bars (the middle stays in the base). `diverging` scales
    (agreement) have a neutral middle.
    """

    options: tuple[Option, ...]
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    high_label: str = ""
    low_label: str = ""
    diverging: bool = False
    source: str

    @model_validator(mode="after")
    def _ends_are_options(self) -> Self:
        ids = {option.id for option in self.options}
        for end in (*self.high, *self.low):
            if end not in ids:
                msg = f"high/low names '{end}', which is not an option of the scale"
                raise ValueError(msg)
        return self


class OnlyIf(Frozen):
    """The item is asked only where another item was answered with this option."""

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
    minimum_label: str = ""
    maximum_label: str = ""
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
    title: str
    measure: str = ""
    """KiAP's name: "Målepunkt 1"."""
    intro: str = ""
    items: tuple[str, ...]


class Reference(Frozen):
    """A national figure. Without a value it is shown as "reference mangler", never estimated."""

    id: str
    label: str
    value: float | None = None
    unit: Literal["score", "%"]
    year: int | None = None
    source: str
    item: str
    """What it is compared with: `who5`, `who5.very_low`, `arbejdsglaede.high` …"""
    note: str = ""


class ProgrammePart(Frozen):
    """A part of the meeting; the parts' minutes add up to the meeting's length."""

    title: str
    minutes: int = Field(gt=0)
    text: str = ""
    tasks: tuple[str, ...] = ()


class Link(Frozen):
    title: str
    url: str


class FollowUpPlan(Frozen):
    """Months after the meeting in which the second round may open, and what it repeats (all items if empty)."""

    from_months: int
    to_months: int
    repeats: tuple[str, ...] = ()


class Package(Frozen):
    """One package in one version. A running order keeps the version it started with."""

    slug: PackageSlug
    version: int = Field(ge=1)
    title: str
    title_follow_up: str = ""
    summary: str
    minutes_to_answer: int = 5
    surveyed: tuple[Role, ...] = (Role.OWNER, Role.EMPLOYED, Role.TRAINEE)
    scales: dict[str, Scale] = {}
    groups: tuple[Group, ...] = ()
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    who5: tuple[str, ...] = ()
    """The five items of the WHO-5 index, in order; empty where the package does not use it."""
    follow_up: FollowUpPlan
    policies: Policies = Policies()
    disclosure: Disclosure = Disclosure()
    references: tuple[Reference, ...] = ()
    programme: tuple[ProgrammePart, ...]
    homework: str = ""
    videos: tuple[Link, ...] = ()
    sources: tuple[str, ...] = ()
    deck: DeckPlan = DeckPlan()
    published: dt.date

    def item(self, item_id: str) -> Item:
        """The item with this id. Raises KeyError with the id."""
        return self._by_id[item_id]

    @property
    def _by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    def options_of(self, item: Item) -> tuple[Option, ...]:
        """The item's own options or those of its scale; empty for ratings and free text."""
        return self.scales[item.scale].options if item.scale else item.options

    def group(self, group_id: str) -> Group:
        return next(group for group in self.groups if group.id == group_id)

    def asked_in(self, round_: Round) -> tuple[Item, ...]:
        """The items of a round, in the order of the sections. The follow-up repeats the package's chosen items."""
        wanted = set(self.follow_up.repeats) if round_ is Round.FOLLOW_UP and self.follow_up.repeats else None
        return tuple(item for item in self._in_order() if wanted is None or item.id in wanted)

    def _in_order(self) -> Iterator[Item]:
        by_id = self._by_id
        for section in self.sections:
            for item_id in section.items:
                yield by_id[item_id]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        problems = list(_problems(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _problems(package: Package) -> Iterator[str]:
    ids = [item.id for item in package.items]
    known = set(ids)
    yield from (f"item '{item_id}' stands twice" for item_id in sorted({i for i in ids if ids.count(i) > 1}))
    placed = [item_id for section in package.sections for item_id in section.items]
    yield from (f"item '{item_id}' stands in no section" for item_id in ids if item_id not in placed)
    yield from (f"a section names '{item_id}', which is no item" for item_id in placed if item_id not in known)
    named = (*package.who5, *package.follow_up.repeats)
    yield from (f"who5/repeats names '{item_id}', which is no item" for item_id in named if item_id not in known)
    if package.who5 and len(package.who5) != 5:
        yield "who5 must name exactly five items"
    if package.follow_up.from_months >= package.follow_up.to_months:
        yield "follow_up.from_months must come before to_months"
    groups = {group.id for group in package.groups}
    for item in package.items:
        yield from (f"item '{item.id}': {problem}" for problem in _item_problems(package, item, groups, known))


def _item_problems(package: Package, item: Item, groups: set[str], known: set[str]) -> Iterator[str]:
    if item.scale and item.scale not in package.scales:
        yield f"scale '{item.scale}' is not defined"
        return
    options = package.options_of(item)
    if item.kind in ("score", "degree", "choice", "choices") and len(options) < 2:
        yield "needs a scale or at least two options"
    if item.kind == "score" and any(option.value is None for option in options):
        yield "every option of a score needs a value"
    if item.kind == "rating" and (item.minimum is None or item.maximum is None):
        yield "a rating needs minimum and maximum"
    if len({option.id for option in options}) != len(options) or len({o.label for o in options}) != len(options):
        yield "two options have the same id or label"
    if item.group and item.group not in groups:
        yield f"group '{item.group}' is not defined"
    if item.only_if and item.only_if.item not in known:
        yield f"only_if names '{item.only_if.item}', which is no item"
    if len(item.chart_label) > 60:
        yield "the chart label (short, or text) is longer than 60 characters"


Answers = dict[str, "Answer"]
Answer = Annotated[int | str | tuple[str, ...], "score/rating: the number; choice: option id; choices: ids; text"]

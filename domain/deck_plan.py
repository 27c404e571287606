"""The slides of a package's deck as its `deck.yaml` has them; `reporting/deck_check.py` knows which can be made."""

from string import Formatter
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from domain.by_form import FormLines, FormText, in_form
from domain.meeting import Format
from domain.model import Frozen


class Condition(Frozen):
    """A bound or a word. Shares are proportions 0–1, an index stands in its points, counts are whole numbers."""

    # By name too: a package that is kept is read back from its own dump.
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    at_least: float | None = None
    below: float | None = None
    is_: str | None = Field(None, alias="is")

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        bounds = (self.at_least, self.below)
        if (self.is_ is None) == (bounds == (None, None)):
            msg = "a condition is either 'is: word' or 'at_least'/'below' with numbers"
            raise ValueError(msg)
        return self

    def holds(self, value: float | str) -> bool:
        if isinstance(value, str):
            return value == self.is_
        above = self.at_least is None or value >= self.at_least
        return self.is_ is None and above and (self.below is None or value < self.below)


class TitleRule(Frozen):
    """A sentence with facts in braces, used when every condition holds and every fact it names may be told."""

    when: dict[str, Condition] = {}
    say: str = Field(min_length=1)

    @property
    def names(self) -> frozenset[str]:
        """The facts it speaks of or depends on. Raises ValueError for a broken template."""
        return names_in(self.say) | frozenset(self.when)


class SlideEntry(Frozen):
    """One slide as `deck.yaml` has it. Its words may be given once for each form of meeting.

    The first rule that can be said makes the title; `title` is the neutral sentence otherwise.
    """

    kind: str
    title: str = Field(min_length=1)
    titles: tuple[TitleRule, ...] = ()
    items: tuple[str, ...] = ()
    index: str | None = Field(None, description="the index it shows, by its id")
    measure: str | None = Field(None, description="the register's measure it shows, by its id")
    body: FormLines = ()
    without_figures: FormLines = Field((), description="text: the body where too few answered for figures to be shown")
    part: str | None = Field(None, description="the programme's part it is shown in; group_work shows its tasks")
    tasks: tuple[int, ...] = Field((), description="group_work: which of the part's tasks, by number; all where empty")
    video: int | None = Field(None, ge=1, description="video: which of the package's videos, from 1")
    references: tuple[str, ...] = Field((), description="ids of the national figures it may show")
    caption: FormText = Field("", description="a line under the chart, for instance how the question was put")
    notes: FormText = Field(description="what the coordinator can say, and what to watch")
    rounds: tuple[Literal["baseline", "follow_up"], ...] = Field(("baseline",), min_length=1)

    def of(self, form: Format) -> "SlidePlan":
        """The slide in the words of a meeting of this form."""
        words = {name: in_form(getattr(self, name), form) for name in ("body", "without_figures", "caption", "notes")}
        return SlidePlan.model_construct(**{**dict(self), **words})


class SlidePlan(SlideEntry):
    """A slide in the words of one form of meeting."""

    body: tuple[str, ...] = ()
    without_figures: tuple[str, ...] = ()
    caption: str = ""
    notes: str = Field(min_length=1)


class DeckPlan(Frozen):
    """The slides in order."""

    slides: tuple[SlideEntry, ...] = ()

    def of(self, form: Format, round_: str) -> tuple[SlidePlan, ...]:
        """The slides of a round's deck, in the words of a meeting of this form."""
        return tuple(slide.of(form) for slide in self.slides if round_ in slide.rounds)


def names_in(template: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for a broken template."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)

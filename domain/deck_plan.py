"""The slides of a package's deck, as its `deck.yaml` gives them: what each shows, and what its title may say."""

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from domain.model import Frozen

SlideKind = Literal[
    "title", "agenda", "text", "answers", "who5_scores", "who5_reading", "who5_own_score", "who5_comparison",
    "who5_bands", "degree", "two_sides", "top", "ranking", "ratings", "likert", "quotes", "national", "group_work",
    "video", "homework", "sources", "method", "before_after_who5", "before_after_bands", "before_after_degree",
    "before_after_shares",
]  # fmt: skip
"""likert also shows frequencies: the item's scale decides order, colours and what is summed up."""

EVERYWHERE = frozenset({"cluster", "package", "n", "members"})
FACTS: dict[SlideKind, frozenset[str]] = {
    "answers": frozenset({"share"}),
    "who5_scores": frozenset({"mean", "min", "max", "high", "low", "very_low", "below"}),
    "who5_comparison": frozenset({"mean", "min", "max", "reference", "reference_name", "reference_year", "against"}),
    "who5_bands": frozenset({"high", "low", "very_low", "below"}),
    "degree": frozenset({"high", "low", "largest", "largest_share"}),
    "two_sides": frozenset({"high", "low"}),
    "top": frozenset({"first", "first_share", "second", "third"}),
    "ranking": frozenset({"first", "first_share", "second", "third"}),
    "ratings": frozenset({"first", "first_mean", "second", "third"}),
    "likert": frozenset({"first", "first_share", "last", "last_share"}),
    "before_after_who5": frozenset({"before", "after", "difference", "low", "high", "verdict"}),
    "before_after_bands": frozenset({"before", "after"}),
    "before_after_degree": frozenset({"before", "after", "difference", "low", "high", "verdict"}),
    "before_after_shares": frozenset({"up", "down", "uncertain", "items"}),
}
"""What the titles of each kind may speak of, besides `EVERYWHERE`. See `reporting/facts.py` for what each is."""

WORDS = frozenset({"verdict", "against"})
"""Facts that are a word to compare with, not a number: up, down, uncertain; above, below, near, mixed."""

NEEDS: dict[SlideKind, frozenset[str]] = {
    "degree": frozenset({"degree"}),
    "two_sides": frozenset({"degree"}),
    "top": frozenset({"choices"}),
    "ranking": frozenset({"choices"}),
    "ratings": frozenset({"rating"}),
    "likert": frozenset({"degree"}),
    "quotes": frozenset({"text"}),
    "before_after_degree": frozenset({"degree"}),
    "before_after_shares": frozenset({"degree"}),
}
"""The kinds of item a slide shows. A kind that is missing here shows no items."""

ONE_ITEM = frozenset({"degree", "two_sides", "top", "ranking", "quotes", "before_after_degree"})
WHO5: frozenset[SlideKind] = frozenset(
    {"who5_scores", "who5_reading", "who5_own_score", "who5_comparison", "who5_bands", "before_after_who5",
     "before_after_bands"}
)  # fmt: skip
CHANGE_WORDS = ("steg", "stig", "fald", "bedre", "dårligere", "forværr", "forbedr", "op med", "ned med")


class Condition(Frozen):
    """A bound or a word. Shares are proportions 0–1, WHO-5 points 0–100, counts whole numbers."""

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


class SlidePlan(Frozen):
    """One slide. The first rule that can be said makes the title; `title` is the neutral sentence otherwise."""

    kind: SlideKind
    title: str = Field(min_length=1)
    titles: tuple[TitleRule, ...] = ()
    items: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    part: int | None = Field(None, ge=1, description="group_work: the programme's part, from 1, whose tasks it shows")
    tasks: tuple[int, ...] = Field((), description="group_work: which of the part's tasks, from 1; all where empty")
    video: int | None = Field(None, ge=1, description="video: which of the package's videos, from 1")
    references: tuple[str, ...] = Field((), description="ids of the national figures it may show")
    caption: str = Field("", description="a line under the chart, for instance how the question was put")
    notes: str = Field(min_length=1, description="what the coordinator can say, and what to watch")
    rounds: tuple[Literal["baseline", "follow_up"], ...] = Field(("baseline",), min_length=1)

    @model_validator(mode="after")
    def _can_be_made(self) -> Self:
        problems = list(_slide_problems(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self


class DeckPlan(Frozen):
    """The slides in order."""

    slides: tuple[SlidePlan, ...] = ()


def names_in(template: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for a broken template."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


Where = tuple[str | int, ...]


def deck_problems(
    plan: DeckPlan,
    kinds: Mapping[str, str],
    references: frozenset[str],
    tasks: Sequence[int],
    videos: int,
    *,
    who5: bool,
) -> Iterator[tuple[Where, str]]:
    """What in the deck does not fit its package, with the path down to it.

    `kinds` is each item's kind by id, `tasks` how many tasks each part of the programme has.
    """
    for number, slide in enumerate(plan.slides):
        where: Where = ("slides", number)
        for place, item in enumerate(slide.items):
            if item not in kinds:
                yield (*where, "items", place), f"{slide.kind} names '{item}', which is no item"
            elif kinds[item] not in NEEDS.get(slide.kind, frozenset()):
                yield (*where, "items", place), f"{slide.kind} cannot show '{item}', which is a {kinds[item]}"
        for place, name in enumerate(slide.references):
            if name not in references:
                yield (*where, "references", place), f"'{name}' is no reference"
        yield from (((*where, "part"), problem) for problem in _part_problems(slide, tasks))
        if slide.video is not None and slide.video > videos:
            yield (*where, "video"), f"the package has {videos} videos"
        if slide.kind in WHO5 and not who5:
            yield (*where, "kind"), f"{slide.kind}: the package does not use WHO-5"


def _part_problems(slide: SlidePlan, tasks: Sequence[int]) -> Iterator[str]:
    if slide.part is None:
        return
    if slide.part > len(tasks):
        yield f"the programme has {len(tasks)} parts"
    elif not slide.body and not tasks[slide.part - 1]:
        yield f"part {slide.part} of the programme has no tasks"
    else:
        count = tasks[slide.part - 1]
        yield from (f"part {slide.part} has no task {number}" for number in slide.tasks if not 1 <= number <= count)


def _slide_problems(slide: SlidePlan) -> Iterator[str]:
    known = EVERYWHERE | FACTS.get(slide.kind, frozenset())
    for text in (slide.title, *(rule.say for rule in slide.titles)):
        try:
            unknown = names_in(text) - known
        except ValueError as error:
            yield f"title '{text}': {error}"
            continue
        yield from (f"title '{text}': '{name}' is not known for {slide.kind}" for name in sorted(unknown))
    if not names_in_or_none(slide.title) <= EVERYWHERE:
        yield "the neutral title may only use cluster, package, n and members"
    if slide.kind.startswith("before_after") and _tells_of_change(slide.title):
        yield f"the neutral title '{slide.title}' tells of a change"
    for rule in slide.titles:
        yield from _rule_problems(slide, rule, known)
    needed = NEEDS.get(slide.kind)
    if needed and not slide.items:
        yield f"{slide.kind} needs items"
    if slide.kind in ONE_ITEM and len(slide.items) > 1:
        yield f"{slide.kind} shows exactly one item"
    if slide.kind == "group_work" and not (slide.body or slide.part):
        yield "group_work needs a body or a part of the programme"
    if slide.kind == "text" and not slide.body:
        yield "text needs a body"
    if slide.kind == "video" and slide.video is None:
        yield "video needs the number of a video"
    if slide.kind == "national" and not slide.references:
        yield "national needs references"
    if slide.kind.startswith("before_after") and "baseline" in slide.rounds:
        yield f"{slide.kind} belongs to the follow_up round only"


def _rule_problems(slide: SlidePlan, rule: TitleRule, known: frozenset[str]) -> Iterator[str]:
    for name, condition in rule.when.items():
        if name not in known:
            yield f"when: '{name}' is not known for {slide.kind}"
        elif (name in WORDS) != (condition.is_ is not None):
            yield f"when: '{name}' is compared with {'a word' if name in WORDS else 'numbers'}"
    if slide.kind.startswith("before_after"):
        yield from _claim_problems(slide, rule)


def _claim_problems(slide: SlidePlan, rule: TitleRule) -> Iterator[str]:
    """A title that tells of a change, or that there is none to be sure of, must depend on the interval."""
    several = slide.kind == "before_after_shares"
    if _tells_of_change(rule.say) and not _depends_on(rule, "up", "down", several=several):
        needed = "'up' or 'down' being at least 1" if several else "'verdict' being up or down"
        yield f"title '{rule.say}' tells of a change, so it must depend on {needed}"
    elif "usikkerhed" in rule.say and not _depends_on(rule, "up", "down", "uncertain", several=several):
        needed = "'uncertain' being at least 1" if several else "'verdict' being uncertain"
        yield f"title '{rule.say}' tells of uncertainty, so it must depend on {needed}"


def _tells_of_change(text: str) -> bool:
    return any(word in text.lower() for word in CHANGE_WORDS)


def _depends_on(rule: TitleRule, *verdicts: str, several: bool) -> bool:
    if several:
        counts = [rule.when[name].at_least for name in verdicts if name in rule.when]
        return any(count is not None and count >= 1 for count in counts)
    verdict = rule.when.get("verdict")
    return verdict is not None and verdict.is_ in verdicts


def names_in_or_none(template: str) -> frozenset[str]:
    """The names in braces; none for a broken template, which is reported elsewhere."""
    try:
        return names_in(template)
    except ValueError:
        return frozenset()

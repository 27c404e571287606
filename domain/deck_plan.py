"""The slides of a package's deck, as its `deck.yaml` gives them."""

from typing import Literal

from domain.model import Frozen

SlideKind = Literal[
    "title", "agenda", "text", "answers", "who5_scores", "who5_reading", "who5_comparison", "who5_bands",
    "degree", "two_sides", "top", "ranking", "ratings", "likert", "frequency", "quotes", "group_work",
    "video", "homework", "sources", "before_after_who5", "before_after_degree", "method",
]  # fmt: skip


class SlidePlan(Frozen):
    """One slide. `items` are the item ids it shows; `title` is used as it is, unless the kind makes a sentence."""

    kind: SlideKind
    title: str = ""
    items: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    notes: str = ""
    only_rounds: tuple[Literal["baseline", "follow_up"], ...] = ("baseline",)


class DeckPlan(Frozen):
    """The slides in order."""

    slides: tuple[SlidePlan, ...] = ()

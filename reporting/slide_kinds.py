"""The kinds of slide: what each shows, and what its titles may speak of. `reporting/deck.py` draws them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from domain.package import Kind

EVERYWHERE = frozenset({"cluster", "package", "n", "members"})
"""What every title may speak of."""

WORDS = frozenset({"verdict", "against", "ahead"})
"""Facts that are a word to compare with, not a number: up, down, uncertain; above, below, near, mixed; high, low, …"""


@dataclass(frozen=True)
class SlideKind:
    """A kind of slide. The sentences of its titles may speak of `facts`, which `reporting/facts.py` finds."""

    facts: tuple[str, ...] = ()
    items: Kind | None = None
    """The kind of item it shows; None where it shows no items."""
    one_item: bool = False
    ends: bool = False
    """Whether it shows the high end of its items' scale alone, so that the scale must have one."""
    needs: Literal["body", "body or part", "video", "references"] | None = None
    """What else of the plan it can't be made without."""
    index: bool = False
    """Whether it shows an index of the package."""
    measure: bool = False
    """Whether it shows a register's measure."""
    register: bool = False
    """Whether it belongs to packages of a register alone."""
    bands: bool = False
    """Whether its titles may speak of each of the index' bands by its id, and of what `OF_BANDS` says."""
    answers: bool = False
    """Whether it shows answers: if a whole round may not be told, one calm slide stands for all of these."""
    compares: bool = False
    """Whether it shows both rounds, so that it belongs to the follow-up and its titles may tell of a change."""

    def shows(self, kind: Kind) -> bool:
        """Whether it can show an item of this kind. A choice of one is drawn as choices of several are."""
        return kind == self.items or (kind == "choice" and self.items == "choices")


RETIRED = frozenset({"sources", "method"})
"""Kinds in kept versions of packages that are not drawn any more: the results document has what they said."""
OF_BANDS = ("below", "above", "heeded")
"""Respondents below the band of most points, above that of fewest, and in those of colours to take heed of."""
_PLACES = ("first", "first_share", "leaders")
_REFERENCE = ("reference", "reference_name", "reference_year", "against")
_CHANGE = ("before", "after", "difference", "interval", "verdict")

KINDS: Mapping[str, SlideKind] = {
    "title": SlideKind(),
    "agenda": SlideKind(),
    "text": SlideKind(needs="body"),
    "last_time": SlideKind(needs="body"),
    "answers": SlideKind(("share",), answers=True),
    "index_scores": SlideKind(("mean", "min", "max"), index=True, bands=True, answers=True),
    "index_reading": SlideKind(index=True),
    "index_own_score": SlideKind(index=True),
    "index_comparison": SlideKind(("mean", "min", "max", *_REFERENCE), index=True, answers=True),
    "index_bands": SlideKind(index=True, bands=True, answers=True),
    "degree": SlideKind(("high", "low", "ahead", "largest", "largest_share"), "degree", one_item=True, answers=True),
    "two_sides": SlideKind(("high", "low", "ahead"), "degree", one_item=True, ends=True, answers=True),
    "top": SlideKind(_PLACES, "choices", one_item=True, answers=True),
    "ranking": SlideKind(_PLACES, "choices", one_item=True, answers=True),
    "ratings": SlideKind(("first", "first_mean"), "rating", answers=True),
    # Frequencies too: the items' scale decides order, colours and what is summed up.
    "likert": SlideKind(("first", "first_share", "last", "last_share"), "degree", answers=True),
    "quotes": SlideKind((), "text", one_item=True, answers=True),
    "national": SlideKind(needs="references"),
    "group_work": SlideKind(needs="body or part"),
    "video": SlideKind(needs="video"),
    "help": SlideKind(),
    "homework": SlideKind(),
    "register_measures": SlideKind(register=True),
    "register_spread": SlideKind(
        ("median", "lower", "upper", "least", "most", *_REFERENCE), measure=True, register=True, answers=True
    ),
    "before_after_register": SlideKind(_CHANGE, measure=True, register=True, answers=True, compares=True),
    "before_after_index": SlideKind(_CHANGE, index=True, answers=True, compares=True),
    "before_after_bands": SlideKind(_CHANGE, index=True, answers=True, compares=True),
    "before_after_degree": SlideKind(_CHANGE, "degree", one_item=True, answers=True, compares=True),
    "before_after_shares": SlideKind(
        ("up", "down", "uncertain", "items"), "degree", ends=True, answers=True, compares=True
    ),
}

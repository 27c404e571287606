"""The results of one survey round after the disclosure gate: the one thing decks, documents and `results.json` show."""

from typing import Literal

from pydantic import Field

from domain.model import Frozen, PackageSlug, Round
from domain.register import Evidence, Spread

Verdict = Literal["up", "down", "uncertain"]

KEPT_AT_THE_TOP = "who5"
"""The index that had a key of its own in `results.json` and in `package show --json`, and has it still."""


class Share(Frozen):
    """A proportion 0–1 with its 95 % Wilson interval."""

    value: float
    low: float
    high: float


class ItemResult(Frozen):
    """One item. `n` answered it ("Ikke relevant" is out of the base); `counts` is by label, in the scale's order.

    A suppressed item has `n` 0 and nothing else: not even how few answered is told.
    Under `Disclosure.percentages_from` answers, `share`, `sd`, `min` and `max` are absent, and a rating's `counts`
    are of groups of numbers ("1–3"). `share` has `high` and `low` where the scale has such ends, else every label.
    """

    n: int
    counts: dict[str, int] = Field(default_factory=dict)
    mean: float | None = None
    sd: float | None = None
    min: int | None = None
    max: int | None = None
    share: dict[str, Share] | None = None
    not_relevant: int | None = None
    suppressed: bool = False


class IndexResult(Frozen):
    """An index in its points; `n` answered all its items. `low`–`high` is the 95 % interval of the mean.

    `bands` counts respondents by band, most points first. `scores` counts them by score, for dots; absent, like `min`,
    `max` and `share` (of the bands), where single persons may not be shown.
    """

    n: int
    mean: float
    low: float
    high: float
    sd: float
    min: int | None = None
    max: int | None = None
    bands: dict[str, int]
    share: dict[str, Share] | None = None
    scores: dict[int, int] | None = None


class Change(Frozen):
    """Follow-up minus baseline, unpaired, with its 95 % interval (points, a proportion, a measure's unit)."""

    difference: float
    low: float
    high: float
    verdict: Verdict


class Results(Frozen):
    """One round. `suppressed` is true when too few answered: then `n` and `members` are all that is told.

    Of a register's round they are practices: those with a number in the extract, and all. Nothing here has a practice's
    name or number.
    """

    package: PackageSlug
    package_version: int
    round: Round
    n: int
    members: int
    suppressed: bool
    evidence: Evidence = "questionnaire"
    items: dict[str, ItemResult] = Field(default_factory=dict)
    indices: dict[str, IndexResult] = Field(default_factory=dict)
    measures: dict[str, Spread] = Field(default_factory=dict)
    change: dict[str, Change] | None = None

    def with_change(self, change: dict[str, Change]) -> "Results":
        """The same results, with what has changed since the first round."""
        return Results.model_validate({**dict(self), "change": change})

    def as_json(self) -> dict[str, object]:
        """The content of `results.json`: absent values are left out, `indices` where there is none.

        What is of registers alone, `evidence` and `measures`, is left out of a questionnaire's.

        One index was there before indices were a package's data, and still stands at the top too, for whoever reads it.
        """
        content = self.model_dump(mode="json", exclude_none=True)
        indices = content.pop("indices")
        if self.evidence == "questionnaire":
            del content["evidence"], content["measures"]
        if KEPT_AT_THE_TOP in indices:
            content[KEPT_AT_THE_TOP] = indices[KEPT_AT_THE_TOP]
        if indices:
            content["indices"] = indices
        return content

"""From a round's answers to counts and scores, and from two rounds to what changed."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from domain.model import Round
from domain.package import NOT_RELEVANT, Answers, Item, Package
from domain.results import Change, ItemResult, Results, Who5Result
from domain.statistics import Interval, Summary, newcombe_difference, verdict, welch_difference
from domain.tabulation import ItemTabulation, Tabulation, Who5Tabulation, bands_of

POINTS_PER_STEP = 4
"""WHO-5: the sum of five answers 0–5, times 4, gives 0–100."""

Shuffle = Callable[[list[str]], None]
_unforeseeable = random.SystemRandom()


def tabulate(
    package: Package,
    round_: Round,
    members: int,
    rows: Sequence[Answers],
    shuffle: Shuffle = _unforeseeable.shuffle,
) -> Tabulation:
    """A round counted: `rows` holds one person's answers each, `members` is how many were asked.

    The result is as private as the answers: only `domain.disclosure.disclose` makes something of it to be shown.
    """
    items = package.asked_in(round_)
    frame = pd.DataFrame(
        [[row.get(item.id) for item in items] for row in rows], columns=[item.id for item in items], dtype=object
    )
    return Tabulation(
        package=package.slug,
        package_version=package.version,
        round=round_,
        n=len(rows),
        members=members,
        items={item.id: _item(package, item, frame[item.id].dropna()) for item in items},
        who5=_who5(frame, package.who5) if set(package.who5) <= set(frame) else None,
        texts={item.id: _shuffled(frame[item.id], shuffle) for item in items if item.kind == "text"},
    )


def compare(baseline: Results, follow_up: Results, package: Package) -> dict[str, Change]:
    """Follow-up minus baseline for all that both rounds may show: `who5`, `<item>.high` and `<item>.low`.

    Unpaired, for nobody knows who is who. WHO-5 by Welch, in points; shares by Newcombe, as proportions.
    """
    changes: dict[str, Change] = {}
    if baseline.who5 is not None and follow_up.who5 is not None:
        changes["who5"] = _change(welch_difference(_summary(baseline.who5), _summary(follow_up.who5)))
    for item_id, after in follow_up.items.items():
        before = baseline.items.get(item_id)
        if before is not None and before.share and after.share:
            changes |= _share_changes(package, package.item(item_id), before, after)
    return changes


def _share_changes(package: Package, item: Item, before: ItemResult, after: ItemResult) -> dict[str, Change]:
    if item.kind != "degree":
        return {}
    return {
        f"{item.id}.{name}": _change(
            newcombe_difference(_count(before, labels), before.n, _count(after, labels), after.n)
        )
        for name, labels in _ends(package, item).items()
    }


def _count(result: ItemResult, labels: Sequence[str]) -> int:
    return sum(result.counts[label] for label in labels)


def _summary(who5: Who5Result) -> Summary:
    return Summary(who5.n, who5.mean, who5.sd)


def _change(interval: Interval) -> Change:
    return Change(difference=interval.value, low=interval.low, high=interval.high, verdict=verdict(interval))


def _item(package: Package, item: Item, answered: "pd.Series[Any]") -> ItemTabulation:
    said = answered[answered != NOT_RELEVANT] if item.kind != "text" else answered
    not_relevant = len(answered) - len(said) if item.may_be_not_relevant else None
    if item.kind == "text":
        return ItemTabulation(n=len(said))
    if item.kind in ("score", "rating"):
        return _numbers(package, item, said.astype("int64"), not_relevant)
    options = package.options_of(item)
    found = said.explode().value_counts()
    counts = {option.label: int(found.get(option.id, 0)) for option in options}
    ends = _ends(package, item)
    shares = {name: sum(counts[label] for label in labels) for name, labels in ends.items()} if ends else counts
    return ItemTabulation(n=len(said), counts=counts, shares=shares, not_relevant=not_relevant)


def _numbers(package: Package, item: Item, said: "pd.Series[int]", not_relevant: int | None) -> ItemTabulation:
    found = said.value_counts()
    if item.kind == "score":
        counts = {o.label: int(found.get(o.value, 0)) for o in package.options_of(item) if o.value is not None}
        coarse = None
    else:
        scale = range(item.minimum or 0, (item.maximum or 0) + 1)
        counts = {str(number): int(found.get(number, 0)) for number in scale}
        coarse = _in_thirds(scale, said)
    some = len(said) > 0
    return ItemTabulation(
        n=len(said),
        counts=counts,
        coarse=coarse,
        not_relevant=not_relevant,
        mean=float(said.mean()) if some else None,
        sd=float(said.std()) if len(said) > 1 else None,
        min=int(said.min()) if some else None,
        max=int(said.max()) if some else None,
    )


def _in_thirds(scale: range, said: "pd.Series[int]") -> dict[str, int]:
    """Low, middle and high numbers counted together; of 1–10: 1–3, 4–7, 8–10."""
    third = len(scale) // 3
    if third == 0:
        return {f"{scale[0]}–{scale[-1]}": len(said)}
    thirds = (scale[:third], scale[third:-third], scale[-third:])
    return {f"{part[0]}–{part[-1]}": int(said.isin(part).sum()) for part in thirds}


def _ends(package: Package, item: Item) -> dict[str, tuple[str, ...]]:
    """The labels of a degree scale's two bars; empty where the scale has none."""
    scale = package.scales.get(item.scale or "")
    if item.kind != "degree" or scale is None or not (scale.high and scale.low):
        return {}
    return {"high": scale.labels_of("high"), "low": scale.labels_of("low")}


def _who5(frame: pd.DataFrame, items: Sequence[str]) -> Who5Tabulation | None:
    """The index of everybody who answered all five, None if nobody did or the package has no WHO-5."""
    if not items:
        return None
    scores = frame[list(items)].dropna(how="any").astype("int64").sum(axis="columns") * POINTS_PER_STEP
    if scores.empty:
        return None
    counted = {int(score): int(count) for score, count in scores.value_counts().sort_index().items()}  # type: ignore[call-overload]
    return Who5Tabulation(
        n=len(scores),
        mean=float(scores.mean()),
        sd=float(scores.std()) if len(scores) > 1 else None,
        min=int(scores.min()),
        max=int(scores.max()),
        bands=bands_of(counted),
        scores=counted,
    )


def _shuffled(texts: "pd.Series[Any]", shuffle: Shuffle) -> tuple[str, ...]:
    said = [str(text) for text in texts.dropna()]
    shuffle(said)
    return tuple(said)

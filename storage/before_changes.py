"""Batches that were published as sums before and after, in today's shape: how much changed."""

from typing import Any

from domain.national import Batch, Said, Scores, Told, change_of_points, changes_of_shares
from storage.before_indices import figures_of_today

GRAIN = 0.1
"""In points: what there was then had a step of 4."""


def has_levels(kept: dict[str, Any]) -> bool:
    """Whether a batch told how it was, not only what changed: its first rounds are then counted nowhere else."""
    return "items" in kept


def batch_of_today(kept: dict[str, Any]) -> Batch:
    """A published batch as it is read now."""
    if not has_levels(kept):
        return Batch.model_validate(kept)
    content = figures_of_today(kept)
    orders = int(content["orders"])
    changes = dict[str, Told]()
    for index, scores in content.get("indices", {}).items():
        before, after = (Scores.model_validate(scores[round_]) for round_ in ("before", "after"))
        changes[index] = change_of_points(before, after, orders, GRAIN)
    for item, said in content["items"].items():
        first, second = (Said.model_validate(said[round_]) for round_ in ("before", "after"))
        changes |= {f"{item}.{end}": told for end, told in changes_of_shares(first, second, orders).items()}
    return Batch(orders=orders, clusters=int(content["clusters"]), changes=changes)

"""Batches that told of levels before and after are read as changes, and their first rounds are counted nowhere else."""

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import insert

from domain.model import PackageSlug
from storage.database import Database
from storage.national_figures import national_table, published

SLUG = PackageSlug("trivsel-og-arbejdsglaede")
SCORES = {
    "before": {"n": 100, "total": 5800, "squares": 360000},
    "after": {"n": 110, "total": 6900, "squares": 460000},
}
SAID = {"before": {"n": 100, "high": 50, "low": 10}, "after": {"n": 100, "high": 61, "low": 10}}


@pytest.mark.parametrize(
    "kept", [{"who5": SCORES, "items": {}}, {"indices": {"who5": SCORES}, "items": {"arbejdsglaede": SAID}}], ids=str
)
def test_a_batch_of_then_is_read_as_how_much_changed(database: Database, kept: dict[str, Any]) -> None:
    content = json.dumps({"orders": 5, "clusters": 5, **kept})
    row = {"package": SLUG, "package_version": 2, "until": dt.date(2026, 4, 1), "figures": content}
    with database.write() as connection:
        connection.execute(insert(national_table).values({**row, "made_at": dt.datetime(2026, 4, 1, tzinfo=dt.UTC)}))
        [found] = published(connection)
    change = found.figures.changes["who5"]
    assert (found.figures.orders, change.n_before, change.n_after, change.difference) == (5, 100, 110, 4.7)
    if "arbejdsglaede.high" in found.figures.changes:
        assert found.figures.changes["arbejdsglaede.high"].difference == 0.11

"""How many answered each round, and when its results were delivered: one row a counted round, and rates over them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Column, Connection, Index, Integer, String, Table, func, literal, select

from domain.events import Event
from domain.model import Round
from domain.order import Order
from domain.quarters import Quarter, quarter_coded, quarter_of
from storage.clusters import cluster_table
from storage.columns import Instant
from storage.database import metadata

turnout_table = Table(
    "survey_turnout",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("round", String, primary_key=True),
    Column("cluster", String, nullable=False),
    Column("package", String, nullable=False),
    Column("package_version", Integer, nullable=False),
    Column("quarter", Integer, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("invited", Integer, nullable=False),
    Column("released_at", Instant),
    # All that rates are made of, so that no row is looked at; by cluster, as the region is the cluster's.
    Index("ix_survey_turnout_rates", "quarter", "round", "cluster", "package", "answers", "invited"),
    Index(None, "round", "released_at"),
)


class SurveyTurnout:
    """The projection behind it. Raise `version` when a row's meaning changes."""

    name: ClassVar[str] = "survey_turnout"
    version: ClassVar[int] = 1
    table: ClassVar[Table] = turnout_table
    replaces: ClassVar[bool] = True

    def rows(self, order: Order, events: Sequence[tuple[int, Event]], now: dt.datetime) -> list[dict[str, Any]]:  # noqa: ARG002 - as the order stands
        return [
            {
                "order_id": order.id,
                "round": survey.round.value,
                "cluster": order.cluster,
                "package": order.package,
                "package_version": order.package_version,
                "quarter": quarter_of(survey.counted_at).code,
                "answers": survey.answers,
                "invited": survey.invited,
                "released_at": survey.released_at,
            }
            for survey in order.surveys
            if survey.counted_at is not None and survey.evidence == "questionnaire"
        ]


SURVEY_TURNOUT = SurveyTurnout()


@dataclass(frozen=True, slots=True)
class Turnout:
    """Rounds of one kind that closed in a quarter, in a region as it is noted; `package` is empty where all are."""

    quarter: Quarter
    package: str
    round: Round
    region: str
    rounds: int
    answers: int
    invited: int


def turnouts(
    connection: Connection, first: Quarter, last: Quarter, *, package: str = "", by_package: bool = False
) -> list[Turnout]:
    """How many of those invited answered, by quarter, round and region; the newest quarter first. One query."""
    t = turnout_table.c
    split = [t.package] if by_package else []
    # Added up in the index's own order first, so that regions are looked up for clusters and not for rounds.
    of_cluster = (
        select(
            t.quarter,
            t.round,
            t.cluster,
            (t.package if by_package else literal("")).label("package"),
            func.count().label("rounds"),
            func.sum(t.answers).label("answers"),
            func.sum(t.invited).label("invited"),
        )
        .where(t.quarter >= first.code, t.quarter <= last.code)
        .group_by(t.quarter, t.round, t.cluster, *split)
    )
    if package:
        of_cluster = of_cluster.where(t.package == package)
    c = of_cluster.subquery().c
    keys = (c.quarter, c.package, c.round, cluster_table.c.region)
    sums = [func.sum(each).label(each.name) for each in (c.rounds, c.answers, c.invited)]
    query = (
        select(*keys, *sums)
        .join(cluster_table, cluster_table.c.id == c.cluster)
        .group_by(*keys)
        .order_by(c.quarter.desc(), c.round, c.package, cluster_table.c.region)
    )
    return [
        Turnout(
            quarter_coded(row.quarter), row.package, Round(row.round), row.region,
            int(row.rounds), int(row.answers), int(row.invited),
        )
        for row in connection.execute(query)
    ]  # fmt: skip

"""KiAP's list of orders: found by what stands in them, counted by stage, a page at a time, with the names by join."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Row, Select, func, or_, select, union_all

from domain.model import OrderId
from domain.stages import ENDED, Stage
from storage.board import board_table
from storage.clusters import cluster_table, practice_key, practice_table
from storage.danish_sql import alphabetically, folded, folded_text
from storage.people import order_person_table, person_table
from storage.staff import staff_table

NOBODY = "ingen"
"""Stands for no consultant, and for nobody of whom anything is awaited."""


class Sorting(StrEnum):
    """By what the list is sorted. The soonest, the first letter and the newest order come first."""

    DUE = "frist"
    CLUSTER = "klynge"
    MEETING = "moede"
    PLACED = "bestilt"


@dataclass(frozen=True)
class Wanted:
    """Which orders; what is not given leaves nothing out.

    `text` is looked for in the cluster's, coordinator's and practices' names, the order's and practices' numbers.
    `ended`: only those, or only the others. `due_before`: what was due before this instant and is not done.
    """

    text: str = ""
    stage: Stage | None = None
    consultant: str = ""
    package: str = ""
    acts_next: str = ""
    meeting_from: dt.datetime | None = None
    meeting_before: dt.datetime | None = None
    due_before: dt.datetime | None = None
    ended: bool | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order with the names of today. An erased name, or none, is empty. `acts_next` is a role, None where nobody."""

    order_id: OrderId
    cluster: str
    region: str
    package: str
    stage: Stage
    coordinator: str
    consultant: str
    acts_next: str | None
    placed_at: dt.datetime
    meeting_at: dt.datetime | None
    due: dt.datetime | None
    ended_at: dt.datetime | None
    members: int
    version: int


def order_lines(
    connection: Connection, wanted: Wanted, sorting: Sorting, *, limit: int | None, skip: int = 0
) -> list[OrderLine]:
    """So many of the orders that fit, sorted; all where there is no limit.

    Which they are is found on the board alone, where an index has open orders by what is due: names are looked up for
    these only.
    """
    b = board_table.c
    which, order_by = _sorted(connection, _where(select(b.order_id), wanted), sorting)
    page = which.order_by(*order_by).limit(limit).offset(skip).subquery()
    query, order_by = _sorted(connection, _lines().join(page, page.c.order_id == b.order_id), sorting)
    return [_line(row) for row in connection.execute(query.order_by(*order_by))]


def lines_of(connection: Connection, ids: Sequence[OrderId]) -> dict[OrderId, OrderLine]:
    """These orders, those of them that are there."""
    query = _lines().where(board_table.c.order_id.in_(ids))
    return {line.order_id: line for line in map(_line, connection.execute(query))}


def stage_counts(connection: Connection, wanted: Wanted) -> dict[Stage, int]:
    """How many orders that fit stand in each stage, whichever stage is wanted."""
    b = board_table.c
    query = _where(select(b.stage, func.count().label("orders")), replace(wanted, stage=None)).group_by(b.stage)
    return {Stage(row.stage): row.orders for row in connection.execute(query)}


def first_of_each_stage(connection: Connection, wanted: Wanted, sorting: Sorting, most: int) -> list[OrderLine]:
    """The first orders of every stage, at most so many of each, in one query."""
    b = board_table.c
    # Open orders stand in an index by stage: there each stage is asked by itself. A text is looked for once, and
    # clusters have their places in the alphabet reckoned once, so then all stages are gone through together.
    by_stage = wanted.ended is False and not wanted.text and sorting is not Sorting.CLUSTER
    first = (_first_by_index if by_stage else _first_by_place)(connection, wanted, sorting, most).subquery()
    query, order_by = _sorted(connection, _lines().join(first, first.c.order_id == b.order_id), sorting)
    return [_line(row) for row in connection.execute(query.order_by(*order_by))]


def _first_by_index(connection: Connection, wanted: Wanted, sorting: Sorting, most: int) -> CompoundSelect[Any]:
    parts = []
    for stage in [wanted.stage] if wanted.stage else [stage for stage in Stage if stage not in ENDED]:
        of_stage = _where(select(board_table.c.order_id), replace(wanted, stage=stage))
        query, order_by = _sorted(connection, of_stage, sorting)
        parts.append(select(query.order_by(*order_by).limit(most).subquery().c.order_id))
    return union_all(*parts)


def _first_by_place(connection: Connection, wanted: Wanted, sorting: Sorting, most: int) -> Select[Any]:
    b = board_table.c
    query, order_by = _sorted(connection, _where(select(b.order_id), wanted), sorting)
    place = func.row_number().over(partition_by=b.stage, order_by=order_by).label("place")
    placed = query.add_columns(place).subquery()
    return select(placed.c.order_id).where(placed.c.place <= most)


def _lines() -> Select[*tuple[Any, ...]]:
    b = board_table.c
    return (
        select(
            b.order_id,
            cluster_table.c.name.label("cluster_name"),
            cluster_table.c.region,
            b.package,
            b.stage,
            func.coalesce(person_table.c.name, "").label("coordinator_name"),
            func.coalesce(staff_table.c.name, "").label("consultant_name"),
            b.needs_action_from,
            b.placed_at,
            b.meeting_at,
            b.due,
            b.ended_at,
            b.members,
            b.version,
        )
        .select_from(board_table)
        .join(cluster_table, cluster_table.c.id == b.cluster)
        .outerjoin(person_table, person_table.c.id == b.coordinator)
        .outerjoin(staff_table, staff_table.c.id == b.consultant)
    )


def _where(query: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    b = board_table.c
    if wanted.ended is not None:
        query = query.where(b.ended_at.is_not(None) if wanted.ended else b.ended_at.is_(None))
    if wanted.stage is not None:
        query = query.where(b.stage == wanted.stage.value)
    if wanted.package:
        query = query.where(b.package == wanted.package)
    for column, value in ((b.consultant, wanted.consultant), (b.needs_action_from, wanted.acts_next)):
        if value:
            query = query.where(column.is_(None) if value == NOBODY else column == value)
    if wanted.meeting_from is not None:
        query = query.where(b.meeting_at >= wanted.meeting_from)
    if wanted.meeting_before is not None:
        query = query.where(b.meeting_at < wanted.meeting_before)
    if wanted.due_before is not None:
        query = query.where(b.due < wanted.due_before, b.ended_at.is_(None))
    return query.where(_has(wanted.text)) if wanted.text else query


def _has(text: str) -> ColumnElement[bool]:
    """Each table of names is gone through once, however many orders have the name."""
    b, looked_for, practices = board_table.c, folded_text(text), practice_table.c
    numbered = practices.name == practice_key(text)
    named = numbered if text.isdecimal() else or_(numbered, _contains(practices.name, looked_for))
    the_practices = select(practices.id).where(named, practices.erased_at.is_(None))
    with_one_of_them = select(order_person_table.c.order_id).where(order_person_table.c.practice_id.in_(the_practices))
    return or_(
        b.cluster.in_(select(cluster_table.c.id).where(_contains(cluster_table.c.name, looked_for))),
        b.coordinator.in_(select(person_table.c.id).where(_contains(person_table.c.name, looked_for))),
        b.order_id == looked_for,
        b.order_id.in_(with_one_of_them),
    )


def _contains(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    return folded(column).contains(text, autoescape=True)


def _sorted(
    connection: Connection, query: Select[*tuple[Any, ...]], sorting: Sorting
) -> tuple[Select[*tuple[Any, ...]], list[ColumnElement[Any]]]:
    """The query with what it is sorted by: clusters have their places in the alphabet reckoned once each."""
    b = board_table.c
    soonest = [b.due.is_(None), b.due, b.placed_at, b.order_id]
    match sorting:
        case Sorting.DUE:
            return query, soonest
        case Sorting.CLUSTER:
            letters = alphabetically(connection, cluster_table.c.name)
            places = select(cluster_table.c.id, func.rank().over(order_by=letters).label("letter")).subquery()
            return query.join(places, places.c.id == b.cluster), [places.c.letter, *soonest]
        case Sorting.MEETING:
            return query, [b.meeting_at.is_(None), b.meeting_at, *soonest]
        case Sorting.PLACED:
            return query, [b.placed_at.desc(), b.order_id]


def _line(row: Row[*tuple[Any, ...]]) -> OrderLine:
    return OrderLine(
        order_id=OrderId(row.order_id),
        cluster=row.cluster_name,
        region=row.region,
        package=row.package,
        stage=Stage(row.stage),
        coordinator=row.coordinator_name,
        consultant=row.consultant_name,
        acts_next=row.needs_action_from,
        placed_at=row.placed_at,
        meeting_at=row.meeting_at,
        due=row.due,
        ended_at=row.ended_at,
        members=row.members,
        version=row.version,
    )

"""KiAP's list of orders: found by what stands in them, counted by stage, a page at a time, with the names by join."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from domain.model import OrderId
from domain.stages import Stage
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
    consultant_id: str | None
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
    """So many of the orders that fit, sorted; all where there is no limit."""
    query = _where(_lines(), wanted).order_by(*_sorted(connection, sorting)).limit(limit).offset(skip)
    return [_line(row) for row in connection.execute(query)]


def lines_of(connection: Connection, ids: Sequence[OrderId]) -> dict[OrderId, OrderLine]:
    """These orders, those of them that are there."""
    query = _lines().where(board_table.c.order_id.in_(ids))
    return {line.order_id: line for line in map(_line, connection.execute(query))}


def stage_counts(connection: Connection, wanted: Wanted) -> dict[Stage, int]:
    """How many orders that fit stand in each stage, whichever stage is wanted."""
    b = board_table.c
    query = _where(_from(select(b.stage, func.count().label("orders"))), replace(wanted, stage=None)).group_by(b.stage)
    return {Stage(row.stage): row.orders for row in connection.execute(query)}


def first_of_each_stage(connection: Connection, wanted: Wanted, sorting: Sorting, most: int) -> list[OrderLine]:
    """The first orders of every stage, at most so many of each, in one query."""
    place = func.row_number().over(partition_by=board_table.c.stage, order_by=_sorted(connection, sorting))
    query = _where(_lines().add_columns(place.label("place")), wanted).subquery()
    rows = connection.execute(select(query).where(query.c.place <= most).order_by(query.c.place))
    return [_line(row) for row in rows]


def _from(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    b = board_table.c
    return (
        query.select_from(board_table)
        .join(cluster_table, cluster_table.c.id == b.cluster)
        .outerjoin(person_table, person_table.c.id == b.coordinator)
        .outerjoin(staff_table, staff_table.c.id == b.consultant)
    )


def _lines() -> Select[*tuple[Any, ...]]:
    b = board_table.c
    return _from(
        select(
            b.order_id,
            cluster_table.c.name.label("cluster"),
            cluster_table.c.region,
            b.package,
            b.stage,
            func.coalesce(person_table.c.name, "").label("coordinator"),
            b.consultant.label("consultant_id"),
            func.coalesce(staff_table.c.name, "").label("consultant"),
            b.needs_action_from.label("acts_next"),
            b.placed_at,
            b.meeting_at,
            b.due,
            b.ended_at,
            b.members,
            b.version,
        )
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
    looked_for, practices = folded_text(text), practice_table.c
    numbered = practices.name == practice_key(text)
    named = numbered if text.isdecimal() else or_(numbered, _contains(practices.name, looked_for))
    with_the_practice = (
        select(order_person_table.c.order_id)
        .join(practice_table, practices.id == order_person_table.c.practice_id)
        .where(named, practices.erased_at.is_(None))
    )
    return or_(
        _contains(cluster_table.c.name, looked_for),
        _contains(person_table.c.name, looked_for),
        board_table.c.order_id == looked_for,
        board_table.c.order_id.in_(with_the_practice),
    )


def _contains(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    return folded(column).contains(text, autoescape=True)


def _sorted(connection: Connection, sorting: Sorting) -> list[ColumnElement[Any]]:
    b = board_table.c
    soonest = [b.due.is_(None), b.due, b.placed_at, b.order_id]
    match sorting:
        case Sorting.DUE:
            return soonest
        case Sorting.CLUSTER:
            return [alphabetically(connection, cluster_table.c.name), *soonest]
        case Sorting.MEETING:
            return [b.meeting_at.is_(None), b.meeting_at, *soonest]
        case Sorting.PLACED:
            return [b.placed_at.desc(), b.order_id]


def _line(row: Row[*tuple[Any, ...]]) -> OrderLine:
    return OrderLine(
        order_id=OrderId(row.order_id),
        cluster=row.cluster,
        region=row.region,
        package=row.package,
        stage=Stage(row.stage),
        coordinator=row.coordinator,
        consultant_id=row.consultant_id,
        consultant=row.consultant,
        acts_next=row.acts_next,
        placed_at=row.placed_at,
        meeting_at=row.meeting_at,
        due=row.due,
        ended_at=row.ended_at,
        members=row.members,
        version=row.version,
    )

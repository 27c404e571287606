"""The audit log: who changed what, when, why and from where. What a command did stands in its order's stream alone.

Ids and codes; never a name, an answer, or who answered. Words and network addresses go after `TRACES_KEPT`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, Column, Connection, Integer, String, Table, insert, or_, select, update
from sqlalchemy import delete as remove

from domain.by import By, Capacity
from domain.model import OrderId
from storage.columns import Instant
from storage.database import metadata
from storage.recorded import event_table
from storage.timeline import timeline_table

TRACES_KEPT = dt.timedelta(days=90)
"""So long after a change its network address and the words about it are there."""

# Network addresses and words for 90 days, then ids and codes alone, which stay: whose they are goes with the person.
audit_table = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("by_role", String, nullable=False),
    Column("by_who", String, nullable=False, index=True),
    Column("deed", String, nullable=False),
    Column("about", String, nullable=False, index=True),
    Column("order_id", String, nullable=False, index=True),
    Column("request_id", String, index=True),
    Column("facts", JSON, nullable=False),
    Column("why", String, nullable=False),
    Column("edge", String, nullable=False),
    Column("network", String, nullable=False),
)


class Deed(StrEnum):
    """What somebody did. A command is one of the domain's, named by the fact `command`."""

    COMMAND = "command"
    ORDER_PLACED = "order_placed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 - a deed's name
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a deed's name
    LINK_MADE = "link_made"
    STAFF_ADDED = "staff_added"
    STAFF_CHANGED = "staff_changed"
    STAFF_LEFT = "staff_left"
    ROLE_CHANGED = "role_changed"
    MAIL_STOPPED = "mail_stopped"
    MAIL_ALLOWED = "mail_allowed"
    KEY_MADE = "key_made"
    KEY_REVOKED = "key_revoked"
    MAIL_RESOLVED = "mail_resolved"
    MAIL_AGAIN = "mail_again"
    MAIL_SET_ASIDE = "mail_set_aside"
    REGION_SET = "region_set"
    CLUSTERS_IMPORTED = "clusters_imported"
    WEBHOOK_ADDED = "webhook_added"
    WEBHOOK_CHANGED = "webhook_changed"
    WEBHOOK_REMOVED = "webhook_removed"


class Edge(StrEnum):
    """Where a change came in."""

    PAGE = "page"
    API = "api"
    TERMINAL = "terminal"


@dataclass(frozen=True)
class Origin:
    """From where: the edge, and the network address where there is one."""

    edge: Edge
    network: str = ""


TERMINAL = Origin(Edge.TERMINAL)


@dataclass(frozen=True)
class Entry:
    """A line of the log. `about` is the id of whom or what it was done to, beside an order."""

    id: int
    at: dt.datetime
    by: By
    deed: Deed
    about: str
    order_id: str
    request_id: str | None
    facts: Mapping[str, str]
    why: str
    origin: Origin


@dataclass(frozen=True)
class Subject:
    """What a change was about: an order, somebody or something else, and what a reader is told besides, in codes."""

    about: str = ""
    order_id: str = ""
    request_id: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


NOTHING = Subject()


def note(
    connection: Connection, by: By, deed: Deed, origin: Origin, now: dt.datetime, subject: Subject = NOTHING
) -> None:
    """Write a line, in the transaction of the change itself."""
    row = {
        "at": now,
        "by_role": by.role.value,
        "by_who": by.who,
        "deed": deed.value,
        "about": subject.about,
        "order_id": subject.order_id,
        "request_id": subject.request_id,
        "facts": dict(subject.facts),
        "why": subject.why,
        "edge": origin.edge.value,
        "network": origin.network,
    }
    connection.execute(insert(audit_table).values(row))


def note_command(
    connection: Connection, by: By, origin: Origin, now: dt.datetime, order_id: OrderId, command: str, request_id: str
) -> None:
    """A command is about to be given: its line, once for a request that is sent again."""
    c = audit_table.c
    if connection.execute(select(c.id).where(c.request_id == request_id)).first() is None:
        subject = Subject(order_id=order_id, request_id=request_id, facts={"command": command})
        note(connection, by, Deed.COMMAND, origin, now, subject)


def withdraw(connection: Connection, request_id: str) -> None:
    """The command was refused, so nothing was changed; unless the same request had been carried out before."""
    c, e = audit_table.c, event_table.c
    carried_out = select(e.position).where(e.stream == c.order_id, e.causation_id == c.request_id)
    connection.execute(remove(audit_table).where(c.request_id == request_id, ~carried_out.exists()))


@dataclass(frozen=True)
class Wanted:
    """Which lines: of an order, by or about somebody, since an instant. What is not given leaves nothing out."""

    order: str = ""
    person: str = ""
    since: dt.datetime | None = None


def entries(connection: Connection, wanted: Wanted, limit: int, before: int | None = None) -> list[Entry]:
    """The newest lines first, at most so many, those `before` a line's id where one is given."""
    c = audit_table.c
    query = select(audit_table).order_by(c.id.desc()).limit(limit)
    if wanted.order:
        query = query.where(c.order_id == wanted.order)
    if wanted.person:
        query = query.where(or_(c.by_who == wanted.person, c.about == wanted.person))
    if wanted.since is not None:
        query = query.where(c.at >= wanted.since)
    if before is not None:
        query = query.where(c.id < before)
    return [
        Entry(
            id=row.id,
            at=row.at,
            by=By(role=Capacity(row.by_role), who=row.by_who),
            deed=Deed(row.deed),
            about=row.about,
            order_id=row.order_id,
            request_id=row.request_id,
            facts=row.facts,
            why=row.why,
            origin=Origin(Edge(row.edge), row.network),
        )
        for row in connection.execute(query)
    ]


@dataclass(frozen=True)
class Happened:
    """What an event says on a timeline."""

    code: str
    facts: dict[str, str | int | bool]


def what_happened(connection: Connection, lines: Iterable[Entry]) -> dict[str, Sequence[Happened]]:
    """What each command led to, by request, from the orders' streams: nothing where nothing was to be changed."""
    asked = {line.request_id: line.order_id for line in lines if line.request_id}
    e, t = event_table.c, timeline_table.c
    query = (
        select(e.causation_id, t.code, t.facts)
        .join(timeline_table, (t.order_id == e.stream) & (t.seq == e.version))
        .where(e.stream.in_(set(asked.values())), e.causation_id.in_(asked))
        .order_by(e.position)
    )
    found: dict[str, list[Happened]] = {}
    for row in connection.execute(query):
        found.setdefault(row.causation_id, []).append(Happened(row.code, row.facts))
    return {**found}


def has_signed_in_from(connection: Connection, staff_id: str, network: str) -> bool:
    """Whether somebody has signed in from this network lately."""
    c = audit_table.c
    query = select(c.id).where(c.by_who == staff_id, c.deed == Deed.SIGNED_IN.value, c.network == network)
    return bool(network) and connection.execute(query.limit(1)).first() is not None


def forget_traces_before(connection: Connection, limit: dt.datetime) -> int:
    """Take network addresses and words from older lines; from how many."""
    c = audit_table.c
    old = (c.at < limit) & ((c.network != "") | (c.why != ""))
    return connection.execute(update(audit_table).where(old).values(network="", why="")).rowcount

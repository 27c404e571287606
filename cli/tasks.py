"""`klyngeflow tasks`: everything that needs a person, the most urgent first."""

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from cli.reading import DataOption, JsonOption, moment, the_store
from cli.table import wide_console
from domain import danish
from domain.stages import OWNERS
from storage.need_facts import AddressFacts, CallFacts, FollowUpFacts, MeetingFacts
from storage.needs import Need, PutOff, Wanted, needs


def tasks(data: DataOption = None, json_: JsonOption = False) -> None:
    """What needs somebody: tasks of orders, addresses and mail in trouble, and what the system cannot do by itself."""
    now = dt.datetime.now(dt.UTC)
    with the_store(data) as database, database.read() as connection:
        found = needs(connection, Wanted(put_off=PutOff.SHOWN), now)
    if json_:
        typer.echo(json.dumps([_as_json(need, now) for need in found], ensure_ascii=False, indent=1))
        return
    table = Table("Hvad", "Venter på", "Klynge", "Bestilling", "Hvornår", box=None)
    for need in found:
        cluster, order = (need.order.cluster, need.order.id) if need.order else ("", "")
        owner = escape(need.owner) or danish.sentence(OWNERS[need.owner_role])
        about = _about(need)
        what = f"{need.line} ({about})" if about else need.line
        table.add_row(escape(what), owner, escape(cluster), order, _when(need, now))
    wide_console().print(table if found else "Intet venter.")


def _about(need: Need) -> str:
    """Whom it is about: somebody to ask, or an address."""
    match need.facts:
        case CallFacts(whom=whom, phone=phone, tried=tried):
            rung = f"ringet {danish.count(tried, 'gang', 'gange')}" if tried else ""
            return ", ".join(filter(None, (whom, phone, rung)))
        case MeetingFacts(whom=whom, phone=phone) | FollowUpFacts(whom=whom, phone=phone):
            return ", ".join(filter(None, (whom, phone)))
        case AddressFacts(name=name, email=email):
            return f"{name} <{email}>"
        case _:
            return ""


def _when(need: Need, now: dt.datetime) -> str:
    if need.postponed_until is not None and need.is_put_off(now):
        return f"udsat til {danish.short_date(need.postponed_until)}"
    if need.due is None:
        return f"siden {moment(need.since)}"
    return f"{'skulle være sket' if need.is_overdue(now) else 'senest'} {moment(need.due)}"


def _as_json(need: Need, now: dt.datetime) -> dict[str, Any]:
    return {
        "key": need.key,
        "reason": need.reason,
        "text": need.line,
        "order": need.order.id if need.order else None,
        "cluster": need.order.cluster if need.order else None,
        "owner": need.owner_role,
        "who": need.owner_id,
        "since": need.since.isoformat(),
        "due": need.due and need.due.isoformat(),
        "overdue": need.is_overdue(now),
        "postponed_until": need.postponed_until and need.postponed_until.isoformat(),
        "remedies": [need.remedy, *need.other_remedies],
        "facts": {name: _told(fact) for name, fact in asdict(need.facts).items()} if need.facts else {},
    }


def _told(fact: object) -> object:
    if isinstance(fact, dt.date):
        return fact.isoformat()
    return fact

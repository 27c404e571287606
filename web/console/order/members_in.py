"""A whole list of members into an order: read, looked through line by line, and said yes to. Nothing is kept before.

Each line that changes something is a command of its own with an id of its own; the page carries the list itself, so
that pressing again, also after a crash in the middle, repeats nothing.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from domain.authority import Right
from domain.model import Rejected, Role
from storage.audit import Origin
from storage.outage import DatabaseUnavailable
from web import outages
from web.api.roles import ROLES
from web.console.frame import console_page
from web.console.guard import MOST_FIELDS
from web.console.order.found import Found, find_order, no_such_order
from web.console.order.member_plan import Change, Planned, plan
from web.console.orders.filters import ORDERS
from web.console.principal import Principal, SignedInStaff
from web.console.router import ConsoleRouter, SentForm
from web.forms.body import read_form
from web.forms.reader import FormReader
from web.member_list.grid import Grid, UnreadableList, rows_of_file, rows_of_text
from web.member_list.lines import Line, Otherwise, as_text, lines_of, numbered_as
from web.orders_port import Unavailable
from web.origin import PageOrigin
from web.problems import Problem
from web.services import CurrentServices, Services
from web.submitting import fingerprint_of, submit

CHANGES: dict[Change, str] = {
    Change.NEW: "Nyt medlem",
    Change.THERE: "Står der allerede",
    Change.ADDRESS: "Ny mailadresse",
    Change.NAME: "Navnet rettes",
    Change.WRONG: "Springes over",
}
DONE: dict[Change, str] = {
    Change.NEW: "Kom med",
    Change.THERE: "Stod der allerede",
    Change.ADDRESS: "Mailadressen er rettet",
    Change.NAME: "Navnet er rettet",
    Change.WRONG: "Blev ikke til noget",
}
NOT_YET = "Mangler endnu"
_TOKEN = re.compile(r"[0-9a-f]{32}")
_NUMBERS = re.compile(r"[0-9]{1,9}")

router = ConsoleRouter()


@dataclass(frozen=True)
class LineShown:
    """A line with what would come, or has come, of it. `is_wrong` where nothing does that should."""

    line: Line
    said: str
    why: str = ""
    is_wrong: bool = False


@router.page("/forloeb/{order}/medlemmer", needs=Right.READ)
async def members_form(order: str, me: SignedInStaff, services: CurrentServices) -> Response:
    """Where a list is pasted or sent as a file."""
    found = await find_order(services, me, order)
    return _form(me, found) if found else no_such_order(me)


@router.action("/forloeb/{order}/medlemmer", needs=Right.READ, files=1)
async def preview(order: str, request: Request, me: SignedInStaff, services: CurrentServices) -> Response:
    """The list line by line, with what it would change. Nothing is kept."""
    found = await find_order(services, me, order)
    if found is None:
        return no_such_order(me)
    sent = await read_form(request, MOST_FIELDS, 1)
    reader = FormReader(sent)
    try:
        lines = lines_of(await _grid(sent, reader), _otherwise(reader, found))
    except UnreadableList as unreadable:
        return _form(me, found, str(unreadable), reader)
    if not lines:
        return _form(me, found, "Sæt en liste ind, eller vælg en fil. Der skal stå mindst én læge i den.", reader)
    planned = await run_in_threadpool(_planned, services, found, lines)
    shown = [LineShown(each.line, CHANGES[each.change], _why(each), each.change is Change.WRONG) for each in planned]
    return _list(me, found, shown, planned, uuid.uuid4().hex, is_done=False)


@router.action("/forloeb/{order}/medlemmer/gem", needs=Right.READ)
async def confirm(
    order: str, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """Make every sound line so, one after the other, and tell what came of each."""
    found = await find_order(services, me, order)
    if found is None:
        return no_such_order(me)
    reader = FormReader(form)
    token = reader.given("anmodning")
    try:
        lines = lines_of(rows_of_text(reader.given("liste")), Otherwise())
    except UnreadableList as unreadable:
        return _form(me, found, str(unreadable), reader)
    if not lines or not _TOKEN.fullmatch(token):
        return _form(me, found, "Listen er ikke kommet med. Sæt den ind igen.", reader)
    lines = numbered_as(lines, [int(number) for number in _NUMBERS.findall(reader.given("numre"))])
    planned = await run_in_threadpool(_planned, services, found, lines)
    shown = await _carried_out(services, me, found, planned, token, origin)
    return _list(me, found, shown, planned, token, is_done=True)


async def _carried_out(
    services: Services, me: Principal, found: Found, planned: Sequence[Planned], token: str, origin: Origin
) -> list[LineShown]:
    shown: list[LineShown] = []
    for number, each in enumerate(planned):
        request = each.request
        if request is None:
            shown.append(LineShown(each.line, DONE[each.change], each.why, each.change is Change.WRONG))
            continue
        once = f"members/{found.order.id}/{token}/{fingerprint_of(request)}"
        try:
            await submit(services, found.order.id, request, by=me.by, origin=origin, request_id=once)
        except Rejected as rejected:
            shown.append(LineShown(each.line, DONE[Change.WRONG], rejected.message, is_wrong=True))
        except Problem as problem:
            why = " ".join(error.detail for error in problem.body.errors) or problem.body.detail
            shown.append(LineShown(each.line, DONE[Change.WRONG], why, is_wrong=True))
        except (Unavailable, DatabaseUnavailable) as unavailable:
            outages.tell(unavailable)
            return [*shown, *(LineShown(left.line, NOT_YET) for left in planned[number:])]
        else:
            shown.append(LineShown(each.line, DONE[each.change], _why(each)))
    return shown


def _planned(services: Services, found: Found, lines: Sequence[Line]) -> list[Planned]:
    with services.database.read() as connection:
        return plan(connection, found.order, found.view.package, lines)


def _why(each: Planned) -> str:
    return each.why or (f"Før: {each.before}" if each.before else "")


async def _grid(sent: FormData, reader: FormReader) -> Grid:
    file = sent.get("fil")
    if isinstance(file, UploadFile) and (content := await file.read()):
        return await run_in_threadpool(rows_of_file, content)
    return rows_of_text(reader.given("liste"))


def _otherwise(reader: FormReader, found: Found) -> Otherwise:
    surveyed = found.view.package.surveyed
    role = next((role for role in surveyed if role.value == reader.given("rolle")), Role(surveyed[0]))
    return Otherwise(reader.given("praksis").strip(), role)


def _form(me: Principal, found: Found, problem: str = "", reader: FormReader | None = None) -> Response:
    written: Mapping[str, str] = reader.everything() if reader else {}
    return console_page(
        "console/order/members_in.html",
        me,
        422 if problem else 200,
        here=ORDERS,
        view=found.view,
        roles={role.value: ROLES[role] for role in found.view.package.surveyed},
        problem=problem,
        written=written,
    )


def _list(
    me: Principal, found: Found, shown: Sequence[LineShown], planned: Sequence[Planned], token: str, *, is_done: bool
) -> Response:
    left = sum(each.said == NOT_YET for each in shown)
    facts: dict[str, Any] = {
        "view": found.view,
        "lines": shown,
        "is_done": is_done,
        "left": left,
        "wrong": sum(each.is_wrong for each in shown),
        "changes": sum(each.request is not None for each in planned),
        "list": as_text([each.line for each in planned]),
        "numbers": " ".join(str(each.line.number) for each in planned),
        "token": token,
        "roles": ROLES,
    }
    return console_page("console/order/members_list.html", me, 503 if left else 200, here=ORDERS, **facts)

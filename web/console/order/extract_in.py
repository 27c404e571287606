"""A register's extract, sent as a file: looked through first, in counts, and given when somebody has seen them.

Between the two it is with the browser, sealed: the page has nobody's numbers.
"""

import base64
import binascii
import io
import re
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile

from domain.authority import Right
from domain.decisions import decide_for
from domain.model import OrderId, Rejected
from domain.register import Measure
from domain.register_extract import LARGEST_EXTRACT, ExtractFault, ExtractFaults
from storage.keys import Keys, WrongKey
from web.console.frame import console_page
from web.console.guard import MOST_FIELDS
from web.console.order import forms
from web.console.order.found import Found, find_order, no_such_order, order_address
from web.console.orders.filters import ORDERS
from web.console.principal import SignedInStaff
from web.console.router import CONSOLE, ConsoleRouter
from web.forms.body import read_form
from web.forms.reader import FormReader
from web.order_page import pages
from web.order_page.giving import REQUEST_ID
from web.origin import PageOrigin
from web.requests.base import Context
from web.requests.register import FIELD, MatchedExtract, command_of, matched
from web.services import CurrentServices, Services

FORM = "registertal"
"""The form's address; `web/order_page/pages.py` says what it asks."""
SEEN = "set"
"""The field that has the extract that was looked through, sealed."""
EXTRACT_IS_SENT = re.compile(rf"{CONSOLE}/forloeb/[^/]+/{FORM}")
LARGEST_FORM = 3 * LARGEST_EXTRACT
"""Bytes: a file that is too large is told so beside its field; sealed and in base64 it is half as large again."""

router = ConsoleRouter()


@dataclass(frozen=True)
class Looked:
    """What was found in an extract: how many practices have a number of each measure; or why nothing is kept of it."""

    extract: MatchedExtract | None = None
    measures: tuple[tuple[Measure, int], ...] = ()
    faults: tuple[ExtractFault, ...] = ()
    refusal: str = ""
    sealed: str = ""


@router.action(f"/forloeb/{{order}}/{FORM}", needs=Right.READ, files=1)
async def look_or_give(
    order: str, request: Request, me: SignedInStaff, origin: PageOrigin, services: CurrentServices
) -> Response:
    """The extract in counts, or given, once those were seen. What is wrong with it stands line by line."""
    sent = await read_form(request, MOST_FIELDS, 1)
    found = await find_order(services, me, order)
    if found is None:
        return no_such_order(me)
    shown = pages.page_called(FORM)
    if shown is None or not shown.possible(found.view):
        return RedirectResponse(order_address(order), status_code=303)
    reader = FormReader(sent)
    seen, content = _opened(services.keys, found.order.id, reader.given(SEEN)), reader.file(FIELD)
    if seen or not content:
        return await forms.give(order, FORM, me, _as_a_file(reader, seen), origin, services)
    looked = await run_in_threadpool(_look, services, found, content)
    return console_page(
        "console/order/extract.html",
        me,
        200 if looked.sealed else 422,
        here=ORDERS,
        view=found.view,
        form=shown,
        looked=looked,
        survey=found.order.round_under_way,
        request_id=reader.given(REQUEST_ID),
        field=FIELD,
        seen=SEEN,
    )


def _look(services: Services, found: Found, content: bytes) -> Looked:
    with services.database.read() as connection:
        context = Context(connection, found.order, found.view.package, services.keys, found.now)
        try:
            extract = matched(content, context)
            decide_for(found.order, command_of(extract, context), found.view.by, found.now)
        except ExtractFaults as faults:
            return Looked(faults=faults.faults)
        except Rejected as refusal:
            return Looked(refusal=refusal.message)
    counts = [
        (measure, sum(1 for numbers in extract.rows.values() if measure.id in numbers))
        for measure in found.view.package.measured_in(extract.round)
    ]
    return Looked(extract, tuple(counts), sealed=_sealed(services.keys, found.order.id, content))


def _sealed(keys: Keys, order_id: OrderId, content: bytes) -> str:
    return base64.b64encode(keys.seal_for_browser(f"{FORM} {order_id}\n".encode() + content)).decode()


def _opened(keys: Keys, order_id: OrderId, sealed: str) -> bytes:
    """The extract that was looked through; nothing where it was of another order, or none of ours."""
    try:
        whose, _, content = keys.open_from_browser(base64.b64decode(sealed, validate=True)).partition(b"\n")
    except (WrongKey, binascii.Error, ValueError):
        return b""
    return content if whose == f"{FORM} {order_id}".encode() else b""


def _as_a_file(reader: FormReader, content: bytes) -> FormData:
    """The form as if the file had been chosen in it."""
    fields: list[tuple[str, str | UploadFile]] = [(REQUEST_ID, reader.given(REQUEST_ID))]
    if content:
        fields.append((FIELD, UploadFile(io.BytesIO(content))))
    return FormData(fields)

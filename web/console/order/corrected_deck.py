"""A deck that a person has corrected: sent as a file, by a form like the order's others."""

import re

from fastapi import Request, Response

from domain.authority import Right
from reporting.given_deck import LARGEST
from web.console.guard import MOST_FIELDS
from web.console.order import forms
from web.console.principal import SignedInStaff
from web.console.router import CONSOLE, ConsoleRouter
from web.forms.body import read_form
from web.origin import PageOrigin
from web.services import CurrentServices

FORM = "ret-praesentation"
"""The form's address; `web/order_page/pages.py` says what it asks."""
DECK_IS_SENT = re.compile(rf"{CONSOLE}/forloeb/[^/]+/{FORM}")
LARGEST_FORM = LARGEST + 10_000_000
"""Bytes: a deck that is somewhat too large is told so beside its field, and nothing that was written is lost."""

router = ConsoleRouter()


@router.action(f"/forloeb/{{order}}/{FORM}", needs=Right.READ, files=1)
async def lay_in(
    order: str, request: Request, me: SignedInStaff, origin: PageOrigin, services: CurrentServices
) -> Response:
    """Give the form's command; then the order, or the form again with what is wrong beside its field."""
    sent = await read_form(request, MOST_FIELDS, 1)
    return await forms.give(order, FORM, me, sent, origin, services)

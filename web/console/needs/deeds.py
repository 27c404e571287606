"""What is done from a row in one press: a call nobody answered, an order taken over, a task put off or taken up."""

import re
import uuid

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from domain.authority import Right
from domain.model import OrderId, Rejected
from storage.audit import Origin
from web.console.needs.filters import filters_from
from web.console.needs.listing import needs_listed
from web.console.needs.rows import Refused
from web.console.principal import Principal, SignedInStaff
from web.console.router import ConsoleRouter, SentForm
from web.forms.fields import fields_of
from web.forms.reader import FormReader
from web.forms.reading import read_request
from web.orders_port import Unavailable
from web.origin import PageOrigin
from web.problems import Problem
from web.requests.base import CommandRequest
from web.requests.catalogue import FOR_PEOPLE, REQUESTS
from web.services import CurrentServices, Services
from web.submitting import fingerprint_of, order_of, submit

NOT_DONE = "Se nedenfor, hvad der mangler."
TAKEN = "En anden har taget forløbet imens. Listen herunder er ny."
NOT_NOW = "Det kan ikke lade sig gøre lige nu. Der er ikke ændret noget. Prøv igen om lidt."
_REQUEST_ID = re.compile(r"[0-9a-f]{32}")

router = ConsoleRouter()


@router.action("/handling/{order}/opkald", needs=Right.READ)
async def no_answer(
    order: str, request: Request, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """A call that nobody answered, noted in one press."""
    deed = _Deed(services, me, OrderId(order), request, FormReader(form), origin)
    return await deed.give(_request("note_call", outcome="no_answer"), "opkald")


@router.action("/handling/{order}/tag", needs=Right.READ)
async def take(
    order: str, request: Request, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """The order is mine from now on."""
    deed = _Deed(services, me, OrderId(order), request, FormReader(form), origin)
    return await deed.take()


@router.action("/handling/{order}/udskyd", needs=Right.READ)
async def put_off(
    order: str, request: Request, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """Put a task off until a day, with the reason why."""
    return await _Deed(services, me, OrderId(order), request, FormReader(form), origin).read("postpone_task", "udskudt")


@router.action("/handling/{order}/frem", needs=Right.READ)
async def take_up(
    order: str, request: Request, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """A task put off is not any more."""
    return await _Deed(services, me, OrderId(order), request, FormReader(form), origin).read("resume_task", "frem")


def _request(name: str, **fields: object) -> CommandRequest:
    return REQUESTS[name].model_validate({"type": name, **fields})


class _Deed:
    """One press in one row."""

    def __init__(
        self,
        services: Services,
        me: Principal,
        order: OrderId,
        request: Request,
        reader: FormReader,
        origin: Origin,
    ) -> None:
        self._reader = reader
        self._services = services
        self._me = me
        self._order = order
        self._origin = origin
        self._filters = filters_from(me, request.query_params)

    async def read(self, name: str, done: str) -> Response:
        """Give the command that the row's form asks for, or say beside each field what is wrong."""
        asked = read_request(self._reader, REQUESTS[name], name, fields_of(REQUESTS[name]))
        return await self._refused(NOT_DONE, 422) if asked is None else await self.give(asked, done)

    async def take(self) -> Response:
        """Take the order over from whom the row showed; where somebody else has it by now, the list says so."""
        try:
            has_it = (await run_in_threadpool(order_of, self._services, self._order)).consultant
        except Rejected as refusal:
            return await self._refused(refusal.message, 409)
        if self._reader.given("hos") != (has_it or "") and has_it != self._me.id:
            return await self._refused(TAKEN, 409)
        return await self.give(_request("assign_consultant", consultant=self._me.id), "taget")

    async def give(self, asked: CommandRequest, done: str) -> Response:
        """Give the command; back to the list it came from. The same form sent twice is one command."""
        sent = self._reader.given("anmodning")
        once = sent if _REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        request_id = f"handling/{self._order}/{once}/{asked.type}/{fingerprint_of(asked)}"
        try:
            await submit(self._services, self._order, asked, by=self._me.by, origin=self._origin, request_id=request_id)
        except Rejected as refusal:
            field = FOR_PEOPLE[asked.type].POINTS_AT.get(refusal.code, "")
            if field:
                self._reader.refuse(field, refusal.message)
            return await self._refused(NOT_DONE if field else refusal.message, 409)
        except Problem as problem:
            return await self._refused(problem.body.detail, problem.body.status)
        except Unavailable:
            return await self._refused(NOT_NOW, 503)
        return RedirectResponse(f"{self._filters.address()}&gjort={done}", status_code=303)

    async def _refused(self, why: str, status: int) -> Response:
        """The list again, with what was written in the row's form and what is wrong with it."""
        row = Refused(self._reader.given("raekke"), self._reader.everything(), self._reader.problems)
        return await needs_listed(self._services, self._me, self._filters, problem=why, refused=row, status=status)

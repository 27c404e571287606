"""Mails: what is in trouble, waits, was sent or was not; what is known of one; settling it and trying again."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from domain.authority import Right
from domain.letters import WhyNot
from domain.model import OrderId
from storage import audit, outbox
from storage.audit import Deed, Origin, Subject
from storage.mail_ledger import Heap, MailLine, count_unsettled, mail_lines, mails_page
from storage.outbox import Evidence, MailState
from storage.pulse import pulse
from web.console.frame import console_page, message_page
from web.console.live.fresh import Fresh
from web.console.principal import Principal, SignedInStaff
from web.console.router import CONSOLE, ConsoleRouter, SentForm
from web.forms.reader import FormReader
from web.origin import PageOrigin
from web.services import CurrentServices, Services

MAILS = f"{CONSOLE}/mails"
LINES = 50
"""On a page."""
HEADINGS: dict[Heap, str] = {
    Heap.TROUBLED: "Kræver nogen",
    Heap.WAITING: "Venter",
    Heap.SENT: "Sendt",
    Heap.SKIPPED: "Sprunget over",
    Heap.SET_ASIDE: "Sat til side",
}
EMPTY: dict[Heap, str] = {
    Heap.TROUBLED: "Ingen mails kræver nogen.",
    Heap.WAITING: "Ingen mails venter.",
    Heap.SENT: "Ingen mails er sendt.",
    Heap.SKIPPED: "Ingen mails er sprunget over.",
    Heap.SET_ASIDE: "Ingen mails er sat til side.",
}
DONE = {
    Evidence.LEFT.value: "Den står nu som sendt og bliver aldrig sendt igen.",
    Evidence.NEVER_LEFT.value: "Inden for et kvarter ser forløbet på den igen. Den går ud, hvis dens brev stadig er"
    " værd at sende.",
    Heap.SET_ASIDE.value: "Den er sat til side. Den står her stadig, men den kræver ikke nogen mere.",
}
DID_NOT_LEAVE = (MailState.FAILED, MailState.BOUNCED)
TOO_SLOW = "Nogen har afgjort det imens. Se, hvordan den står nu."

router = ConsoleRouter()


@dataclass(frozen=True)
class Filters:
    """Which mails are looked at: a heap, and an order's or all."""

    heap: Heap
    order: str

    def address(self, *, heap: Heap | None = None, page: int = 1) -> str:
        """The address of the list with these filters, or another heap's, or a later page's."""
        given = {"stak": heap or self.heap, "forloeb": self.order, "side": str(page) if page > 1 else ""}
        return f"{MAILS}?{urlencode({name: value for name, value in given.items() if value})}"


@router.page("/mails", needs=Right.READ)
async def mails(
    me: SignedInStaff, services: CurrentServices, stak: str = "", forloeb: str = "", side: str = ""
) -> Response:
    """One heap of mails, the newest first."""
    heap = Heap(stak) if stak in set(Heap) else Heap.TROUBLED
    number = int(side) if side.isascii() and side.isdigit() and len(side) < 6 else 1
    filters = Filters(heap, forloeb.strip())
    facts = await run_in_threadpool(_page, services, filters, max(1, number))
    return console_page("console/mails.html", me, here=MAILS, filters=filters, **facts)


def _page(services: Services, filters: Filters, number: int) -> dict[str, Any]:
    order = OrderId(filters.order) if filters.order else None
    with services.database.read() as connection:
        fresh = Fresh(pulse(connection))
        skip = (number - 1) * LINES
        found = mails_page(connection, filters.heap, order, limit=LINES + 1, skip=skip)
        lines = mail_lines(connection, found[:LINES])
        counts = count_unsettled(connection)
    return {
        "fresh": fresh,
        "lines": lines,
        "heaps": [(heap, name, counts.get(heap), filters.address(heap=heap)) for heap, name in HEADINGS.items()],
        "empty": EMPTY[filters.heap],
        "earlier": filters.address(page=number - 1) if number > 1 else "",
        "later": filters.address(page=number + 1) if len(found) > LINES else "",
    }


@router.page("/mails/{mail}", needs=Right.READ)
async def one_mail(mail: str, me: SignedInStaff, services: CurrentServices, gjort: str = "") -> Response:
    """What is known of a mail, and what can be done about it."""
    return await _shown(services, me, mail, done=DONE.get(gjort, ""))


@router.action("/mails/{mail}/afgjort", needs=Right.OPERATE)
async def settle(
    mail: str, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """Settle a mail of unknown outcome by what was found out."""
    found = FormReader(form).given("fundet")
    if found not in set(Evidence):
        return await _shown(services, me, mail, problem="Vælg, hvad du har fundet ud af.")
    evidence = Evidence(found)

    def resolve(connection: Connection, now: dt.datetime) -> bool:
        return outbox.resolve_unknown(connection, mail, evidence, now)

    change = _Change(resolve, Deed.MAIL_RESOLVED, evidence, {"finding": evidence.value})
    return await _changed(services, me, mail, change, origin)


@router.action("/mails/{mail}/igen", needs=Right.OPERATE)
async def try_again(mail: str, me: SignedInStaff, origin: PageOrigin, services: CurrentServices) -> Response:
    """Have a mail that certainly did not leave tried once more."""

    def again(connection: Connection, now: dt.datetime) -> bool:
        return outbox.try_again(connection, mail, now)

    return await _changed(services, me, mail, _Change(again, Deed.MAIL_AGAIN, Evidence.NEVER_LEFT), origin)


@router.action("/mails/{mail}/til-side", needs=Right.OPERATE)
async def set_aside(mail: str, me: SignedInStaff, origin: PageOrigin, services: CurrentServices) -> Response:
    """Leave a mail that did not leave as it is: it needs nobody any more. One of unknown outcome is to be settled."""

    def aside(connection: Connection, now: dt.datetime) -> bool:
        return outbox.set_aside(connection, mail, now)

    return await _changed(services, me, mail, _Change(aside, Deed.MAIL_SET_ASIDE, Heap.SET_ASIDE), origin)


@dataclass(frozen=True)
class _Change:
    """What is done to a mail, false where its state does not allow it; how it is logged; what is said of it after."""

    make: Callable[[Connection, dt.datetime], bool]
    deed: Deed
    done: str
    facts: Mapping[str, str] = field(default_factory=dict)


async def _changed(services: Services, me: Principal, mail: str, change: _Change, origin: Origin) -> Response:
    now = await services.clock.now()

    def carry_out() -> bool:
        with services.database.write() as connection:
            found = outbox.mail(connection, mail)
            if found is None or not change.make(connection, now):
                return False
            subject = Subject(about=mail, order_id=found.order_id, facts=change.facts)
            audit.note(connection, me.by, change.deed, origin, now, subject)
            return True

    if not await run_in_threadpool(carry_out):
        return await _shown(services, me, mail, problem=TOO_SLOW)
    return RedirectResponse(f"{MAILS}/{mail}?gjort={change.done}", status_code=303)


async def _shown(services: Services, me: Principal, mail: str, *, done: str = "", problem: str = "") -> Response:
    line = await run_in_threadpool(_line, services, mail)
    if line is None:
        text = "Den er måske slettet sammen med sit forløb."
        return message_page(me, 404, "Mailen findes ikke", text)
    state = line.mail.state
    may = me.may(Right.OPERATE)
    return console_page(
        "console/mail.html",
        me,
        409 if problem == TOO_SLOW else 422 if problem else 200,
        here=MAILS,
        line=line,
        done=done,
        problem=problem,
        may_settle=may and state is MailState.UNKNOWN,
        may_set_aside=may and state in DID_NOT_LEAVE and line.mail.set_aside_at is None,
        may_try_again=may and state is MailState.FAILED and line.mail.code != WhyNot.TOO_LATE,
    )


def _line(services: Services, mail_id: str) -> MailLine | None:
    with services.database.read() as connection:
        found = outbox.mail(connection, mail_id)
        return mail_lines(connection, [found])[0] if found else None

"""One receiver: what became of each event, and what can be done: pause, go on, send again, another secret, remove."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from domain.authority import Right
from domain.meeting import COPENHAGEN
from storage import audit, deliveries, subscriptions
from storage.audit import Deed, Origin, Subject
from storage.deliveries import DeliveryState
from storage.log_reader import last_position
from storage.pulse import ALL_RECEIVERS, receivers_mark
from storage.subscriptions import AheadOfTheLog, NoSuchSubscription, State
from web.console.frame import console_page, message_page
from web.console.live.fresh import Fresh
from web.console.principal import Principal, SignedInStaff
from web.console.receivers.listing import ADDED, RECEIVERS
from web.console.receivers.words import DELIVERIES, STATES, code_line
from web.console.router import ConsoleRouter, SentForm
from web.console.shown_once import TAKEN, ShownOnce, shown_once_at
from web.forms.reader import FormReader
from web.origin import PageOrigin
from web.services import CurrentServices, Services

LINES = 50
"""On a page."""
DONE = {
    "paused": "Der sendes ikke noget, før den sættes i gang igen. Det, der sker imens, går ikke tabt.",
    "resumed": "Den er i gang igen. Det, der venter, sendes nu.",
    "replayed": "Hændelserne sendes igen med de samme numre; er modtageren på pause, når den sættes i gang igen.",
}

router = ConsoleRouter()


@router.page("/modtagere/{receiver}", needs=Right.OPERATE)
async def one(
    receiver: str,
    me: SignedInStaff,
    services: CurrentServices,
    secret: ShownOnce,
    gjort: str = "",
    tilstand: str = "",
    foer: str = "",
) -> Response:
    """What became of the events, the newest first; and the secret that was just made, this once."""
    state = DeliveryState(tilstand) if tilstand in set(DeliveryState) else None
    before = int(foer) if foer.isascii() and foer.isdigit() and len(foer) < 19 else None
    done = DONE.get(gjort, "")
    return await _page(services, me, receiver, state, before, done=done, secret=secret, is_new=gjort == ADDED)


@router.action("/modtagere/{receiver}/pause", needs=Right.OPERATE)
async def pause(receiver: str, me: SignedInStaff, origin: PageOrigin, services: CurrentServices) -> Response:
    """Send nothing until further notice."""
    return await _changed(services, me, receiver, origin, "paused", lambda c: subscriptions.pause(c, receiver))


@router.action("/modtagere/{receiver}/igen", needs=Right.OPERATE)
async def resume(
    receiver: str, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """Send again, with what failed or without it."""
    give_up = FormReader(form).given("opgiv") == "ja"

    def go_on(connection: Connection) -> None:
        subscriptions.resume(connection, receiver, give_up=give_up)

    return await _changed(services, me, receiver, origin, "resumed", go_on)


@router.action("/modtagere/{receiver}/forfra", needs=Right.OPERATE)
async def replay(
    receiver: str, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """Send everything since a day again."""
    reader = FormReader(form)
    day = reader.date("fra")
    if day is None:
        return await _page(services, me, receiver, None, None, reader=reader)

    def again(connection: Connection) -> None:
        begins = dt.datetime.combine(day, dt.time(), COPENHAGEN).astimezone(dt.UTC)
        first = subscriptions.first_position_since(connection, begins)
        subscriptions.replay(connection, receiver, last_position(connection) if first is None else first - 1)

    try:
        return await _changed(services, me, receiver, origin, "replayed", again)
    except AheadOfTheLog:
        reader.refuse("fra", "Fra den dag er der ikke sendt noget endnu, så der er intet at sende igen.")
    return await _page(services, me, receiver, None, None, reader=reader)


@router.action("/modtagere/{receiver}/hemmelighed", needs=Right.ADMINISTER)
async def rotate(receiver: str, me: SignedInStaff, origin: PageOrigin, services: CurrentServices) -> Response:
    """Another secret, which the receiver's page shows this once; both sign for a day."""
    now = await services.wall_clock.now()

    def another() -> str:
        with services.database.write() as connection:
            secret = subscriptions.rotate(connection, services.keys, receiver, now)
            subject = Subject(about=receiver, facts={"did": "rotated"})
            audit.note(connection, me.by, Deed.WEBHOOK_CHANGED, origin, now, subject)
            return secret

    try:
        secret = await run_in_threadpool(another)
    except NoSuchSubscription:
        return _none(me)
    return shown_once_at(f"{RECEIVERS}/{receiver}", "hemmelighed", secret, me, services.keys, now)


@router.action("/modtagere/{receiver}/fjern", needs=Right.ADMINISTER)
async def remove(
    receiver: str, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """Tell it no more, and forget what was sent."""
    reader, now = FormReader(form), await services.wall_clock.now()
    if reader.given("sikker") != "ja":
        reader.refuse("sikker", "Sæt kryds, hvis modtageren skal fjernes.")
        return await _page(services, me, receiver, None, None, reader=reader)

    def removed() -> None:
        with services.database.write() as connection:
            subscriptions.remove(connection, receiver)
            audit.note(connection, me.by, Deed.WEBHOOK_REMOVED, origin, now, Subject(about=receiver))

    try:
        await run_in_threadpool(removed)
    except NoSuchSubscription:
        return _none(me)
    return RedirectResponse(f"{RECEIVERS}?gjort=fjernet", status_code=303)


async def _changed(
    services: Services, me: Principal, receiver: str, origin: Origin, did: str, change: Callable[[Connection], None]
) -> Response:
    """Change it, with its line in the log, and back to its page. Raises AheadOfTheLog."""
    now = await services.wall_clock.now()

    def changed() -> None:
        with services.database.write() as connection:
            change(connection)
            subject = Subject(about=receiver, facts={"did": did})
            audit.note(connection, me.by, Deed.WEBHOOK_CHANGED, origin, now, subject)

    try:
        await run_in_threadpool(changed)
    except NoSuchSubscription:
        return _none(me)
    return RedirectResponse(f"{RECEIVERS}/{receiver}?gjort={did}", status_code=303)


async def _page(
    services: Services,
    me: Principal,
    receiver: str,
    state: DeliveryState | None,
    before: int | None,
    *,
    reader: FormReader | None = None,
    done: str = "",
    secret: str = "",
    is_new: bool = False,
) -> Response:
    def found() -> dict[str, Any]:
        with services.database.read() as connection:
            fresh = Fresh(receivers_mark(connection), ALL_RECEIVERS)
            shown = subscriptions.subscription(connection, receiver)
            rows = deliveries.deliveries(connection, receiver, LINES + 1, state=state, before=before)
            return {
                "fresh": None if secret else fresh,
                "receiver": shown,
                "rows": rows[:LINES],
                "older": rows[LINES - 1].position if len(rows) > LINES else None,
                "counts": deliveries.counts(connection, receiver),
            }

    problems = reader.problems if reader else {}
    try:
        facts = await run_in_threadpool(found)
    except NoSuchSubscription:
        return _none(me)
    return console_page(
        "console/receiver.html",
        me,
        422 if problems else 200,
        here=RECEIVERS,
        headers=TAKEN if secret else None,
        states=STATES,
        delivery_states=DELIVERIES,
        state=state,
        code_line=code_line,
        is_active=facts["receiver"].state is State.ACTIVE,
        may_administer=me.may(Right.ADMINISTER),
        given=reader.given("fra") if reader and problems else "",
        problems=problems,
        done=done,
        secret=secret,
        is_new=is_new,
        **facts,
    )


def _none(me: Principal) -> Response:
    return message_page(me, 404, "Modtageren findes ikke", "Måske er den fjernet. Se listen over modtagere.")

"""The systems that are told of events, and one more: its own page shows its secret once."""

from typing import Any

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from domain.authority import Right
from domain.receiver import receiver_url
from domain.unfit import Unfit
from storage import audit, subscriptions
from storage.audit import Deed, Subject
from storage.pulse import ALL_RECEIVERS, receivers_mark
from storage.subscriptions import MOST_SUBSCRIPTIONS, TooMany
from storage.upcasters import EVENT_CLASSES
from web.console.frame import console_page
from web.console.live.fresh import Fresh
from web.console.principal import Principal, SignedInStaff
from web.console.receivers.words import STATES
from web.console.router import CONSOLE, ConsoleRouter, SentForm
from web.console.shown_once import shown_once_at
from web.forms.reader import FormReader
from web.origin import PageOrigin
from web.services import CurrentServices, Services

RECEIVERS = f"{CONSOLE}/modtagere"
FULL = f"Der er {MOST_SUBSCRIPTIONS} modtagere, og flere kan der ikke være. Fjern en først."
ADDED = "ny"
DONE = {"fjernet": "Modtageren er fjernet og får ikke mere."}

router = ConsoleRouter()


@router.page("/modtagere", needs=Right.OPERATE)
async def receivers(me: SignedInStaff, services: CurrentServices, gjort: str = "") -> Response:
    """All of them, and for an administrator the form for one more."""
    return await _page(services, me, done=DONE.get(gjort, ""))


@router.action("/modtagere", needs=Right.ADMINISTER)
async def add(me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices) -> Response:
    """Tell one more system from now on, and lead to its page, which shows the secret this once."""
    reader, now = FormReader(form), await services.wall_clock.now()
    events = reader.all_given("haendelser")
    if not set(events) <= EVENT_CLASSES.keys():
        reader.refuse("haendelser", "Vælg fra listen.")
    try:
        url = receiver_url(reader.given("adresse").strip(), services.reach)
    except Unfit as unfit:
        reader.refuse("adresse", str(unfit))

    def added() -> tuple[str, str]:
        with services.database.write() as connection:
            id_, secret = subscriptions.add(connection, services.keys, url, events, now)
            audit.note(connection, me.by, Deed.WEBHOOK_ADDED, origin, now, Subject(about=id_))
            return id_, secret

    if not reader.problems:
        try:
            receiver, secret = await run_in_threadpool(added)
        except TooMany:
            reader.refuse("adresse", FULL)
        else:
            return shown_once_at(f"{RECEIVERS}/{receiver}", ADDED, secret, me, services.keys, now)
    return await _page(services, me, reader=reader)


async def _page(
    services: Services,
    me: Principal,
    *,
    reader: FormReader | None = None,
    done: str = "",
) -> Response:
    def found() -> dict[str, Any]:
        with services.database.read() as connection:
            return {
                "fresh": Fresh(receivers_mark(connection), ALL_RECEIVERS),
                "receivers": subscriptions.subscriptions(connection),
            }

    problems = reader.problems if reader else {}
    return console_page(
        "console/receivers.html",
        me,
        422 if problems else 200,
        here=RECEIVERS,
        states=STATES,
        events=sorted(EVENT_CLASSES),
        ticked=reader.all_given("haendelser") if reader and problems else [],
        address=reader.given("adresse") if reader and problems else "",
        may_add=me.may(Right.ADMINISTER),
        problems=problems,
        done=done,
        **await run_in_threadpool(found),
    )

"""API keys: which there are, making one that is shown once, and closing one."""

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from domain.authority import Right
from domain.by import Scope
from storage import api_keys, audit
from storage.api_keys import ApiKey, NameTaken
from storage.audit import Deed, Subject
from web.console.frame import console_page
from web.console.principal import Principal, SignedInStaff
from web.console.router import CONSOLE, ConsoleRouter, SentForm
from web.console.shown_once import TAKEN, ShownOnce, shown_once_at
from web.forms.reader import FormReader
from web.origin import PageOrigin
from web.services import CurrentServices, Services

KEYS = f"{CONSOLE}/noegler"
SCOPES: dict[Scope, str] = {
    Scope.PLACE_ORDERS: "Bestille",
    Scope.READ_ORDERS: "Læse forløb, med koordinatorens navn",
    Scope.READ_PEOPLE: "Læse medlemmers navne og mailadresser",
    Scope.GIVE_COMMANDS: "Ændre forløb",
}
DONE = {"lukket": "Nøglen er lukket og åbner ikke mere noget."}

router = ConsoleRouter()


@router.page("/noegler", needs=Right.ADMINISTER)
async def keys(me: SignedInStaff, services: CurrentServices, key: ShownOnce, gjort: str = "") -> Response:
    """The keys there are and have been, the one that was just made, this once, and the form for one more."""
    return await _page(services, me, done=DONE.get(gjort, ""), key=key)


@router.action("/noegler", needs=Right.ADMINISTER)
async def make(me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices) -> Response:
    """Make a key, which the page then shows this once."""
    reader, now = FormReader(form), await services.clock.now()
    name = reader.given("navn").strip()
    if api_keys.NAME.fullmatch(name) is None:
        reader.refuse("navn", "Skriv navnet på det system, der skal bruge den: små bogstaver, tal og bindestreg.")
    scopes = {each for each in reader.all_given("maa") if each in set(Scope)}
    if not scopes:
        reader.refuse("maa", "Vælg, hvad nøglen må bruges til.")

    def made() -> str:
        with services.database.write() as connection:
            key = api_keys.make_key(connection, name, map(Scope, scopes), now)
            subject = Subject(about=name, facts={"scopes": " ".join(sorted(scopes))})
            audit.note(connection, me.by, Deed.KEY_MADE, origin, now, subject)
            return key

    if not reader.problems:
        try:
            key = await run_in_threadpool(made)
        except NameTaken:
            reader.refuse("navn", "Der har været en nøgle med det navn, og loggen kender den. Vælg et andet.")
        else:
            return shown_once_at(KEYS, "lavet", key, me, services.keys, await services.wall_clock.now())
    return await _page(services, me, reader=reader, name=name)


@router.action("/noegler/{name}/luk", needs=Right.ADMINISTER)
async def revoke(name: str, me: SignedInStaff, origin: PageOrigin, services: CurrentServices) -> Response:
    """The key opens nothing from now on."""
    now = await services.clock.now()

    def revoked() -> None:
        with services.database.write() as connection:
            if api_keys.revoke_key(connection, name, now):
                audit.note(connection, me.by, Deed.KEY_REVOKED, origin, now, Subject(about=name))

    await run_in_threadpool(revoked)
    return RedirectResponse(f"{KEYS}?gjort=lukket", status_code=303)


async def _page(
    services: Services,
    me: Principal,
    *,
    reader: FormReader | None = None,
    done: str = "",
    key: str = "",
    name: str = "",
) -> Response:
    def found() -> list[ApiKey]:
        with services.database.read() as connection:
            return api_keys.api_keys(connection)

    problems = reader.problems if reader else {}
    return console_page(
        "console/keys.html",
        me,
        422 if problems else 200,
        here=KEYS,
        headers=TAKEN if key else None,
        keys=await run_in_threadpool(found),
        scopes=SCOPES,
        ticked=reader.all_given("maa") if reader and problems else [],
        name=name if problems else "",
        problems=problems,
        done=done,
        key=key,
    )

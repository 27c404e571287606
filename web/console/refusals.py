"""What the console answers when the answer is no: to the sign-in page, or a page in the frame that says why."""

import logging

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from domain.authority import RIGHTS, Right
from domain.by import Capacity
from domain.danish import listing
from storage.outage import DatabaseUnavailable
from web.console.frame import console_page, message_page
from web.console.guard import NotAllowed
from web.console.own_paths import sign_in_address
from web.console.principal import Principal, find_principal
from web.problems import RETRY_AFTER
from web.services import services_of

LOGGER = logging.getLogger("web")

MANY = {
    Capacity.CONSULTANT: "konsulenter",
    Capacity.OPERATIONS: "driften",
    Capacity.ADMINISTRATOR: "administratorer",
}
RETRY = {"Retry-After": str(RETRY_AFTER)}
SECRETS = frozenset({"adgangskode", "nu", "ny", "igen"})
"""Fields that are never sent back to a browser."""
NOT_FROM_HERE = (
    "Siden har måske stået åben, siden du sidst loggede ind. Gå tilbage, genindlæs siden, og prøv igen.",
    "Der er ikke ændret noget.",
)


async def to_sign_in(request: Request, _error: Exception) -> Response:
    """The handler for NotSignedIn."""
    return RedirectResponse(sign_in_address(request), status_code=303)


async def say_who_may(request: Request, error: Exception) -> Response:
    """The handler for NotAllowed."""
    right = error.right if isinstance(error, NotAllowed) else Right.ADMINISTER
    who = listing([MANY[each] for each in MANY if each in RIGHTS[right]])
    me = await _principal(request)
    role = f" Du er logget ind som {me.role_name.lower()}." if me else ""
    return message_page(me, 403, "Det må du ikke", f"Det er kun for {who}.{role}")


async def say_not_from_here(request: Request, _error: Exception) -> Response:
    """The handler for NotFromHere."""
    return message_page(await _principal(request), 403, "Vi kunne ikke se, hvor det kom fra", *NOT_FROM_HERE)


async def say_so(request: Request, status: int, title: str, text: str) -> Response:
    """The page for a wrong address or a wrong method."""
    return message_page(await _principal(request), status, title, text)


async def ask_again(request: Request, title: str, message: str) -> Response:
    """While the database is out of reach: the same form once more, but for one with a password in it."""
    form = await request.form() if request.method == "POST" else None
    me: Principal | None = getattr(request.state, "principal", None)
    if form is None or SECRETS & form.keys():
        return message_page(
            me, 503, title, "Det er vores fejl, ikke din. Vent et øjeblik, og prøv igen.", headers=RETRY
        )
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return console_page("console/again.html", me, 503, headers=RETRY, title=title, message=message, fields=fields)


async def _principal(request: Request) -> Principal | None:
    """Who is signed in, where that can be found out now."""
    try:
        return await find_principal(request, services_of(request))
    except DatabaseUnavailable:
        return None

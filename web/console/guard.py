"""What is asked before any page of the console: signed in, the right, and for a form that it came from us."""

import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData

from domain.authority import Right
from web.console.principal import NotSignedIn, Principal, find_principal
from web.forms.body import read_form
from web.services import CurrentServices

FORM_TOKEN = "formular"  # noqa: S105 - the field's name
"""The hidden field that every form of a signed-in page carries."""
MOST_FIELDS = 1_000


class NotAllowed(Exception):  # noqa: N818 - a finding, named as one
    """Somebody is signed in who may not do this."""

    def __init__(self, right: Right) -> None:
        super().__init__(right)
        self.right = right


class NotFromHere(Exception):  # noqa: N818 - a finding, named as one
    """A form that no page of ours sent, or one of another session."""


@dataclass(frozen=True)
class Guard:
    """The one check before an endpoint. Without `needs` it is open to everybody, signed in or not.

    `files` is how many a form may bring. Raises NotFromHere, NotSignedIn, NotAllowed.
    """

    needs: Right | None
    files: int = 0

    async def __call__(self, request: Request, services: CurrentServices) -> None:
        if request.method not in ("GET", "HEAD"):
            refuse_other_sites(request, services.base_url)
        if self.needs is None:
            return
        principal = await find_principal(request, services)
        if principal is None:
            raise NotSignedIn
        if not principal.may(self.needs):
            raise NotAllowed(self.needs)
        if request.method not in ("GET", "HEAD"):
            _refuse_without_token(await read_form(request, MOST_FIELDS, self.files), principal)


def refuse_other_sites(request: Request, base_url: str) -> None:
    """Raises NotFromHere unless the browser says that a page of ours sent this.

    Browsers name the sender of every form; the address they were told to go to is in `Host`, which no page can set.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin is None or site not in (None, "same-origin"):
        raise NotFromHere
    sender = urlsplit(origin)
    if sender.netloc not in (request.headers.get("host", ""), urlsplit(base_url).netloc) or not sender.netloc:
        raise NotFromHere


def _refuse_without_token(form: FormData, principal: Principal) -> None:
    sent = form.get(FORM_TOKEN, "")
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), principal.form_token.encode()):
        raise NotFromHere

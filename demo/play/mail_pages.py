"""The mails that left, readable in a page: their words, how they look, and what came along."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from demo.mailbox import Mail, mails_in
from demo.play.demonstration import Demonstration, TheDemonstration, own_page
from demo.play.place import START
from domain.danish import sentence
from domain.letters import Occasion
from domain.mailings import MAILINGS

A_PAGE = 50
ALL = "*"
_LINK = re.compile(r"https?://[^\s<>]+[^\s<>.,)]")
AS_IT_LOOKS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
}
"""A mail has its style within; scripts run here as little as anywhere."""
GONE = ("Mailen findes ikke", "Den er måske slettet sammen med sit forløb.")

router = APIRouter(prefix=f"{START}/mails", include_in_schema=False)


@router.api_route("", methods=["GET", "HEAD"])
def mails(demonstration: TheDemonstration, slags: str = "", side: str = "") -> Response:
    """All of them, or those of one occasion; the newest first."""
    occasion = slags if slags in set(Occasion) else ""
    found = mails_in(demonstration.mails, occasion or ALL)[::-1]
    number = max(1, int(side)) if side.isascii() and side.isdigit() and len(side) < 6 else 1

    def address(page: int) -> str:
        return f"{START}/mails?{urlencode({'slags': occasion, 'side': page})}"

    return own_page(
        "mails.html",
        mails=found[(number - 1) * A_PAGE : number * A_PAGE],
        many=len(found),
        occasion=occasion,
        occasions={each.value: sentence(MAILINGS[each].coming) for each in Occasion},
        newer=address(number - 1) if number > 1 else "",
        older=address(number + 1) if len(found) > number * A_PAGE else "",
    )


@router.api_route("/{mail}", methods=["GET", "HEAD"])
def one_mail(mail: str, demonstration: TheDemonstration) -> Response:
    """What a mail says, with its links to press."""
    found = _find(demonstration, mail)
    if found is None:
        return _gone()
    names = [part.get_filename("bilag") for part in found.attachments]
    return own_page("mail.html", mail=found, attachments=names, parts=list(_with_links(found.text)))


@router.api_route("/{mail}/udseende", methods=["GET", "HEAD"])
def as_it_looks(mail: str, demonstration: TheDemonstration) -> Response:
    """The mail as mail programs show it."""
    found = _find(demonstration, mail)
    return _gone() if found is None else HTMLResponse(found.html, headers=AS_IT_LOOKS)


@router.api_route("/{mail}/bilag/{number}", methods=["GET", "HEAD"])
def attachment(mail: str, number: int, demonstration: TheDemonstration) -> Response:
    """A file that came along."""
    found = _find(demonstration, mail)
    if found is None or not 1 <= number <= len(found.attachments):
        return _gone()
    part: EmailMessage = found.attachments[number - 1]
    content = part.get_content()
    body = content.encode() if isinstance(content, str) else content
    name = quote(part.get_filename("bilag"), safe="")
    disposition = {"Content-Disposition": f"attachment; filename*=utf-8''{name}"}
    return Response(body, media_type=part.get_content_type(), headers=disposition)


def _find(demonstration: Demonstration, name: str) -> Mail | None:
    """The mail in this file, which is one of the folder's own."""
    return next((mail for mail in mails_in(demonstration.mails) if mail.file == name), None)


def _gone() -> Response:
    title, text = GONE
    return own_page("message.html", 404, title=title, text=text)


def _with_links(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with the address it leads to; "" where it leads nowhere."""
    end = 0
    for found in _LINK.finditer(text):
        yield text[end : found.start()], ""
        yield found[0], found[0]
        end = found.end()
    yield text[end:], ""

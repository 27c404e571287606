"""Documents behind unguessable links: decks, results, calendar files."""

import unicodedata
from urllib.parse import quote

from fastapi import APIRouter, Response
from sqlalchemy import Connection

from domain.evolution import load
from domain.order import Order
from storage import documents
from storage.documents import Document, DocumentInfo
from web.contact import contact_of
from web.messages import message
from web.services import CurrentServices, Services

_LETTERS: dict[int, str] = {ord(a): b for a, b in zip("æøåÆØÅ", ("ae", "oe", "aa", "Ae", "Oe", "Aa"), strict=True)}

router = APIRouter(include_in_schema=False)


GONE = (
    "Dokumentet findes ikke. Enten er linket brækket over i mailen, eller også er dokumentet slettet, "
    "fordi bestillingen er afsluttet for længe siden.",
)
CANCELLED = (
    "Derfor blev materialet ikke frigivet, og svarene bliver slettet.",
    "Er du i tvivl, så spørg din klyngekoordinator.",
)


@router.api_route("/d/{link}", methods=["GET", "HEAD"])
def download(link: str, services: CurrentServices) -> Response:
    """The document's newest version, or a kind page where the link leads nowhere, or to what is not released."""
    with services.database.read() as connection:
        found = documents.by_link(connection, link)
        order = load(services.store.load(found.info.order_id)) if found else None
        newest = _newest(services, connection, order, found.info, link) if found and order else None
    if newest is None and order is not None and order.cancelled:
        return message(services, 410, "Klyngens bestilling er aflyst", CANCELLED, contact=contact_of(services, order))
    if newest is None:
        return message(services, 404, "Dokumentet er her ikke", GONE, contact=contact_of(services, order))
    headers = {"Content-Disposition": disposition(newest.info.filename)}
    return Response(newest.content, media_type=newest.info.media_type, headers=headers)


def _newest(services: Services, connection: Connection, order: Order, info: DocumentInfo, link: str) -> Document | None:
    """What the link leads to now. An order's people have it once it is released; KiAP's own see it before."""
    survey = order.survey(info.round) if info.round else None
    if survey is None:
        return None
    for_staff = documents.is_for_review(services.keys, info, link)
    if survey.released_at is None and not for_staff:
        return None
    made = (documents.document(connection, document) for document in survey.documents)
    return next((each for each in made if each is not None and each.info.kind == info.kind), None)


def disposition(filename: str) -> str:
    """An attachment's header: the real name for today's browsers, a plain one for the others."""
    letters = filename.translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    plain = "".join(c if c.isalnum() or c in "-_. " else "_" for c in ascii_only)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"

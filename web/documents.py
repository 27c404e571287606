"""Documents behind unguessable links: decks, results, calendar files."""

import unicodedata
from urllib.parse import quote

from fastapi import APIRouter, Response

from domain.evolution import load
from storage import documents
from storage.documents import DocumentInfo
from web.services import Given, Services
from web.templating import page

_LETTERS: dict[int, str] = {ord(a): b for a, b in zip("æøåÆØÅ", ("ae", "oe", "aa", "Ae", "Oe", "Aa"), strict=True)}

router = APIRouter(include_in_schema=False)


@router.api_route("/d/{link}", methods=["GET", "HEAD"])
def download(link: str, services: Given) -> Response:
    """The document, or a kind page where the link leads nowhere, or to what is not released."""
    with services.database.read() as connection:
        found = documents.by_link(connection, link)
    if found is None or not _may_be_given(services, found.info, link):
        paragraphs = (
            "Dokumentet findes ikke. Enten er linket brækket over i mailen, eller også er dokumentet slettet, "
            "fordi bestillingen er afsluttet for længe siden.",
            "Ring til KiAP, hvis du mangler det.",
        )
        return page("message.html", 404, title="Dokumentet er her ikke", paragraphs=paragraphs)
    headers = {"Content-Disposition": disposition(found.info.filename)}
    return Response(found.content, media_type=found.info.media_type, headers=headers)


def _may_be_given(services: Services, info: DocumentInfo, link: str) -> bool:
    """What a round came to is for its order's people once it is released; KiAP's own see it before."""
    if info.round is None or documents.is_for_review(services.keys, info, link):
        return True
    order = load(services.store.load(info.order_id))
    survey = order.survey(info.round) if order else None
    return survey is not None and survey.released_at is not None and info.id in survey.documents


def disposition(filename: str) -> str:
    """An attachment's header: the real name for today's browsers, a plain one for the others."""
    letters = filename.translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    plain = "".join(c if c.isalnum() or c in "-_. " else "_" for c in ascii_only)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"

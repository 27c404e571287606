"""An order's documents for KiAP's own: every version, released or not, by their right and not by a link."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from domain.authority import Right
from domain.model import DocumentId
from domain.order import Order, Survey
from storage import documents
from storage.documents import Document, DocumentInfo
from web import words
from web.console.frame import REFERRER, message_page
from web.console.order.found import document_address
from web.console.principal import SignedInStaff
from web.console.router import ConsoleRouter
from web.documents import disposition
from web.services import CurrentServices, Services

NO_SUCH_DOCUMENT = ("Dokumentet findes ikke", "Måske er det slettet sammen med forløbet.")

router = ConsoleRouter()


@dataclass(frozen=True)
class VersionShown:
    """One version of a document. `pages` is where its slides are shown, "" for what has none."""

    title: str
    version: int
    made_at: dt.datetime
    kilobytes: int
    address: str
    pages: str
    stands: str


def versions_shown(connection: Connection, order: Order) -> Sequence[VersionShown]:
    """Every version of every document, the newest first, with what it is to the coordinator."""
    current = {id_: survey for survey in order.surveys for id_ in survey.documents}
    by_hand = {survey.own_deck for survey in order.surveys}
    shown = []
    for info in reversed(documents.documents(connection, order.id)):
        survey = current.get(info.id)
        address = document_address(info)
        shown.append(
            VersionShown(
                title=words.document_title(info.kind, info.round),
                version=info.version,
                made_at=info.made_at,
                kilobytes=max(1, round(info.size / 1024)),
                address=address,
                pages=f"{address}/sider" if info.kind == "deck" else "",
                stands=_stands(order, info, survey) + (", rettet i hånden" if info.id in by_hand else ""),
            )
        )
    return shown


def _stands(order: Order, info: DocumentInfo, survey: Survey | None) -> str:
    """What a version is to the coordinator; `survey` is the round where it is the one that stands."""
    if survey is None:
        made_for = order.survey(info.round) if info.round else None
        is_newest = made_for is not None and info.version == made_for.deck_version
        return "vores egen, ikke i brug" if is_newest else "tidligere udgave"
    return "leveret" if survey.released_at else "til gennemsyn"


@router.page("/forloeb/{order}/dokumenter/{document}", needs=Right.READ)
async def download(order: str, document: str, me: SignedInStaff, services: CurrentServices) -> Response:
    """The document of this id, of this order."""
    found = await run_in_threadpool(document_of, services, order, document)
    if found is None:
        return message_page(me, 404, *NO_SUCH_DOCUMENT)
    headers = {**REFERRER, "Content-Disposition": disposition(found.info.filename)}
    return Response(found.content, media_type=found.info.media_type, headers=headers)


def document_of(services: Services, order: str, document: str) -> Document | None:
    """An order's document, None where it has none of this id."""
    with services.database.read() as connection:
        found = documents.document(connection, DocumentId(document))
    return found if found is not None and found.info.order_id == order else None

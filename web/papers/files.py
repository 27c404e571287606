"""A paper as a file somebody asked for: Word, PDF where this machine can, or all of them in a zip."""

import datetime as dt
import hashlib
import logging
from dataclasses import dataclass

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from domain.order import Order
from reporting.file_names import in_a_file_name
from reporting.office import can_make_pdf
from reporting.papers.bundle import zip_of
from reporting.papers.catalogue import PaperKind, paper_called
from reporting.papers.making import DOCX, make_paper, paper_file_name
from storage import clusters, documents
from storage.documents import Document
from web.documents import disposition
from web.papers.facts import paper_context
from web.papers.shown import ALL, RESULTS, papers_of, released
from web.services import Services

LOGGER = logging.getLogger("web")
MOST_DRAWS = 999
"""A number of a draw that an address may have."""


@dataclass(frozen=True)
class Asked:
    """What somebody asked for: a file's name below `papirer/`, and for the groups who doesn't come and which draw."""

    file: str
    for_members: bool
    draw: int = 1
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MadeFile:
    name: str
    media_type: str
    content: bytes
    is_of_names: bool = False


class NotThere(LookupError):  # noqa: N818 - a finding, named as one
    """There is no such paper, or not for this reader, or not now."""


async def answer(services: Services, order: Order, asked: Asked) -> Response:
    """The file as a download. Raises NotThere, and OfficeFailed where a PDF or the slides could not be made."""
    now = await services.clock.now()
    made = await run_in_threadpool(_made, services, order, asked, now)
    if asked.file.endswith(".pdf"):
        made = await _as_pdf(services, made)
    headers = {"Content-Disposition": disposition(made.name), "Cache-Control": "no-store"}
    return Response(made.content, media_type=made.media_type, headers=headers)


def _made(services: Services, order: Order, asked: Asked, now: dt.datetime) -> MadeFile:
    slug, _, ending = asked.file.rpartition(".")
    if asked.file == ALL:
        return _all(services, order, asked, now)
    if ending not in ("docx", "pdf") or (ending == "pdf" and not can_make_pdf()):
        raise NotThere
    if slug == RESULTS:
        return _results(services, order, asked)
    kind = paper_called(slug)
    if kind is None or kind not in papers_of(order, for_members=asked.for_members):
        raise NotThere
    return _paper(services, order, kind, asked, now)


def _paper(services: Services, order: Order, kind: PaperKind, asked: Asked, now: dt.datetime) -> MadeFile:
    with services.database.read() as connection:
        context = paper_context(services, connection, order, kind, now, draw=asked.draw, left_out=asked.left_out)
    content = make_paper(kind, context)
    return MadeFile(paper_file_name(kind, context.cluster), DOCX, content, is_of_names=kind.has_names)


def _results(services: Services, order: Order, asked: Asked) -> MadeFile:
    found = next((each for each in _kept(services, order, asked) if each.info.kind == "document"), None)
    if found is None:
        raise NotThere
    return MadeFile(found.info.filename, found.info.media_type, found.content)


def _all(services: Services, order: Order, asked: Asked, now: dt.datetime) -> MadeFile:
    kinds = papers_of(order, for_members=asked.for_members)
    kept = [each for each in _kept(services, order, asked) if each.info.kind == "document" or not asked.for_members]
    if not kinds and not kept:
        raise NotThere
    made = [MadeFile(each.info.filename, each.info.media_type, each.content) for each in kept]
    made += [_paper(services, order, kind, asked, now) for kind in kinds]
    with services.database.read() as connection:
        cluster = clusters.cluster(connection, order.cluster).name
    what = "Uddelingskopier" if asked.for_members else "Alle papirer"
    content = zip_of({each.name: each.content for each in made}, now.replace(tzinfo=None))
    return MadeFile(in_a_file_name(f"{what} {cluster}", "zip"), "application/zip", content)


def _kept(services: Services, order: Order, asked: Asked) -> list[Document]:
    """What was delivered to this reader and stands: the newest round's deck and results."""
    survey = released(order, for_members=asked.for_members)
    with services.database.read() as connection:
        found = [documents.document(connection, each) for each in (survey.documents if survey else ())]
    return [each for each in found if each is not None]


async def _as_pdf(services: Services, made: MadeFile) -> MadeFile:
    """The same as PDF. One with names is not remembered."""
    key = hashlib.sha256(made.content).hexdigest()
    try:
        (content,) = await services.pdfs.pictures(key, made.content)
    finally:
        if made.is_of_names:
            services.pdfs.forget(key)
    return MadeFile(f"{made.name.rpartition('.')[0]}.pdf", "application/pdf", content)

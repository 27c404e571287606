"""The meeting as a member sees it: when and where, the programme, the material once it is released. Changes nothing."""

import datetime as dt
from dataclasses import dataclass

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from domain.evolution import load
from domain.meeting import Meeting
from domain.order import Order
from domain.package import Package
from storage import clusters, documents, texts
from storage.order_links import opens_meeting, order_of
from web import words
from web.messages import message
from web.services import CurrentServices, Services
from web.templating import page

router = APIRouter(prefix="/moede", include_in_schema=False)


@dataclass(frozen=True)
class TimedPart:
    """A part of the programme on the clock."""

    starts: dt.datetime
    ends: dt.datetime
    title: str
    text: str


@dataclass(frozen=True)
class MeetingView:
    """What the page shows. `released` is the results' document, where there is one to see."""

    order: Order
    package: Package
    cluster: str
    place: str
    documents: tuple[tuple[str, str], ...]


@router.api_route("/{link}", methods=["GET", "HEAD"])
async def meeting_page(link: str, services: CurrentServices) -> Response:
    """The meeting behind a member's link."""
    view = await run_in_threadpool(_view, services, link)
    if view is None:
        paragraphs = (
            "Måske er linket brækket over i mailen: kopiér det hele, og prøv igen.",
            "Er du ikke længere med i klyngen, eller er bestillingen slettet, virker linket ikke mere.",
        )
        return message(services, 404, "Linket virker ikke", paragraphs)
    meeting = view.order.meeting
    return page(
        "meeting.html",
        view=view,
        order=view.order,
        meeting=meeting,
        programme=_on_the_clock(meeting, view.package) if meeting else [],
        words=words,
    )


def _view(services: Services, link: str) -> MeetingView | None:
    order = load(services.store.load(order_of(link)))
    if order is None or not any(opens_meeting(services.keys, link, order.id, each) for each in order.active_members):
        return None
    with services.database.read() as connection:
        meeting, first = order.meeting, order.baseline
        released = set(first.documents) if first is not None and first.released_at else set()
        made = documents.documents(connection, order.id)
        return MeetingView(
            order=order,
            package=services.packages.of(order),
            cluster=clusters.cluster(connection, order.cluster).name,
            place=texts.words_of(connection, meeting.place if meeting else None),
            documents=tuple(
                (words.document_title(info.kind, info.round), f"/d/{info.token(services.keys)}")
                for info in made
                if info.id in released and info.kind == "document"
            ),
        )


def _on_the_clock(meeting: Meeting, package: Package) -> list[TimedPart]:
    parts, starts = [], meeting.starts
    for part in package.programme:
        ends = starts + dt.timedelta(minutes=part.minutes)
        parts.append(TimedPart(starts, ends, part.title, part.text))
        starts = ends
    return parts

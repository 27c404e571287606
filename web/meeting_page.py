"""The meeting as a member sees it: when and where, the programme, the material once it is released. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from domain.evolution import load
from domain.model import Round
from domain.order import Order
from domain.package import Package
from domain.programme_times import TimedBlock, in_blocks, on_the_clock
from domain.text import is_web_address
from domain.video import VideoFrame
from storage import clusters, documents, result_repository, texts
from storage.order_links import Page, calendar_path, is_erased, opens, order_of
from storage.programme import programme_of, video_of
from web import words
from web.contact import contact_of
from web.dead_links import dead_link
from web.meeting_calendar import webcal
from web.own_numbers import OwnRound, own_rounds
from web.papers.shown import PaperShown, papers_shown, results_pdf
from web.services import CurrentServices, Services
from web.templating import page

router = APIRouter(prefix="/moede", include_in_schema=False)


@dataclass(frozen=True)
class MeetingView:
    """What the page shows. `released` is the results' document, where there is one to see."""

    order: Order
    package: Package
    programme: tuple[TimedBlock, ...]
    video: VideoFrame | None
    cluster: str
    place: str
    documents: tuple[tuple[str, str], ...]
    calendar: str
    page: str
    papers: Sequence[PaperShown]
    results_pdf: str
    has_comparison: bool
    """Whether the results are those of both rounds."""
    own: tuple[OwnRound, ...] = ()
    """The numbers of the member's own practice, where a register has said something of it."""

    @property
    def place_is_link(self) -> bool:
        """Whether the meeting is held at an address on the web."""
        return is_web_address(self.place)


@router.api_route("/{link}", methods=["GET", "HEAD"])
async def meeting_page(link: str, services: CurrentServices) -> Response:
    """The meeting behind a member's link."""
    view = await run_in_threadpool(_view, services, link)
    if view is None:
        return await run_in_threadpool(dead_link, services, Page.MEETING, link)
    meeting = view.order.meeting
    return page(
        "meeting.html",
        view=view,
        order=view.order,
        meeting=meeting,
        words=words,
        webcal=webcal(services, view.calendar),
        contact=await run_in_threadpool(contact_of, services, view.order),
    )


def _view(services: Services, link: str) -> MeetingView | None:
    order = load(services.store.load(order_of(link)))
    if order is None:
        return None
    holds = (each for each in order.active_members if opens(services.keys, Page.MEETING, link, order, each))
    member = next(holds, None)
    if member is None:
        return None
    with services.database.read() as connection:
        if is_erased(connection, order):
            return None
        meeting, shared = order.meeting, order.shared_surveys
        released = {document for survey in shared for document in survey.documents}
        made = documents.documents(connection, order.id)
        package = services.packages.of(order)
        return MeetingView(
            order=order,
            package=package,
            programme=in_blocks(
                on_the_clock(programme_of(connection, package, order), meeting.starts if meeting else None)
            ),
            video=video_of(connection, package, order),
            cluster=clusters.cluster(connection, order.cluster).name,
            place=texts.words_of(connection, meeting.place if meeting else None),
            documents=tuple(
                (words.document_title(info.kind, info.round), f"/d/{info.token(services.keys)}")
                for info in sorted(made, key=lambda info: info.round is Round.BASELINE)  # the newest round first
                if info.id in released and info.kind == "document"
            ),
            calendar=calendar_path(services.keys, order.id, member, order.link_of(member).issue) if meeting else "",
            page=f"/moede/{link}",
            papers=papers_shown(order, f"/moede/{link}", for_members=True),
            results_pdf=results_pdf(order, f"/moede/{link}", for_members=True),
            has_comparison=shared[-1:] == (order.second,)
            and result_repository.have_figures(connection, order.id, Round.FOLLOW_UP),
            own=own_rounds(connection, services.keys, order, package, member),
        )

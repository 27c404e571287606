"""The meeting's calendar entry by a link of its own: to download, or for a calendar that keeps looking."""

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from domain.evolution import load
from domain.model import PersonId, StaffId
from domain.order import Order
from reporting.calendar_file import CalendarFile, CalendarUser, make_calendar_file
from reporting.meeting_entry import meeting_entry
from storage import clusters, texts
from storage.order_links import Page, is_erased, opens, order_of
from storage.programme import video_of
from storage.staff import OFFICE, find_staff
from web.dead_links import dead_link
from web.services import CurrentServices, Services

router = APIRouter(prefix="/kalender", include_in_schema=False)


@router.api_route("/{link}/klyngemoede.ics", methods=["GET", "HEAD"])
async def meeting_calendar(link: str, services: CurrentServices) -> Response:
    """The entry as the meeting is agreed now, or taken back where it is called off."""
    now = await services.clock.now()

    def made() -> CalendarFile | None:
        order = load(services.store.load(order_of(link)))
        if order is None or order.meeting is None or not _opens(services, link, order):
            return None
        with services.database.read() as connection:
            package = services.packages.of(order)
            entry = meeting_entry(
                order.id,
                order.meeting,
                order.meeting_edition + order.meeting_called_off,
                title=package.title,
                cluster=clusters.cluster(connection, order.cluster).name,
                place=texts.words_of(connection, order.meeting.place),
                video=video_of(connection, package, order),
                organizer=CalendarUser(services.office.name, services.office.address),
            )
        return make_calendar_file(entry, now, cancelled=order.meeting_called_off)

    file = await run_in_threadpool(made)
    if file is None:
        return await run_in_threadpool(dead_link, services, Page.CALENDAR, link)
    headers = {"Content-Disposition": 'attachment; filename="klyngemoede.ics"'}
    return Response(file.content, media_type=file.media_type, headers=headers)


def webcal(services: Services, path: str) -> str:
    """The address by which a calendar subscribes to the entry; empty where there is none."""
    return f"webcal://{services.address(path).partition('://')[2]}" if path else ""


def _opens(services: Services, link: str, order: Order) -> bool:
    """Whether the link is of somebody whose own page shows the meeting."""
    holders: list[PersonId | StaffId] = [*order.link_holders, OFFICE]
    with services.database.read() as connection:
        if is_erased(connection, order):
            return False
        if order.consultant and find_staff(connection, order.consultant):
            holders.append(order.consultant)
    return any(opens(services.keys, Page.CALENDAR, link, order, each) for each in holders)

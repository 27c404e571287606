"""The demonstration's first page: time can be moved here, and whoever comes becomes whom they want to be."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, RedirectResponse
from starlette.datastructures import FormData

from demo.country.seeding import Office
from demo.play.demonstration import Demonstration, TheDemonstration, own_page
from demo.play.door import TO
from demo.play.journey import UnderWay
from demo.play.place import START, STYLES
from demo.play.start_view import start_view
from demo.play.steps import LABELS, Leap
from domain.model import OrderId, Rejected, StaffId
from storage.order_links import order_link
from storage.staff import StaffRole, staff
from web.console.entering import enter, welcome
from web.console.guard import refuse_other_sites
from web.console.own_paths import own_path
from web.console.principal import ROLES
from web.forms.body import read_form
from web.services import CurrentServices, Services
from web.submitting import order_of

WAITS = 20.0
"""Real seconds that a press waits for time to get there, before the page says that it still goes."""
FOLLOW = f"{START}?vent=1#flyt"
"""Where one waits on: no page reloads itself, which would take the reader's place away."""
NO_SUCH_STEP = "Vælg, hvor langt tiden skal gå: til næste hændelse, en dag eller en uge."
ON_ITS_WAY = "Tiden går allerede. Vent, til den er nået frem."
NO_SUCH_ROLE = "Vælg, om du vil være konsulent, drift eller administrator."

router = APIRouter(prefix=START, include_in_schema=False)


async def _own_form(request: Request, services: CurrentServices) -> FormData:
    """What one of our own pages sent. Raises NotFromHere for another site's."""
    refuse_other_sites(request, services.base_url)
    return await read_form(request, max_fields=10)


OwnForm = Annotated[FormData, Depends(_own_form)]


@router.api_route("", methods=["GET", "HEAD"])
async def start(
    demonstration: TheDemonstration, services: CurrentServices, vent: str = "", naeste: str = ""
) -> Response:
    """What time it is, what happened, and whom one can be; with `vent`, once time stands again, or after a while.

    `naeste` is the console's page that somebody came from who is nobody yet.
    """
    if vent:
        await demonstration.journey.arrive(WAITS)
    return await _shown(demonstration, services, to=own_path(naeste) if naeste else "")


@router.post("/tid")
async def move(form: OwnForm, demonstration: TheDemonstration, services: CurrentServices) -> Response:
    """Let time pass. It goes on by itself where it takes longer than one likes to wait."""
    step = form.get("skridt")
    if step not in set(Leap):
        return await _shown(demonstration, services, 422, NO_SUCH_STEP)
    try:
        await demonstration.journey.begin(Leap(str(step)), WAITS, with_others=form.get("andre") == "1")
    except UnderWay:
        return await _shown(demonstration, services, 409, ON_ITS_WAY)
    return RedirectResponse(f"{START}#flyt", status_code=303)


@router.post("/log-ind")
async def sign_in(
    request: Request, form: OwnForm, demonstration: TheDemonstration, services: CurrentServices
) -> Response:
    """A session in the console as one of KiAP's own, for whoever presses; then the page they wanted, or the first."""
    role, to = form.get("rolle"), own_path(str(form.get(TO, "")))
    if role not in set(StaffRole):
        return await _shown(demonstration, services, 422, NO_SUCH_ROLE)
    who = _one_of(demonstration.office, StaffRole(str(role)))
    now, wall_now = await services.clock.now(), await services.wall_clock.now()

    def begun() -> str:
        with services.database.write() as connection:
            return enter(connection, request, staff(connection, who), now=now, wall_now=wall_now)

    return welcome(await run_in_threadpool(begun), to)


@router.api_route("/koordinator/{order}", methods=["GET", "HEAD"])
async def coordinator(order: str, services: CurrentServices) -> Response:
    """The order's page, as its coordinator has it."""
    try:
        found = await run_in_threadpool(order_of, services, OrderId(order))
    except Rejected as no:
        return own_page("message.html", 404, title=no.message, text="Måske er det slettet. Vælg et andet forløb.")
    issue = found.link_of(found.coordinator).issue
    link = order_link(services.keys, found.id, found.coordinator, issue)
    return RedirectResponse(f"/bestilling/{link}", status_code=303)


@router.api_route("/stil.css", methods=["GET", "HEAD"])
def style() -> Response:
    """The banner's and these pages' own style."""
    return FileResponse(STYLES, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})


def _one_of(office: Office, role: StaffRole) -> StaffId:
    match role:
        case StaffRole.CONSULTANT:
            return office.consultants[0]
        case StaffRole.OPERATIONS:
            return office.operations
        case StaffRole.ADMINISTRATOR:
            return office.administrator


async def _shown(
    demonstration: Demonstration, services: Services, status: int = 200, problem: str = "", to: str = ""
) -> Response:
    under_way, last = demonstration.journey.under_way, demonstration.journey.last  # before anything is read: it goes on
    now = await services.clock.now()
    view = await run_in_threadpool(start_view, services, demonstration.mails, last)
    return own_page(
        "start.html",
        status,
        problem=problem,
        to=(TO, to),
        now=now,
        steps=LABELS,
        roles={role.value: ROLES[role] for role in StaffRole},
        under_way=under_way,
        last=last,
        follow=FOLLOW,
        with_others=demonstration.journey.with_others,
        **view,
    )

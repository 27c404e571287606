"""`/bestil`: the form, and the order that it places. The way to the order goes by mail alone, never by the page."""

import math
import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from domain.danish import minutes
from domain.fitting import usual
from domain.length import minutes_to_answer
from domain.meeting import danish
from domain.model import Rejected, Round
from domain.programme_times import in_blocks, on_the_clock
from storage.clusters import Cluster, clusters
from storage.ids import new_id
from storage.order_form_pauses import pause_before_order
from storage.requests import content_hash
from web.api.intake_request import OrderSent
from web.api.roles import ROLES_MANY
from web.forms.body import read_form
from web.forms.reader import FormReader
from web.intake import place_order
from web.messages import message
from web.order_form.reading import MEMBERS, ORDER, PACKAGE, field_of, read_order
from web.order_form.which_cluster import choices, regions
from web.origin import PageOrigin
from web.problems import Problem
from web.services import CurrentServices, Services
from web.templating import page

PATH = "/bestil"
ONCE = "engang"
"""The form's own key: sent twice with the same content, it is one order."""
MOST_FIELDS = 20
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")

router = APIRouter(include_in_schema=False)


async def _form(request: Request) -> FormData:
    return await read_form(request, MOST_FIELDS)


@router.api_route(PATH, methods=["GET", "HEAD"])
async def order_page(services: CurrentServices, pakke: str = "", bestilt: str = "") -> Response:
    """The form, with the package chosen that the address names; or what happens now, once it is sent."""
    if bestilt:
        return page("order_form_sent.html", call_within=_call_within(services), office=services.office)
    slugs = services.packages.slugs
    chosen = pakke if pakke in slugs else slugs[0] if len(slugs) == 1 else ""
    return await _page(services, {PACKAGE: chosen, ONCE: new_id()})


@router.post(PATH)
async def order(form: Annotated[FormData, Depends(_form)], origin: PageOrigin, services: CurrentServices) -> Response:
    """Place the order, and lead to what happens now."""
    reader, day = FormReader(form), danish(await services.clock.now()).date()
    known = await run_in_threadpool(_clusters, services)
    sent = read_order(reader, services.packages.slugs, known, day)
    if sent is None:
        return await _page(services, reader.everything(), reader.problems)
    if wait := await _pause(services, sent, origin.network):
        told = f"Der er bestilt mange gange på kort tid herfra. Prøv igen om {minutes(math.ceil(wait / 60))}."
        paragraphs = (told, "Gå tilbage i browseren; det, du har skrevet, står der som regel endnu.")
        return message(services, 429, "Vent lidt", paragraphs, headers={"Retry-After": str(math.ceil(wait))})
    try:
        await place_order(services, sent, _key(reader), None, origin)
    except Problem as problem:
        for error in problem.body.errors:
            reader.refuse(field_of(error.field), error.detail)
        if not problem.body.errors:
            told = "Har du mistet linket til den, så få det sendt fra siden »Få dit link på mail«, eller ring til os."
            reader.refuse(PACKAGE, f"{problem.body.detail} {told}")
    except Rejected as rejected:
        reader.refuse(MEMBERS, rejected.message)
    if reader.problems:
        return await _page(services, reader.everything(), reader.problems)
    return RedirectResponse(f"{PATH}?bestilt=1", status_code=303)


async def _pause(services: Services, sent: OrderSent, network: str) -> float:
    """Seconds to wait before this order can be sent; 0 where it can now."""
    now = await services.wall_clock.now()

    def ask() -> float:
        with services.database.write() as connection:
            return pause_before_order(connection, services.keys, sent.coordinator.email, network, now).total_seconds()

    return await run_in_threadpool(ask)


def _key(reader: FormReader) -> str:
    """The same for the same form with the same content. A form that was corrected is another request."""
    once = reader.given(ONCE) if _KEY.fullmatch(reader.given(ONCE)) else new_id()
    return f"{once}/{content_hash([*reader.pairs()])}"


def _call_within(services: Services) -> int:
    """Working days within which a consultant calls, whatever package it is."""
    return max((package.policies.call_within for package in services.packages.today), default=0)


def _clusters(services: Services) -> list[Cluster]:
    with services.database.read() as connection:
        return clusters(connection)


async def _page(services: Services, values: Mapping[str, str], problems: Mapping[str, str] | None = None) -> Response:
    problems = problems or {}
    known = await run_in_threadpool(_clusters, services)
    packages = services.packages.today
    return page(
        "order_form.html",
        422 if problems else 200,
        packages=packages,
        answering={package.slug: minutes_to_answer(package, Round.BASELINE) for package in packages},
        programmes={package.slug: in_blocks(on_the_clock(usual(package.programme), None)) for package in packages},
        asked_of={package.slug: [ROLES_MANY[role] for role in package.surveyed] for package in packages},
        least=max((package.disclosure.at_least for package in packages), default=0),
        call_within=_call_within(services),
        clusters=choices(known),
        regions=regions(danish(await services.clock.now()).date()),
        values={**values, ONCE: values.get(ONCE) or new_id()},
        problems={field: problems[field] for field in ORDER if field in problems},
        office=services.office,
    )

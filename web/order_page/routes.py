"""The order page and its forms. A link is the right to use it: no sign-in, no cookie."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from domain.commands import authorise
from domain.model import Actor, MemberId, Rejected
from storage import result_repository
from web import words
from web.api.command_requests import AnyAsked, Desk
from web.order_page import actions
from web.order_page.actions import Action
from web.order_page.form_reading import FormReader
from web.order_page.view import OrderPageView, member_names, order_page_view
from web.orders_port import Unavailable
from web.services import Given, Services
from web.templating import page
from web.written import Written, carry_out

router = APIRouter(prefix="/bestilling", include_in_schema=False)

UNAVAILABLE = "Vi kan ikke nå systemet lige nu. Prøv igen om lidt – det, du har skrevet, står her stadig."
_REQUEST_ID = re.compile(r"[0-9a-f]{32}")


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=1_000, max_files=0)


Form = Annotated[FormData, Depends(_form)]


@dataclass(frozen=True)
class _Filled:
    """A form as it is to be shown: what stands in it, and what is wrong."""

    values: dict[str, str]
    ticked: frozenset[str] = frozenset()
    problems: dict[str, str] = field(default_factory=dict)
    status: int = 200
    request_id: str = ""


@router.api_route("/{link}", methods=["GET", "HEAD"])
async def order_page(link: str, services: Given, gjort: str = "") -> Response:
    """Where the order stands, and what can be done."""
    here = await _view(services, link)
    if here is None:
        return _no_such_link()
    done = actions.action(gjort)
    can = actions.possible(here)
    urgent = actions.urgent(here, can)
    return page(
        "order/page.html",
        here=here,
        order=here.order,
        words=words,
        can=can,
        urgent=urgent,
        due=actions.due_of(here, urgent) if urgent else None,
        done=done.done if done else "",
        is_staff=here.actor is not Actor.COORDINATOR,
    )


@router.api_route("/{link}/{slug}", methods=["GET", "HEAD"])
async def form_page(link: str, slug: str, services: Given) -> Response:
    """One form; back to the order page where it is not the time for it."""
    here = await _view(services, link)
    if here is None:
        return _no_such_link()
    action = actions.action(slug)
    if action is None or not action.is_for(here.actor) or not action.possible(here):
        return RedirectResponse(f"/bestilling/{link}", status_code=303)
    return await run_in_threadpool(_show, services, here, action, _Filled(action.values(here)))


@router.post("/{link}/{slug}")
async def give(link: str, slug: str, form: Form, services: Given) -> Response:
    """Give the form's command; then the order page, or the form again with what is wrong."""
    here = await _view(services, link)
    if here is None:
        return _no_such_link()
    action = actions.action(slug)
    if action is None or not action.is_for(here.actor):
        return RedirectResponse(f"/bestilling/{link}", status_code=303)
    reader = FormReader(form)
    request_id = reader.given("anmodning")
    if not _REQUEST_ID.fullmatch(request_id):
        request_id = uuid.uuid4().hex
    asked = action.read(reader, here)
    if asked is None or reader.problems:
        return await _again(services, here, action, reader, 422)
    try:
        written = await run_in_threadpool(_write, services, here, asked)
        await carry_out(
            services, here.order.id, written, actor=here.actor, request_id=f"page/{here.order.id}/{request_id}"
        )
    except Rejected as rejected:
        reader.refuse(action.points_at.get(rejected.code, ""), rejected.message)
        return await _again(services, here, action, reader, 409)
    except Unavailable:
        reader.refuse("", UNAVAILABLE)
        return await _again(services, here, action, reader, 503, request_id)
    return RedirectResponse(f"/bestilling/{link}?gjort={action.slug}", status_code=303)


async def _view(services: Services, link: str) -> OrderPageView | None:
    now = await services.clock.now()
    return await run_in_threadpool(order_page_view, services, link, now)


def _write(services: Services, here: OrderPageView, asked: AnyAsked) -> Written:
    with services.database.write() as connection:
        written = Desk(connection, here.order, here.package).written(asked)
        authorise(written.command, here.actor)
    return written


async def _again(
    services: Services, here: OrderPageView, action: Action, reader: FormReader, status: int, request_id: str = ""
) -> Response:
    values = {name: reader.given(name) for name in (*action.values(here), *_OTHER_FIELDS)}
    ticked = frozenset(reader.all_given("med") + reader.all_given("stryg"))
    filled = _Filled(values, ticked, reader.problems, status, request_id)
    return await run_in_threadpool(_show, services, here, action, filled)


_OTHER_FIELDS = ("valg", "grund", "lukker")


def _show(services: Services, here: OrderPageView, action: Action, filled: _Filled) -> Response:
    members: Sequence[tuple[MemberId, str]] = member_names(services, here.order) if action.needs_members else ()
    survey = actions.current_survey(here.order)
    texts: list[result_repository.FreeText] = []
    if action.needs_free_texts and survey is not None:
        with services.database.read() as connection:
            texts = result_repository.free_texts(connection, here.order.id, survey.round)
    ticked = filled.ticked or (actions.struck_values(texts) if filled.status == 200 else frozenset())
    facts: dict[str, Any] = {
        "here": here,
        "order": here.order,
        "action": action,
        "values": {**dict.fromkeys(_OTHER_FIELDS, ""), **filled.values},
        "ticked": ticked,
        "problems": filled.problems,
        "summary": [
            (name, f"{actions.FIELDS[name]}: {message}" if name in actions.FIELDS else message)
            for name, message in filled.problems.items()
        ],
        "members": members,
        "texts": texts,
        "survey": survey,
        "words": words,
        "reasons": actions.REASONS,
        "choices": actions.follow_up_choices(here) if action.slug == "opfoelgning" else {},
        "window": actions.follow_up_window(here.order),
        "follow_up_open": actions.follow_up_open(here.order),
        "request_id": filled.request_id or uuid.uuid4().hex,
    }
    return page(f"order/{action.slug}.html", filled.status, **facts)


def _no_such_link() -> Response:
    paragraphs = (
        "Måske er linket brækket over i mailen: kopiér det hele, og prøv igen.",
        "Har klyngen fået en ny koordinator, virker det gamle link ikke mere. Den nye koordinator har fået sit eget.",
    )
    return page("message.html", 404, title="Linket virker ikke", paragraphs=paragraphs)

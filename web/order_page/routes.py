"""The order page and its forms. A link is the right to use it: no sign-in, no cookie."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from domain.model import Rejected
from storage import result_repository
from storage.outage import DatabaseUnavailable
from web import days_off, outages, words
from web.forms.body import read_form
from web.forms.fields import Kind
from web.forms.reader import FormReader
from web.forms.reading import read_request
from web.messages import message
from web.order_page import pages
from web.order_page.pages import FormPage
from web.order_page.view import OrderPageView, consultant_names, member_names, order_page_view
from web.orders_port import Unavailable
from web.origin import PageOrigin
from web.problems import Problem
from web.requests.base import CommandRequest
from web.requests.catalogue import FOR_PEOPLE, REQUESTS
from web.services import CurrentServices, Services
from web.submitting import fingerprint_of, submit
from web.templating import page

router = APIRouter(prefix="/bestilling", include_in_schema=False)

COMMAND = "kommando"
"""The field that says which of a page's commands is given."""
DAY_OFF = "fridag"
"""The box that says that the meeting is meant to be on a day off; its value is the day."""
_REQUEST_ID = re.compile(r"[0-9a-f]{32}")


async def _form(request: Request) -> FormData:
    return await read_form(request, max_fields=1_000)


Form = Annotated[FormData, Depends(_form)]


@dataclass(frozen=True)
class _Filled:
    """A form as it is to be shown: what stands in it, and what is wrong. `day_off` is a day that is asked about."""

    values: dict[str, str]
    ticked: frozenset[str] = frozenset()
    problems: dict[str, str] = field(default_factory=dict)
    status: int = 200
    request_id: str = ""
    day_off: str = ""


@router.api_route("/{link}", methods=["GET", "HEAD"])
async def order_page(link: str, services: CurrentServices, gjort: str = "") -> Response:
    """Where the order stands, and what can be done."""
    here = await _view(services, link)
    if here is None:
        return _no_such_link(services)
    can = pages.possible(here)
    urgent = pages.urgent(here, can)
    return page(
        "order/page.html",
        here=here,
        order=here.order,
        words=words,
        can=can,
        groups=list(pages.grouped(can)),
        urgent=urgent,
        due=pages.due_of(here, urgent) if urgent else None,
        undecided=pages.undecided(here, urgent),
        done=FOR_PEOPLE[gjort].DONE if gjort in FOR_PEOPLE else "",
        is_staff=here.is_staff,
    )


@router.api_route("/{link}/{slug}", methods=["GET", "HEAD"])
async def form_page(link: str, slug: str, services: CurrentServices) -> Response:
    """One form; back to the order page where it is not the time for it."""
    here = await _view(services, link)
    if here is None:
        return _no_such_link(services)
    form = pages.page_called(slug)
    if form is None or not pages.is_for(here, form) or not form.possible(here):
        return RedirectResponse(f"/bestilling/{link}", status_code=303)
    values = pages.first_values(here)
    survey = here.order.round_under_way
    struck = survey.struck_texts if survey and slug == "egne-ord" else frozenset[str]()
    return await run_in_threadpool(_show, services, here, form, _Filled(values, struck))


@router.post("/{link}/{slug}")
async def give(link: str, slug: str, form: Form, origin: PageOrigin, services: CurrentServices) -> Response:
    """Give the form's command; then the order page, or the form again with what is wrong."""
    here = await _view(services, link)
    if here is None:
        return _no_such_link(services)
    shown = pages.page_called(slug)
    if shown is None or not pages.is_for(here, shown):
        return RedirectResponse(f"/bestilling/{link}", status_code=303)
    reader = FormReader(form)
    command = _chosen(reader, shown, here)
    request = _request(reader, shown, command, here) if command else None
    if command is None or request is None:
        return await _again(services, here, shown, reader, 422)
    request_id = _request_id(reader)
    once = _once(here, request_id, request)
    try:
        await submit(services, here.order.id, request, by=here.by, origin=origin, request_id=once)
    except Rejected as rejected:
        if rejected.code == days_off.ASKED:
            reader.refuse(DAY_OFF, rejected.message)
            return await _again(services, here, shown, reader, 409, day_off=str(rejected.facts["day"]))
        reader.refuse(_input_of(FOR_PEOPLE[command].POINTS_AT.get(rejected.code, "")), rejected.message)
        return await _again(services, here, shown, reader, 409)
    except Problem as problem:
        for each in problem.body.errors:
            reader.refuse(each.field, each.detail)
        return await _again(services, here, shown, reader, problem.body.status)
    except (Unavailable, DatabaseUnavailable) as unavailable:
        outages.tell(unavailable)
        return await _again(services, here, shown, reader, 503, request_id=request_id)
    return RedirectResponse(f"/bestilling/{link}?gjort={command}", status_code=303)


def _chosen(reader: FormReader, shown: FormPage, here: OrderPageView) -> str | None:
    """The command that is given: the page's only one, or the one that was chosen."""
    if len(shown.commands) == 1:
        return shown.commands[0]
    return reader.choice(COMMAND, shown.possible(here) or shown.commands)


def _request(reader: FormReader, shown: FormPage, command: str, here: OrderPageView) -> CommandRequest | None:
    named = reader.all_given("attendance")
    if named and not reader.given("attended").strip():
        reader.put("attended", str(len(named)))
    request = read_request(reader, REQUESTS[command], command, shown.fields(command, here))
    if request is None:
        return None
    if day := reader.given(DAY_OFF):
        request = days_off.meant(request, day)
    if not named:
        return request
    return type(request).model_validate(pages.attendance_of(dict(request), named, here.order))


def _request_id(reader: FormReader) -> str:
    given = reader.given("anmodning")
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _once(here: OrderPageView, request_id: str, request: CommandRequest) -> str:
    """The same form sent twice is one request; sent again with something else in it, it is another."""
    return f"page/{here.order.id}/{request_id}/{fingerprint_of(request)}"


def _input_of(path: str) -> str:
    """The first input of the field at a request's path."""
    name = path.replace(".", "-")
    return f"{name}-dato" if name in ("to", "meeting-starts") else name


async def _view(services: Services, link: str) -> OrderPageView | None:
    now = await services.clock.now()
    return await run_in_threadpool(order_page_view, services, link, now)


async def _again(
    services: Services,
    here: OrderPageView,
    shown: FormPage,
    reader: FormReader,
    status: int,
    *,
    request_id: str = "",
    day_off: str = "",
) -> Response:
    ticked = frozenset(reader.all_given("attendance") + reader.all_given("strike"))
    filled = _Filled(reader.everything(), ticked, reader.problems, status, request_id, day_off or reader.given(DAY_OFF))
    return await run_in_threadpool(_show, services, here, shown, filled)


def _show(services: Services, here: OrderPageView, shown: FormPage, filled: _Filled) -> Response:
    survey = here.order.round_under_way
    commands = shown.possible(here) or list(shown.commands)
    fields = {field.name: field for name in commands for field in shown.fields(name, here)}
    kinds = {field.kind for field in fields.values()}
    texts: list[result_repository.FreeText] = []
    if Kind.FREE_TEXTS in kinds and survey is not None:
        with services.database.read() as connection:
            texts = result_repository.free_texts(connection, here.order.id, survey.round)
    labels = {name: field.label for field in fields.values() for name in field.names}
    facts: dict[str, Any] = {
        "here": here,
        "order": here.order,
        "form": shown,
        "before": f"order/before/{shown.slug}.html",
        "fields": list(fields.values()),
        "choices": {name: FOR_PEOPLE[name].LABEL for name in commands} if len(shown.commands) > 1 else {},
        "button": shown.button,
        "values": filled.values,
        "ticked": filled.ticked,
        "problems": filled.problems,
        "day_off": filled.day_off,
        "summary": [
            (name, _named(labels[name], message) if name in labels else message)
            for name, message in filled.problems.items()
        ],
        "members": member_names(services, here.order) if kinds & {Kind.MEMBER, Kind.ATTENDANCE} else [],
        "consultants": consultant_names(services) if Kind.CONSULTANT in kinds else [],
        "texts": texts,
        "survey": survey,
        "words": words,
        "not_now": (outages.NOT_NOW, outages.STILL_HERE) if filled.status == 503 else None,
        "window": pages.follow_up_window(here.order),
        "extension": pages.possible_extension(here),
        "request_id": filled.request_id or uuid.uuid4().hex,
    }
    headers = outages.RETRY if filled.status == 503 else None
    return page("order/form.html", filled.status, headers=headers, **facts)


def _named(label: str, message: str) -> str:
    """The line of the summary: which field, and what to do."""
    return f"{label} {message}" if label.endswith("?") else f"{label}: {message}"


def _no_such_link(services: Services) -> Response:
    paragraphs = (
        "Måske er linket brækket over i mailen: kopiér det hele, og prøv igen.",
        "Har klyngen fået en ny koordinator, virker det gamle link ikke mere. Den nye koordinator har fået sit eget.",
        "Er bestillingen afsluttet for længe siden, er den slettet.",
    )
    return message(services, 404, "Linket virker ikke", paragraphs)

"""Giving a command by one of the order's forms: what was filled in is read, given, and explained beside its field.

The pages around the form are others': the order page's by link, and KiAP's console.
"""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from domain.limits import last_day_to_share
from domain.model import Rejected
from domain.own_questions import LONGEST_QUESTION, MOST_QUESTIONS, is_own
from storage import result_repository
from storage.audit import Origin
from storage.outage import DatabaseUnavailable
from web import days_off, outages, words
from web.forms.fields import Kind
from web.forms.own_questions import KINDS, LOOK
from web.forms.reader import FormReader
from web.forms.reading import read_request
from web.order_page import own_questions, pages
from web.order_page.own_questions import questions_seen
from web.order_page.pages import FormPage
from web.order_page.view import OrderPageView, consultant_names, holder_names, member_names
from web.orders_port import Unavailable
from web.problems import Problem
from web.questionnaire.words import words_in
from web.requests.base import CommandRequest
from web.requests.catalogue import FOR_PEOPLE, REQUESTS
from web.services import Services
from web.submitting import fingerprint_of, submit

MOST_FIELDS = 1_000
COMMAND = "kommando"
"""The field that says which of a page's commands is given."""
SURE = "sikker"
"""The box that says that a person means it."""
DAY_OFF = "fridag"
"""The box that says that the meeting is meant to be on a day off; its value is the day."""
REQUEST_ID = "anmodning"
"""The field that is the same when a form is sent twice."""
_REQUEST_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Filled:
    """A form as it is to be shown: what stands in it, and what is wrong. `day_off` is a day that is asked about."""

    values: dict[str, str]
    ticked: frozenset[str] = frozenset()
    problems: dict[str, str] = field(default_factory=dict)
    status: int = 200
    request_id: str = ""
    day_off: str = ""


def untouched(here: OrderPageView, shown: FormPage) -> Filled:
    """The form before anybody has written in it."""
    survey = here.order.round_under_way
    struck = survey.struck_texts if survey and shown.slug == "egne-ord" else frozenset[str]()
    values, possible = pages.first_values(here), shown.possible(here)
    if len(possible) == 1 and here.in_console:  # by link somebody has to choose it: programs press buttons
        values[COMMAND] = possible[0]
    return Filled(values, struck)


async def give(
    services: Services, here: OrderPageView, shown: FormPage, form: FormData, origin: Origin
) -> str | Filled:
    """Give the form's command: the command's name once it is done, or the form again with what is wrong."""
    reader = FormReader(form)
    command, request = asked_in(reader, shown, here)
    if command is None or request is None:
        return again(reader, 422)
    if reader.given(LOOK):
        return again(reader, 200)
    request_id = _request_id(reader)
    once = _once(here, request_id, request)
    try:
        await submit(services, here.order.id, request, by=here.by, origin=origin, request_id=once)
    except Rejected as rejected:
        if rejected.code == days_off.ASKED:
            reader.refuse(DAY_OFF, rejected.message)
            return again(reader, 409, day_off=str(rejected.facts["day"]))
        return refused(reader, command, rejected)
    except Problem as problem:
        for each in problem.body.errors:
            reader.refuse(each.field, each.detail)
        return again(reader, problem.body.status)
    except (Unavailable, DatabaseUnavailable) as unavailable:
        outages.tell(unavailable)
        return again(reader, 503, request_id=request_id)
    return command


def form_facts(services: Services, here: OrderPageView, shown: FormPage, filled: Filled) -> dict[str, Any]:
    """What the form's template is shown with."""
    survey = here.order.round_under_way
    commands = shown.possible(here) or list(shown.commands)
    fields = {field.name: field for name in commands for field in shown.fields(name, here)}
    kinds = {field.kind for field in fields.values()}
    texts: list[result_repository.FreeText] = []
    if Kind.FREE_TEXTS in kinds and survey is not None:
        with services.database.read() as connection:
            texts = result_repository.free_texts(connection, here.order.id, survey.round)
    labels = {name: field.label for field in fields.values() for name in field.names}
    return {
        "here": here,
        "order": here.order,
        "form": shown,
        "before": f"order/before/{shown.slug}.html",
        "fields": list(fields.values()),
        "choices": {name: FOR_PEOPLE[name].LABEL for name in commands} if len(shown.commands) > 1 else {},
        "button": shown.button,
        "values": filled.values,
        "ticked": filled.ticked,
        "sure": shown.sure if asks_if_sure(shown, here) else "",
        "problems": filled.problems,
        "day_off": filled.day_off,
        "summary": [
            (name, _named(labels[name], message) if name in labels else message)
            for name, message in filled.problems.items()
        ],
        "members": member_names(services, here.order) if kinds & {Kind.MEMBER, Kind.ATTENDANCE} else [],
        "holders": holder_names(services, here.order) if Kind.HOLDER in kinds else [],
        "consultants": consultant_names(services) if Kind.CONSULTANT in kinds else [],
        "texts": sorted(texts, key=lambda text: is_own(text.item)),
        "asked_in_words": _asked_in_words(here) if texts else {},
        "survey": survey,
        "words": words,
        "not_now": (outages.NOT_NOW, outages.STILL_HERE) if filled.status == 503 else None,
        "seen": questions_seen(services, here, filled.values) if shown.slug == own_questions.FORM else None,
        "own_form": {"kinds": KINDS, "most": MOST_QUESTIONS, "longest": LONGEST_QUESTION},
        "say": words_in("da"),
        "window": pages.follow_up_window(here.order),
        "extension": pages.possible_extension(here),
        "last_day_to_share": last_day_to_share(here.order),
        "request_id": filled.request_id or uuid.uuid4().hex,
    }


def _asked_in_words(here: OrderPageView) -> dict[str, str]:
    """What is asked for in words, by item; nothing where the package alone asks, so that all texts answer one thing."""
    asked = {item.id: item.text for item in here.package.items if item.kind == "text"}
    return asked if any(map(is_own, asked)) else {}


def asked_in(reader: FormReader, shown: FormPage, here: OrderPageView) -> tuple[str | None, CommandRequest | None]:
    """The command that a form gives, and its request; None with problems in the reader."""
    command = _chosen(reader, shown, here)
    if asks_if_sure(shown, here) and reader.given(SURE) != "ja":
        reader.refuse(SURE, "Sæt flueben, hvis du er sikker.")
    return command, _request(reader, shown, command, here) if command else None


def asks_if_sure(shown: FormPage, here: OrderPageView) -> bool:
    """Whether the form has a box that somebody must tick. In the console whoever presses has signed in."""
    return bool(shown.sure) and not here.in_console


def refused(reader: FormReader, command: str, rejected: Rejected) -> Filled:
    """The form again, with the refusal at the field that it is about."""
    reader.refuse(_input_of(FOR_PEOPLE[command].POINTS_AT.get(rejected.code, "")), rejected.message)
    return again(reader, 409)


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
    given = reader.given(REQUEST_ID)
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _once(here: OrderPageView, request_id: str, request: CommandRequest) -> str:
    """The same form sent twice is one request; sent again with something else in it, it is another."""
    return f"page/{here.order.id}/{request_id}/{fingerprint_of(request)}"


def _input_of(path: str) -> str:
    """The first input of the field at a request's path."""
    name = path.replace(".", "-")
    return f"{name}-dato" if name in ("to", "meeting-starts") else name


def again(reader: FormReader, status: int, *, request_id: str = "", day_off: str = "") -> Filled:
    """The form as it was sent, with what is wrong."""
    ticked = frozenset(reader.all_given("attendance") + reader.all_given("strike"))
    return Filled(reader.everything(), ticked, reader.problems, status, request_id, day_off or reader.given(DAY_OFF))


def _named(label: str, message: str) -> str:
    """The line of the summary: which field, and what to do."""
    return f"{label} {message}" if label.endswith("?") else f"{label}: {message}"

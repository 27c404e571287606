"""One order: where it stands, what waits, what comes and has happened, its people, material, notes and mails."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from domain.authority import Right
from domain.coming import coming_lines
from domain.meeting import danish
from domain.order import FollowUpStatus, Order
from domain.stages import OWNERS
from domain.tasks import Task, tasks_of
from domain.words import task_line
from storage import clusters, outbox_reports, people, texts
from storage.mail_ledger import Heap, count_unsettled
from storage.people import Person
from storage.pulse import order_mark
from web import words
from web.console.country.coverage import region_name
from web.console.frame import console_page
from web.console.live.fresh import Fresh
from web.console.order.documents import versions_shown
from web.console.order.found import Found, find_order, no_such_order
from web.console.order.history import history, notes
from web.console.order.letters import letter_lines
from web.console.order.members import members_shown
from web.console.order.papers import missing_of_offers
from web.console.orders.filters import ORDERS
from web.console.principal import SignedInStaff
from web.console.router import ConsoleRouter
from web.order_page import pages
from web.order_page.own_questions import questions_shown
from web.order_page.pages import URGENT, FormPage
from web.requests.catalogue import FOR_PEOPLE
from web.services import CurrentServices, Services

FOLLOW_UPS: dict[FollowUpStatus, str] = {
    FollowUpStatus.UNDECIDED: "Ikke aftalt endnu",
    FollowUpStatus.AGREED: "Aftalt",
    FollowUpStatus.STARTED: "Sat i gang",
    FollowUpStatus.DECLINED: "Klyngen vil ikke følge op",
    FollowUpStatus.LAPSED: "Fristen er udløbet",
}
OUTCOMES = {"no_answer": "Der blev ikke svaret", "spoke": "I talte sammen"}

router = ConsoleRouter()


@dataclass(frozen=True)
class TaskShown:
    """What a person is waited for with, and the form that does it, if there is one now."""

    text: str
    owner: str
    promised: dt.datetime
    is_late: bool
    put_off_until: dt.date | None
    put_off_why: str
    form: FormPage | None


@router.page("/forloeb/{order}", needs=Right.READ)
async def order_page(order: str, me: SignedInStaff, services: CurrentServices, gjort: str = "") -> Response:
    """The order, or a page that says there is none of that number."""
    found = await find_order(services, me, order)
    if found is None:
        return no_such_order(me)
    facts = await run_in_threadpool(_facts, services, found)
    done = FOR_PEOPLE[gjort].DONE if gjort in FOR_PEOPLE else ""
    fresh = Fresh(order_mark(found.order.version, facts["troubled"]), order)
    return console_page("console/order/page.html", me, here=ORDERS, done=done, fresh=fresh, **facts)


def _facts(services: Services, found: Found) -> dict[str, Any]:
    view, order = found.view, found.order
    can = pages.possible(view)
    with services.database.read() as connection:
        coordinator = people.people(connection, [order.coordinator]).get(order.coordinator)
        waiting = outbox_reports.waiting_letters(connection, order.id, found.now)
        return {
            "view": view,
            "order": order,
            "own_questions": questions_shown(view),
            "words": words,
            "region": region_name(clusters.cluster(connection, order.cluster).region, danish(found.now).date()),
            "coordinator": _known(coordinator),
            "follow_up": FOLLOW_UPS[order.follow_up.status],
            "tasks": _tasks(connection, found, can),
            "call": texts.words_of(connection, order.calls.note),
            "call_outcome": OUTCOMES.get(order.calls.last_outcome or "", ""),
            "coming": coming_lines(order, found.now, waiting),
            "happened": history(connection, found.recorded),
            "notes": notes(connection, found.recorded),
            "members": members_shown(connection, services.keys, order),
            "versions": versions_shown(connection, order),
            "missing_of_offers": missing_of_offers(services, connection, order, found.now),
            "letters": letter_lines(connection, order.id),
            "troubled": count_unsettled(connection, order.id)[Heap.TROUBLED],
            "groups": list(pages.grouped(can)),
            "can": {each.slug for each in can},
        }


def _known(person: Person | None) -> Person | None:
    return person if person is not None and person.name else None


def _tasks(connection: Connection, found: Found, can: Sequence[FormPage]) -> list[TaskShown]:
    return [_task(connection, found.order, task, found.now, can) for task in tasks_of(found.order)]


def _task(connection: Connection, order: Order, task: Task, now: dt.datetime, can: Sequence[FormPage]) -> TaskShown:
    put_off = order.postponements.get(task.kind) if task.postponed_until else None
    return TaskShown(
        text=task_line(task.kind),
        owner=OWNERS[task.owner],
        promised=task.promised,
        is_late=task.promised < now,
        put_off_until=task.postponed_until,
        put_off_why=texts.words_of(connection, put_off.why) if put_off else "",
        form=next((each for each in can if each.slug in URGENT.get(task.kind, ())), None),
    )

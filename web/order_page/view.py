"""The order as one holder of a link sees it: counts only, never who has answered."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from domain.agenda import lies_ahead, tasks_of
from domain.danish import alphabetical
from domain.evolution import load
from domain.model import Actor, MemberId, OrderId, StaffId
from domain.order import Order, Survey
from domain.package import Package
from domain.stages import DANISH
from domain.words import ROUNDS, next_line, past_line
from storage import directory, documents
from storage.order_links import opens, order_of
from storage.timeline import timeline
from web import words
from web.api.order_view import turnout_now
from web.services import Services

OFFICE = StaffId("operations")
"""Holds the link while an order has no consultant."""

COMING = 6
"""Lines of what comes next."""


@dataclass(frozen=True)
class RoundShown:
    """A survey round in counts. `answers` is None until somebody is invited."""

    name: str
    survey: Survey
    answers: int | None
    invited: int | None


@dataclass(frozen=True)
class DocumentShown:
    title: str
    address: str
    kilobytes: int
    released: bool


@dataclass(frozen=True)
class Line:
    at: dt.datetime
    text: str


@dataclass(frozen=True)
class OrderPageView:
    """Everything the pages show, and what their forms need."""

    link: str
    actor: Actor
    order: Order
    package: Package
    now: dt.datetime
    cluster: str
    place: str
    rounds: tuple[RoundShown, ...]
    documents: tuple[DocumentShown, ...]
    happened: tuple[Line, ...]
    coming: tuple[Line, ...]
    consultant: str
    consultant_email: str

    @property
    def stage(self) -> str:
        return DANISH[self.order.stage]

    @property
    def waited_for(self) -> frozenset[str]:
        """The kinds of task that wait for this holder."""
        owners = {"coordinator"} if self.actor is Actor.COORDINATOR else {"consultant", "operations"}
        return frozenset(task.kind for task in tasks_of(self.order) if task.owner in owners)


def order_page_view(services: Services, link: str, now: dt.datetime) -> OrderPageView | None:
    """The order behind a link, None where the link opens nothing: wrong, or a replaced holder's."""
    order_id = order_of(link)
    order = load(services.store.load(order_id))
    if order is None:
        return None
    actor = _holder(services, link, order)
    if actor is None:
        return None
    with services.database.read() as connection:
        meeting = order.meeting
        consultant = directory.find_staff(connection, order.consultant) if order.consultant else None
        return OrderPageView(
            link=link,
            actor=actor,
            order=order,
            package=services.packages.of(order),
            now=now,
            cluster=directory.cluster(connection, order.cluster).name,
            place=directory.words_of(connection, meeting.place if meeting else None),
            rounds=tuple(_rounds(connection, order)),
            documents=tuple(_documents(services, connection, order, actor)),
            happened=_happened(services, order_id, actor),
            coming=_coming(order, now, actor),
            consultant=consultant.name if consultant else "",
            consultant_email=consultant.email if consultant else "",
        )


def member_names(services: Services, order: Order) -> list[tuple[MemberId, str]]:
    """The members of the order by name, A–Å. Members whose names are erased or not there are left out."""
    active = order.active_members
    with services.database.read() as connection:
        contacts = directory.contacts(connection, [member.contact for member in active.values()])
    named = [(id_, contacts[member.contact].name) for id_, member in active.items() if member.contact in contacts]
    return sorted(((id_, name) for id_, name in named if name), key=lambda pair: alphabetical(pair[1]))


def _holder(services: Services, link: str, order: Order) -> Actor | None:
    if opens(services.keys, link, order.id, order.coordinator):
        return Actor.COORDINATOR
    if order.consultant and opens(services.keys, link, order.id, order.consultant):
        return Actor.CONSULTANT
    if not order.consultant and opens(services.keys, link, order.id, OFFICE):
        return Actor.OPERATIONS
    return None


def _rounds(connection: Connection, order: Order) -> Sequence[RoundShown]:
    shown = []
    for survey in order.surveys:
        answers, invited = survey.answers, survey.invited
        if survey.is_open:
            answers, invited = turnout_now(connection, order.id, survey)
        shown.append(RoundShown(ROUNDS[survey.round], survey, answers, invited))
    return shown


def _documents(services: Services, connection: Connection, order: Order, actor: Actor) -> Sequence[DocumentShown]:
    """What is delivered; for KiAP's own also what is being looked at."""
    released = {id_ for survey in order.surveys if survey.released_at for id_ in survey.documents}
    in_review = {id_ for survey in order.surveys if survey.in_review for id_ in survey.documents}
    shown = released if actor is Actor.COORDINATOR else released | in_review
    return [
        DocumentShown(
            title=words.document_title(info.kind, info.round),
            address=f"/d/{info.token(services.keys) if info.id in released else info.review_token(services.keys)}",
            kilobytes=max(1, round(info.size / 1024)),
            released=info.id in released,
        )
        for info in documents.documents(connection, order.id)
        if info.id in shown
    ]


def _happened(services: Services, order_id: OrderId, actor: Actor) -> tuple[Line, ...]:
    hidden = words.NOT_FOR_THE_COORDINATOR if actor is Actor.COORDINATOR else frozenset()
    past = timeline(services.database, order_id, past=True)
    return tuple(Line(row.at, past_line(row.code, row.facts)) for row in reversed(past) if row.code not in hidden)


def _coming(order: Order, now: dt.datetime, actor: Actor) -> tuple[Line, ...]:
    hidden = words.NOT_FOR_THE_COORDINATOR if actor is Actor.COORDINATOR else frozenset()
    ahead = [upcoming for upcoming in lies_ahead(order, now) if upcoming.code not in hidden]
    return tuple(Line(upcoming.at, next_line(upcoming.code, upcoming.facts)) for upcoming in ahead[:COMING])

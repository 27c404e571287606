"""The order as one holder of a link sees it: counts only, never who has answered."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from domain.agenda import lies_ahead
from domain.by import By, Capacity
from domain.by import consultant as by_consultant
from domain.by import coordinator as by_coordinator
from domain.by import operations as by_operations
from domain.danish import alphabetical, long_date
from domain.evolution import load
from domain.meeting import danish
from domain.model import OrderId, PersonId, StaffId
from domain.order import Order, Survey
from domain.own_package import AskedQuestion
from domain.package import Package
from domain.programme import MeetingPart
from domain.programme_times import TimedBlock, in_blocks, on_the_clock
from domain.stages import DANISH
from domain.tasks import tasks_of
from domain.text import is_web_address
from domain.video import RingTo, VideoFrame
from domain.words import ROUNDS, next_line, past_line
from storage import clusters, documents, people, texts
from storage.agreements import agreed_at
from storage.documents import DocumentInfo, DocumentKind
from storage.order_links import Page, calendar_path, is_erased, opens, order_of
from storage.own_questions import own_questions
from storage.programme import agreed_to_ring, parts_of, video_of
from storage.staff import OFFICE, StaffRole, find_staff, staff_in
from storage.timeline import timeline
from web import words
from web.api.order_view import turnout_now
from web.order_page.turns import Turn, turns
from web.papers.shown import PaperShown, papers_shown, results_pdf
from web.services import Services

COMING = 6
"""Lines of what comes next."""
AddressOf = Callable[[DocumentInfo, bool], str]


@dataclass(frozen=True)
class RoundShown:
    """A survey round in counts. `answers` is None until somebody is invited."""

    name: str
    survey: Survey
    answers: int | None
    invited: int | None


@dataclass(frozen=True)
class DocumentShown:
    kind: DocumentKind
    title: str
    address: str
    kilobytes: int
    released: bool


@dataclass(frozen=True)
class Line:
    """A line of what has happened or comes. `place` is where the meeting is, or its video link."""

    at: dt.datetime
    text: str
    place: str = ""


@dataclass(frozen=True)
class OrderPageView:
    """Everything the pages show, and what their forms need. `page` is the address that the forms are under."""

    page: str
    by: By
    order: Order
    package: Package
    video: VideoFrame | None
    ring: RingTo | None
    """Who was named to be rung by those who can't get into a meeting on video."""
    parts: tuple[MeetingPart, ...]
    """Of the meeting's programme; those that this meeting is without have no minutes."""
    now: dt.datetime
    cluster: str
    place: str
    rounds: tuple[RoundShown, ...]
    documents: tuple[DocumentShown, ...]
    happened: tuple[Line, ...]
    coming: tuple[Line, ...]
    consultant: str
    consultant_email: str
    consultant_phone: str
    shared_mailboxes: int
    agreed: tuple[str, ...] = ()
    """What the cluster agreed at its meeting, in its own words."""
    own_questions: tuple[AskedQuestion, ...] = ()
    """What the cluster asks besides the package, in its own words."""
    calendar: str = ""
    """The address of the meeting's calendar entry; empty where there is none for this holder."""
    in_console: bool = False

    @property
    def papers(self) -> Sequence[PaperShown]:
        """The papers that can be had now, from the page's own address."""
        return papers_shown(self.order, self.page)

    @property
    def results_pdf(self) -> str:
        """Where the delivered results are as PDF; empty where there are none, or no way to make it."""
        return results_pdf(self.order, self.page)

    @property
    def about_the_call(self) -> str:
        """What the coordinator is told of the call that the plan waits for; empty once the meeting is agreed."""
        if self.order.meeting is not None:
            return ""
        who, calls, due = self.consultant or "En konsulent fra KiAP", self.order.calls, long_date(self.order.call_due)
        overdue = danish(self.now).date() > self.order.call_due
        if calls.last_at is not None and calls.last_outcome == "spoke":
            return f"{who} talte med dig {long_date(danish(calls.last_at))}. Når mødet er aftalt, står det her."
        if calls.last_at is not None:
            again = "Ring gerne selv til KiAP, så aftaler I mødet." if overdue else f"Vi prøver igen senest {due}."
            return f"{who} ringede {long_date(danish(calls.last_at))}, men fik ikke fat i dig. {again}"
        if overdue:
            sorry = "Det er ikke noteret som sket, og det beklager vi."
            return (
                f"{who} skulle have ringet til dig senest {due}. {sorry} "
                "Du er velkommen til selv at ringe til KiAP, så aftaler I mødet."
            )
        return f"{who} ringer til dig senest {due}. Så aftaler I mødet."

    @property
    def programme(self) -> tuple[TimedBlock, ...]:
        """The meeting's programme on the clock; empty before a meeting is agreed."""
        if self.order.meeting is None:
            return ()
        return in_blocks(on_the_clock([part for part in self.parts if part.minutes], self.order.meeting.starts))

    @property
    def place_is_link(self) -> bool:
        """Whether the meeting is held at an address on the web."""
        return is_web_address(self.place)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Whose turn it is, and when."""
        return turns(self.order, self.now, self.consultant)

    @property
    def is_staff(self) -> bool:
        """Whether the holder is one of KiAP's own."""
        return self.by.role is not Capacity.COORDINATOR

    @property
    def stage(self) -> str:
        return DANISH[self.order.stage]

    @property
    def waited_for(self) -> frozenset[str]:
        """The kinds of task that wait for this holder."""
        owners = {"consultant", "operations"} if self.is_staff else {"coordinator"}
        return frozenset(task.kind for task in tasks_of(self.order) if task.owner in owners)


def order_page_view(services: Services, link: str, now: dt.datetime) -> OrderPageView | None:
    """The order behind a link, None where the link opens nothing: wrong, or a replaced holder's."""
    order = load(services.store.load(order_of(link)))
    if order is None:
        return None
    with services.database.read() as connection:
        by = _holder(services, connection, link, order)
        if by is None:
            return None

        def address_of(info: DocumentInfo, is_released: bool) -> str:
            return f"/d/{info.token(services.keys) if is_released else info.review_token(services.keys)}"

        holder = PersonId(by.who)
        issue = order.link_of(holder).issue
        calendar = calendar_path(services.keys, order.id, holder, issue) if order.meeting else ""
        page = f"/bestilling/{link}"
        return view_in(services, connection, order, by, now, page, address_of, calendar=calendar)


def view_in(
    services: Services,
    connection: Connection,
    order: Order,
    by: By,
    now: dt.datetime,
    page: str,
    address_of: AddressOf,
    *,
    in_console: bool = False,
    calendar: str = "",
) -> OrderPageView:
    """The order as somebody sees it under a page's address. `address_of` says where a document is, released or not."""
    place = texts.words_of(connection, order.meeting.place if order.meeting else None)
    consultant = find_staff(connection, order.consultant) if order.consultant else None
    package = services.packages.of(order)
    return OrderPageView(
        page=page,
        by=by,
        order=order,
        package=package,
        video=video_of(connection, package, order),
        ring=agreed_to_ring(connection, order.meeting) if order.meeting else None,
        parts=parts_of(connection, package, order),
        now=now,
        cluster=clusters.cluster(connection, order.cluster).name,
        place=place,
        rounds=tuple(_rounds(connection, order)),
        documents=tuple(_documents(connection, order, by, address_of)),
        happened=_happened(services, order.id, by),
        coming=_coming(order, now, by, place),
        consultant=consultant.name if consultant else "",
        consultant_email=consultant.email if consultant else "",
        consultant_phone=(consultant.phone if consultant else "") or services.office.phone,
        shared_mailboxes=people.sharing_a_mailbox(connection, list(order.active_members)),
        agreed=agreed_at(connection, order),
        own_questions=own_questions(connection, order),
        in_console=in_console,
        calendar=calendar,
    )


def member_names(services: Services, order: Order) -> list[tuple[PersonId, str]]:
    """The members of the order by name, A–Å. Members whose names are erased or not there are left out."""
    with services.database.read() as connection:
        known = people.people(connection, list(order.active_members))
    named = [(person.id, person.name) for person in known.values() if person.name]
    return sorted(named, key=lambda pair: alphabetical(pair[1]))


def holder_names(services: Services, order: Order) -> list[tuple[PersonId, str]]:
    """Who has a link to the order: the coordinator first, then the members by name, A–Å."""
    with services.database.read() as connection:
        known = people.people(connection, [order.coordinator])
    coordinator = [(each.id, f"{each.name} (koordinator)") for each in known.values() if each.name]
    return [*coordinator, *(pair for pair in member_names(services, order) if pair[0] != order.coordinator)]


def consultant_names(services: Services) -> list[tuple[StaffId, str]]:
    """KiAP's consultants by name, A–Å."""
    with services.database.read() as connection:
        found = staff_in(connection, StaffRole.CONSULTANT)
    return sorted(((each.id, each.name) for each in found), key=lambda pair: alphabetical(pair[1]))


def _holder(services: Services, connection: Connection, link: str, order: Order) -> By | None:
    if is_erased(connection, order):
        return None
    if opens(services.keys, Page.ORDER, link, order, order.coordinator):
        return by_coordinator(order.coordinator)
    if order.consultant and opens(services.keys, Page.ORDER, link, order, order.consultant):
        return by_consultant(order.consultant) if find_staff(connection, order.consultant) else None
    if opens(services.keys, Page.ORDER, link, order, OFFICE):
        return by_operations(OFFICE)
    return None


def _rounds(connection: Connection, order: Order) -> Sequence[RoundShown]:
    shown = []
    for survey in order.surveys:
        answers, invited = survey.answers, survey.invited
        if survey.is_open:
            answers, invited = turnout_now(connection, order.id, survey)
        shown.append(RoundShown(ROUNDS[survey.round], survey, answers, invited))
    return shown


def _documents(connection: Connection, order: Order, by: By, address_of: AddressOf) -> Sequence[DocumentShown]:
    """What is delivered; for KiAP's own also what is being looked at."""
    released = {id_ for survey in order.surveys if survey.released_at for id_ in survey.documents}
    in_review = {id_ for survey in order.surveys if survey.in_review for id_ in survey.documents}
    shown = released if by.role is Capacity.COORDINATOR else released | in_review
    return [
        DocumentShown(
            kind=info.kind,
            title=words.document_title(info.kind, info.round),
            address=address_of(info, info.id in released),
            kilobytes=max(1, round(info.size / 1024)),
            released=info.id in released,
        )
        for info in documents.documents(connection, order.id)
        if info.id in shown
    ]


def _happened(services: Services, order_id: OrderId, by: By) -> tuple[Line, ...]:
    return tuple(
        Line(row.at, past_line(row.code, row.facts))
        for row in reversed(timeline(services.database, order_id))
        if words.is_for(by, row.code)
    )


def _coming(order: Order, now: dt.datetime, by: By, place: str) -> tuple[Line, ...]:
    """The next lines, the meeting always among them: what comes before it never hides it."""
    ahead = [upcoming for upcoming in lies_ahead(order, now) if words.is_for(by, upcoming.code)]
    shown = ahead[:COMING]
    beyond = [upcoming for upcoming in ahead[COMING:] if upcoming.code == "meeting"]
    if beyond:
        shown = [*shown[: COMING - 1], *beyond]
    return tuple(
        Line(each.at, next_line(each.code, each.facts), place if each.code == "meeting" else "") for each in shown
    )

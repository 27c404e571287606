"""An order as the API shows it: ids, dates, counts, and who to call. Never who has answered, never an answer."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, Field, WithJsonSchema
from sqlalchemy import Connection

from domain.agenda import comes_next
from domain.by import By, Scope
from domain.meeting import Facilitator, Format
from domain.model import OrderId, Role, Round
from domain.order import FollowUpStatus, Order, Survey
from domain.own_questions import OwnKind, item_id
from domain.package import Package
from domain.stages import DANISH, Stage
from domain.words import incident_line, next_line, past_line, task_line
from storage import clusters, documents, incidents, people, survey_roll, survey_rounds, texts
from storage.order_links import order_link
from storage.tasks import tasks
from storage.timeline import timeline
from web.services import Services
from web.submitting import order_of

LocalMoment = Annotated[
    dt.datetime, WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$"})
]
"""Not OpenAPI's `date-time`, which has an offset."""


class ClusterView(BaseModel):
    id: str
    name: str
    region: str


class PackageView(BaseModel):
    slug: str
    version: int
    title: str


class CoordinatorView(BaseModel):
    """Empty once erased."""

    name: str
    email: str
    phone: str | None


class MemberView(BaseModel):
    """Ids and role only."""

    member: str
    practice: str
    role: Role
    active: bool = Field(description="whether they are on the list now")


class MeetingView(BaseModel):
    starts: LocalMoment = Field(
        description="the wall clock in Denmark, without offset", examples=["2026-04-15T17:00:00"]
    )
    minutes: int
    format: Format
    facilitator: Facilitator
    place_text: str | None
    ring_name_text: str | None = Field(description="who was named for those who can't get into a video meeting")
    ring_phone_text: str | None


class SurveyView(BaseModel):
    """A survey round. Counts only."""

    round: Round
    opens: dt.date
    closes: dt.date
    state: str = Field(description="planned, open, closed", examples=["open"])
    answers: int | None = Field(description="how many have answered")
    invited: int | None
    reminders: list[dt.date]
    free_texts_to_read: int = Field(description="answers in words that the consultant has not read yet")
    review_until: dt.datetime | None
    held: bool
    released_at: dt.datetime | None


class OwnQuestionView(BaseModel):
    """A question that the cluster asks besides the package. `item` is its key among answers in words and in results."""

    item: str = Field(examples=["egen_1"])
    kind: OwnKind
    text: str
    answers: list[str] = Field(description="what can be answered, in order; empty where it is in words")
    repeated: bool = Field(description="the follow-up asks it again")


class FollowUpView(BaseModel):
    status: FollowUpStatus
    wanted: bool
    opens: dt.date | None


class TaskView(BaseModel):
    """Something we are waiting for a person to do."""

    kind: str
    text: str
    owner: str
    since: dt.datetime
    due: dt.datetime | None
    postponed_until: dt.date | None


class TroubleView(BaseModel):
    """Something the system cannot do by itself."""

    kind: str
    text: str
    since: dt.datetime
    attempts: int


class LineView(BaseModel):
    """A line of the timeline. `code` is stable, `text` is Danish."""

    at: dt.datetime
    code: str
    text: str
    facts: dict[str, str | int | bool]


class TimelineView(BaseModel):
    past: list[LineView]
    next: list[LineView] = Field(description="what will happen by itself, as things stand")


class DocumentView(BaseModel):
    kind: str
    round: Round | None
    version: int
    filename: str
    media_type: str
    size: int
    url: str = Field(description="whoever has the address can fetch it")


class OrderLinks(BaseModel):
    self: str
    page: str | None = Field(
        description="the coordinator's order page: who has it acts as the coordinator, so only for keys with "
        f"`{Scope.GIVE_COMMANDS}`; null without it, and while the link is revoked"
    )


class OrderView(BaseModel):
    """An order as it stands."""

    order: str
    version: int
    stage: Stage
    stage_text: str
    placed_at: dt.datetime
    call_due: dt.date
    cluster: ClusterView
    package: PackageView
    coordinator: CoordinatorView
    consultant: str | None
    members: list[MemberView]
    meeting: MeetingView | None
    surveys: list[SurveyView]
    own_questions: list[OwnQuestionView]
    follow_up: FollowUpView
    tasks: list[TaskView]
    troubles: list[TroubleView]
    timeline: TimelineView
    documents: list[DocumentView]
    links: OrderLinks


def order_view(services: Services, order_id: OrderId, by: By, now: dt.datetime) -> OrderView:
    """The order for this caller. Raises Rejected where there is no such order."""
    order = order_of(services, order_id)
    package = services.packages.of(order)
    past = timeline(services.database, order_id)
    waiting = tasks(services.database, order_id=order_id)
    with services.database.read() as connection:
        cluster = clusters.cluster(connection, order.cluster)
        return OrderView(
            order=order.id,
            version=order.version,
            stage=order.stage,
            stage_text=DANISH[order.stage],
            placed_at=order.placed_at,
            call_due=order.call_due,
            cluster=ClusterView(id=cluster.id, name=cluster.name, region=cluster.region),
            package=PackageView(slug=package.slug, version=package.version, title=package.title),
            coordinator=_coordinator(connection, order),
            consultant=order.consultant,
            members=[
                MemberView(member=person, practice=member.practice, role=member.role, active=member.active)
                for person, member in order.members.items()
            ],
            meeting=_meeting(connection, order),
            surveys=[_survey(connection, order.id, survey) for survey in order.surveys],
            own_questions=_own_questions(order, package),
            follow_up=FollowUpView(
                status=order.follow_up.status, wanted=order.follow_up.wanted, opens=order.follow_up.opens
            ),
            tasks=[
                TaskView(
                    kind=task.kind,
                    text=task_line(task.kind),
                    owner=task.owner_role,
                    since=task.since,
                    due=task.due,
                    postponed_until=task.postponed_until,
                )
                for task in waiting
            ],
            troubles=[
                TroubleView(
                    kind=each.kind,
                    text=incident_line(each.kind, each.step, each.reason),
                    since=each.since,
                    attempts=each.attempts,
                )
                for each in incidents.incidents(connection, order.id)
            ],
            timeline=TimelineView(
                past=[
                    LineView(at=line.at, code=line.code, text=past_line(line.code, line.facts), facts=line.facts)
                    for line in past
                ],
                next=[
                    LineView(at=each.at, code=each.code, text=next_line(each.code, each.facts), facts=dict(each.facts))
                    for each in comes_next(order, now)
                ],
            ),
            documents=[_document(services, info) for info in documents.documents(connection, order.id)],
            links=OrderLinks(self=services.address(f"/api/v1/orders/{order.id}"), page=_page(services, order, by)),
        )


def _page(services: Services, order: Order, by: By) -> str | None:
    """The coordinator's link is the right to act as the coordinator: reading is not enough to be given it."""
    link = order.link_of(order.coordinator)
    if Scope.GIVE_COMMANDS not in by.scopes or link.revoked:
        return None
    secret = order_link(services.keys, order.id, order.coordinator, link.issue)
    return services.address(f"/bestilling/{secret}")


def _coordinator(connection: Connection, order: Order) -> CoordinatorView:
    person = people.people(connection, [order.coordinator]).get(order.coordinator)
    if person is None:
        return CoordinatorView(name="", email="", phone=None)
    return CoordinatorView(name=person.name, email=person.email, phone=person.phone or None)


def _meeting(connection: Connection, order: Order) -> MeetingView | None:
    meeting = order.meeting
    if meeting is None:
        return None
    return MeetingView(
        starts=meeting.starts,
        minutes=meeting.minutes,
        format=meeting.format,
        facilitator=meeting.facilitator,
        place_text=texts.words_of(connection, meeting.place) or None,
        ring_name_text=texts.words_of(connection, meeting.ring_name) or None,
        ring_phone_text=texts.words_of(connection, meeting.ring_phone) or None,
    )


def _own_questions(order: Order, package: Package) -> list[OwnQuestionView]:
    views = []
    for number, question in enumerate(order.own_questions, start=1):
        item = package.item(item_id(number))
        answers = [option.label for option in package.options_of(item)]
        views.append(
            OwnQuestionView(
                item=item.id, kind=question.kind, text=item.text, answers=answers, repeated=question.repeated
            )
        )
    return views


def _survey(connection: Connection, order_id: OrderId, survey: Survey) -> SurveyView:
    state = "open" if survey.is_open else "closed" if survey.closed else "planned"
    answers, invited = survey.answers, survey.invited
    if survey.is_open:
        answers, invited = turnout_now(connection, order_id, survey)
    return SurveyView(
        round=survey.round,
        opens=survey.opens,
        closes=survey.closes,
        state=state,
        answers=answers,
        invited=invited,
        reminders=list(survey.reminders),
        free_texts_to_read=0 if survey.free_texts_read else survey.free_texts_found,
        review_until=survey.review_until,
        held=survey.held,
        released_at=survey.released_at,
    )


def turnout_now(connection: Connection, order_id: OrderId, survey: Survey) -> tuple[int | None, int | None]:
    """How many of how many, in an open round; nothing in the moments before its box stands there."""
    if survey_rounds.round_state(connection, order_id, survey.round) is None:
        return None, None
    turnout = survey_roll.turnout(connection, order_id, survey.round)
    return turnout.answers, turnout.invited


def _document(services: Services, info: documents.DocumentInfo) -> DocumentView:
    return DocumentView(
        kind=info.kind,
        round=info.round,
        version=info.version,
        filename=info.filename,
        media_type=info.media_type,
        size=info.size,
        url=services.address(f"/d/{info.token(services.keys)}"),
    )

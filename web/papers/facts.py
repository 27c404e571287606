"""What a paper is made from, looked up now: the meeting as it stands, and of people only what that paper prints."""

import datetime as dt

from sqlalchemy import Connection

from domain.danish import alphabetical
from domain.help import help_for
from domain.meeting import danish
from domain.model import PersonId, Round
from domain.offers import OffersHere, offers_for
from domain.order import Order, Survey
from domain.programme_times import on_the_clock
from reporting.papers.catalogue import PaperId, PaperKind
from reporting.papers.context import Doctor, PaperContext
from storage import clusters, documents, people, texts
from storage.agreements import agreed_at
from storage.programme import programme_of, video_of
from web.papers.shown import released
from web.services import Services


def paper_context(
    services: Services,
    connection: Connection,
    order: Order,
    kind: PaperKind,
    now: dt.datetime,
    *,
    draw: int = 1,
    left_out: frozenset[str] = frozenset(),
) -> PaperContext:
    """The context of one paper. `left_out` are those who don't come, for the groups. Raises NoSuchPerson."""
    cluster, today = clusters.cluster(connection, order.cluster), danish(now).date()
    package, guided = services.packages.of(order), released(order) if kind.id is PaperId.GUIDE else None
    again = guided is not None and guided.round is Round.FOLLOW_UP  # no meeting about it is agreed with us
    once_more = order.second is not None and order.second.opened and kind.id is PaperId.PLAN
    meeting = None if again or once_more else order.meeting
    return PaperContext(
        package=package,
        cluster=cluster.name,
        made_on=today,
        meeting=meeting,
        place=texts.words_of(connection, meeting.place if meeting else None),
        coordinator=people.person(connection, order.coordinator).name,
        round=Round.FOLLOW_UP if again or once_more else Round.BASELINE,
        programme=on_the_clock(programme_of(connection, package, order), meeting.starts) if meeting else (),
        video=video_of(connection, package, order) if meeting else None,
        offers=offers_here(services, connection, order, today),
        help=help_for(package.help, cluster.region, today, services.crisis_corps),
        deck=_deck(connection, guided) if guided else None,
        doctors=_doctors(connection, order, kind, left_out) if kind.has_names else (),
        seed=order.id,
        draw=draw,
        attended=order.record.attended if order.record else None,
        absent=order.record.absent if order.record else None,
        agreed=agreed_at(connection, order) if once_more else (),
        agreed_on=order.meeting.day if once_more and order.meeting else None,
    )


def offers_here(services: Services, connection: Connection, order: Order, today: dt.date) -> OffersHere:
    """The cluster's offers on the meeting's day; today's where none is agreed."""
    day = order.meeting.day if order.meeting else today
    return offers_for(services.offers, clusters.cluster(connection, order.cluster).region, order.package, day)


def _deck(connection: Connection, survey: Survey) -> bytes | None:
    """The very deck that stands, whoever made it."""
    made = (documents.document(connection, each) for each in survey.documents)
    return next((each.content for each in made if each is not None and each.info.kind == "deck"), None)


def _doctors(connection: Connection, order: Order, kind: PaperKind, left_out: frozenset[str]) -> tuple[Doctor, ...]:
    """By name, A–Å: those on the list now, or those of whom attendance was noted. Nobody whose name is erased."""
    noted = texts.attendance(connection, order.id) if kind.id is PaperId.ATTENDANCE else {}
    wanted: set[PersonId] = set(noted) if kind.id is PaperId.ATTENDANCE else set(order.active_members)
    known = people.people(connection, wanted)
    practices = clusters.practices(connection, {member.practice for member in order.members.values()})
    found = []
    for person_id, person in known.items():
        member = order.members.get(person_id)
        if not person.name or (kind.id is PaperId.GROUPS and person_id in left_out):
            continue
        practice = practices.get(member.practice) if member else None
        found.append(
            Doctor(
                id=person_id,
                name=person.name,
                practice=practice.name if practice else "",
                practice_id=member.practice if member else "",
                came=noted.get(person_id),
            )
        )
    return tuple(sorted(found, key=lambda doctor: alphabetical(doctor.name)))

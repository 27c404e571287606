"""What a letter is written from, looked up now and kept nowhere."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from activities.dependencies import Dependencies
from domain.agenda import lies_ahead
from domain.calendar import add_working_days
from domain.danish import listing
from domain.decisions.follow_up import window
from domain.events import MeetingRecorded
from domain.help import help_for
from domain.length import minutes_to_answer
from domain.letters import Letter, Occasion
from domain.limits import decide_by, last_day_to_share
from domain.mailings import mailing_of
from domain.meeting import danish
from domain.model import OrderId, PersonId, Round, StaffId
from domain.names import first_name
from domain.order import FollowUpStatus, Order, Survey
from domain.package import Link, Package
from domain.stages import DANISH
from domain.words import is_housekeeping, next_line
from mail import letter_data as facts
from storage import clusters, documents, people, result_repository, texts
from storage.agreements import agreed_at
from storage.order_links import meeting_link, order_link
from storage.programme import programme_of, video_of
from storage.staff import OFFICE, Staff, find_staff

if TYPE_CHECKING:
    from activities.letter_writer import Recipient

STAFF = ("consultant", "operations")
"""To whom what is not released may be shown."""

OF_WHAT_WAS_AGREED = (Occasion.AFTER_MEETING, Occasion.COMPARISON)
TAKEN_HOME = (Occasion.AFTER_MEETING, Occasion.RECORD_REQUEST)
"""What tells of ideas, homework and videos."""

COMING = 3
"""Lines of what comes next, for who takes over."""


def facts_of(
    deps: Dependencies,
    connection: Connection,
    order: Order,
    package: Package,
    letter: Letter,
    recipient: "Recipient",
    now: dt.datetime,
) -> facts.LetterData:
    """Everything the messages read. Raises NoSuchPerson."""
    coordinator, office = people.person(connection, order.coordinator), deps.office
    cluster = clusters.cluster(connection, order.cluster)
    return facts.LetterData(
        today=danish(now).date(),
        greeting_name="" if recipient.to.recipient == OFFICE else first_name(recipient.mailbox.name),
        cluster=cluster.name,
        package=package.title,
        order_number=order.id,
        is_coordinators=recipient.to.recipient == order.coordinator,
        link_is_new=order.link_of(PersonId(recipient.to.recipient)).renewed,
        coordinator=facts.Person(name=coordinator.name, address=coordinator.email, phone=coordinator.phone or None),
        consultant=_consultant(deps, connection, order),
        office=facts.Person(name=office.name, phone=office.phone, address=office.address),
        site=deps.base_url or None,
        link=_link(deps, connection, order, letter, recipient),
        by_register=order.evidence == "register",
        number=_number(letter),
        due=_due(order, letter),
        calls=_calls(order),
        survey=_survey(order, package, letter),
        meeting=_meeting(connection, order, package, letter),
        follow_up=_follow_up(order),
        follow_up_months=order.follow_up.window,
        results=_results(deps, connection, order, letter),
        ideas=_ideas(deps, connection, order.id) if letter.occasion in TAKEN_HOME else None,
        agreed=agreed_at(connection, order) if letter.occasion in OF_WHAT_WAS_AGREED else (),
        homework=package.homework or None if letter.occasion in TAKEN_HOME else None,
        help=help_for(package.help, cluster.region, danish(now).date(), deps.crisis_corps)
        if letter.occasion is Occasion.AFTER_MEETING
        else None,
        videos=package.videos if letter.occasion in TAKEN_HOME else (),
        stage=DANISH[order.stage],
        coming=_coming(order, now),
        shared_mailboxes=people.sharing_a_mailbox(connection, list(order.active_members)),
        meeting_ahead=order.meeting is not None and not order.meeting_settled and now < order.meeting.starts_at,
        cancelled=order.ended.reason if order.ended and order.cancelled else None,
    )


def _coming(order: Order, now: dt.datetime) -> tuple[facts.ComingLine, ...]:
    """What comes next for the coordinator, after today: the mail of today they have in hand."""
    today = danish(now).date()
    ahead = [each for each in lies_ahead(order, now) if not is_housekeeping(each.code)]
    lines = [facts.ComingLine(day=danish(each.at).date(), what=next_line(each.code, each.facts)) for each in ahead]
    return tuple(line for line in lines if line.day > today)[:COMING]


def _calls(order: Order) -> facts.CallsTried | None:
    calls = order.calls
    if calls.last_at is None:
        return None
    reached = calls.last_outcome == "spoke"
    return facts.CallsTried(count=calls.count, last_day=danish(calls.last_at).date(), reached=reached)


def _consultant(deps: Dependencies, connection: Connection, order: Order) -> facts.Person | None:
    staff = _staff(connection, order)
    if staff is None:
        return None
    return facts.Person(name=staff.name, address=staff.email, phone=staff.phone or deps.office.phone)


def _staff(connection: Connection, order: Order) -> Staff | None:
    return find_staff(connection, order.consultant) if order.consultant else None


def _link(
    deps: Dependencies, connection: Connection, order: Order, letter: Letter, recipient: "Recipient"
) -> str | None:
    """The one thing to do: the questionnaire, the meeting's or the order's page; nothing for one called off."""
    if recipient.invitation is not None:
        return f"{deps.base_url}/svar/{recipient.invitation.token(deps.keys)}"
    mailing, reader = mailing_of(letter), recipient.to.recipient
    if mailing.to in STAFF:
        return f"{deps.base_url}/bestilling/{order_link(deps.keys, order.id, _staff_holder(connection, reader))}"
    if mailing.to_members and order.cancelled:
        return None
    person = PersonId(reader)
    link = order.link_of(person)
    if link.revoked:
        return f"{deps.base_url}/nyt-link"
    if mailing.to_members or person != order.coordinator:
        return f"{deps.base_url}/moede/{meeting_link(deps.keys, order.id, person, link.issue)}"
    return f"{deps.base_url}/bestilling/{order_link(deps.keys, order.id, person, link.issue)}"


def _staff_holder(connection: Connection, reader: str) -> StaffId:
    """Whose link it is: the reader's, and the office's where it reads for a consultant who has left."""
    staff = StaffId(reader)
    return staff if find_staff(connection, staff) else OFFICE


def _results(deps: Dependencies, connection: Connection, order: Order, letter: Letter) -> facts.ResultFacts:
    survey = order.survey(letter.round or Round.BASELINE)
    if survey is None or not survey.deck_version:
        return facts.ResultFacts(shown=False)
    if survey.released_at is None and mailing_of(letter).to not in STAFF:
        return facts.ResultFacts(shown=False)
    made = {info.kind: info for info in documents.documents(connection, order.id) if info.id in survey.documents}
    tokens = {
        kind: info.token(deps.keys) if survey.released_at else info.review_token(deps.keys)
        for kind, info in made.items()
    }
    links = tuple(
        Link(title=title, url=f"{deps.base_url}/d/{tokens[kind]}")
        for kind, title in _TITLES[survey.round].items()
        if kind in tokens
    )
    return facts.ResultFacts(
        shown=result_repository.have_figures(connection, order.id, survey.round),
        free_texts=0 if survey.free_texts_read else survey.free_texts,
        review_until=survey.review_until,
        documents=links,
        remade=survey.released_at is not None and "meeting" in survey.made_for,
        by_hand=survey.own_deck is not None,
    )


_TITLES: dict[Round, dict[documents.DocumentKind, str]] = {
    Round.BASELINE: {"deck": "PowerPoint til mødet", "document": "Resultater i Word"},
    Round.FOLLOW_UP: {"deck": "PowerPoint med før og efter", "document": "Før og efter i Word"},
}
"""In the order they are listed."""


def _meeting(connection: Connection, order: Order, package: Package, letter: Letter) -> facts.MeetingFacts | None:
    meeting = order.meeting
    if meeting is None:
        return None
    told = order.was_told(letter, to_members=mailing_of(letter).to_members)
    video = video_of(connection, package, order)
    ring = video.ring if video else None
    return facts.MeetingFacts(
        starts=meeting.starts,
        minutes=meeting.minutes,
        format=meeting.format,
        facilitator=meeting.facilitator,
        place=texts.words_of(connection, meeting.place) or None,
        programme=programme_of(connection, package, order),
        check_in=video.check_in if video else None,
        ring=facts.Person(name=ring.name, phone=ring.phone) if ring else None,
        guide=video.guide if video else None,
        was=told if told != meeting.starts else None,
    )


def _ideas(deps: Dependencies, connection: Connection, order_id: OrderId) -> str | None:
    recorded = [event for event in deps.store.load(order_id) if isinstance(event, MeetingRecorded)]
    return texts.words_of(connection, recorded[-1].ideas) or None if recorded else None


def _number(letter: Letter) -> int:
    """Which time the letter goes. Those counted from none, as the extensions before too few answered, begin at 0."""
    last = letter.number.rpartition(".")[2]
    return max(1, int(last)) if last.isdigit() else 1


def _due(order: Order, letter: Letter) -> dt.date | None:
    survey = order.survey(letter.round or Round.BASELINE)
    match letter.occasion:
        case Occasion.ORDER_RECEIVED | Occasion.ORDER_ASSIGNED | Occasion.CALL_OVERDUE | Occasion.COORDINATOR_WELCOME:
            return order.call_due if order.meeting is None else None
        case Occasion.PLAN_AGREED if order.meeting is not None and not (order.baseline and order.baseline.over):
            return add_working_days(order.meeting.day, -order.policies.deck_before_meeting)
        case Occasion.TOO_FEW_ANSWERS if survey is not None:
            return danish(decide_by(order, survey)).date()
        case Occasion.COMPARISON_DELIVERED:
            return last_day_to_share(order)
        case _:
            return None


def _survey(order: Order, package: Package, letter: Letter) -> facts.SurveyFacts | None:
    survey: Survey | None = order.survey(letter.round) if letter.round else order.open_survey or order.baseline
    if survey is None:
        return None
    indices = package.indices_in(survey.round)
    return facts.SurveyFacts(
        round=survey.round,
        opens=survey.opens,
        closes=survey.closes,
        minutes=minutes_to_answer(package, survey.round) if survey.evidence == "questionnaire" else None,
        at_least=order.disclosure.at_least,
        english_title=_english_title(package, survey.round),
        scores_from=order.disclosure.percentages_from if indices else None,
        scores_of=listing([index.name for index in indices]),
        answered=survey.answers,
        invited=survey.invited,
        decide_by=decide_by(order, survey) if survey.awaits_decision else None,
        is_open=survey.is_open,
    )


def _english_title(package: Package, round_: Round) -> str | None:
    english = package.english
    if english is None:
        return None
    return (round_ is Round.FOLLOW_UP and english.title_follow_up) or english.title


def _follow_up(order: Order) -> facts.FollowUpFacts | None:
    if order.meeting is None:
        return None
    allowed = window(order)
    settled = order.follow_up.status is not FollowUpStatus.UNDECIDED
    return facts.FollowUpFacts(
        earliest=allowed.opens,
        latest=allowed.closes,
        opens=order.follow_up.opens,
        wanted=order.follow_up.agreed if settled else order.follow_up.wanted,
    )

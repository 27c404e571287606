"""Orders' lives as events, told without the domain's decisions: what the store is given in tests and measurements."""

import datetime as dt
from itertools import islice

from domain import events as ev
from domain.events import Event
from domain.meeting import Meeting, at
from domain.model import (
    ClusterId,
    DocumentId,
    OrderId,
    PackageSlug,
    PersonId,
    PracticeId,
    Role,
    Round,
    StaffId,
    TextId,
)
from domain.policies import Disclosure, Policies

TRIVSEL = PackageSlug("trivsel-og-arbejdsglaede")
VEJLE = ClusterId("klynge-vejle-nord")
PLACED = at(dt.date(2026, 1, 5), dt.time(10))
TUESDAY = dt.date(2026, 1, 6)
MEETING = dt.datetime(2026, 3, 25, 17)  # noqa: DTZ001 - the wall clock in Denmark


def placed(
    order: str = "o-1", *, cluster: str = VEJLE, package: str = TRIVSEL, members: int = 3, when: dt.datetime = PLACED
) -> ev.OrderPlaced:
    """An order from a cluster, two members a practice."""
    return ev.OrderPlaced(
        at=when,
        order=OrderId(order),
        cluster=ClusterId(cluster),
        package=PackageSlug(package),
        package_version=1,
        coordinator=PersonId("person-koordinator"),
        members=tuple(joined(number) for number in range(members)),
        policies=Policies(),
        disclosure=Disclosure(),
        follow_up_months=(8, 12),
        call_due=dt.date(2026, 1, 12),
    )


def joined(number: int) -> ev.Joined:
    return ev.Joined(
        person=PersonId(f"medlem-{number}"),
        practice=PracticeId(f"praksis-{number // 2}"),
        role=Role.OWNER,
        address=1,
    )


def assigned(consultant: str = "konsulent-1", when: dt.datetime = PLACED) -> ev.ConsultantAssigned:
    return ev.ConsultantAssigned(at=when, consultant=StaffId(consultant))


def planned(when: dt.datetime = at(TUESDAY, dt.time(11))) -> ev.PlanAgreed:  # noqa: B008 - a constant
    return ev.PlanAgreed(
        at=when,
        meeting=Meeting(starts=MEETING, place=TextId("tekst-sted")),
        survey_opens=dt.date(2026, 2, 16),
        survey_closes=dt.date(2026, 3, 2),
        survey_dates_chosen=False,
        follow_up_wanted=True,
        policies=Policies(),
    )


def cancelled(when: dt.datetime = PLACED) -> ev.OrderCancelled:
    return ev.OrderCancelled(at=when, reason="cluster_withdrew")


def letter(key: str, day: dt.date, sent: int = 1) -> ev.LettersSent:
    return ev.LettersSent(at=at(day, dt.time(9)), key=key, sent=sent, failed=0, seen=0)


def whole_life(order: str = "o-1", *, cluster: str = VEJLE, members: int = 29) -> list[Event]:
    """Forty-odd events from the order to its end: both rounds, the meeting moved, a member come and one gone."""
    baseline, follow_up = Round.BASELINE, Round.FOLLOW_UP
    return [
        placed(order, cluster=cluster, members=members),
        letter("order_received//", TUESDAY),
        assigned(),
        planned(),
        letter("plan_agreed//1", TUESDAY),
        ev.MemberAdded(at=_nine(2026, 2, 2), joined=joined(members)),
        ev.MeetingMoved(
            at=_nine(2026, 2, 3),
            starts=MEETING + dt.timedelta(days=1),
            survey_opens=dt.date(2026, 2, 17),
            survey_closes=dt.date(2026, 3, 3),
        ),
        letter("plan_agreed//2", dt.date(2026, 2, 3)),
        *_round(baseline, dt.date(2026, 2, 17), invited=members + 1, answers=members - 5),
        letter("programme//", dt.date(2026, 3, 19), members),
        ev.MemberRemoved(at=_nine(2026, 3, 20), member=PersonId("medlem-1")),
        letter("meeting_reminder//2026-03-26", dt.date(2026, 3, 25), members),
        letter("record_request//2.1", dt.date(2026, 3, 27)),
        ev.MeetingRecorded(at=_nine(2026, 3, 28), attended=members - 4, absent=4, ideas=TextId("tekst-ideer")),
        letter("after_meeting//", dt.date(2026, 3, 30), members),
        ev.FollowUpAgreed(at=_nine(2026, 3, 31), opens=dt.date(2026, 12, 1)),
        letter("follow_up_notice//2026-12-01", dt.date(2026, 11, 3)),
        ev.FollowUpMoved(at=_nine(2026, 11, 4), opens=dt.date(2027, 1, 12)),
        letter("follow_up_notice//2027-01-12", dt.date(2026, 12, 15)),
        *_round(follow_up, dt.date(2027, 1, 12), invited=members, answers=members - 9),
        ev.ComparisonShared(at=_nine(2027, 2, 4)),
        letter("comparison/follow_up/", dt.date(2027, 2, 4), members),
        ev.OrderCompleted(at=_nine(2027, 2, 5), with_follow_up=True),
    ]


def lives(events: int, orders: int) -> list[list[Event]]:
    """Several orders' first `events` events, each of a cluster of its own."""
    return [list(islice(whole_life(f"o-{n:05}", cluster=f"klynge-{n:05}"), events)) for n in range(orders)]


def _round(round_: Round, opens: dt.date, *, invited: int, answers: int) -> list[Event]:
    closes = opens + dt.timedelta(days=14)
    reminders = tuple(opens + dt.timedelta(days=days) for days in (7, 13, 14))
    closed, made = at(closes, dt.time(23)), at(closes + dt.timedelta(days=1), dt.time(8))
    documents = tuple(DocumentId(f"dokument-{round_}-{number}-{opens}-{'0' * 12}") for number in range(4))
    delivered = "deck_delivered" if round_ is Round.BASELINE else "comparison_delivered"
    return [
        ev.SurveyOpened(at=at(opens, dt.time(8)), round=round_, opens=opens, closes=closes, reminders=reminders),
        letter(f"invitation/{round_}/", opens, invited),
        *(letter(f"reminder/{round_}/{day}", day, invited // 2) for day in reminders),
        ev.SurveyClosed(at=closed, round=round_, why="due"),
        ev.TurnoutCounted(at=closed, round=round_, answers=answers, invited=invited, enough=True),
        ev.ResultsTabulated(at=made, round=round_, answers=answers, free_texts=0),
        ev.DeckMade(at=made, round=round_, version=1, documents=documents, review_until=made + dt.timedelta(days=2)),
        letter(f"deck_review/{round_}/", made.date()),
        ev.DeckReleased(at=made + dt.timedelta(days=2), round=round_, automatic=True),
        letter(f"{delivered}/{round_}/", made.date() + dt.timedelta(days=3)),
        ev.BallotsDestroyed(at=made + dt.timedelta(days=3), round=round_),
    ]


def _nine(year: int, month: int, day: int) -> dt.datetime:
    return at(dt.date(year, month, day), dt.time(9))

"""Commands whose details do not matter: what the domain is asked, so that a form is there while it would take one."""

import datetime as dt
from collections.abc import Sequence

from domain import commands as do
from domain.calendar import ONE_DAY, add_working_days
from domain.commands import AnyCommand
from domain.decisions.follow_up import window
from domain.events import Joined
from domain.meeting import Meeting, PlannedPart, danish, wall_clock
from domain.model import Digest, DocumentId, PartId, PersonId, PracticeId, Role, Round, StaffId, TextId
from domain.order import FollowUpStatus
from domain.own_questions import OwnQuestion
from domain.tasks import tasks_of
from web.order_page.view import OrderPageView


def plan(here: OrderPageView) -> Sequence[AnyCommand]:
    """The plan, while no survey is open."""
    survey = here.order.baseline
    if here.order.ended or (survey is not None and survey.opened):
        return ()
    some_day = wall_clock(here.now) + dt.timedelta(days=180)
    return [do.AgreePlan(meeting=Meeting(starts=some_day))]


def move(here: OrderPageView) -> Sequence[AnyCommand]:
    """The meeting's time as it is."""
    return [do.MoveMeeting(to=here.order.meeting.starts)] if here.order.meeting else ()


def extend(here: OrderPageView) -> Sequence[AnyCommand]:
    """A day more."""
    survey = here.order.round_under_way
    if survey is None:
        return ()
    return [do.ExtendSurvey(closes=add_working_days(max(wall_clock(here.now).date(), survey.closes), 1))]


def close(_here: OrderPageView) -> Sequence[AnyCommand]:
    """Either round."""
    return [do.CloseSurvey(round=round_) for round_ in Round]


def review(_here: OrderPageView) -> Sequence[AnyCommand]:
    """What can be done with a deck."""
    return [do.ReleaseDeck(), do.HoldDeck(), do.RemakeDeck()]


def replace(_here: OrderPageView) -> Sequence[AnyCommand]:
    """Any other deck."""
    return [do.ReplaceDeck(document=DocumentId("-"), why=TextId("-"))]


def extract(here: OrderPageView) -> Sequence[AnyCommand]:
    """Any extract, of practices enough."""
    survey, least = here.order.round_under_way, here.order.disclosure.at_least
    if survey is None:
        return ()
    return [do.GiveExtract(round=survey.round, practices=least, of_practices=least, digest=Digest("-"))]


def keep(_here: OrderPageView) -> Sequence[AnyCommand]:
    """The deck as it is."""
    return [do.KeepDeck()]


def remake(here: OrderPageView) -> Sequence[AnyCommand]:
    """A delivered deck; one in review has it among its own choices."""
    survey = here.order.round_under_way
    return [do.RemakeDeck()] if survey is not None and survey.released_at is not None else ()


def read_texts(here: OrderPageView) -> Sequence[AnyCommand]:
    """Nothing struck."""
    survey = here.order.round_under_way
    return [do.ReadFreeTexts()] if survey is not None and survey.free_texts_found > 0 else ()


def record(_here: OrderPageView) -> Sequence[AnyCommand]:
    """The meeting, recorded or not."""
    return [do.RecordMeeting(attended=0, absent=0), do.LeaveMeetingUnrecorded()]


def follow_up(here: OrderPageView) -> Sequence[AnyCommand]:
    """What can be said of the follow-up, once the meeting is over."""
    order = here.order
    if order.meeting is None or here.now < order.meeting.ends_at:
        return ()
    opens = max(order.follow_up.opens or window(order).opens, danish(here.now).date())
    agreed = order.follow_up.status is FollowUpStatus.AGREED
    date = do.MoveFollowUp(opens=opens) if agreed else do.AgreeFollowUp(opens=opens)
    return [date, do.StartFollowUp(), do.DeclineFollowUp()]


def programme(here: OrderPageView) -> Sequence[AnyCommand]:
    """Any other programme as long as the meeting, and the package's own."""
    meeting = here.order.meeting
    if meeting is None:
        return ()
    return [do.ChangeProgramme(parts=(PlannedPart(part=PartId("-"), minutes=meeting.minutes),)), do.RestoreProgramme()]


def own_questions(here: OrderPageView) -> Sequence[AnyCommand]:
    """The questions as they are, or any, and none."""
    asked = here.order.own_questions or (OwnQuestion(kind="yes_no", text=TextId("-")),)
    return [do.AskOwnQuestions(questions=asked), do.DropOwnQuestions()]


def people(here: OrderPageView) -> Sequence[AnyCommand]:
    """Somebody comes, goes, has another address, or is replaced."""
    somebody = next(iter(here.order.active_members), PersonId("-"))
    joined = Joined(person=PersonId("-"), practice=PracticeId("-"), role=Role.OWNER)
    return [
        do.AddMember(joined=joined),
        do.RemoveMember(member=somebody),
        do.ReaddressMember(member=somebody, address=0),
        do.ReplaceCoordinator(coordinator=PersonId("-")),
        do.RenewLink(holder=here.order.coordinator),
        do.RevokeLink(holder=_somebody_with_a_link(here)),
        do.AssignConsultant(consultant=StaffId("-")),
    ]


def _somebody_with_a_link(here: OrderPageView) -> PersonId:
    """One whose link can be revoked; the coordinator where everybody's is."""
    good = (each for each in sorted(here.order.link_holders) if not here.order.link_of(each).revoked)
    return next(good, here.order.coordinator)


def call(_here: OrderPageView) -> Sequence[AnyCommand]:
    """A call that came through."""
    return [do.NoteCall(outcome="spoke")]


def note(_here: OrderPageView) -> Sequence[AnyCommand]:
    """Any note."""
    return [do.AddNote(note=TextId("-"))]


def put_off(here: OrderPageView) -> Sequence[AnyCommand]:
    """Each task until tomorrow, and each that is put off taken up again."""
    tomorrow = danish(here.now).date() + ONE_DAY
    tasks = tasks_of(here.order)
    return [
        *(do.PostponeTask(task=task.kind, until=tomorrow, why=TextId("-")) for task in tasks),
        *(do.ResumeTask(task=task.kind) for task in tasks),
    ]

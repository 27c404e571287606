"""Requests about the plan, the meeting's record and the free texts, which are more than their commands' fields."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain import commands as do
from domain.dates import Day, Moment
from domain.decisions.rules import current_round
from domain.meeting import Facilitator, Format, Meeting
from domain.model import PersonId, Rejected, TextId
from domain.text import Place, Words
from storage import result_repository, texts
from storage.enclosures import Enclosure
from web.requests.base import CommandRequest, Context, Submission, enclosed


class Part(BaseModel):
    """A part of a request."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


OnADayOff = Annotated[
    bool, Field(description="the meeting is meant to be on a weekend or holiday; otherwise that is refused once")
]


class PlannedMeeting(Part):
    """The meeting as agreed at the call."""

    starts: Moment = Field(
        title="Mødets tid", description="the wall clock in Denmark, without offset", examples=["2026-04-15T17:00"]
    )
    minutes: int | None = Field(None, title="Længde i minutter", description="the package's programme where not given")
    format: Format = Field(Format.IN_PERSON, title="Hvordan mødes I?")
    facilitator: Facilitator = Field(Facilitator.COORDINATOR, title="Hvem leder mødet?")


class AgreePlan(CommandRequest):
    """The outcome of the consultant's call. Survey dates not given are computed back from the meeting."""

    type: Literal["agree_plan"]
    meeting: PlannedMeeting
    place_text: Place | None = Field(None, title="Sted eller videolink", examples=["Lægehuset Torvet, mødelokale 2"])
    survey_opens: Day | None = None
    survey_closes: Day | None = None
    follow_up_wanted: bool = Field(True, title="Vil klyngen gerne følge op med et nyt spørgeskema?")
    policies: dict[str, Any] = Field({}, description="single policies changed for this order, by name")
    on_a_day_off: OnADayOff = False


class MoveMeeting(CommandRequest):
    """The meeting has a new date or time."""

    type: Literal["move_meeting"]
    to: Moment = Field(
        title="Mødets nye tid",
        description="the wall clock in Denmark; one with an offset is read as the instant it is",
    )
    on_a_day_off: OnADayOff = False


class Attended(Part):
    """Whether one member came."""

    member: PersonId
    attended: bool


class RecordMeeting(CommandRequest):
    """Who came, by counts or a line for each member; the ideas; what was agreed on follow-up."""

    type: Literal["record_meeting"]
    attended: int | None = Field(
        None, ge=0, title="Hvor mange medlemmer var med?", description="counted from `attendance` where that is given"
    )
    absent: int | None = Field(None, ge=0)
    attendance: tuple[Attended, ...] = Field((), title="Hvem var med?")
    ideas_text: Words | None = Field(None, title="Gruppernes idéer")
    follow_up: Literal["agreed", "later", "declined"] = Field("later", title="Vil I følge op med et nyt spørgeskema?")
    follow_up_opens: Day | None = Field(None, title="Hvornår skal opfølgningen begynde?")


class ReadFreeTexts(CommandRequest):
    """The free texts are read; those struck are never shown, and the deck is made anew."""

    type: Literal["read_free_texts"]
    strike: tuple[TextId, ...] = Field(
        (), title="Tag det ud, der kan pege på en person", description="ids of the texts that could point to somebody"
    )


def agree_plan(request: AgreePlan, context: Context) -> Submission:
    """The meeting is as long as the package's programme where nothing else was agreed."""
    place, written = enclosed("place", request.place_text)
    given = request.meeting
    meeting = Meeting(
        starts=given.starts,
        minutes=given.minutes or context.package.programme_minutes,
        format=given.format,
        facilitator=given.facilitator,
        place=place,
    )
    command = do.AgreePlan(
        meeting=meeting,
        survey_opens=request.survey_opens,
        survey_closes=request.survey_closes,
        follow_up_wanted=request.follow_up_wanted,
        policies=request.policies,
    )
    return Submission(command, Enclosure(texts=written))


def move_meeting(request: MoveMeeting, _context: Context) -> Submission:
    """To the time that Danish clocks show."""
    return Submission(do.MoveMeeting(to=request.to))


def change_meeting(request: CommandRequest, context: Context) -> Submission:
    """The place as it is already is no change."""
    asked: str | None = getattr(request, "place_text", None)
    meeting = context.order.meeting
    if asked == texts.words_of(context.connection, meeting.place if meeting else None):
        asked = None
    place, written = enclosed("place", asked)
    command = do.ChangeMeeting(
        minutes=getattr(request, "minutes", None),
        format=getattr(request, "format", None),
        facilitator=getattr(request, "facilitator", None),
        place=place,
    )
    return Submission(command, Enclosure(texts=written))


def record_meeting(request: RecordMeeting, context: Context) -> Submission:
    """Raises Rejected where nobody was counted, names and counts disagree, or a name is nobody's on the list."""
    if request.attended is None and not request.attendance:
        raise Rejected("attended_missing", "Skriv, hvor mange medlemmer der var med.")
    attendance = {line.member: line.attended for line in request.attendance}
    unknown = set(attendance) - set(context.order.members)
    if unknown:
        raise Rejected("no_such_member", "Et af medlemmerne er ikke med i bestillingen.", member=min(unknown))
    came = sum(attendance.values())
    attended = came if request.attended is None else request.attended
    absent = request.absent
    if absent is None:
        members = len(attendance) or len(context.order.active_members)
        absent = max(0, members - attended)
    if attendance and (attended, absent) != (came, len(attendance) - came):
        message = f"Der er sat navn på {came}, men skrevet, at {attended} var med."
        raise Rejected("counts_differ", message, named=came, counted=attended)
    ideas, written = enclosed("ideas", request.ideas_text)
    command = do.RecordMeeting(
        attended=attended,
        absent=absent,
        ideas=ideas,
        follow_up=request.follow_up,
        follow_up_opens=request.follow_up_opens,
    )
    return Submission(command, Enclosure(texts=written, attendance=attendance))


def read_free_texts(request: ReadFreeTexts, context: Context) -> Submission:
    """Raises Rejected where an id is no text of the round in review."""
    survey = current_round(context.order)
    known = {text.id for text in result_repository.free_texts(context.connection, context.order.id, survey.round)}
    if set(request.strike) - known:
        raise Rejected("no_such_text", "En af teksterne findes ikke i denne undersøgelse.")
    return Submission(do.ReadFreeTexts(struck_texts=tuple(sorted(set(request.strike)))))

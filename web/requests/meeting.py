"""Requests about the plan, the meeting's record and the free texts, which are more than their commands' fields."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from domain import commands as do
from domain.agreements import agreements_text
from domain.dates import Day, Moment
from domain.decisions.rules import agreed_meeting, current_round
from domain.fitting import wished
from domain.meeting import LONGEST_MEETING, Facilitator, Format, Meeting, PlannedPart
from domain.meeting_programme import all_parts
from domain.model import PersonId, Rejected, TextId
from domain.text import LONGEST_WORDS, Name, Phone, Place, Title, Words
from storage import result_repository, texts
from storage.enclosures import EnclosedText, Enclosure
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
    ring_name_text: Name | None = Field(None, title=do.RING_NAME)
    ring_phone_text: Phone | None = Field(None, title=do.RING_PHONE)
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


class ProgrammePartGiven(Part):
    """A part of the meeting. Words left out are the package's own; with no minutes, the meeting is without it."""

    id: str | None = Field(None, description="the part's id, to be sure that it is the one meant")
    minutes: int = Field(ge=0, le=LONGEST_MEETING)
    title: Title | None = None
    text: Words | None = None


class ChangeProgramme(CommandRequest):
    """This meeting's programme: all parts of its form in the package's order, as long as the meeting in all."""

    type: Literal["change_programme"]
    parts: tuple[ProgrammePartGiven, ...] = Field(title="Programmets punkter", min_length=1, max_length=40)


class Attended(Part):
    """Whether one member came."""

    member: PersonId
    attended: bool


Agreements = Annotated[
    str,
    AfterValidator(agreements_text),
    Field(json_schema_extra={"maxLength": LONGEST_WORDS}, examples=["Fælles frokost kl. 12, alle, fra 1. maj"]),
]


class RecordMeeting(CommandRequest):
    """Who came, by counts or a line for each member; the ideas; what was agreed to do, and on follow-up."""

    type: Literal["record_meeting"]
    attended: int | None = Field(
        None, ge=0, title="Hvor mange medlemmer var med?", description="counted from `attendance` where that is given"
    )
    absent: int | None = Field(None, ge=0)
    attendance: tuple[Attended, ...] = Field((), title="Hvem var med?")
    ideas_text: Words | None = Field(None, title="Gruppernes idéer")
    agreed_text: Agreements | None = Field(
        None, title="Hvad aftalte klyngen?", description="a line for each agreement: what, who and when"
    )
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
    ring_name, name = enclosed("ring_name", request.ring_name_text)
    ring_phone, phone = enclosed("ring_phone", request.ring_phone_text)
    _is_somebody_to_ring(ring_name, ring_phone)
    given = request.meeting
    meeting = Meeting(
        starts=given.starts,
        minutes=given.minutes or wished(context.package.programme.of(given.format)),
        format=given.format,
        facilitator=given.facilitator,
        place=place,
        ring_name=ring_name,
        ring_phone=ring_phone,
    )
    command = do.AgreePlan(
        meeting=meeting,
        survey_opens=request.survey_opens,
        survey_closes=request.survey_closes,
        follow_up_wanted=request.follow_up_wanted,
        policies=request.policies,
    )
    return Submission(command, Enclosure(texts=(*written, *name, *phone)))


def _is_somebody_to_ring(name: TextId | None, phone: TextId | None) -> None:
    if (name is None) is not (phone is None):
        raise Rejected("ring_incomplete", "Skriv både navn og telefonnummer på den, man kan ringe til.")


def move_meeting(request: MoveMeeting, _context: Context) -> Submission:
    """To the time that Danish clocks show."""
    return Submission(do.MoveMeeting(to=request.to))


def change_meeting(request: CommandRequest, context: Context) -> Submission:
    """Words as they are already are no change. Raises Rejected for a name to ring without a number, or the reverse."""
    meeting, written = context.order.meeting, list[EnclosedText]()
    ids = dict[str, TextId | None]()
    for name in ("place", "ring_name", "ring_phone"):
        asked, now = getattr(request, f"{name}_text", None), getattr(meeting, name, None)
        if asked == texts.words_of(context.connection, now):
            asked = None
        ids[name], words = enclosed(name, asked)
        written += words
    if meeting is not None:
        _is_somebody_to_ring(ids["ring_name"] or meeting.ring_name, ids["ring_phone"] or meeting.ring_phone)
    command = do.ChangeMeeting(
        minutes=getattr(request, "minutes", None),
        format=getattr(request, "format", None),
        facilitator=getattr(request, "facilitator", None),
        place=ids["place"],
        ring_name=ids["ring_name"],
        ring_phone=ids["ring_phone"],
    )
    return Submission(command, Enclosure(texts=tuple(written)))


def change_programme(request: ChangeProgramme, context: Context) -> Submission:
    """What is as in the package has no words of its own; a programme that is just the package's is restored.

    Raises Rejected where it has other parts than the package has for a meeting of this form.
    """
    meeting = agreed_meeting(context.order)
    own = all_parts(context.package.programme, meeting, (), None, {})
    if len(request.parts) != len(own):
        message = f"Programmet har {len(own)} punkter, men her er {len(request.parts)}."
        raise Rejected("programme_has_other_parts", message, parts=len(own))
    before = {part.part: part for part in context.order.programme}
    parts, written = [], list[EnclosedText]()
    for given, package in zip(request.parts, own, strict=True):
        if given.id not in (None, package.id):
            message = f"Her skulle punktet »{package.title}« stå ({package.id}), ikke {given.id}."
            raise Rejected("programme_has_other_parts", message, parts=len(own))
        known = before.get(package.id, PlannedPart(part=package.id, minutes=given.minutes))
        title, first = _words_of_its_own(context, given.title, package.title, known.title, "title")
        text, second = _words_of_its_own(context, given.text, package.text, known.text, "text")
        parts.append(PlannedPart(part=package.id, minutes=given.minutes, title=title, text=text))
        written += [*first, *second]
    if parts == [PlannedPart(part=part.id, minutes=part.minutes) for part in own]:
        return Submission(do.RestoreProgramme())
    return Submission(do.ChangeProgramme(parts=tuple(parts)), Enclosure(texts=tuple(written)))


LONGEST_PART_TITLE = 70
"""Signs of a heading in the programme that fit on one line of the deck's table."""


def _words_of_its_own(
    context: Context, given: str | None, package: str, before: TextId | None, what: str
) -> tuple[TextId | None, tuple[EnclosedText, ...]]:
    """A text's id, and the text where it is new; nothing for what the package says anyway."""
    if given is None or given.split() == package.split():
        return None, ()
    if what == "title" and len(given) > LONGEST_PART_TITLE:
        message = f"En overskrift i programmet kan højst være på {LONGEST_PART_TITLE} tegn, så den kan stå på en slide."
        raise Rejected("programme_title_too_long", message, most=LONGEST_PART_TITLE)
    if before is not None and given == texts.words_of(context.connection, before):
        return before, ()
    return enclosed(f"programme_{what}", given)


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
    agreed, points = enclosed("agreed", request.agreed_text)
    command = do.RecordMeeting(
        attended=attended,
        absent=absent,
        ideas=ideas,
        agreed=agreed,
        follow_up=request.follow_up,
        follow_up_opens=request.follow_up_opens,
    )
    return Submission(command, Enclosure(texts=(*written, *points), attendance=attendance))


def read_free_texts(request: ReadFreeTexts, context: Context) -> Submission:
    """Raises Rejected where an id is no text of the round in review."""
    survey = current_round(context.order)
    known = {text.id for text in result_repository.free_texts(context.connection, context.order.id, survey.round)}
    if set(request.strike) - known:
        raise Rejected("no_such_text", "En af teksterne findes ikke i denne undersøgelse.")
    return Submission(do.ReadFreeTexts(struck_texts=tuple(sorted(set(request.strike)))))

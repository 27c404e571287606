"""The programme of a package's meeting as data: its parts, their tasks, and how long each is at least and by wish."""

from typing import Literal

from pydantic import Field

from domain.by_form import FormMinutes, FormText, in_form
from domain.danish import listing
from domain.meeting import Format
from domain.model import Frozen, PartId
from domain.text import TypesetLine, WebAddress

PartKind = Literal[
    "introduction",
    "results",
    "reflection",
    "briefing",
    "group_work",
    "plenary",
    "video",
    "break",
    "implementation",
    "offers",
    "homework",
]
"""What a part is. `group_work` has tasks; a `break` may be there in long meetings only."""

Who = Literal["alle", "ikke_sololaeger"]
"""Who answers a task."""


class Link(Frozen):
    """An address on the web, with the words that lead to it."""

    title: TypesetLine
    url: WebAddress


class Task(Frozen):
    """What a group talks about. `number` is printed before it, on paper and slide alike."""

    number: int = Field(ge=1)
    text: FormText
    who: Who = "alle"


class ProgrammePart(Frozen):
    """A part of the meeting. Words and minutes may be given once for each form of meeting: `{fysisk: …, video: …}`."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    kind: PartKind
    title: FormText
    text: FormText = ""
    tasks: tuple[Task, ...] = ()
    minimum: FormMinutes
    """Minutes below which it makes no sense; 0 for what a short meeting can do without."""
    wish: FormMinutes
    """Minutes it has where the meeting is as long as the programme."""
    weight: FormMinutes | None = None
    """Its share of what a meeting is longer or shorter than that, beside the others'; its wish where not given."""
    block: str | None = None
    forms: tuple[Format, ...] = Field((Format.IN_PERSON, Format.VIDEO), min_length=1)
    over: int | None = Field(None, ge=1)
    """A break that is there only where the meeting is longer than these minutes."""
    technique: tuple[str, ...] = ()
    """What whoever runs a video meeting does on the screen; in a room there is nothing of it."""


class Block(Frozen):
    """Parts that follow one another under one heading."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: TypesetLine


class VideoMeeting(Frozen):
    """What a meeting on video needs besides its programme."""

    check_in: int = Field(30, ge=0, le=120)
    """Minutes before the meeting in which everybody tries sound and picture."""
    guide: Link | None = None
    """For whoever runs the meeting."""


class Programme(Frozen):
    """The parts in order. Each form of meeting has its own of them."""

    parts: tuple[ProgrammePart, ...] = Field(min_length=1)
    blocks: tuple[Block, ...] = ()
    video: VideoMeeting = VideoMeeting()

    def of(self, form: Format) -> tuple["FormPart", ...]:
        """The parts of a meeting of this form, in its words."""
        blocks = {block.id: block.title for block in self.blocks}
        return tuple(_part(part, form, blocks) for part in self.parts if form in part.forms)


class MeetingTask(Frozen):
    """A task in the words of one form of meeting."""

    number: int = Field(ge=1)
    text: str
    who: Who = "alle"

    @property
    def numbered(self) -> str:
        """ "2. Giv eksempler på …" """
        return f"{self.number}. {self.text}"


class MeetingPart(Frozen):
    """A part of one meeting's programme: in the words of its form, with whole minutes that fit its length."""

    id: PartId
    title: str
    minutes: int = Field(ge=0)
    kind: PartKind = "results"
    text: str = ""
    tasks: tuple[MeetingTask, ...] = ()
    block: str = ""
    """The heading it stands under; empty where it stands by itself."""
    technique: tuple[str, ...] = ()

    @property
    def who_answers(self) -> str:
        """Who answers which tasks, as one line; empty where everybody answers all."""
        return who_answers(self.tasks)

    @property
    def instructions(self) -> str:
        """Its text, and who answers what."""
        return " ".join(filter(None, (self.text, self.who_answers)))


class FormPart(Frozen):
    """A part as one form of meeting has it, before its minutes are fitted."""

    part: MeetingPart
    minimum: int
    wish: int
    weight: int
    over: int | None = None


def who_answers(tasks: tuple[MeetingTask, ...]) -> str:
    """ "Sololæger svarer kun på spørgsmål 2 og 3."; empty where they answer all of these, or there are none."""
    theirs = [str(task.number) for task in tasks if task.who == "alle"]
    if len(theirs) == len(tasks):
        return ""
    if not theirs:
        return "Sololæger springer spørgsmålene over." if len(tasks) > 1 else "Sololæger springer spørgsmålet over."
    return f"Sololæger svarer kun på spørgsmål {listing(theirs)}."


def _part(part: ProgrammePart, form: Format, blocks: dict[str, str]) -> FormPart:
    wish = in_form(part.wish, form)
    return FormPart(
        part=MeetingPart(
            id=PartId(part.id),
            title=in_form(part.title, form),
            minutes=wish,
            kind=part.kind,
            text=in_form(part.text, form),
            tasks=tuple(MeetingTask(number=t.number, text=in_form(t.text, form), who=t.who) for t in part.tasks),
            block=blocks.get(part.block or "", ""),
            technique=part.technique if form is Format.VIDEO else (),
        ),
        minimum=in_form(part.minimum, form),
        wish=wish,
        weight=wish if part.weight is None else in_form(part.weight, form),
        over=part.over,
    )

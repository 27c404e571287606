"""What the messages are written from. Facts, dates and links; never an answer, and never who has answered."""

import datetime as dt
from typing import Self

from pydantic import AwareDatetime, ConfigDict, Field, NaiveDatetime, model_validator

from domain import danish
from domain.help import Help
from domain.meeting import Facilitator, Format
from domain.model import Frozen, Round
from domain.package import Link
from domain.programme import MeetingPart
from domain.programme_times import TimedBlock, in_blocks, on_the_clock
from domain.text import Line, WebAddress, is_web_address


class Facts(Frozen):
    """A value that may hold personal data: a validation error never repeats what it was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Person(Facts):
    """Somebody to turn to."""

    name: Line
    phone: Line | None = None
    address: Line | None = None


class SurveyFacts(Facts):
    """A round as its mails tell it. `answered` and `invited` are for staff and coordinator, after the round closed."""

    round: Round
    opens: dt.date
    closes: dt.date
    minutes: int | None = Field(5, ge=1, description="minutes to answer, counted from what the round asks, if anything")
    at_least: int = Field(5, ge=1, description="answers before there is a result, as the disclosure rules say")
    english_title: Line | None = Field(None, description="the questionnaire's title in English, where it has one")
    scores_from: int | None = Field(None, description="answers from which single scores are shown as dots")
    scores_of: Line = Field("", description="the indices that are scores of, as a sentence names them: WHO-5")
    answered: int | None = None
    invited: int | None = None
    decide_by: AwareDatetime | None = Field(None, description="when too few answers go on without results")
    is_open: bool = False


class MeetingFacts(Facts):
    """The meeting. `starts` is the wall clock in Denmark; `was` is the former time of a moved one."""

    starts: NaiveDatetime
    minutes: int = Field(150, ge=1)
    format: Format = Format.IN_PERSON
    facilitator: Facilitator = Facilitator.COORDINATOR
    place: Line | None = Field(None, description="an address, or the web address of a video meeting")
    programme: tuple[MeetingPart, ...] = ()
    check_in: NaiveDatetime | None = Field(None, description="of a video meeting: when everybody can come")
    ring: Person | None = Field(None, description="of a video meeting: for those who can't get in")
    guide: Link | None = Field(None, description="of a video meeting: for whoever runs it")
    was: NaiveDatetime | None = None

    @property
    def ends(self) -> dt.datetime:
        return self.starts + dt.timedelta(minutes=self.minutes)

    @property
    def is_video(self) -> bool:
        return self.format is Format.VIDEO

    @property
    def video_link(self) -> str | None:
        """The video meeting's address, where the place is one."""
        return self.place if self.is_video and self.place and is_web_address(self.place) else None

    @property
    def to_think_about(self) -> tuple[MeetingPart, ...]:
        """The parts with questions that the groups will have."""
        return tuple(part for part in self.programme if part.tasks)

    @property
    def agenda(self) -> tuple[TimedBlock, ...]:
        """The programme in short: its blocks on the clock."""
        return in_blocks(on_the_clock(self.programme, self.starts))


class CallsTried(Facts):
    """Calls to the coordinator that were noted before the plan was agreed."""

    count: int = Field(ge=1)
    last_day: dt.date
    reached: bool
    """Whether somebody spoke with the coordinator the last time."""

    @property
    def times(self) -> str:
        return danish.count(self.count, "gang", "gange")


class FollowUpFacts(Facts):
    """The second round: its window, when it opens once agreed, and whether the cluster wants it (None: not settled)."""

    earliest: dt.date
    latest: dt.date
    opens: dt.date | None = None
    wanted: bool | None = None


class ResultFacts(Facts):
    """What was made of a round. `shown` is false where too few answered and the material is without results."""

    shown: bool = True
    free_texts: int = 0
    review_until: AwareDatetime | None = None
    documents: tuple[Link, ...] = ()
    remade: bool = Field(False, description="delivered material was made anew for a changed meeting")
    by_hand: bool = Field(False, description="the deck is one that a person has corrected, which is not made anew")


class ComingLine(Facts):
    """What will happen by itself, and on which day."""

    day: dt.date
    what: Line


class LetterData(Facts):
    """One letter to one recipient. Each message reads what it needs; missing facts are refused at rendering."""

    today: dt.date
    greeting_name: Line = ""
    cluster: Line
    package: Line
    order_number: Line
    coordinator: Person
    consultant: Person | None = None
    office: Person = Person(name="KiAP")
    site: WebAddress | None = Field(None, description="where our pages are, for the notices in the mail's foot")
    link: WebAddress | None = Field(None, description="the one thing to do: questionnaire, order page or documents")
    is_coordinators: bool = Field(False, description="the reader is the order's coordinator")
    link_is_new: bool = Field(False, description="the link is another than before, which is dead")
    by_register: bool = Field(False, description="the rounds are a register's extracts: nobody is asked anything")
    number: int = Field(1, ge=1, description="which time this letter goes: 1, 2, 3")
    due: dt.date | None = Field(
        None, description="the day of the promised call, the material's at the latest, or the last to send it on"
    )
    calls: CallsTried | None = Field(None, description="calls noted before the plan was agreed, if any")
    survey: SurveyFacts | None = None
    meeting: MeetingFacts | None = None
    follow_up: FollowUpFacts | None = None
    follow_up_months: tuple[int, int] | None = Field(
        None, description="the package's window, before there is a meeting"
    )
    results: ResultFacts = ResultFacts()
    ideas: str | None = Field(None, description="the groups' ideas as the coordinator wrote them, line by line")
    agreed: tuple[Line, ...] = Field((), description="what the cluster agreed at its meeting, as it was written")
    homework: str | None = None
    help: Help | None = Field(None, description="where to turn for whoever is not well")
    videos: tuple[Link, ...] = ()
    stage: Line = Field("", description="where the order stands, in a line")
    coming: tuple[ComingLine, ...] = ()
    meeting_ahead: bool = False
    shared_mailboxes: int = Field(0, ge=0, description="members who share a mail address with another one")
    cancelled: Line | None = Field(None, description="the reason's code, where the order was called off")

    @property
    def contact(self) -> Person:
        """Whom the recipient turns to: the consultant, or KiAP's office until there is one."""
        return self.consultant or self.office


class WaitingOrder(Facts):
    """An order that needs somebody: what is to be done, and by when."""

    order_number: Line
    cluster: Line
    what: Line
    due: dt.date | None = None
    owner: Line | None = None
    link: WebAddress | None = None


class Trouble(Facts):
    """Something the system cannot do by itself: what, and since when. Without an order it is about all of them."""

    order_number: Line = ""
    cluster: Line = ""
    what: Line
    since: dt.date


class MailTrouble(Facts):
    """How many mails operations should look at: of unknown outcome, and not sent."""

    unknown: int = Field(0, ge=0)
    failed: int = Field(0, ge=0)

    @property
    def line(self) -> str:
        failed = f"{danish.count(self.failed, 'mail', 'mails')} kom ikke af sted." if self.failed else ""
        unknown = f"Vi ved ikke, om {danish.count(self.unknown, 'mail', 'mails')} kom frem." if self.unknown else ""
        return " ".join(filter(None, (failed, unknown, "Se mere med kommandoen: klyngeflow mails list")))


class DigestData(Facts):
    """The morning's list for one of KiAP's own: orders, mails in trouble, or both."""

    today: dt.date
    greeting_name: Line = ""
    site: WebAddress | None = None
    orders: tuple[WaitingOrder, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    mails: MailTrouble | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.orders and not self.troubles and self.mails is None:
            msg = "there is no digest of nothing"
            raise ValueError(msg)
        return self

    @property
    def by_due(self) -> tuple[WaitingOrder, ...]:
        """The oldest first; those without a date last."""
        return tuple(sorted(self.orders, key=lambda order: (order.due is None, order.due or self.today)))

    @property
    def overdue(self) -> int:
        return sum(order.due is not None and order.due < self.today for order in self.orders)

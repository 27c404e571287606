"""The pages of the order page's forms: which commands each offers, when, and what stands in the form at first."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain import commands as do
from domain.commands import AnyCommand
from domain.decisions import decide_for
from domain.decisions.follow_up import window
from domain.decisions.survey import extension_window
from domain.model import Rejected
from domain.order import FollowUpStatus, Order, Survey
from domain.own_package import scales_to_choose
from domain.tasks import tasks_of
from web.forms.fields import FormField, Kind, fields_of
from web.forms.own_questions import in_form
from web.order_page import probes
from web.order_page.view import OrderPageView
from web.requests.catalogue import FOR_PEOPLE, REQUESTS

Values = dict[str, str]
KIAPS_OWN = "kiap"
"""The group of what is KiAP's own work."""
OF_THE_LIST = ("nyt-medlem", "ret-medlem", "fjern-medlem")
"""Forms of the list of members, to which they lead back."""


@dataclass(frozen=True)
class FormPage:
    """One form. It offers one command, or several to choose between. `group` is where the order page lists it.

    `probe` makes commands like those that the form would give: the page is there while the domain would take one.
    """

    slug: str
    commands: tuple[str, ...]
    probe: Callable[[OrderPageView], Sequence[AnyCommand]]
    group: str
    title: str = ""
    save: str = ""
    """What the button says, where the form's title would be odd on it."""
    at_kiap: bool = False
    """Whether it is in the console alone."""
    sure: str = ""
    """What is ticked first on a page that is opened by link: a program that presses the button alone does nothing."""

    @property
    def button(self) -> str:
        return self.save or (self.label if len(self.commands) == 1 else "Gem")

    @property
    def label(self) -> str:
        return self.title or FOR_PEOPLE[self.commands[0]].LABEL

    def possible(self, here: OrderPageView) -> list[str]:
        """The commands that this holder can give now, by name."""
        open_now = {each.type for each in self.probe(here) if may(here, each)}
        return [name for name in self.commands if name in open_now]

    def fields(self, command: str, here: OrderPageView) -> tuple[FormField, ...]:
        """What the form asks for a command, as things stand."""
        asked = (each for each in fields_of(REQUESTS[command]) if _is_asked(each, here))
        return tuple(_with_fitting_options(each, here) for each in asked)


CHANGES = frozenset(
    {
        "move_meeting",
        "change_meeting",
        "change_programme",
        "ask_own_questions",
        "move_follow_up",
        "readdress_member",
        "read_free_texts",
    }
)
"""Commands that say how something is to be from now on: their probes say it as it is, and come to nothing."""


def may(here: OrderPageView, command: AnyCommand) -> bool:
    """Whether this holder could give the command now: asked of the domain itself, so that no rule stands twice.

    Any other command that comes to nothing is done already, and is not offered once more.
    """
    try:
        events = decide_for(here.order, command, here.by, here.now)
    except Rejected:
        return False
    return bool(events) or command.type in CHANGES


def _is_asked(field: FormField, here: OrderPageView) -> bool:
    if field.path[0] in ("follow_up", "follow_up_opens"):
        return here.order.follow_up.status is FollowUpStatus.UNDECIDED
    return field.kind is not Kind.ATTENDANCE or bool(here.order.active_members)


def _with_fitting_options(field: FormField, here: OrderPageView) -> FormField:
    """Only those the package surveys can join, and only what waits can be put off."""
    match field.path:
        case ("role",):
            return replace(field, options={role: field.options[role] for role in here.package.surveyed})
        case ("questions",):
            return replace(field, options=_scales(here))
        case ("follow_up_wanted",) | ("follow_up",) if here.order.evidence == "register":
            return replace(field, label=field.label.replace("et nyt spørgeskema", "nye tal fra registret"))
        case ("task",):
            return replace(field, options={task.kind: field.options[task.kind] for task in tasks_of(here.order)})
        case _:
            return field


def _scales(here: OrderPageView) -> dict[str, str]:
    """Scales to answer on, told by their ends."""
    return {
        name: f"{scale.options[0].label} – {scale.options[-1].label}"
        for name, scale in scales_to_choose(here.package).items()
    }


# --- the pages ------------------------------------------------------------------------------------------------------

PAGES: tuple[FormPage, ...] = (
    FormPage("referat", ("record_meeting",), probes.record, "moede", save="Gem og send til medlemmerne"),
    FormPage(
        "opfoelgning",
        ("agree_follow_up", "move_follow_up", "start_follow_up", "decline_follow_up"),
        probes.follow_up,
        "opfoelgning",
        title="Tag stilling til opfølgning",
    ),
    FormPage(
        "send-resultat",
        ("share_comparison",),
        lambda _here: [do.ShareComparison()],
        "opfoelgning",
        save="Send resultatet",
        sure="Ja, medlemmerne skal have resultatet",
    ),
    FormPage("aftale", ("agree_plan",), probes.plan, "moede", save="Gem aftalen"),
    FormPage(
        "egne-ord",
        ("read_free_texts",),
        probes.read_texts,
        "materiale",
        save="Jeg har læst det hele",
        sure="Ja, resten må komme med i materialet",
    ),
    FormPage(
        "gennemsyn",
        ("release_deck", "hold_deck", "remake_deck"),
        probes.review,
        "materiale",
        title="Gennemgå præsentationen",
    ),
    FormPage("ret-praesentation", ("replace_deck",), probes.replace, "materiale", save="Læg den ind", at_kiap=True),
    FormPage("registertal", ("give_extract",), probes.extract, "materiale", save="Se udtrækket igennem", at_kiap=True),
    FormPage("behold-praesentation", ("keep_deck",), probes.keep, "materiale", save="Behold den", at_kiap=True),
    FormPage("lav-paa-ny", ("remake_deck",), probes.remake, "materiale", save="Lav den på ny", at_kiap=True),
    FormPage(
        "egne-spoergsmaal",
        ("ask_own_questions", "drop_own_questions"),
        probes.own_questions,
        "svar",
        title="Stil klyngens egne spørgsmål",
        save="Gem spørgsmålene",
    ),
    FormPage("forlaeng", ("extend_survey",), probes.extend, "svar"),
    FormPage("paamindelse", ("send_reminder",), lambda _here: [do.SendReminder()], "svar"),
    FormPage("luk", ("close_survey",), probes.close, "svar"),
    FormPage(
        "uden-resultater",
        ("go_on_without_results",),
        lambda _here: [do.GoOnWithoutResults()],
        "svar",
        sure="Ja, klyngen går videre uden egne tal",
    ),
    FormPage("flyt", ("move_meeting",), probes.move, "moede"),
    FormPage("rammer", ("change_meeting",), lambda _here: [do.ChangeMeeting()], "moede", save="Gem rettelserne"),
    FormPage(
        "ret-program",
        ("change_programme", "restore_programme"),
        probes.programme,
        "moede",
        title="Ret mødets program",
        save="Gem programmet",
    ),
    FormPage("nyt-medlem", ("add_member",), probes.people, "klynge"),
    FormPage("ret-medlem", ("readdress_member",), probes.people, "klynge", save="Gem rettelsen"),
    FormPage("fjern-medlem", ("remove_member",), probes.people, "klynge", sure="Ja, medlemmet skal af listen"),
    FormPage("koordinator", ("replace_coordinator",), probes.people, "klynge"),
    FormPage("nyt-link", ("renew_link",), probes.people, "klynge", save="Send et nyt link"),
    FormPage("luk-link", ("revoke_link",), probes.people, "klynge", save="Luk linket"),
    FormPage("konsulent", ("assign_consultant",), probes.people, "klynge"),
    FormPage(
        "uden-referat",
        ("leave_meeting_unrecorded",),
        probes.record,
        "moede",
        sure="Ja, bestillingen går videre uden referat",
    ),
    FormPage("opkald", ("note_call",), probes.call, KIAPS_OWN, save="Gem opkaldet"),
    FormPage("note", ("add_note",), probes.note, KIAPS_OWN, save="Gem noten"),
    FormPage("udsaet", ("postpone_task", "resume_task"), probes.put_off, KIAPS_OWN, title="Udsæt en opgave"),
    FormPage("aflys", ("cancel_order",), lambda _here: [do.CancelOrder()], "bestilling"),
)

GROUPS: dict[str, str] = {
    "moede": "Mødet",
    "svar": "Undersøgelsen",
    "materiale": "Materialet",
    "opfoelgning": "Opfølgningen",
    "klynge": "Klyngen",
    KIAPS_OWN: "Kun hos KiAP",
    "bestilling": "Bestillingen",
}
"""What the groups of pages are called on the order page, in their order."""


def page_called(slug: str) -> FormPage | None:
    """The page of this address."""
    return next((each for each in PAGES if each.slug == slug), None)


def possible(here: OrderPageView) -> list[FormPage]:
    """What this holder can do now."""
    return [each for each in PAGES if is_for(here, each) and each.possible(here)]


def is_for(here: OrderPageView, page: FormPage) -> bool:
    """Whether this holder has the form at all. KiAP's own work has its forms in the console alone."""
    if (page.group == KIAPS_OWN or page.at_kiap or _of_an_extract(here, page)) and not here.in_console:
        return False
    return any(here.by.role in FOR_PEOPLE[name].BY for name in page.commands)


def _of_an_extract(here: OrderPageView, page: FormPage) -> bool:
    """Whether to go on without results is to go on without the extract that KiAP is to get, which is KiAP's to say."""
    return here.order.evidence == "register" and page.slug == "uden-resultater"


def done_line(command: str) -> str:
    """What is said once a command is given, by its name; nothing for what is no command of people's."""
    return FOR_PEOPLE[command].DONE if command in FOR_PEOPLE else ""


def grouped(pages: Sequence[FormPage]) -> Iterator[tuple[str, list[FormPage]]]:
    """The pages under their headings."""
    for group, heading in GROUPS.items():
        if those := [page for page in pages if page.group == group]:
            yield heading, those


def first_values(here: OrderPageView) -> Values:
    """What stands in the forms before anybody writes."""
    order, meeting = here.order, here.order.meeting
    starts = meeting.starts if meeting else None
    day = starts.date().isoformat() if starts else ""
    time = f"{starts:%H:%M}" if starts else "17:00"
    minutes = str(meeting.minutes if meeting else here.package.programme_minutes)
    opens = order.follow_up.opens.isoformat() if order.follow_up.opens else ""
    survey = order.open_survey
    frame = {
        "format": meeting.format.value if meeting else "fysisk",
        "facilitator": meeting.facilitator.value if meeting else "koordinator",
        "minutes": minutes,
    }
    return {
        "meeting-starts-dato": day,
        "meeting-starts-tid": time,
        "to-dato": day,
        "to-tid": time,
        "place_text": here.place,
        "ring_name_text": here.ring.name if here.ring else "",
        "ring_phone_text": here.ring.phone if here.ring else "",
        "follow_up_wanted": "ja" if order.follow_up.wanted else "nej",
        "opens": opens,
        "round": survey.round.value if survey else "",
        "consultant": order.consultant or "",
        **_programme(here),
        **in_form(order.own_questions, here.own_questions, "questions"),
        **frame,
        **{f"meeting-{name}": value for name, value in frame.items()},
    }


def _programme(here: OrderPageView) -> Values:
    """The parts of the meeting's programme as they stand, with the inputs that they stand in."""
    return {
        f"parts-{number}-{what}": str(value)
        for number, part in enumerate(here.parts, start=1)
        for what, value in (("minutes", part.minutes), ("title", part.title), ("text", part.text))
    }


def follow_up_window(order: Order) -> tuple[dt.date, dt.date] | None:
    """The first and last day the follow-up can open on."""
    if order.meeting is None:
        return None
    allowed = window(order)
    return allowed.opens, allowed.closes


def possible_extension(here: OrderPageView) -> tuple[dt.date, dt.date] | None:
    """The first and last day the round under way can be extended to."""
    survey = here.order.round_under_way
    return extension_window(here.order, survey, here.now) if survey is not None and survey.opened else None


URGENT: Mapping[str, tuple[str, ...]] = {
    "assign_consultant": ("konsulent",),
    "record_the_meeting": ("referat",),
    "get_the_record": ("referat",),
    "decide_follow_up": ("opfoelgning",),
    "share_comparison": ("send-resultat",),
    "hold_the_call": ("aftale",),
    "get_extract": ("registertal",),
    "decide_too_few": ("forlaeng", "uden-resultater"),
    "read_free_texts": ("egne-ord",),
    "look_at_deck": ("gennemsyn",),
    "release_deck": ("gennemsyn",),
    "correct_deck": ("ret-praesentation",),
    "look_at_programme": ("ret-program",),
}
"""The form that does what a task waits for; another where the time for that one is over."""


def urgent(here: OrderPageView, can: list[FormPage]) -> FormPage | None:
    """The one thing that waits for this holder, if any. Too few answers wait for the coordinator as well."""
    kinds = set(here.waited_for)
    survey = here.order.round_under_way
    if survey is not None and survey.awaits_decision:
        kinds.add("decide_too_few")
    wanted = {slug for kind in kinds for slug in URGENT.get(kind, ())}
    if any(each.slug == "egne-ord" for each in can) and survey and not survey.free_texts_read:
        wanted = {"egne-ord"}
    return next((each for each in can if each.slug in wanted), None)


def due_of(here: OrderPageView, page: FormPage) -> dt.datetime | None:
    """By when we are waiting for the task that a form does, whatever KiAP has put off on its own list."""
    dues = [task.promised for task in tasks_of(here.order) if page.slug in URGENT.get(task.kind, ())]
    return min(dues, default=None)


def undecided(here: OrderPageView, urgent_page: FormPage | None) -> Survey | None:
    """The round that too few answered, where that is what waits."""
    survey = here.order.round_under_way
    waits = urgent_page is not None and urgent_page.slug in URGENT["decide_too_few"]
    return survey if waits and survey is not None and survey.awaits_decision else None


def attendance_of(values: Mapping[str, Any], named: Sequence[str], order: Order) -> dict[str, Any]:
    """The record with a line for each member, where somebody ticked names."""
    if not named:
        return dict(values)
    lines = [{"member": person, "attended": person in named} for person in order.active_members]
    return {**values, "attendance": lines}

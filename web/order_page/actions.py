"""What a holder can do from the order page: when it is possible, what its form holds, the command it becomes."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from domain import commands as do
from domain.agenda import tasks_of
from domain.commands import Command, authorise
from domain.decisions import decide
from domain.decisions.follow_up import window
from domain.meeting import Facilitator, Format
from domain.model import Actor, Rejected
from domain.order import FollowUpStatus, Order, Survey
from storage.result_repository import FreeText
from web.api import command_requests as ask
from web.api.command_requests import AnyAsked
from web.order_page.form_reading import FormReader
from web.order_page.view import OrderPageView

LONGEST_IDEAS = 5_000
LONGEST_PLACE = 500

Values = dict[str, str]


@dataclass(frozen=True)
class Action:
    """One form. `read` gives what is asked, or None with problems in the reader.

    `points_at` says which field a refusal of the domain is about, by its code.
    """

    slug: str
    label: str
    done: str
    possible: Callable[[OrderPageView], bool]
    values: Callable[[OrderPageView], Values]
    read: Callable[[FormReader, OrderPageView], AnyAsked | None]
    points_at: Mapping[str, str] = field(default_factory=dict)
    needs_members: bool = False
    needs_free_texts: bool = False
    staff_only: bool = False

    def is_for(self, actor: Actor) -> bool:
        """Whether this capacity has the form at all."""
        return not (self.staff_only and actor is Actor.COORDINATOR)


def may(here: OrderPageView, command: Command) -> bool:
    """Whether this holder could give the command now: asked of the domain itself, so that no rule stands twice."""
    try:
        authorise(command, here.actor)
        decide(here.order, command, here.now)
    except Rejected:
        return False
    return True


def _nothing(_here: OrderPageView) -> Values:
    return {}


# --- the plan and the meeting ---------------------------------------------------------------------------------------


def _may_plan(here: OrderPageView) -> bool:
    started = here.order.baseline is not None and here.order.baseline.opened
    return not here.order.ended and not started


def _meeting_values(here: OrderPageView) -> Values:
    meeting = here.order.meeting
    return {
        "dato": meeting.starts.date().isoformat() if meeting else "",
        "tid": f"{meeting.starts:%H:%M}" if meeting else "17:00",
        "minutter": str(meeting.minutes if meeting else here.package.programme_minutes),
        "form": (meeting.format if meeting else Format.IN_PERSON).value,
        "leder": (meeting.facilitator if meeting else Facilitator.COORDINATOR).value,
        "sted": here.place,
        "opfoelgning": "ja" if here.order.follow_up.wanted else "nej",
    }


def _read_plan(form: FormReader, _here: OrderPageView) -> AnyAsked | None:
    starts = _moment(form)
    minutes = form.number("minutter", 30, 480)
    shape, leader = _form_and_leader(form)
    place = form.line("sted", LONGEST_PLACE)
    wanted = form.choice("opfoelgning", ("ja", "nej"))
    if form.problems or starts is None or minutes is None or shape is None or leader is None:
        return None
    meeting = ask.PlannedMeeting(starts=starts, minutes=minutes, format=shape, facilitator=leader)
    return ask.AgreePlan(type="agree_plan", meeting=meeting, place_text=place, follow_up_wanted=wanted == "ja")


def _moment(form: FormReader) -> dt.datetime | None:
    day, time = form.date("dato"), form.time("tid")
    return dt.datetime.combine(day, time) if day and time else None


def _form_and_leader(form: FormReader) -> tuple[Format | None, Facilitator | None]:
    shape = form.choice("form", [each.value for each in Format])
    leader = form.choice("leder", [each.value for each in Facilitator])
    return Format(shape) if shape else None, Facilitator(leader) if leader else None


def _may_move(here: OrderPageView) -> bool:
    meeting = here.order.meeting
    return meeting is not None and may(here, do.MoveMeeting(to=meeting.starts))


def _read_move(form: FormReader, _here: OrderPageView) -> AnyAsked | None:
    starts = _moment(form)
    return do.MoveMeeting(to=starts) if starts else None


def _read_change(form: FormReader, _here: OrderPageView) -> AnyAsked | None:
    minutes = form.number("minutter", 30, 480)
    shape, leader = _form_and_leader(form)
    place = form.line("sted", LONGEST_PLACE)
    if form.problems:
        return None
    return ask.ChangeMeeting(type="change_meeting", minutes=minutes, format=shape, facilitator=leader, place_text=place)


# --- the survey -----------------------------------------------------------------------------------------------------


def current_survey(order: Order) -> Survey | None:
    """The round that is under way: the second once it has opened, else the first."""
    return order.second if order.second and order.second.opened else order.baseline


def _may_extend(here: OrderPageView) -> bool:
    survey = current_survey(here.order)
    return not here.order.ended and survey is not None and (survey.is_open or survey.awaits_decision)


def _read_extend(form: FormReader, _here: OrderPageView) -> AnyAsked | None:
    closes = form.date("lukker")
    return do.ExtendSurvey(closes=closes) if closes else None


# --- the deck, for KiAP's own ---------------------------------------------------------------------------------------


def _may_review(here: OrderPageView) -> bool:
    return may(here, do.HoldDeck()) or may(here, do.ReleaseDeck())


def _read_review(form: FormReader, _here: OrderPageView) -> AnyAsked | None:
    what = form.choice("valg", ("hold", "frigiv", "lav_om"))
    reason = form.text("grund", LONGEST_IDEAS)
    if form.problems:
        return None
    if what == "hold":
        return ask.HoldDeck(type="hold_deck", reason_text=reason)
    return do.ReleaseDeck() if what == "frigiv" else do.RemakeDeck()


def _may_read_texts(here: OrderPageView) -> bool:
    survey = current_survey(here.order)
    return not here.order.ended and survey is not None and survey.in_review and survey.free_texts_found > 0


def _read_texts(form: FormReader, _here: OrderPageView) -> AnyAsked | None:
    return ask.ReadFreeTexts(type="read_free_texts", strike=tuple(form.all_given("stryg")))


def struck_values(texts: list[FreeText]) -> frozenset[str]:
    """The texts that are struck already."""
    return frozenset(text.id for text in texts if text.struck)


# --- the meeting's record and the follow-up -------------------------------------------------------------------------


def _may_record(here: OrderPageView) -> bool:
    return may(here, do.RecordMeeting(attended=0, absent=0))


def follow_up_open(order: Order) -> bool:
    """Whether nothing is settled on the follow-up yet."""
    return order.follow_up.status is FollowUpStatus.UNDECIDED


def _record_values(_here: OrderPageView) -> Values:
    return {"antal": "", "ideer": "", "opfoelgning": "", "opfoelgning_dato": ""}


def _read_record(form: FormReader, here: OrderPageView) -> AnyAsked | None:
    members = len(here.order.active_members)
    named = form.all_given("med")
    attended = len(named) if named and not form.given("antal").strip() else form.number("antal", 0, members)
    if named and attended is not None and attended != len(named):
        form.refuse("antal", f"Du har skrevet {attended}, men sat flueben ved {len(named)}. Ret det ene.")
    ideas = form.text("ideer", LONGEST_IDEAS)
    agreed = form.choice("opfoelgning", ("agreed", "later", "declined")) if follow_up_open(here.order) else "later"
    opens = form.date("opfoelgning_dato") if agreed == "agreed" else None
    if form.problems or attended is None or agreed is None:
        return None
    attendance = (
        tuple(ask.Attended(member=member, attended=member in named) for member in here.order.active_members)
        if named
        else ()
    )
    return ask.RecordMeeting.model_validate(
        {
            "type": "record_meeting",
            "attended": attended,
            "absent": members - attended,
            "attendance": attendance,
            "ideas_text": ideas,
            "follow_up": agreed,
            "follow_up_opens": opens,
        }
    )


def _may_follow_up(here: OrderPageView) -> bool:
    order = here.order
    if order.follow_up.status not in (FollowUpStatus.UNDECIDED, FollowUpStatus.AGREED):
        return False
    held = order.meeting is not None and here.now >= order.meeting.ends_at
    return held and may(here, do.DeclineFollowUp())


def _follow_up_values(here: OrderPageView) -> Values:
    opens = here.order.follow_up.opens
    return {"valg": "", "dato": opens.isoformat() if opens else ""}


def follow_up_choices(here: OrderPageView) -> dict[str, str]:
    """What can be chosen now, with its label."""
    agreed = here.order.follow_up.status is FollowUpStatus.AGREED
    choices = {"dato": "Flyt opfølgningen til en anden dato" if agreed else "Aftal en dato for opfølgningen"}
    if may(here, do.StartFollowUp()):
        choices["nu"] = "Sæt opfølgningen i gang nu"
    choices["nej"] = "Nej tak, klyngen vil ikke følge op"
    return choices


def _read_follow_up(form: FormReader, here: OrderPageView) -> AnyAsked | None:
    chosen = form.choice("valg", follow_up_choices(here))
    if chosen == "nu":
        return do.StartFollowUp()
    if chosen == "nej":
        return do.DeclineFollowUp()
    opens = form.date("dato") if chosen == "dato" else None
    if opens is None:
        return None
    agreed = here.order.follow_up.status is FollowUpStatus.AGREED
    return do.MoveFollowUp(opens=opens) if agreed else do.AgreeFollowUp(opens=opens)


def follow_up_window(order: Order) -> tuple[dt.date, dt.date] | None:
    """The first and last day the follow-up can open on."""
    if order.meeting is None:
        return None
    allowed = window(order)
    return allowed.opens, allowed.closes


# --- the end --------------------------------------------------------------------------------------------------------

REASONS = {
    "cluster_withdrew": "Klyngen har ombestemt sig",
    "ordered_by_mistake": "Den er bestilt ved en fejl",
    "other": "Andet",
}


def _read_cancel(form: FormReader, _here: OrderPageView) -> AnyAsked | None:
    reason = form.choice("grund", REASONS)
    return do.CancelOrder.model_validate({"reason": reason}) if reason else None


FIELDS = {
    "antal": "Hvor mange var med",
    "dato": "Dato",
    "tid": "Klokkeslæt",
    "minutter": "Længde",
    "form": "Form",
    "leder": "Mødeleder",
    "sted": "Sted",
    "ideer": "Idéer",
    "opfoelgning": "Opfølgning",
    "opfoelgning_dato": "Opfølgningens dato",
    "valg": "Valg",
    "grund": "Grund",
    "lukker": "Sidste dag",
}
"""What the fields are called in a summary of what is wrong."""

_DATE_REFUSALS = dict.fromkeys(("meeting_too_early", "meeting_in_the_past", "outside_follow_up_window"), "dato")

ACTIONS: tuple[Action, ...] = (
    Action(
        "referat",
        "Skriv, hvordan mødet gik",
        "Tak. Mødet er noteret, og medlemmerne får idéer og hjemmeopgave på mail.",
        _may_record,
        _record_values,
        _read_record,
        {
            "outside_follow_up_window": "opfoelgning_dato",
            "follow_up_date_missing": "opfoelgning_dato",
            "more_than_members": "antal",
        },
        needs_members=True,
    ),
    Action(
        "opfoelgning",
        "Tag stilling til opfølgning",
        "Det er noteret.",
        _may_follow_up,
        _follow_up_values,
        _read_follow_up,
        _DATE_REFUSALS,
    ),
    Action(
        "aftale",
        "Skriv aftalen fra opkaldet",
        "Aftalen er gemt, og koordinatoren får den på mail.",
        _may_plan,
        _meeting_values,
        _read_plan,
        _DATE_REFUSALS,
        staff_only=True,
    ),
    Action(
        "egne-ord",
        "Læs, hvad lægerne har skrevet med egne ord",
        "Tak. Præsentationen laves på ny med det, du lod stå.",
        _may_read_texts,
        _nothing,
        _read_texts,
        needs_free_texts=True,
        staff_only=True,
    ),
    Action(
        "gennemsyn",
        "Gennemgå præsentationen",
        "Det er noteret.",
        _may_review,
        _nothing,
        _read_review,
        staff_only=True,
    ),
    Action(
        "forlaeng",
        "Giv mere tid til at svare",
        "Svarfristen er rykket, og de, der mangler, får besked.",
        _may_extend,
        _nothing,
        _read_extend,
        {"extension_too_short": "lukker", "extension_too_long": "lukker"},
    ),
    Action(
        "uden-resultater",
        "Gå videre uden resultater",
        "I går videre uden resultater.",
        lambda here: may(here, do.GoOnWithoutResults()),
        _nothing,
        lambda _form, _here: do.GoOnWithoutResults(),
    ),
    Action(
        "flyt",
        "Flyt mødet",
        "Mødet er flyttet. Du får den nye aftale på mail.",
        _may_move,
        _meeting_values,
        _read_move,
        _DATE_REFUSALS,
    ),
    Action(
        "rammer",
        "Ret mødets længde, form eller sted",
        "Mødet er rettet.",
        lambda here: may(here, do.ChangeMeeting()),
        _meeting_values,
        _read_change,
    ),
    Action(
        "aflys",
        "Aflys bestillingen",
        "Bestillingen er aflyst. Ingen får flere mails om den.",
        lambda here: may(here, do.CancelOrder()),
        _nothing,
        _read_cancel,
    ),
)


def action(slug: str) -> Action | None:
    return next((each for each in ACTIONS if each.slug == slug), None)


def possible(here: OrderPageView) -> list[Action]:
    """What this holder can do now."""
    return [each for each in ACTIONS if each.is_for(here.actor) and each.possible(here)]


URGENT = {
    "record_the_meeting": "referat",
    "get_the_record": "referat",
    "decide_follow_up": "opfoelgning",
    "hold_the_call": "aftale",
    "decide_too_few": "forlaeng",
    "look_at_deck": "gennemsyn",
    "release_deck": "gennemsyn",
}
"""The form that does what a task waits for."""


def urgent(here: OrderPageView, can: list[Action]) -> Action | None:
    """The one thing that waits for this holder, if any. Too few answers wait for the coordinator as well."""
    kinds = set(here.waited_for)
    survey = current_survey(here.order)
    if survey is not None and survey.awaits_decision:
        kinds.add("decide_too_few")
    wanted = {URGENT[kind] for kind in kinds if kind in URGENT}
    if any(each.slug == "egne-ord" for each in can) and survey and not survey.free_texts_read:
        wanted = {"egne-ord"}
    return next((each for each in can if each.slug in wanted), None)


def due_of(here: OrderPageView, action: Action) -> dt.datetime | None:
    """By when the task that a form does is waited for."""
    dues = [task.due for task in tasks_of(here.order) if URGENT.get(task.kind) == action.slug]
    return min(dues, default=None)

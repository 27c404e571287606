"""A need in words: what it is, against which deadline, whom to ring, and the one thing to press first."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from domain import danish
from domain.meeting import danish as in_denmark
from domain.model import TextId
from domain.needs import REASONS, Reason, Remedy
from domain.stages import Owner
from domain.words import turnout_line
from storage import texts
from storage.need_facts import AddressFacts, CallFacts, FollowUpFacts, MailFacts, MeetingFacts, RoundFacts, TroubleFacts
from storage.needs import Need
from storage.staff import StaffRole
from web.console.order.found import order_address
from web.console.principal import Principal
from web.console.router import CONSOLE

FORMS: dict[Remedy, tuple[str, str]] = {
    Remedy.ASSIGN_CONSULTANT: ("konsulent", "Vælg konsulent"),
    Remedy.AGREE_PLAN: ("aftale", "Aftal mødet"),
    Remedy.GIVE_EXTRACT: ("registertal", "Giv tallene"),
    Remedy.EXTEND_SURVEY: ("forlaeng", "Giv mere tid"),
    Remedy.READ_FREE_TEXTS: ("egne-ord", "Læs egne ord"),
    Remedy.LOOK_AT_DECK: ("gennemsyn", "Se præsentationen"),
    Remedy.RELEASE_DECK: ("gennemsyn", "Frigiv"),
    Remedy.REPLACE_DECK: ("ret-praesentation", "Ret præsentationen"),
    Remedy.CHANGE_PROGRAMME: ("ret-program", "Se programmet efter"),
    Remedy.RECORD_MEETING: ("referat", "Skriv referatet"),
    Remedy.AGREE_FOLLOW_UP: ("opfoelgning", "Aftal opfølgning"),
    Remedy.SHARE_COMPARISON: ("send-resultat", "Send resultatet"),
    Remedy.CORRECT_ADDRESS: ("ret-medlem", "Ret adressen"),
}
"""The order's form that is the remedy, and what the button says."""


HELD_BY: dict[Owner, str] = {
    "coordinator": "koordinatoren",
    "consultant": "en konsulent, der ikke er valgt endnu",
    "operations": "KiAP",
}


@dataclass(frozen=True)
class Refused:
    """A form in a row that was not taken: what was written and what is wrong, each beside its field."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RowShown:
    """A need in words. `act` is the primary action's address and label; `call` what is known of a call to be made."""

    need: Need
    tag: str
    about: str
    when: str
    is_late: bool
    put_off: str
    act: tuple[str, str]
    call: CallFacts | None
    told_last: str
    held_why: str
    may_take: bool
    owner: str
    refused: Refused | None


def row_shown(connection: Connection, me: Principal, need: Need, now: dt.datetime, refused: Refused | None) -> RowShown:
    """One row, as this colleague sees it."""
    call = need.facts if isinstance(need.facts, CallFacts) else None
    held = need.facts.held_why if isinstance(need.facts, RoundFacts) else None
    return RowShown(
        need=need,
        tag=REASONS[need.reason],
        about=_about(need),
        when=_when(need, now),
        is_late=need.is_overdue(now),
        put_off=f"Udsat til {danish.long_date(need.postponed_until)}" if need.postponed_until else "",
        act=_act(need),
        call=call,
        told_last=_words(connection, call.note if call else None),
        held_why=_words(connection, held),
        may_take=me.role is StaffRole.CONSULTANT and _could_be_taken(need, me),
        owner=f"Hos {need.owner}" if need.owner else f"Hos {HELD_BY[need.owner_role]}",
        refused=refused if refused and refused.key == need.key else None,
    )


def _could_be_taken(need: Need, me: Principal) -> bool:
    """Whether it is a task of an order that this colleague does not have."""
    return need.task is not None and need.order is not None and need.order.consultant != me.id


def _words(connection: Connection, text: TextId | None) -> str:
    return texts.words_of(connection, text) if text else ""


def _about(need: Need) -> str:
    """What the row tells beside its line."""
    match need.facts:
        case AddressFacts(name=name, email=email):
            return f"{name} <{email}>"
        case RoundFacts(answers=answers, invited=invited, evidence=evidence):
            return turnout_line(answers, invited, evidence)
        case MeetingFacts(day=day, whom=whom, phone=phone):
            return f"Mødet var {danish.long_date(day)}. {_to_ask(whom, phone)}"
        case FollowUpFacts(closes=closes, whom=whom, phone=phone):
            return f"Kan begynde til og med {danish.long_date(closes)}. {_to_ask(whom, phone)}"
        case _:
            return ""


def _to_ask(whom: str, phone: str) -> str:
    return f"Spørg {whom}{f', tlf. {phone}' if phone else ''}."


def _when(need: Need, now: dt.datetime) -> str:
    """Its age against its deadline."""
    today = in_denmark(now).date()
    if need.due is None:
        days = (today - in_denmark(need.since).date()).days
        return f"Siden {danish.count(days, 'dag', 'dage')}" if days else "Siden i dag"
    left = (in_denmark(need.due).date() - today).days
    if need.is_overdue(now):
        return f"{danish.count(-left, 'dag', 'dage')} over tiden" if left else "Over tiden i dag"
    return f"Inden {danish.long_date(in_denmark(need.due).date())}" if left else "I dag"


def _act(need: Need) -> tuple[str, str]:
    """The primary action's address and label. A form that is not open any more leads on to its order."""
    if isinstance(need.facts, MailFacts):
        return f"{CONSOLE}/mails/{need.facts.mail}", "Se mailen"
    if need.reason is Reason.WEBHOOK_STOPPED and isinstance(need.facts, TroubleFacts):
        return f"{CONSOLE}/modtagere/{need.facts.step}", "Se modtageren"
    if need.order is None:
        return f"{CONSOLE}/drift", "Se driften"
    address = order_address(need.order.id)
    if isinstance(need.facts, AddressFacts) and need.facts.is_coordinator:
        return f"{address}/koordinator", "Ret koordinatoren"
    if need.remedy not in FORMS:
        return address, "Se forløbet"
    slug, label = FORMS[need.remedy]
    about = f"?medlem={need.facts.person}" if isinstance(need.facts, AddressFacts) else ""
    return f"{address}/{slug}{about}", label

"""Whose turn it is, in plain words: who does what next and when, as the coordinator is told it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from domain.coming import next_to_members
from domain.danish import long_date, sentence
from domain.meeting import danish
from domain.order import Order
from domain.task_kinds import TaskKind
from domain.tasks import Task, tasks_of

KIAPS = {
    TaskKind.ASSIGN_CONSULTANT: "Finder en konsulent til jer",
    TaskKind.GET_EXTRACT: "Henter klyngens tal fra registret",
    TaskKind.DECIDE_TOO_FEW: "Finder sammen med dig ud af, hvad der skal ske, når så få har svaret",
    TaskKind.READ_FREE_TEXTS: "Læser, hvad lægerne har skrevet med egne ord",
    TaskKind.LOOK_AT_DECK: "Ser præsentationen igennem",
    TaskKind.CORRECT_DECK: "Retter præsentationen, så den passer til mødet",
    TaskKind.LOOK_AT_PROGRAMME: "Ser programmet efter, så det passer til mødet",
    TaskKind.RELEASE_DECK: "Gør præsentationen færdig og sender den til dig",
    TaskKind.GET_THE_RECORD: "Ringer til dig for at høre, hvordan mødet gik",
}
NOTHING_NOW = "Hører ikke fra os lige nu."
THEY = "Medlemmerne "
"""What a line about them begins with, which stands above it already."""


@dataclass(frozen=True)
class Turn:
    """Somebody, and what is theirs to do or to hear next."""

    who: str
    does: tuple[str, ...]


def turns(order: Order, now: dt.datetime, consultant: str) -> tuple[Turn, ...]:
    """KiAP and the members, each with what comes next; nothing once the order has ended.

    What waits for the coordinator, and the call that is promised them, stand above on their page.
    """
    if order.ended:
        return ()
    kiaps = tuple(_kiaps(tasks_of(order), now))
    members = next_to_members(order, now)
    return (
        *((Turn(f"{consultant}, KiAP" if consultant else "KiAP", kiaps),) if kiaps else ()),
        Turn("Medlemmerne", (f"{sentence(str(members).removeprefix(THEY))}." if members else NOTHING_NOW,)),
    )


def _kiaps(tasks: list[Task], now: dt.datetime) -> Iterator[str]:
    """What KiAP has put off on its own list is no later for that: it is told as it was promised."""
    for task in tasks:
        if task.kind not in KIAPS:
            continue
        if danish(now).date() <= danish(task.promised).date():
            yield f"{KIAPS[task.kind]}, senest {long_date(task.promised)}."
        else:
            yield f"{KIAPS[task.kind]}. Det skulle være sket {long_date(task.promised)}. Ring gerne."

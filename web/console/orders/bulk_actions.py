"""What can be done to many orders at once: what it asks, the command it gives each, and what that would lead to."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.calendar import mail_time, working_day_from
from domain.commands import AnyCommand, AssignConsultant, ExtendSurvey, SendReminder
from domain.danish import clock, count, long_date
from domain.decisions import decide_for
from domain.meeting import danish
from domain.model import Rejected, StaffId
from domain.order import Order
from web.console.principal import Principal
from web.forms.reader import FormReader
from web.requests.base import CommandRequest
from web.requests.catalogue import REQUESTS

ASSIGN, EXTEND, REMIND = "assign_consultant", "extend_survey", "send_reminder"
MOST_DAYS = 30
ACTIONS: dict[str, str] = {
    ASSIGN: "Giv dem en konsulent",
    EXTEND: "Giv mere tid til at svare",
    REMIND: "Send en ekstra påmindelse til dem, der ikke har svaret",
}
"""By command, with what it is called."""


@dataclass(frozen=True)
class Asked:
    """An action with what was chosen for it."""

    action: str
    facts: Mapping[str, str]

    def said(self, consultants: Mapping[StaffId, str]) -> str:
        """It in words: "Giv dem Karen Lund som konsulent"."""
        if self.action == ASSIGN:
            name = consultants.get(StaffId(self.facts["consultant"]), "en, der ikke er konsulent mere,")
            return f"Giv dem {name} som konsulent"
        if self.action == REMIND:
            return ACTIONS[REMIND]
        return f"Giv {count(int(self.facts['days']), 'dag', 'dage')} mere til at svare"

    def request(self, order: Order) -> CommandRequest | None:
        """The order's own command; None where it has nothing that the action could change."""
        if self.action == ASSIGN:
            return REQUESTS[ASSIGN].model_validate({"type": ASSIGN, "consultant": self.facts["consultant"]})
        if self.action == REMIND:
            return REQUESTS[REMIND].model_validate({"type": REMIND})
        closes = _later(order, int(self.facts["days"]))
        return REQUESTS[EXTEND].model_validate({"type": EXTEND, "closes": closes}) if closes else None

    def outlook(self, order: Order, me: Principal, now: dt.datetime) -> tuple[str, bool]:
        """What would happen to the order, or why nothing would; and whether it is worth trying."""
        closes = _later(order, int(self.facts["days"])) if self.action == EXTEND else None
        command: AnyCommand
        if closes is not None:
            command, coming = ExtendSurvey(closes=closes), f"Svarfristen bliver {long_date(closes)}."
        elif self.action == ASSIGN:
            command = AssignConsultant(consultant=StaffId(self.facts["consultant"]))
            coming = "Får en ny konsulent." if order.consultant else "Får en konsulent."
        elif self.action == REMIND:
            leaves = danish(mail_time(now, order.policies))
            command, coming = SendReminder(), f"Påmindelsen går ud {long_date(leaves)} {clock(leaves)}."
        else:
            return NOT_OPEN, False
        try:
            changes = bool(decide_for(order, command, me.by, now))
        except Rejected as rejected:
            return rejected.message, False
        return (coming, True) if changes else (SO_ALREADY, False)


SO_ALREADY = "Det er sådan allerede."
NOT_OPEN = "Spørgeskemaet er ikke åbent."


def asked(reader: FormReader, consultants: Sequence[tuple[StaffId, str]]) -> Asked | None:
    """What was chosen, or None with problems in the reader."""
    action = reader.choice("handling", ACTIONS)
    if action == ASSIGN:
        chosen = reader.given("konsulent")
        if chosen not in {staff_id for staff_id, _ in consultants}:
            reader.refuse("konsulent", "Vælg en konsulent.")
            return None
        return Asked(ASSIGN, {"consultant": chosen})
    if action == EXTEND:
        days = reader.number("dage", 1, MOST_DAYS)
        return Asked(EXTEND, {"days": str(days)}) if days else None
    return Asked(REMIND, {}) if action == REMIND else None


def _later(order: Order, days: int) -> dt.date | None:
    """So many days after the last one, or the working day after that; None where no round has been opened."""
    survey = order.round_under_way
    if survey is None or not survey.opened:
        return None
    return working_day_from(survey.closes + dt.timedelta(days=days))

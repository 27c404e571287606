"""KiAP's promises and rules as numbers: package data, changeable for one order at the call.

Both models read plainly whatever an order was once placed with. What may be agreed today is asked at the door, of
`problems_of`: a bound that is made tighter later never makes an old order unreadable.
"""

from typing import Literal

from pydantic import Field

from domain.model import Frozen


class Policies(Frozen):
    """Defaults are KiAP's own (see `docs/domain-rules.md`). Days are working days unless the name says otherwise."""

    call_within: int = Field(5, description="the consultant calls within this many days of the order")
    call_lapses_after_days: int = Field(90, description="calendar days without a call before the order lapses")
    survey_open_days: int = Field(14, description="calendar days from opening to closing")
    reminders_after: tuple[int, ...] = Field((5, 9), description="days after opening")
    remind_on_last_day: bool = True
    review_days: int = Field(2, description="the consultant's window before the deck goes by itself")
    deck_before_meeting: int = Field(5, description="days between the delivered deck and the meeting")
    programme_before_meeting: int = Field(5, description="days before the meeting the members get the programme")
    record_asked_after: tuple[int, ...] = Field((0, 3, 10), description="days after the morning after the meeting")
    record_given_up_after: int = Field(20, description="days before the order goes on without a record")
    follow_up_notice_days: int = Field(28, description="calendar days of notice before the follow-up opens")
    follow_up_asked_every_months: int = 1
    mail_hours: Literal["working_hours", "any_time"] = "working_hours"
    erase_after_days: int = Field(90, description="calendar days after the end before addresses are erased")


BOUNDS: dict[str, tuple[int, int]] = {
    "call_within": (1, 60),
    "call_lapses_after_days": (1, 730),
    "survey_open_days": (3, 60),
    "reminders_after": (0, 250),
    "review_days": (0, 30),
    "deck_before_meeting": (0, 60),
    "programme_before_meeting": (0, 60),
    "record_asked_after": (0, 250),
    "record_given_up_after": (1, 250),
    "follow_up_notice_days": (0, 365),
    "follow_up_asked_every_months": (1, 12),
    "erase_after_days": (1, 3650),
}
"""The least and most of each number that may be agreed, so that a slip of the finger makes no order wait for ever."""

AT_LEAST_ONE = ("record_asked_after",)
"""Lists that may not be empty."""


class Disclosure(Frozen):
    """What may be shown of few answers. Frozen for an order when its first invitation leaves."""

    at_least: int = Field(5, description="answers before a round or an item has a result")
    percentages_from: int = Field(10, description="answers before percentages, extremes and single dots")
    free_text_from: int = Field(10, description="answers to the round before free text is shown")
    second_deck_differs_by_at_least: int = Field(5, description="answers a second tabulation must differ by")


FLOORS = Disclosure()
"""KiAP's promise to the doctors: a package may be stricter, never weaker."""


def problems_of(rules: Policies | Disclosure) -> dict[str, str]:
    """What is out of bounds, in English by field; empty where the rules may be agreed."""
    return _of_policies(rules) if isinstance(rules, Policies) else _of_disclosure(rules)


def _of_policies(policies: Policies) -> dict[str, str]:
    problems: dict[str, str] = {}
    for name, (least, most) in BOUNDS.items():
        value = getattr(policies, name)
        days = value if isinstance(value, tuple) else (value,)
        if not all(least <= day <= most for day in days):
            problems[name] = f"must be from {least} to {most}"
        elif list(days) != sorted(set(days)):
            problems[name] = "must be days in rising order, each once"
        elif not days and name in AT_LEAST_ONE:
            problems[name] = "must have at least one day"
    return problems


def _of_disclosure(disclosure: Disclosure) -> dict[str, str]:
    problems = {
        name: f"can't be below {floor}: that is what doctors are promised"
        for name, floor in FLOORS.model_dump().items()
        if getattr(disclosure, name) < floor
    }
    for name in ("percentages_from", "free_text_from"):
        if getattr(disclosure, name) < disclosure.at_least:
            problems.setdefault(name, "can't be below at_least")
    return problems

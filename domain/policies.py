"""KiAP's promises and rules as numbers: package data, changeable for one order at the call."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from domain.model import Frozen

Days = Annotated[int, Field(ge=0, le=250)]


class Policies(Frozen):
    """Defaults are KiAP's own (see `docs/domain-rules.md`). Days are working days unless the name says otherwise.

    Every number has an upper bound, so that no order can be made to wait for ever by a slip of the finger.
    """

    call_within: int = Field(5, ge=1, le=60, description="the consultant calls within this many days of the order")
    call_lapses_after_days: int = Field(
        90, ge=1, le=730, description="calendar days without a call before the order lapses"
    )
    survey_open_days: int = Field(14, ge=3, le=60, description="calendar days from opening to closing")
    reminders_after: tuple[Days, ...] = Field((5, 9), description="days after opening")
    remind_on_last_day: bool = True
    review_days: int = Field(2, ge=0, le=30, description="the consultant's window before the deck goes by itself")
    deck_before_meeting: int = Field(5, ge=0, le=60, description="days between the delivered deck and the meeting")
    programme_before_meeting: int = Field(
        5, ge=0, le=60, description="days before the meeting the members get the programme"
    )
    record_asked_after: tuple[Days, ...] = Field(
        (0, 3, 10), min_length=1, description="days after the morning after the meeting"
    )
    record_given_up_after: int = Field(20, ge=1, le=250, description="days before the order goes on without a record")
    follow_up_notice_days: int = Field(
        28, ge=0, le=365, description="calendar days of notice before the follow-up opens"
    )
    follow_up_asked_every_months: int = Field(1, ge=1, le=12)
    mail_hours: Literal["working_hours", "any_time"] = "working_hours"
    erase_after_days: int = Field(90, ge=1, description="calendar days after the end before addresses are erased")

    @field_validator("reminders_after", "record_asked_after")
    @classmethod
    def _one_after_the_other(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if list(days) != sorted(set(days)):
            msg = "must be days in rising order, each once"
            raise ValueError(msg)
        return days


class Disclosure(Frozen):
    """What may be shown of few answers. Frozen for an order when its first invitation leaves.

    A package may be stricter than KiAP's promise to the doctors, never weaker: the defaults are also the floors.
    """

    at_least: int = Field(5, ge=5, description="answers before a round or an item has a result")
    percentages_from: int = Field(10, ge=10, description="answers before percentages, extremes and single dots")
    free_text_from: int = Field(10, ge=10, description="answers to the round before free text is shown")
    second_deck_differs_by_at_least: int = Field(5, ge=5, description="answers a second tabulation must differ by")

    @model_validator(mode="after")
    def _grows(self) -> Self:
        if not self.at_least <= min(self.percentages_from, self.free_text_from):
            msg = "percentages_from and free_text_from can't be below at_least"
            raise ValueError(msg)
        return self

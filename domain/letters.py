"""The occasions on which somebody gets a mail: who, how soon, and the key that makes each unique."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from domain.model import Round

To = Literal["coordinator", "consultant", "operations", "members", "not_answered"]


class Occasion(StrEnum):
    """One kind of mail. The value names its folder in `mail/messages/`."""

    ORDER_RECEIVED = "order_received"
    CALL_OVERDUE = "call_overdue"
    PLAN_AGREED = "plan_agreed"
    INVITATION = "invitation"
    REMINDER = "reminder"
    SURVEY_EXTENDED = "survey_extended"
    TOO_FEW_ANSWERS = "too_few_answers"
    DECK_REVIEW = "deck_review"
    DECK_DELIVERED = "deck_delivered"
    PROGRAMME = "programme"
    MEETING_MOVED = "meeting_moved"
    MEETING_REMINDER = "meeting_reminder"
    RECORD_REQUEST = "record_request"
    AFTER_MEETING = "after_meeting"
    FOLLOW_UP_QUESTION = "follow_up_question"
    FOLLOW_UP_NOTICE = "follow_up_notice"
    COMPARISON_DELIVERED = "comparison_delivered"


@dataclass(frozen=True)
class Manner:
    """To whom an occasion's mail goes. `at_once` answers somebody's own action and does not wait for office hours."""

    to: To
    at_once: bool = False


MANNERS: dict[Occasion, Manner] = {
    Occasion.ORDER_RECEIVED: Manner("coordinator", at_once=True),
    Occasion.CALL_OVERDUE: Manner("operations"),
    Occasion.PLAN_AGREED: Manner("coordinator", at_once=True),
    Occasion.INVITATION: Manner("members"),
    Occasion.REMINDER: Manner("not_answered"),
    Occasion.SURVEY_EXTENDED: Manner("not_answered"),
    Occasion.TOO_FEW_ANSWERS: Manner("consultant"),
    Occasion.DECK_REVIEW: Manner("consultant"),
    Occasion.DECK_DELIVERED: Manner("coordinator"),
    Occasion.PROGRAMME: Manner("members"),
    Occasion.MEETING_MOVED: Manner("members"),
    Occasion.MEETING_REMINDER: Manner("members"),
    Occasion.RECORD_REQUEST: Manner("coordinator"),
    Occasion.AFTER_MEETING: Manner("members"),
    Occasion.FOLLOW_UP_QUESTION: Manner("coordinator"),
    Occasion.FOLLOW_UP_NOTICE: Manner("coordinator"),
    Occasion.COMPARISON_DELIVERED: Manner("coordinator"),
}


@dataclass(frozen=True)
class Letter:
    """One occasion of one order: `reminder/baseline/2`, `meeting_reminder//1`, `order_received//`."""

    occasion: Occasion
    round: Round | None = None
    number: str = ""

    @property
    def key(self) -> str:
        return f"{self.occasion}/{self.round or ''}/{self.number}"

    @property
    def manner(self) -> Manner:
        return MANNERS[self.occasion]

    @classmethod
    def parse(cls, key: str) -> "Letter":
        """The letter with this key. Raises ValueError."""
        occasion, round_, number = key.split("/")
        if not all(character in "0123456789.-" for character in number):
            msg = f"no letter has the number {number!r}"
            raise ValueError(msg)
        return cls(Occasion(occasion), Round(round_) if round_ else None, number)

"""The letters of an order: on which occasions somebody gets mail, and the key that makes each unique."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from domain.model import Round

To = Literal["coordinator", "consultant", "operations", "members", "not_answered", "holder"]


class Occasion(StrEnum):
    """One kind of mail. The value names its folder in `mail/messages/`; `domain/mailings/` says all about it."""

    ORDER_RECEIVED = "order_received"
    ORDER_ASSIGNED = "order_assigned"
    COORDINATOR_WELCOME = "coordinator_welcome"
    CALL_OVERDUE = "call_overdue"
    PLAN_AGREED = "plan_agreed"
    INVITATION = "invitation"
    REMINDER = "reminder"
    SURVEY_EXTENDED = "survey_extended"
    TOO_FEW_ANSWERS = "too_few_answers"
    DECK_REVIEW = "deck_review"
    DECK_DELIVERED = "deck_delivered"
    DECK_CORRECTED = "deck_corrected"
    PROGRAMME = "programme"
    RESULTS = "results"
    MEETING_MOVED = "meeting_moved"
    MEETING_REMINDER = "meeting_reminder"
    RECORD_REQUEST = "record_request"
    AFTER_MEETING = "after_meeting"
    FOLLOW_UP_QUESTION = "follow_up_question"
    FOLLOW_UP_NOTICE = "follow_up_notice"
    COMPARISON_DELIVERED = "comparison_delivered"
    COMPARISON = "comparison"
    ORDER_CANCELLED = "order_cancelled"
    MEETING_CANCELLED = "meeting_cancelled"
    NEW_LINK = "new_link"


@dataclass(frozen=True, slots=True)
class Letter:
    """One occasion of one order: `reminder/baseline/2026-03-13`, `meeting_reminder//2026-03-25`, `order_received//`."""

    occasion: Occasion
    round: Round | None = None
    number: str = ""

    @property
    def key(self) -> str:
        return f"{self.occasion}/{self.round or ''}/{self.number}"

    @classmethod
    def parse(cls, key: str) -> "Letter":
        """The letter with this key. Raises ValueError."""
        occasion, round_, number = key.split("/")
        if not all(character in "0123456789.-" for character in number):
            msg = f"no letter has the number {number!r}"
            raise ValueError(msg)
        return cls(Occasion(occasion), Round(round_) if round_ else None, number)


class WhyNot(StrEnum):
    """Why a letter, or one recipient's mail of it, is not sent."""

    ORDER_ENDED = "order_ended"
    OVERTAKEN = "overtaken"
    TOO_LATE = "too_late"
    TOLD_TODAY = "told_today"
    NEWS_WAITS = "news_waits"
    NOTHING_TO_ANSWER = "nothing_to_answer"
    LEFT = "left"
    OPTED_OUT = "opted_out"
    BOUNCED = "bounced"


REASONS: dict[WhyNot, str] = {
    WhyNot.ORDER_ENDED: "bestillingen er slut",
    WhyNot.OVERTAKEN: "det, der står i den, gælder ikke mere, eller et nyere brev siger det",
    WhyNot.TOO_LATE: "det, den handler om, er forbi",
    WhyNot.TOLD_TODAY: "alle har fået et andet brev om det samme den dag: højst én mail om dagen",
    WhyNot.NEWS_WAITS: "invitationen eller beskeden om ny frist er på vej til modtageren, og den siger det samme",
    WhyNot.NOTHING_TO_ANSWER: "spørgeskemaet venter ikke på svar fra dette link",
    WhyNot.LEFT: "modtageren er ikke på bestillingens liste, eller har fået en ny adresse",
    WhyNot.OPTED_OUT: "modtageren har sagt nej tak til mails",
    WhyNot.BOUNCED: "adressen tager ikke imod mails: ret den",
}
"""In words, for `klyngeflow mails why`."""


@dataclass(frozen=True, slots=True)
class Due:
    """A letter with the instant it is due. `settle`: what waits of it is not worth sending, which is to be noted."""

    at: dt.datetime
    letter: Letter
    settle: bool = False

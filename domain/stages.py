"""The stages of an order, as the screens and Temporal show them."""

from enum import StrEnum
from typing import Literal


class Stage(StrEnum):
    ORDERED = "ordered"
    PLANNED = "planned"
    SURVEY_OPEN = "survey_open"
    TOO_FEW_ANSWERS = "too_few_answers"
    ANALYSING = "analysing"
    IN_REVIEW = "in_review"
    READY = "ready"
    AWAITING_RECORD = "awaiting_record"
    QUIET = "quiet"
    FOLLOW_UP_OPEN = "follow_up_open"
    FOLLOW_UP_TOO_FEW = "follow_up_too_few"
    FOLLOW_UP_ANALYSING = "follow_up_analysing"
    FOLLOW_UP_IN_REVIEW = "follow_up_in_review"
    FOLLOW_UP_DELIVERED = "follow_up_delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


DANISH: dict[Stage, str] = {
    Stage.ORDERED: "Bestilt – afventer opkald",
    Stage.PLANNED: "Aftalt – undersøgelsen er ikke begyndt",
    Stage.SURVEY_OPEN: "Undersøgelsen er i gang",
    Stage.TOO_FEW_ANSWERS: "For få svar – afventer beslutning",
    Stage.ANALYSING: "Opgørelsen laves",
    Stage.IN_REVIEW: "Præsentation til gennemsyn hos konsulenten",
    Stage.READY: "Klar til mødet",
    Stage.AWAITING_RECORD: "Afventer referat af mødet",
    Stage.QUIET: "Klyngen arbejder videre",
    Stage.FOLLOW_UP_OPEN: "Opfølgning: undersøgelsen er i gang",
    Stage.FOLLOW_UP_TOO_FEW: "Opfølgning: for få svar – afventer beslutning",
    Stage.FOLLOW_UP_ANALYSING: "Opfølgning: opgørelsen laves",
    Stage.FOLLOW_UP_IN_REVIEW: "Opfølgning: præsentation til gennemsyn",
    Stage.FOLLOW_UP_DELIVERED: "Opfølgning: før og efter er leveret",
    Stage.COMPLETED: "Afsluttet",
    Stage.CANCELLED: "Aflyst",
}
"""True of a round by questionnaire and of one by a register's extract, since lists of orders know no more than the
stage."""

ENDED = frozenset({Stage.COMPLETED, Stage.CANCELLED})

Owner = Literal["coordinator", "consultant", "operations"]
"""Whom we are waiting for."""

OWNERS: dict[Owner, str] = {"coordinator": "koordinator", "consultant": "konsulent", "operations": "KiAP"}

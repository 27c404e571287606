"""Why something needs a person, in codes and Danish, and what the person mainly does about it."""

from enum import StrEnum

from domain import danish
from domain.task_kinds import TaskKind


class Reason(StrEnum):
    """One of these is why a row stands on the list of what needs a person. The codes are stable."""

    CONSULTANT_MISSING = "consultant_missing"
    CALL_OVERDUE = "call_overdue"
    CALL_DUE = "call_due"
    EXTRACT_AWAITED = "extract_awaited"
    TOO_FEW_ANSWERS = "too_few_answers"
    FREE_TEXTS_UNREAD = "free_texts_unread"
    DECK_UNSEEN = "deck_unseen"
    DECK_HELD = "deck_held"
    DECK_OUTDATED = "deck_outdated"
    PROGRAMME_OUTGROWN = "programme_outgrown"
    RECORD_AWAITED = "record_awaited"
    RECORD_MISSING = "record_missing"
    FOLLOW_UP_UNANSWERED = "follow_up_unanswered"
    COMPARISON_UNSENT = "comparison_unsent"
    WRONG_ADDRESS = "wrong_address"
    MAIL_UNKNOWN = "mail_unknown"
    MAIL_FAILED = "mail_failed"
    STEP_FAILS = "step_fails"
    ORDER_STANDS_STILL = "order_stands_still"
    LOG_CUT_SHORT = "log_cut_short"
    READ_MODEL_BEHIND = "read_model_behind"
    WEBHOOK_STOPPED = "webhook_stopped"


REASONS: dict[Reason, str] = {
    Reason.CONSULTANT_MISSING: "Mangler konsulent",
    Reason.CALL_OVERDUE: "Opkald over tid",
    Reason.CALL_DUE: "Opkald",
    Reason.EXTRACT_AWAITED: "Tal fra registret mangler",
    Reason.TOO_FEW_ANSWERS: "For få svar",
    Reason.FREE_TEXTS_UNREAD: "Egne ord skal læses",
    Reason.DECK_UNSEEN: "Præsentation til gennemsyn",
    Reason.DECK_HELD: "Præsentation holdt tilbage",
    Reason.DECK_OUTDATED: "Præsentation passer ikke til mødet",
    Reason.PROGRAMME_OUTGROWN: "Rettet program skal ses efter",
    Reason.RECORD_AWAITED: "Referat fra koordinatoren",
    Reason.RECORD_MISSING: "Referat mangler",
    Reason.FOLLOW_UP_UNANSWERED: "Opfølgning ikke besvaret",
    Reason.COMPARISON_UNSENT: "Medlemmer mangler resultatet",
    Reason.WRONG_ADDRESS: "Mailadresse virker ikke",
    Reason.MAIL_UNKNOWN: "Uvist, om mail nåede frem",
    Reason.MAIL_FAILED: "Mail kom ikke af sted",
    Reason.STEP_FAILS: "Skridt fejler",
    Reason.ORDER_STANDS_STILL: "Forløb står stille",
    Reason.LOG_CUT_SHORT: "Log for kort",
    Reason.READ_MODEL_BEHIND: "Overblik bagud",
    Reason.WEBHOOK_STOPPED: "Modtager får ikke hændelser",
}
"""Short, for headings and filters."""

OF_TASKS: dict[TaskKind, Reason] = {
    TaskKind.ASSIGN_CONSULTANT: Reason.CONSULTANT_MISSING,
    TaskKind.HOLD_THE_CALL: Reason.CALL_DUE,
    TaskKind.GET_EXTRACT: Reason.EXTRACT_AWAITED,
    TaskKind.DECIDE_TOO_FEW: Reason.TOO_FEW_ANSWERS,
    TaskKind.READ_FREE_TEXTS: Reason.FREE_TEXTS_UNREAD,
    TaskKind.LOOK_AT_DECK: Reason.DECK_UNSEEN,
    TaskKind.RELEASE_DECK: Reason.DECK_HELD,
    TaskKind.CORRECT_DECK: Reason.DECK_OUTDATED,
    TaskKind.LOOK_AT_PROGRAMME: Reason.PROGRAMME_OUTGROWN,
    TaskKind.RECORD_THE_MEETING: Reason.RECORD_AWAITED,
    TaskKind.GET_THE_RECORD: Reason.RECORD_MISSING,
    TaskKind.DECIDE_FOLLOW_UP: Reason.FOLLOW_UP_UNANSWERED,
    TaskKind.SHARE_COMPARISON: Reason.COMPARISON_UNSENT,
}
"""A call past its day is `CALL_OVERDUE`."""


class Remedy(StrEnum):
    """What a person does about it: a command by its name, or a page to open or something to run."""

    ASSIGN_CONSULTANT = "assign_consultant"
    AGREE_PLAN = "agree_plan"
    NOTE_CALL = "note_call"
    GIVE_EXTRACT = "give_extract"
    EXTEND_SURVEY = "extend_survey"
    GO_ON_WITHOUT_RESULTS = "go_on_without_results"
    READ_FREE_TEXTS = "read_free_texts"
    LOOK_AT_DECK = "look_at_deck"
    RELEASE_DECK = "release_deck"
    REMAKE_DECK = "remake_deck"
    REPLACE_DECK = "replace_deck"
    CHANGE_PROGRAMME = "change_programme"
    RECORD_MEETING = "record_meeting"
    LEAVE_MEETING_UNRECORDED = "leave_meeting_unrecorded"
    AGREE_FOLLOW_UP = "agree_follow_up"
    DECLINE_FOLLOW_UP = "decline_follow_up"
    SHARE_COMPARISON = "share_comparison"
    CORRECT_ADDRESS = "correct_address"
    SETTLE_MAIL = "settle_mail"
    TRY_MAIL_AGAIN = "try_mail_again"
    OPEN_ORDER = "open_order"
    RUN_RECOVER = "run_recover"
    RUN_REBUILD = "run_rebuild"
    RESUME_WEBHOOK = "resume_webhook"


REMEDIES: dict[Reason, tuple[Remedy, ...]] = {
    Reason.CONSULTANT_MISSING: (Remedy.ASSIGN_CONSULTANT,),
    Reason.CALL_OVERDUE: (Remedy.AGREE_PLAN, Remedy.NOTE_CALL),
    Reason.CALL_DUE: (Remedy.AGREE_PLAN, Remedy.NOTE_CALL),
    Reason.EXTRACT_AWAITED: (Remedy.GIVE_EXTRACT, Remedy.GO_ON_WITHOUT_RESULTS),
    Reason.TOO_FEW_ANSWERS: (Remedy.EXTEND_SURVEY, Remedy.GO_ON_WITHOUT_RESULTS),
    Reason.FREE_TEXTS_UNREAD: (Remedy.READ_FREE_TEXTS,),
    Reason.DECK_UNSEEN: (Remedy.LOOK_AT_DECK,),
    Reason.DECK_HELD: (Remedy.RELEASE_DECK, Remedy.REMAKE_DECK),
    Reason.DECK_OUTDATED: (Remedy.REPLACE_DECK, Remedy.REMAKE_DECK),
    Reason.PROGRAMME_OUTGROWN: (Remedy.CHANGE_PROGRAMME,),
    Reason.RECORD_AWAITED: (Remedy.RECORD_MEETING,),
    Reason.RECORD_MISSING: (Remedy.RECORD_MEETING, Remedy.LEAVE_MEETING_UNRECORDED),
    Reason.FOLLOW_UP_UNANSWERED: (Remedy.AGREE_FOLLOW_UP, Remedy.DECLINE_FOLLOW_UP),
    Reason.COMPARISON_UNSENT: (Remedy.SHARE_COMPARISON,),
    Reason.WRONG_ADDRESS: (Remedy.CORRECT_ADDRESS,),
    Reason.MAIL_UNKNOWN: (Remedy.SETTLE_MAIL,),
    Reason.MAIL_FAILED: (Remedy.TRY_MAIL_AGAIN,),
    Reason.STEP_FAILS: (Remedy.OPEN_ORDER,),
    Reason.ORDER_STANDS_STILL: (Remedy.OPEN_ORDER,),
    Reason.LOG_CUT_SHORT: (Remedy.RUN_RECOVER,),
    Reason.READ_MODEL_BEHIND: (Remedy.RUN_REBUILD,),
    Reason.WEBHOOK_STOPPED: (Remedy.RESUME_WEBHOOK,),
}
"""The primary one first, then what else is close at hand."""


def address_line(*, is_coordinator: bool) -> str:
    """Whose address refuses mail."""
    whose = "koordinatorens" if is_coordinator else "et medlems"
    return f"Ret {whose} mailadresse: den afviser vores mail"


def mail_line(reason: Reason, what: str, how_many: int) -> str:
    """How many mails of a letter are in trouble, and how."""
    mails = danish.count(how_many, "mail", "mails")
    if reason is Reason.MAIL_UNKNOWN:
        return f"Find ud af, om {mails} nåede frem: ”{what}”"
    return f"{mails} kom ikke af sted: ”{what}”"

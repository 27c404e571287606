"""Decisions on the deck: made, held, read, made again, released, withheld; and the ballots' end."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.calendar import add_working_days, mail_time, morning, review_until
from domain.decisions.rules import current_round, decides, meeting_ahead, planned_round
from domain.meeting import danish
from domain.model import Rejected, Round
from domain.order import Order, Survey

HELD_FOLLOW_UP_DAYS = 20
"""Working days a follow-up's deck may be held, having no meeting that ends the wait."""


@decides(do.RecordDeck)
def _(order: Order, command: do.RecordDeck, now: dt.datetime) -> list[ev.Event]:
    survey = planned_round(order, command.round)
    if survey.over:
        raise _delivered(survey)
    if not survey.tabulated:
        raise Rejected("results_not_ready", "Opgørelsen er ikke lavet endnu.")
    if command.version <= survey.deck_version:
        return []
    until = survey.review_until or review_until(
        mail_time(now, order.policies), order.policies, meeting_ahead(order, command.round)
    )
    return [
        ev.DeckMade(
            at=now, round=command.round, version=command.version, documents=command.documents, review_until=until
        )
    ]


def _delivered(survey: Survey) -> Rejected:
    if survey.withheld:
        return Rejected("deck_withheld", "Præsentationen blev ikke frigivet i tide.")
    return Rejected("deck_delivered", "Præsentationen er allerede leveret.")


def in_review(order: Order) -> Survey:
    """The round whose deck is being looked at; Rejected where there is none."""
    survey = current_round(order)
    if survey.delivered:
        raise _delivered(survey)
    if not survey.in_review:
        raise Rejected("no_deck_yet", "Der er ikke nogen præsentation at se på endnu.")
    return survey


@decides(do.HoldDeck)
def _(order: Order, command: do.HoldDeck, now: dt.datetime) -> list[ev.Event]:
    survey = in_review(order)
    return [] if survey.held else [ev.DeckHeld(at=now, round=survey.round, reason=command.reason)]


@decides(do.ReadFreeTexts)
def _(order: Order, command: do.ReadFreeTexts, now: dt.datetime) -> list[ev.Event]:
    survey = in_review(order)
    if command.kept + command.struck != survey.free_texts_found:
        message = f"Der er {survey.free_texts_found} fritekstsvar at læse."
        raise Rejected("free_texts_do_not_add_up", message, texts=survey.free_texts_found)
    as_before = command.kept == survey.free_texts and frozenset(command.struck_texts) == survey.struck_texts
    if survey.free_texts_found == 0 or (survey.free_texts_read and as_before):
        return []
    return [
        ev.FreeTextsRead(
            at=now,
            round=survey.round,
            kept=command.kept,
            struck=command.struck,
            struck_texts=tuple(sorted(command.struck_texts)),
        )
    ]


@decides(do.RemakeDeck)
def _(order: Order, _command: do.RemakeDeck, now: dt.datetime) -> list[ev.Event]:
    survey = in_review(order)
    return [] if survey.remake else [ev.DeckRemakeAsked(at=now, round=survey.round)]


@decides(do.ReleaseDeck)
def _(order: Order, command: do.ReleaseDeck, now: dt.datetime) -> list[ev.Event]:
    survey = current_round(order)
    if survey.released_at:
        return []
    if may_yet_be_released(order, survey) and not command.automatic:
        return [ev.DeckReleased(at=now, round=survey.round, automatic=False)]
    survey = in_review(order)
    if survey.remake:
        raise Rejected("deck_being_made", "Præsentationen laves på ny. Prøv igen om et øjeblik.")
    if command.automatic and (survey.held or survey.review_until is None or now < survey.review_until):
        raise Rejected("review_not_over", "Konsulentens frist er ikke udløbet.")
    return [ev.DeckReleased(at=now, round=survey.round, automatic=command.automatic)]


def may_yet_be_released(order: Order, survey: Survey) -> bool:
    """A deck withheld as the meeting began can still be of use: the meeting goes on for hours, or is moved."""
    return survey.withheld and survey.released_at is None and not order.meeting_settled


def withheld_at(order: Order, survey: Survey) -> dt.datetime | None:
    """When a deck still held will not come any more: as the meeting begins, or some weeks on for a follow-up."""
    if survey.round is Round.BASELINE and order.meeting:
        return order.meeting.starts_at
    if survey.review_until is None:
        return None
    return morning(add_working_days(danish(survey.review_until).date(), HELD_FOLLOW_UP_DAYS))


@decides(do.WithholdDeck)
def _(order: Order, _command: do.WithholdDeck, now: dt.datetime) -> list[ev.Event]:
    survey = current_round(order)
    if survey.delivered:
        return []
    limit = withheld_at(order, in_review(order))
    if not survey.held or limit is None or now < limit:
        raise Rejected("deck_may_still_come", "Præsentationen kan stadig nå at blive frigivet.")
    return [ev.DeckWithheld(at=now, round=survey.round)]


@decides(do.RecordDestruction, after_the_end=True)
def _(order: Order, command: do.RecordDestruction, now: dt.datetime) -> list[ev.Event]:
    survey = planned_round(order, command.round)
    if not (survey.over or survey.without_results or order.ended):
        raise Rejected("ballots_still_needed", "Svarene skal bruges endnu.")
    return [] if survey.destroyed else [ev.BallotsDestroyed(at=now, round=command.round)]

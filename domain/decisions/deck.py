"""Decisions on the deck: made, held, read, made again, released, withheld; and the ballots' end."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.calendar import mail_time, review_until
from domain.decisions.rules import current_round, meeting_ahead, planned_round
from domain.limits import may_yet_be_released, withheld_at
from domain.model import Rejected, Round, TextId
from domain.order import Order, Survey


def record_deck(order: Order, command: do.RecordDeck, now: dt.datetime) -> list[ev.Event]:
    """A version of the deck stands. One made for a changed meeting may follow the delivery."""
    survey = planned_round(order, command.round)
    if command.version <= survey.deck_version:
        return []
    if survey.over and not (survey.released_at and survey.remake):
        raise _delivered(survey)
    if not survey.tabulated:
        raise Rejected("results_not_ready", "Opgørelsen er ikke lavet endnu.")
    until = survey.review_until or review_until(
        mail_time(now, order.policies), order.policies, meeting_ahead(order, command.round)
    )
    return [
        ev.DeckMade(
            at=now,
            round=command.round,
            version=command.version,
            documents=command.documents,
            review_until=until,
            why=survey.remake_for,
            own_deck_kept=survey.own_deck is not None and survey.own_deck in command.documents,
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


def hold_deck(order: Order, command: do.HoldDeck, now: dt.datetime) -> list[ev.Event]:
    """The deck stays with the consultant."""
    survey = in_review(order)
    return [] if survey.held else [ev.DeckHeld(at=now, round=survey.round, reason=command.reason)]


def read_free_texts(order: Order, command: do.ReadFreeTexts, now: dt.datetime) -> list[ev.Event]:
    """The consultant has read what was written, and says what is never shown."""
    survey = in_review(order)
    struck = frozenset(command.struck_texts)
    if len(struck) > survey.free_texts_found:
        message = f"Der er {survey.free_texts_found} fritekstsvar at læse."
        raise Rejected("free_texts_do_not_add_up", message, texts=survey.free_texts_found)
    as_before = struck == survey.struck_texts
    if survey.free_texts_found == 0 or (survey.free_texts_read and as_before):
        return []
    return [
        ev.FreeTextsRead(
            at=now,
            round=survey.round,
            kept=survey.free_texts_found - len(struck),
            struck=len(struck),
            struck_texts=tuple(TextId(text) for text in sorted(struck)),
        )
    ]


def replace_deck(order: Order, command: do.ReplaceDeck, now: dt.datetime) -> list[ev.Event]:
    """A person's corrected deck takes the place of the one that stands: before the delivery, and after it.

    What doctors wrote is read first, since the deck is made anew by what is struck.
    """
    survey = current_round(order)
    if command.document in survey.documents:
        return []
    if survey.released_at is None and not may_yet_be_released(order, survey):
        survey = in_review(order)
    _refuse_past_its_use(order, survey)
    if survey.remake:
        raise _being_made()
    if survey.released_at is None and survey.free_texts_found and not survey.free_texts_read:
        message = "Læs først, hvad lægerne har skrevet med egne ord. Præsentationen bliver lavet på ny af det."
        raise Rejected("free_texts_unread", message)
    return [
        ev.DeckReplaced(
            at=now, round=survey.round, version=survey.deck_version + 1, document=command.document, why=command.why
        )
    ]


def keep_deck(order: Order, _command: do.KeepDeck, now: dt.datetime) -> list[ev.Event]:
    """A delivered deck of a person's own fits the changed meeting. One in review is released instead."""
    survey = current_round(order)
    if survey.released_at is None or not survey.own_deck_outdated:
        return []
    _refuse_past_its_use(order, survey)
    return [ev.DeckKept(at=now, round=survey.round)]


def _refuse_past_its_use(order: Order, survey: Survey) -> None:
    """Raises Rejected where the meeting that a delivered deck was for is over."""
    if survey.released_at and survey.round is Round.BASELINE and order.meeting_settled:
        raise Rejected("meeting_over", "Mødet er holdt, så præsentationen bliver, som den var.")


def _being_made() -> Rejected:
    return Rejected("deck_being_made", "Præsentationen laves på ny. Prøv igen om et øjeblik.")


def remake_deck(order: Order, _command: do.RemakeDeck, now: dt.datetime) -> list[ev.Event]:
    """Somebody wants the deck made anew. A delivered one is, where a person's own is to give way to ours."""
    survey = current_round(order)
    if survey.released_at and survey.own_deck is not None:
        _refuse_past_its_use(order, survey)
    else:
        survey = in_review(order)
    if survey.remake and not survey.keeps_own_deck:
        return []
    return [ev.DeckRemakeAsked(at=now, round=survey.round)]


def release_deck(order: Order, command: do.ReleaseDeck, now: dt.datetime) -> list[ev.Event]:
    """The deck goes to the coordinator: by hand, or because the review is over."""
    survey = current_round(order)
    if survey.released_at:
        return []
    if may_yet_be_released(order, survey) and not command.automatic:
        return [ev.DeckReleased(at=now, round=survey.round, automatic=False)]
    survey = in_review(order)
    if survey.remake:
        raise _being_made()
    if command.automatic and (survey.held or survey.review_until is None or now < survey.review_until):
        raise Rejected("review_not_over", "Konsulentens frist er ikke udløbet.")
    return [ev.DeckReleased(at=now, round=survey.round, automatic=command.automatic)]


def withhold_deck(order: Order, _command: do.WithholdDeck, now: dt.datetime) -> list[ev.Event]:
    """A deck still held is not delivered any more."""
    survey = current_round(order)
    if survey.delivered:
        return []
    limit = withheld_at(order, in_review(order))
    if not survey.held or limit is None or now < limit:
        raise Rejected("deck_may_still_come", "Præsentationen kan stadig nå at blive frigivet.")
    return [ev.DeckWithheld(at=now, round=survey.round)]


def record_destruction(order: Order, command: do.RecordDestruction, now: dt.datetime) -> list[ev.Event]:
    """Key and ballots of a round are gone."""
    survey = planned_round(order, command.round)
    if not (survey.over or survey.without_results or order.ended):
        raise Rejected("ballots_still_needed", "Svarene skal bruges endnu.")
    if survey.destroyed:
        return []
    return [ev.BallotsDestroyed(at=now, round=command.round, texts_kept=texts_in_the_material(survey))]


def texts_in_the_material(survey: Survey) -> int:
    """How many free texts outlive the ballots: those that were read and kept, in material that was delivered."""
    return survey.free_texts if survey.released_at and survey.free_texts_read else 0

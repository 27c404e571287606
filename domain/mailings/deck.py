"""Letters about a round's material: to the consultant for review, to the coordinator, the results to the members."""

import datetime as dt

from domain import events as ev
from domain.events import Event
from domain.letters import Letter, Occasion, WhyNot
from domain.mailings.mailing import Mailing, overtaken_unless, survey_of
from domain.model import Round
from domain.order import Order


def _review(_order: Order, event: Event) -> Letter | None:
    if isinstance(event, ev.DeckMade) and event.version == 1:
        return Letter(Occasion.DECK_REVIEW, event.round)
    return None


def _review_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    survey = survey_of(order, letter)
    return overtaken_unless(survey is not None and survey.in_review, at)


def _delivered(_order: Order, event: Event) -> Letter | None:
    if isinstance(event, ev.DeckReleased) and event.round is Round.BASELINE:
        return Letter(Occasion.DECK_DELIVERED, event.round)
    return None


def _delivery_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    survey = survey_of(order, letter)
    return overtaken_unless(survey is not None and survey.released_at is not None and not order.meeting_settled, at)


def _corrected(order: Order, event: Event) -> Letter | None:
    """The coordinator has the material already, and it is another now: by a person's hand, or back to ours."""
    if not isinstance(event, ev.DeckReplaced | ev.DeckMade):
        return None
    survey = order.survey(event.round)
    if survey is None or survey.released_at is None:
        return None
    # a version that keeps the corrected one was made before ours was asked for: the next is ours
    if isinstance(event, ev.DeckMade) and ("asked" not in event.why or event.own_deck_kept):
        return None
    return Letter(Occasion.DECK_CORRECTED, event.round, number=str(event.version))


def _correction_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    survey = survey_of(order, letter)
    of_use = survey is not None and survey.released_at is not None
    if letter.round is Round.BASELINE:
        of_use = of_use and not order.meeting_settled
    later = (Letter.parse(key) for key in order.pending_letters)
    said_by_another = any(
        (each.occasion, each.round) == (letter.occasion, letter.round) and int(each.number) > int(letter.number)
        for each in later
    )
    return overtaken_unless(of_use and not said_by_another, at)


def _results(order: Order, event: Event) -> Letter | None:
    """The results follow a programme that went without them."""
    first = order.baseline
    if first is None or first.released_in is None or first.without_results:
        return None
    programme = Letter(Occasion.PROGRAMME)
    if isinstance(event, ev.DeckReleased) and event.round is Round.BASELINE:
        return Letter(Occasion.RESULTS) if order.has_gone(programme) else None
    overlooked = isinstance(event, ev.LettersSent) and event.key == programme.key and event.seen < first.released_in
    return Letter(Occasion.RESULTS) if overlooked and Letter(Occasion.RESULTS).key not in order.letters else None


def _results_doubts(order: Order, _letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    if order.meeting is None or order.baseline is None or order.baseline.released_at is None:
        return WhyNot.OVERTAKEN
    return overtaken_unless(not order.meeting_settled, at, order.meeting.starts_at)


def _comparison(_order: Order, event: Event) -> Letter | None:
    if isinstance(event, ev.DeckReleased) and event.round is Round.FOLLOW_UP:
        return Letter(Occasion.COMPARISON_DELIVERED, event.round)
    return None


def _comparison_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    survey = survey_of(order, letter)
    return overtaken_unless(survey is not None and survey.released_at is not None, at)


def _shared(_order: Order, event: Event) -> Letter | None:
    return Letter(Occasion.COMPARISON, Round.FOLLOW_UP) if isinstance(event, ev.ComparisonShared) else None


def _sharing_doubts(order: Order, _letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    return overtaken_unless(order.comparison_shared_at is not None, at)


MAILINGS: dict[Occasion, Mailing] = {
    Occasion.DECK_REVIEW: Mailing(
        to="consultant",
        past="Konsulenten fik præsentationen til gennemsyn",
        coming="Konsulenten får præsentationen til gennemsyn",
        called_for=_review,
        why_not=_review_doubts,
        housekeeping=True,
    ),
    Occasion.DECK_DELIVERED: Mailing(
        to="coordinator",
        past="Materialet sendt til koordinatoren",
        coming="Materialet sendes til koordinatoren",
        called_for=_delivered,
        why_not=_delivery_doubts,
        hurries=True,
        housekeeping=True,
    ),
    Occasion.DECK_CORRECTED: Mailing(
        to="coordinator",
        past="Koordinatoren fik besked om, at præsentationen er rettet",
        coming="Koordinatoren får besked om, at præsentationen er rettet",
        called_for=_corrected,
        why_not=_correction_doubts,
        hurries=True,
        housekeeping=True,
    ),
    Occasion.RESULTS: Mailing(
        to="members",
        past="Resultater",
        coming="Medlemmerne får resultaterne",
        called_for=_results,
        why_not=_results_doubts,
        hurries=True,
        on_a_day_of_its_own=True,
    ),
    Occasion.COMPARISON_DELIVERED: Mailing(
        to="coordinator",
        past="Før og efter sendt til koordinatoren",
        coming="Før og efter sendes til koordinatoren",
        called_for=_comparison,
        why_not=_comparison_doubts,
        housekeeping=True,
    ),
    Occasion.COMPARISON: Mailing(
        to="members",
        past="Resultatet af opfølgningen",
        coming="Medlemmerne får resultatet af opfølgningen",
        called_for=_shared,
        why_not=_sharing_doubts,
    ),
}

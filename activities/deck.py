"""The deck and the results document of a round, kept with the order.

PowerPoint's and Word's libraries are imported with the first deck a worker makes, so that it starts without them.
"""

import datetime as dt
from typing import Literal

from sqlalchemy import Connection
from temporalio import activity

from activities.dependencies import Dependencies
from activities.orders import CarriedOut, OrderActivities, TakeStep
from domain import commands as do
from domain.comparator import Elsewhere, elsewhere
from domain.help import help_for
from domain.meeting import danish
from domain.model import Round
from domain.national import national
from domain.order import Order, Survey
from domain.own_questions import is_own
from reporting.file_names import file_name
from reporting.given_deck import mark_of
from reporting.report_context import ReportContext
from storage import clusters, documents, people, result_repository, texts
from storage.agreements import agreed_at
from storage.first_round_figures import published_first_rounds
from storage.national_figures import published
from storage.programme import programme_of, ring_to

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


HEARTBEAT = dt.timedelta(seconds=30)
"""The making says within this that it is alive: before each part, which takes a few seconds."""


class DeckActivities:
    """Safe to repeat: a version that stands is given back."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies
        self._orders = OrderActivities(dependencies)

    @activity.defn
    def make_deck(self, ask: TakeStep) -> CarriedOut:
        """Make deck and document and keep them both, or neither; recorded are their ids."""
        from reporting.deck import make_deck
        from reporting.document import make_document

        order = self._orders.as_known(ask.order, ask.known)
        compared = self._elsewhere(order, ask)
        with self._deps.database.read() as connection:
            report = self._report_context(connection, order, ask, compared)
        activity.heartbeat("deck")
        deck = make_deck(report)
        activity.heartbeat("document")
        document = make_document(report)
        activity.heartbeat("keep")
        with self._deps.database.write() as connection:
            kept = [
                documents.put(connection, self._deps.keys, ask.order, ask.round, new, ask.now.astimezone(dt.UTC))
                for new in (
                    _new("deck", ask.version, report, documents.PPTX, deck),
                    _new("document", ask.version, report, DOCX, document),
                )
            ]
        survey, ids = order.survey(ask.round), (kept[0].id, kept[1].id)
        if survey is not None:  # where a person's own deck stays, ours is kept for whoever corrects it again
            ids = survey.next_documents(*ids)
        made = do.RecordDeck(round=ask.round, version=ask.version, documents=ids)
        return self._orders.record(ask, made)

    def _elsewhere(self, order: Order, ask: TakeStep) -> Elsewhere:
        """What the round is compared with: as published when its first deck is made, and the same in each after it."""
        with self._deps.database.write() as connection:
            kept = result_repository.kept_elsewhere(connection, order.id, ask.round)
            if kept is not None:
                return kept
            which = order.package, order.package_version
            rounds = [each.figures for each in published_first_rounds(connection, *which)]
            changes = national([each.figures for each in published(connection, *which)])
            found = elsewhere(rounds, changes, self._deps.package_of(connection, order))
            return result_repository.keep_elsewhere(connection, order.id, ask.round, found)

    def _report_context(
        self, connection: Connection, order: Order, ask: TakeStep, compared: Elsewhere
    ) -> ReportContext:
        stored = result_repository.stored(connection, order.id, ask.round)
        if stored is None:
            msg = f"order {order.id}: there are no results of {ask.round}"
            raise LookupError(msg)
        before = (
            result_repository.stored(connection, order.id, Round.BASELINE) if ask.round is Round.FOLLOW_UP else None
        )
        survey = order.survey(ask.round)
        said: list[result_repository.FreeText] = []
        if survey is not None and survey.free_texts_read:  # and only then, but for those the consultant has struck
            said = result_repository.free_texts(connection, order.id, ask.round, struck=survey.struck_texts)
        meeting = order.meeting if ask.round is Round.BASELINE else None
        package, cluster = self._deps.package_of(connection, order), clusters.cluster(connection, order.cluster)
        return ReportContext(
            package=package,
            parts=programme_of(connection, package, order) if meeting else None,
            ring=ring_to(connection, order) if meeting else None,
            results=stored.results,
            cluster=cluster.name,
            made_on=danish(ask.now).date(),
            baseline=before.results if before else None,
            free_texts=tuple(text.text for text in said if not is_own(text.item)),
            own_texts={
                item: tuple(text.text for text in said if text.item == item)
                for item in dict.fromkeys(text.item for text in said if is_own(text.item))
            },
            coordinator=people.person(connection, order.coordinator).name,
            meeting=meeting,
            place=texts.words_of(connection, meeting.place) if meeting else "",
            mark=mark_of(order.id, ask.round),
            help=help_for(package.help, cluster.region, danish(ask.now).date(), self._deps.crisis_corps),
            elsewhere=compared,
            logo=self._deps.logo,
            closed_on=_closed_on(survey),
            baseline_closed_on=_closed_on(order.survey(Round.BASELINE)) if before else None,
            met_on=order.meeting.day if before and order.meeting else None,
            agreed=agreed_at(connection, order) if before else (),
        )


def _closed_on(survey: Survey | None) -> dt.date | None:
    return danish(survey.counted_at).date() if survey is not None and survey.counted_at else None


def _new(
    kind: Literal["deck", "document"], version: int, report: ReportContext, media_type: str, content: bytes
) -> documents.NewDocument:
    return documents.NewDocument(kind, version, file_name(kind, report), media_type, content)

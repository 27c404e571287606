"""From ballots or a register's rows to results: shuffled, tabulated, passed through the disclosure gate and stored."""

import datetime as dt
import secrets
from typing import Any

from sqlalchemy import Connection
from temporalio import activity

from activities.dependencies import Dependencies
from activities.orders import CarriedOut, OrderActivities, TakeStep
from domain import commands as do
from domain.comparison import compare
from domain.disclosure import disclose, disclose_texts
from domain.model import Digest, PracticeId, Round
from domain.order import Order
from domain.package import Answers, Package
from domain.results import Results
from domain.tabulation import Tabulation, tabulate, tabulate_extract
from storage import ballot_box, register_rows, result_repository, survey_rounds
from storage.keys import Keys


class Analysis:
    """Safe to repeat until the ballots are destroyed, and then it gives what was stored."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies
        self._orders = OrderActivities(dependencies)

    def tabulate_round(self, ask: TakeStep) -> CarriedOut:
        """Tabulate a closed round. Only what the disclosure rules allow is stored; recorded are only two counts."""
        order = self._orders.as_known(ask.order, ask.known)
        now = activity.info().started_time.astimezone(dt.UTC)
        with self._deps.database.write() as connection:
            stored = result_repository.stored(connection, ask.order, ask.round)
            if stored is None or order.evidence == "register":  # a register's rows are there, and may be others by now
                self._tabulate(connection, order, ask.round, now)
                stored = result_repository.stored(connection, ask.order, ask.round)
            texts = result_repository.free_texts(connection, ask.order, ask.round)
            extract = _digest(connection, self._deps.keys, ask)
        if stored is None:
            msg = f"order {ask.order}: no results were stored for {ask.round}"
            raise LookupError(msg)
        results = do.RecordResults(round=ask.round, answers=stored.results.n, free_texts=len(texts), extract=extract)
        return self._orders.record(ask, results)

    def _tabulate(self, connection: Connection, order: Order, round_: Round, now: dt.datetime) -> None:
        package = self._deps.package_of(connection, order)
        if order.evidence == "register":
            tabulation = self._of_the_extract(connection, order, package, round_)
        else:
            tabulation = self._of_the_ballots(connection, order, package, round_)
        results = self._with_change(connection, order, package, disclose(tabulation, order.disclosure))
        texts = [(item, text) for item, said in disclose_texts(tabulation, order.disclosure).items() for text in said]
        result_repository.store(connection, order.id, results, texts, now)
        if order.evidence == "questionnaire":
            survey_rounds.mark_tabulated(connection, order.id, round_)

    def _of_the_ballots(self, connection: Connection, order: Order, package: Package, round_: Round) -> Tabulation:
        rows = [_answers(ballot) for ballot in ballot_box.open_box(connection, self._deps.keys, order.id, round_)]
        survey = order.survey(round_)
        members = survey.invited if survey and survey.invited is not None else len(order.active_members)
        return tabulate(package, round_, members, rows, secrets.SystemRandom().shuffle)

    def _of_the_extract(self, connection: Connection, order: Order, package: Package, round_: Round) -> Tabulation:
        """Nothing where the order goes on without one."""
        survey = order.survey(round_)
        extract = register_rows.extract_of(connection, self._deps.keys, order.id, round_)
        return tabulate_extract(package, round_, (survey.invited if survey else None) or 0, extract)

    def _with_change(self, connection: Connection, order: Order, package: Package, results: Results) -> Results:
        if results.round is not Round.FOLLOW_UP:
            return results
        before = result_repository.stored(connection, order.id, Round.BASELINE)
        if before is None or before.results.suppressed or results.suppressed:
            return results
        return results.with_change(compare(before.results, results, package))


def _digest(connection: Connection, keys: Keys, ask: TakeStep) -> Digest | None:
    """Of the extract that is there now; None where there is none."""
    found = register_rows.extract_of(connection, keys, ask.order, ask.round).rows
    rows = {PracticeId(practice): numbers for practice, numbers in found.items()}
    return register_rows.digest_of(keys, ask.order, ask.round, rows) if rows else None


def _answers(ballot: dict[str, Any]) -> Answers:
    """A ballot as it was put in: JSON has made lists of several choices."""
    return {item: tuple(answer) if isinstance(answer, list) else answer for item, answer in ballot.items()}

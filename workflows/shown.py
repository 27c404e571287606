"""What Temporal's own pages show of an order: search attributes and the current details."""

import datetime as dt

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

with workflow.unsafe.imports_passed_through():
    from domain.agenda import due_of, lies_ahead, tasks_of
    from domain.danish import clock, long_date, sentence
    from domain.order import Order
    from domain.stages import DANISH, Stage
    from domain.words import OWNERS, ROUNDS, next_line, task_line

STAGE = SearchAttributeKey.for_keyword("KlyngeflowStage")
CLUSTER = SearchAttributeKey.for_keyword("KlyngeflowCluster")
CONSULTANT = SearchAttributeKey.for_keyword("KlyngeflowConsultant")
PACKAGE = SearchAttributeKey.for_keyword("KlyngeflowPackage")
DUE = SearchAttributeKey.for_datetime("KlyngeflowDue")

SEARCH_ATTRIBUTES = (STAGE, CLUSTER, CONSULTANT, PACKAGE, DUE)
"""To be registered with the namespace before the first order."""

NEXT_LINES = 6
PASSING = frozenset({Stage.ANALYSING, Stage.FOLLOW_UP_ANALYSING})
"""Stages of seconds, not worth a history event of their own."""


def attributes_of(
    order: Order, now: dt.datetime
) -> list[SearchAttributeUpdate[str] | SearchAttributeUpdate[dt.datetime]]:
    """The search attributes of an order as it stands."""
    due = due_of(order, now)
    return [
        STAGE.value_set(order.stage),
        CLUSTER.value_set(order.cluster),
        CONSULTANT.value_set(order.consultant) if order.consultant else CONSULTANT.value_unset(),
        PACKAGE.value_set(order.package),
        DUE.value_set(due) if due else DUE.value_unset(),
    ]


def first_attributes(order: Order, now: dt.datetime) -> TypedSearchAttributes:
    """The same, for starting a workflow."""
    return TypedSearchAttributes(
        [SearchAttributePair(update.key, update.value) for update in attributes_of(order, now) if update.value]
    )


def shown_of(order: Order) -> str:
    """What of the order calls for new search attributes when it changes."""
    meeting = order.meeting.starts if order.meeting else None
    return f"{order.stage}/{order.consultant}/{meeting}/{order.follow_up.opens}"


def details_of(order: Order, now: dt.datetime) -> str:
    """Danish Markdown: the stage, what people are waited for, what comes next."""
    facts = [f"Pakke: {order.package} (version {order.package_version})"]
    if order.meeting:
        facts.append(f"Møde: {long_date(order.meeting.starts)} {clock(order.meeting.starts)}")
    facts += [
        f"{ROUNDS[survey.round]}: {survey.answers} af {survey.invited} har svaret"
        for survey in order.surveys
        if survey.answers is not None
    ]
    waiting = [
        f"{sentence(OWNERS[task.owner])}: {task_line(task.kind)} (senest {_when(task.due)})" for task in tasks_of(order)
    ]
    coming = [
        f"{sentence(_when(upcoming.at))}: {next_line(upcoming.code, upcoming.facts)}"
        for upcoming in lies_ahead(order, now)[:NEXT_LINES]
    ]
    parts = [f"**{DANISH[order.stage]}**", _list(facts)]
    if waiting:
        parts += ["Venter på:", _list(waiting)]
    if coming:
        parts += ["Det næste:", _list(coming)]
    return "\n\n".join(parts)


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _when(instant: dt.datetime) -> str:
    return f"{long_date(instant)} {clock(instant)}"

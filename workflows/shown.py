"""What Temporal's own pages show of an order: search attributes and the current details."""

import datetime as dt

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

with workflow.unsafe.imports_passed_through():
    from domain.agenda import comes_next, due_of, tasks_of
    from domain.decisions.rules import danish_date
    from domain.meeting import danish
    from domain.order import Order
    from domain.stages import DANISH, Stage

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
    return f"{order.stage}/{order.consultant}"


def details_of(order: Order, now: dt.datetime) -> str:
    """Markdown: the stage, what people are waited for, what comes next."""
    lines = [f"**{DANISH[order.stage]}**", "", f"- Pakke: {order.package} (version {order.package_version})"]
    if order.meeting:
        lines.append(f"- Møde: {danish_date(order.meeting.day)} kl. {order.meeting.starts:%H.%M}")
    counted = [survey for survey in order.surveys if survey.answers is not None]
    lines += [f"- Svar ({survey.round}): {survey.answers} af {survey.invited}" for survey in counted]
    tasks = tasks_of(order)
    if tasks:
        lines += ["", "Venter på:", *(f"- {task.owner}: {task.kind}, senest {_when(task.due)}" for task in tasks)]
    coming = comes_next(order, now)[:NEXT_LINES]
    if coming:
        lines += ["", "Det næste:", *(f"- {_when(upcoming.at)}: {upcoming.code}" for upcoming in coming)]
    return "\n".join(lines)


def _when(instant: dt.datetime) -> str:
    return f"{danish_date(instant)} kl. {danish(instant):%H.%M}"

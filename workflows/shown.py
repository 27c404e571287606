"""The search attributes by which Temporal's own pages find an order."""

import datetime as dt

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

with workflow.unsafe.imports_passed_through():
    from domain.outlook import Shown
    from domain.stages import Stage

STAGE = SearchAttributeKey.for_keyword("KlyngeflowStage")
CLUSTER = SearchAttributeKey.for_keyword("KlyngeflowCluster")
CONSULTANT = SearchAttributeKey.for_keyword("KlyngeflowConsultant")
PACKAGE = SearchAttributeKey.for_keyword("KlyngeflowPackage")
DUE = SearchAttributeKey.for_datetime("KlyngeflowDue")

PASSING = frozenset({Stage.ANALYSING, Stage.FOLLOW_UP_ANALYSING})
"""Stages of seconds, not worth a history event of their own."""

SEARCH_ATTRIBUTES = (STAGE, CLUSTER, CONSULTANT, PACKAGE, DUE)
"""To be registered with the namespace before the first order."""


def attributes_of(shown: Shown) -> list[SearchAttributeUpdate[str] | SearchAttributeUpdate[dt.datetime]]:
    """The search attributes of an order as it stands."""
    return [
        STAGE.value_set(shown.stage),
        CLUSTER.value_set(shown.cluster),
        CONSULTANT.value_set(shown.consultant) if shown.consultant else CONSULTANT.value_unset(),
        PACKAGE.value_set(shown.package),
        DUE.value_set(shown.due) if shown.due else DUE.value_unset(),
    ]


def first_attributes(shown: Shown) -> TypedSearchAttributes:
    """The same, for starting a workflow."""
    return TypedSearchAttributes(
        [SearchAttributePair(update.key, update.value) for update in attributes_of(shown) if update.value]
    )


def shown_of(shown: Shown) -> str:
    """What calls for new search attributes when it changes; the next due moment comes along, for it costs an event."""
    return f"{shown.stage}/{shown.consultant}/{shown.meeting}/{shown.follow_up_opens}"

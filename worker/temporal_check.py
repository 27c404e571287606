"""Whether a Temporal that answers can be worked with: the namespace is there, and knows our search attributes."""

from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from worker.servers import TYPES
from worker.stack import NotReady
from workflows.shown import SEARCH_ATTRIBUTES


async def check_temporal(client: Client) -> None:
    """Raises NotReady, with what is missing. Who may not ask (Temporal Cloud has rights for it) is not refused."""
    try:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
        known = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
    except RPCError as error:
        if error.status in (RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED):
            return
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NotReady(
                f"Temporal has no namespace '{client.namespace}': see KLYNGEFLOW_TEMPORAL_NAMESPACE"
            ) from None
        raise NotReady(f"Temporal does not say what the namespace '{client.namespace}' has: {error.message}") from None
    missing = [key for key in SEARCH_ATTRIBUTES if key.name not in known.custom_attributes]
    if missing:
        made = " ".join(f"--name {key.name} --type {TYPES[key.indexed_value_type]}" for key in missing)
        raise NotReady(
            f"the namespace '{client.namespace}' lacks search attributes: run `temporal operator search-attribute "
            f"create --namespace {client.namespace} {made}`"
        )

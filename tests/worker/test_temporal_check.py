"""A Temporal that answers and can't be worked with: told before any order is started on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client

from worker.servers import child, free_port, temporal_server
from worker.stack import NotReady
from worker.temporal_check import check_temporal
from workflows.shown import DUE, SEARCH_ATTRIBUTES

pytestmark = pytest.mark.temporal


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[str]:
    """A server that was told nothing of ours; its address."""
    port = free_port()
    arguments = ("server", "start-dev", "--ip", "127.0.0.1", "--headless", "--port", str(port), "--log-level", "error")
    async with child("temporal", *arguments, log=tmp_path / "temporal.log"):
        yield f"127.0.0.1:{port}"


async def connected(address: str, namespace: str = "default") -> Client:
    while True:
        try:
            return await Client.connect(address, namespace=namespace)
        except RuntimeError:
            continue


async def test_what_a_namespace_lacks_is_told_with_the_command_that_makes_it(bare: str) -> None:
    client = await connected(bare)
    with pytest.raises(NotReady) as refused:
        await check_temporal(client)
    said = str(refused.value)
    assert said.startswith("the namespace 'default' lacks search attributes: run `temporal operator search-attribute ")
    assert all(f"--name {key.name} --type " in said for key in SEARCH_ATTRIBUTES)
    request = AddSearchAttributesRequest(namespace="default")
    for key in SEARCH_ATTRIBUTES:
        if key is not DUE:
            request.search_attributes[key.name] = IndexedValueType.ValueType(key.indexed_value_type.value)
    await client.operator_service.add_search_attributes(request)
    with pytest.raises(NotReady, match=r"create --namespace default --name KlyngeflowDue --type Datetime`$"):
        await check_temporal(client)


async def test_a_namespace_that_is_not_there_is_told(bare: str) -> None:
    with pytest.raises(NotReady, match=r"^Temporal has no namespace 'klyngeflw': see KLYNGEFLOW_TEMPORAL_NAMESPACE$"):
        await check_temporal(await connected(bare, "klyngeflw"))


async def test_our_own_server_has_all_that_is_needed(tmp_path: Path) -> None:
    async with temporal_server(tmp_path / "t.db", free_port(), free_port()) as server:
        await check_temporal(await Client.connect(server.address))

"""Schedules on a real Temporal server, and the decoder for its pages."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.client import Client

from activities.maintenance import MaintenanceJob
from worker import servers
from worker.codec import EncryptingCodec
from worker.codec_server import codec_router
from worker.schedules import keep_schedules
from worker.servers import ServerFailed, free_port, temporal_server
from workflows.maintenance import schedule_id

UI = "http://127.0.0.1:8233"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with temporal_server(tmp_path / "t.db", free_port(), free_port(), codec_endpoint=f"{UI}/codec") as server:
        yield await Client.connect(server.address)


@pytest.mark.temporal
async def test_a_paused_chore_stays_paused_when_the_worker_starts_again(client: Client) -> None:
    await keep_schedules(client)
    handles = {chore: client.get_schedule_handle(schedule_id(chore)) for chore in MaintenanceJob}
    await handles[MaintenanceJob.NIGHTLY_ERASURE].pause(note="flytning af databasen")
    await keep_schedules(client)
    states = {chore: (await handle.describe()).schedule.state for chore, handle in handles.items()}
    assert {chore for chore, state in states.items() if state.paused} == {MaintenanceJob.NIGHTLY_ERASURE}
    assert states[MaintenanceJob.NIGHTLY_ERASURE].note == "flytning af databasen"


@pytest.mark.temporal
async def test_a_server_waits_a_moment_for_a_dying_ones_port_and_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as earlier:
        earlier.bind(("127.0.0.1", 0))
        earlier.listen()
        port = earlier.getsockname()[1]
        monkeypatch.setattr(servers, "FREE_WITHIN", 0.2)
        with pytest.raises(ServerFailed, match=f"port {port} is in use"):
            async with temporal_server(tmp_path / "t.db", port, free_port()):
                pytest.fail("it took a port that was taken")
        monkeypatch.undo()
        asyncio.get_running_loop().call_later(0.5, earlier.close)
        async with temporal_server(tmp_path / "t.db", port, free_port()) as server:
            assert server.address.endswith(f":{port}")


@pytest.fixture
def codec() -> EncryptingCodec:
    return EncryptingCodec(bytes(range(32)))


@pytest.fixture
def pages(codec: EncryptingCodec) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(codec_router(codec, UI))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")


async def test_the_ui_of_this_machine_reads_what_is_stored(codec: EncryptingCodec, pages: httpx.AsyncClient) -> None:
    said = Payload(metadata={"encoding": b"json/plain"}, data=b'"o-1"')
    stored = json_format.MessageToJson(Payloads(payloads=await codec.encode([said])))
    assert b"o-1" not in (await codec.encode([said]))[0].data
    answer = await pages.post("/codec/decode", content=stored, headers={"Origin": UI})
    assert list(json_format.Parse(answer.content, Payloads()).payloads) == [said]
    assert answer.headers["Access-Control-Allow-Origin"] == UI
    for origin in ("https://et-andet-sted.example", ""):
        refused = await pages.post("/codec/decode", content=stored, headers={"Origin": origin})
        assert (refused.status_code, refused.content) == (403, b"")


async def test_nothing_is_sealed_for_anybody_who_asks(pages: httpx.AsyncClient) -> None:
    answer = await pages.post("/codec/encode", content="{}", headers={"Origin": UI})
    assert answer.status_code == 404

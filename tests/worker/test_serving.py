"""The web's port: taken before anything is started, told in one line where it can't be, and answered on at once."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import closing

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from web.origin import page_origin
from worker.serving import WebServer, take_port
from worker.stack import NotReady


def test_a_port_is_one_servers() -> None:
    with closing(take_port("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(NotReady, match=rf"^port {port} is in use; choose another with --port or KLYNGEFLOW_PORT$"):
            take_port("127.0.0.1", port)
    take_port("127.0.0.1", port).close()


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_that_is_not_this_machines_is_told_in_one_line(host: str) -> None:
    with pytest.raises(NotReady, match=rf"^the web can't be served at {host}:8080: \S"):
        take_port(host, 8080)


async def test_an_answer_in_pieces_does_not_wait_for_the_network() -> None:
    """40 ms every time, where TCP gathers small ones."""
    app, pieces = FastAPI(), 10

    @app.get("/")
    def page() -> StreamingResponse:
        return StreamingResponse(iter([b"x"] * pieces))

    with closing(take_port("127.0.0.1", 0)) as listener:
        web = WebServer(app, listener)
        await web.start()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
            took = list[float]()
            for _ in range(20):
                began = time.perf_counter()
                assert (await client.get("/")).text == "x" * pieces
                took.append(time.perf_counter() - began)
        await web.stop()
    assert min(took[1:]) < 0.03


async def test_who_comes_before_the_web_is_ready_waits() -> None:
    app = FastAPI()
    app.get("/")(lambda: "hej")
    with closing(take_port("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        web = WebServer(app, listener)
        await web.start()
        assert (await reader.read()).endswith(b'"hej"')
        await web.stop()
    with pytest.raises(ConnectionRefusedError), socket.socket() as late:
        late.connect(("127.0.0.1", port))


async def test_who_listens_for_news_is_let_go_when_the_web_ends() -> None:
    """Otherwise the server would wait for readers who wait for it."""
    app, ended = FastAPI(), asyncio.Event()
    app.state.on_end = [ended.set]

    async def until_the_end() -> AsyncIterator[bytes]:
        yield b"hej"
        await ended.wait()

    app.get("/")(lambda: StreamingResponse(until_the_end()))
    with closing(take_port("127.0.0.1", 0)) as listener:
        web = WebServer(app, listener)
        await web.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=address) as client, client.stream("GET", "/") as answer:
            heard = answer.aiter_raw()
            assert await anext(heard) == b"hej"
            async with asyncio.timeout(60):
                await web.stop()
            assert [more async for more in heard] == []


@pytest.mark.parametrize(
    ("trusted", "seen"),
    [("127.0.0.1", "198.51.100.9"), ("192.0.2.1, 127.0.0.1", "198.51.100.9"), ("192.0.2.1", "127.0.0.1")],
)
async def test_a_proxy_is_believed_who_called_where_the_settings_name_it(trusted: str, seen: str) -> None:
    app = FastAPI()
    app.get("/")(page_origin)
    with closing(take_port("127.0.0.1", 0)) as listener:
        web = WebServer(app, listener, trusted)
        await web.start()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
            answer = await client.get("/", headers={"X-Forwarded-For": "198.51.100.9"})
        await web.stop()
    assert answer.json()["network"] == seen

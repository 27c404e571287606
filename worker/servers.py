"""Temporal's servers as children of ours, gone when we are; the dev server's file is in the data folder."""

import asyncio
import contextlib
import ctypes
import shutil
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client
from temporalio.common import SearchAttributeIndexedValueType
from temporalio.service import RPCError

from workflows.shown import SEARCH_ATTRIBUTES

TYPES = {
    SearchAttributeIndexedValueType.KEYWORD: "Keyword",
    SearchAttributeIndexedValueType.DATETIME: "Datetime",
}
FREE_WITHIN = 5.0
"""Seconds that an earlier server of ours may need to leave its ports, where its parent was killed."""
READY_WITHIN = 30.0
PR_SET_PDEATHSIG = 1


class ServerFailed(Exception):  # noqa: N818 - a finding, named as one
    """The embedded Temporal server did not start; the message says why."""


@dataclass(frozen=True)
class TemporalServer:
    """A running dev server."""

    address: str
    ui: str
    process: asyncio.subprocess.Process
    log: Path


def executable(name: str) -> str:
    """A server's program, from the environment this Python runs in or the PATH. Raises ServerFailed."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        msg = f"the program '{name}' is missing; install this project's requirements"
        raise ServerFailed(msg)
    return found


def free_port() -> int:
    """A port nobody listens on, just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@asynccontextmanager
async def temporal_server(
    file: Path,
    port: int,
    ui_port: int,
    *,
    codec_endpoint: str = "",
    log: Path | None = None,
    free_within: float = FREE_WITHIN,
) -> AsyncIterator[TemporalServer]:
    """A dev server with its data in `file`, until the block ends. Raises ServerFailed."""
    for wanted in (port, ui_port):
        await _until_free(wanted, free_within)
    arguments = _arguments(file, port, ui_port, codec_endpoint)
    log = log or file.with_suffix(".log")
    async with child("temporal", *arguments, log=log) as process:
        await _until_ready(f"127.0.0.1:{port}", process, log)
        yield TemporalServer(f"127.0.0.1:{port}", f"http://127.0.0.1:{ui_port}", process, log)


@asynccontextmanager
async def child(name: str, *arguments: str, log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """One of our servers at work until the block ends, or this process, however that ends. Raises ServerFailed."""
    program = executable(name)
    with log.open("ab") as log_file:
        process = await asyncio.create_subprocess_exec(
            program,
            *arguments,
            stdout=log_file,
            stderr=log_file,
            start_new_session=True,  # a terminal's Ctrl-C is ours to handle: it ends last, after worker and web
            preexec_fn=die_with_parent,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 10)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _until_free(port: int, within: float) -> None:
    deadline = time.monotonic() + within
    while not is_free(port):
        if time.monotonic() > deadline:
            msg = f"port {port} is in use; is Klyngeflow running already? Choose another with --temporal-port"
            raise ServerFailed(msg)
        await asyncio.sleep(0.05)


def _arguments(file: Path, port: int, ui_port: int, codec_endpoint: str) -> list[str]:
    arguments = ["server", "start-dev", "--ip", "127.0.0.1", "--port", str(port), "--ui-port", str(ui_port)]
    arguments += ["--db-filename", str(file), "--log-level", "error", "--log-format", "json"]
    arguments += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
    for key in SEARCH_ATTRIBUTES:
        arguments += ["--search-attribute", f"{key.name}={TYPES[key.indexed_value_type]}"]
    if codec_endpoint:
        arguments += ["--ui-codec-endpoint", codec_endpoint]
    return arguments


def die_with_parent() -> None:
    """In the child: end when the parent does, even by SIGKILL (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


async def _until_ready(address: str, process: asyncio.subprocess.Process, log: Path) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READY_WITHIN):
            while process.returncode is None:
                try:
                    client = await Client.connect(address)
                    await client.service_client.check_health()
                    await client.count_workflows("WorkflowType='Order'")
                except (RuntimeError, RPCError):
                    await asyncio.sleep(0.05)
                else:
                    return
    raise did_not_start(log)


def did_not_start(log: Path) -> ServerFailed:
    """What to raise, with the last line of what the server said."""
    lines = log.read_text(errors="replace").strip().splitlines()
    return ServerFailed(f"the Temporal server did not start: {lines[-1][:300] if lines else 'it said nothing'}")

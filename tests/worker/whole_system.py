"""`klyngeflow up` in processes of its own, on a data folder and ports of its own: started, looked at and stopped."""

import asyncio
import datetime as dt
import os
import signal
import struct
import subprocess
import time
import uuid
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
from temporalio.client import Client

from activities.maintenance import MaintenanceJob
from demo.mailbox import mails_in
from storage.database import Database
from tests.cli.command_line import INSTALLED
from worker.servers import free_port, is_free
from workflows.maintenance import schedule_id

PATIENCE = 120.0
"""Seconds that anything may take."""
NOON = 12


class TooLate(AssertionError):  # noqa: N818 - a finding, named as one
    """Something that was waited for has not come."""


def wait_for(what: str, so: Callable[[], object], within: float = PATIENCE, every: float = 0.1) -> None:
    """Look again and again until it is so. Raises TooLate.

    Looking costs what is looked at time too: only who must not miss a moment looks more often than every 0.1 s.
    """
    deadline = time.monotonic() + within
    while not so():
        if time.monotonic() > deadline:
            raise TooLate(what)
        time.sleep(every)


def two_free_ports() -> int:
    """A free port whose neighbour a thousand above, Temporal's pages, is free too."""
    while (port := free_port()) > 64_000 or not is_free(port + 1000):
        pass
    return port


class WholeSystem:
    """One data folder, and the system that runs on it or does not."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.data = folder / "data"
        self._folder = folder
        self._settings = {f"KLYNGEFLOW_{name.upper()}": value for name, value in settings.items()}
        self._port, self._temporal = free_port(), two_free_ports()
        self._ports = (self._port, self._temporal, self._temporal + 1000)
        self._ours = list[psutil.Process]()
        self._up: subprocess.Popen[bytes] | None = None
        self._web = httpx.Client(base_url=f"http://127.0.0.1:{self._port}", timeout=30)
        now = dt.datetime.now(dt.UTC)
        self._offset = dt.timedelta(hours=NOON - now.hour)
        self.today = (now + self._offset).date()

    def start(self, *, ready: bool = True) -> None:
        """Start it, and return when it can do its work, or at once."""
        ports = ["--port", str(self._port), "--temporal-port", str(self._temporal)]
        with self._log.open("ab") as log:
            self._up = subprocess.Popen(
                [INSTALLED, "up", "--data", self.data, *ports],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env=self._environment(),
                start_new_session=True,
            )
        if not ready:
            return
        wait_for("a system that is ready", self._is_ready)
        self._ours += [psutil.Process(self._up.pid), *psutil.Process(self._up.pid).children(recursive=True)]

    def _environment(self) -> dict[str, str]:
        """The machine's, without settings of ours; and Denmark where it is noon, for surveys open in the morning."""
        zone = self._folder / "zones" / "Europe" / "Copenhagen"
        zone.parent.mkdir(parents=True, exist_ok=True)
        header = struct.pack(">4sx15x6l", b"TZif", 0, 0, 0, 0, 1, 3)
        zone.write_bytes(header + struct.pack(">lbb", int(self._offset.total_seconds()), 0, 0) + b"DK\0")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KLYNGEFLOW_")}
        return (
            kept | self._settings | {"PYTHONTZPATH": os.pathsep.join([str(self._folder / "zones"), *zoneinfo.TZPATH])}
        )

    def _is_ready(self) -> bool:
        assert self._up is not None
        assert self._up.poll() is None, self._log.read_text()[-2000:]
        try:
            return self._web.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    @property
    def _log(self) -> Path:
        return self._folder / "up.log"

    def press_ctrl_c(self) -> int:
        """As in a terminal: the signal goes to every process of the group. The exit code."""
        assert self._up is not None
        os.killpg(self._up.pid, signal.SIGINT)
        return self._up.wait(PATIENCE)

    def terminate(self) -> int:
        """SIGTERM to the one that was started. The exit code."""
        assert self._up is not None
        self._up.terminate()
        return self._up.wait(PATIENCE)

    def tell(self, told: signal.Signals) -> int:
        """A signal to the one that was started and is not ready yet. The exit code."""
        assert self._up is not None
        self._ours += [psutil.Process(self._up.pid), *psutil.Process(self._up.pid).children(recursive=True)]
        self._up.send_signal(told)
        return self._up.wait(PATIENCE)

    def kill(self) -> None:
        """SIGKILL to the one that was started: it can stop nobody else."""
        assert self._up is not None
        self._up.kill()
        self._up.wait(PATIENCE)

    def lose_temporal(self) -> int:
        """Temporal dies, and nobody else is told. The exit code."""
        assert self._up is not None
        (temporal,) = psutil.Process(self._up.pid).children()
        temporal.kill()
        return self._up.wait(PATIENCE)

    @property
    def said(self) -> list[str]:
        """The lines it has printed."""
        return self._log.read_text().splitlines()

    @property
    def last_words(self) -> str:
        """The last line it has printed."""
        return self.said[-1]

    def is_gone(self) -> bool:
        """No process that was ever part of it is left, and the ports are free."""
        return not any(_lives(process) for process in self._ours) and all(map(is_free, self._ports))

    def clean_up(self) -> None:
        """End what a failed test has left."""
        if self._up is not None and self._up.poll() is None:
            children = psutil.Process(self._up.pid).children(recursive=True)
            self.kill()
            self._ours += children
        for process in self._ours:
            if _lives(process):
                process.kill()
        self._web.close()

    def place(self, order: dict[str, Any]) -> str:
        """As kiap.dk does. The order's number."""
        key = (self.data / "terminal.key").read_text().strip()
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": uuid.uuid4().hex}
        answer = self._web.post("/api/v1/orders", json=order, headers=headers)
        answer.raise_for_status()
        return str(answer.json()["order"])

    def run_job(self, chore: MaintenanceJob) -> None:
        """Now, as its schedule does it at its time; returns when it has been asked for."""

        async def trigger() -> None:
            client = await Client.connect(f"127.0.0.1:{self._temporal}")
            await client.get_schedule_handle(schedule_id(chore)).trigger()

        asyncio.run(trigger())

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The system's own, beside it."""
        database = Database(f"sqlite:///{self.data / 'klyngeflow.db'}")
        yield database
        database.close()

    def mail_files(self) -> dict[str, int]:
        """Every mail that left, and when its file was written."""
        return {file.name: file.stat().st_mtime_ns for file in (self.data / "mails").glob("*.eml")}

    def recipients(self, occasion: str) -> Counter[str]:
        """How many mails of an occasion everybody has."""
        return Counter(mail.to for mail in mails_in(self.data / "mails", occasion))


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

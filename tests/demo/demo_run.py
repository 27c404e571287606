"""The demo as people start it: `klyngeflow demo`, in a process of its own, and what it leaves."""

import fcntl
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.command_line import INSTALLED, Ran

AT_MOST = 180
"""Seconds, on two processors."""
EARLIER = {
    "timeline.json": "[]\n",
    "Resultater Ejby.docx": "Ejbys",
    "mails/2020-01-01T080000Z.invitation.abc.eml": "Ejbys",
    "histories/order.9.json": "{}",
}
"""What an earlier demo might have left, told from anything of the new one."""


@dataclass(frozen=True)
class DemoRun:
    """A demo that has ended. `out` is what it leaves, `kept` what it worked with."""

    folder: Path
    ran: Ran

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def kept(self) -> Path:
        return self.folder / "kept"

    def json(self, name: str) -> Any:
        return json.loads((self.out / name).read_text())


def arguments_for(folder: Path) -> list[str | Path]:
    return [INSTALLED, "demo", "--out", folder / "out", "--keep", folder / "kept"]


def surroundings(folder: Path) -> dict[str, str]:
    """An environment without settings of ours, whose temporary files lie in `folder`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("KLYNGEFLOW_")}
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    return own | {"TMPDIR": str(folder / "tmp")}


def leave_an_earlier_demo(out: Path) -> None:
    for name, content in EARLIER.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(content)


def the_run(folder: Path) -> DemoRun:
    """The one demo of a folder, over what an earlier one left. Processes that ask at the same time wait for it."""
    folder.mkdir(exist_ok=True)
    told = folder / "ran.json"
    with (folder / "running.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            leave_an_earlier_demo(folder / "out")
            done = subprocess.run(
                arguments_for(folder),
                cwd=folder,
                env=surroundings(folder),
                capture_output=True,
                text=True,
                timeout=AT_MOST,
                check=False,
            )
            told.write_text(json.dumps([done.returncode, done.stdout, done.stderr]))
    return DemoRun(folder, Ran(*json.loads(told.read_text())))

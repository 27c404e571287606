"""Lives the kept lives again and saves their histories: `python -m tests.workflows.save_histories`.

Run it when orders may no longer be replayed on old histories, that is, when no order started before the change is open;
until then a change goes behind `workflow.patched`, and the histories that stand prove it.
"""

import asyncio
import json
import socket
import sys
import tempfile
from pathlib import Path

from temporalio.client import WorkflowHistory

from tests.workflows.lives import LIVES
from tests.workflows.time_skipping import an_order_system
from worker.histories import histories_of

HISTORIES = Path(__file__).parent / "histories"


async def main() -> None:
    """One file a run: `a_usual_life.1.json`. Payloads are not encrypted, so that a file can be read."""
    HISTORIES.mkdir(exist_ok=True)
    for old in HISTORIES.glob("*.json"):
        old.unlink()
    for name, live in LIVES.items():
        with tempfile.TemporaryDirectory() as folder:
            async with an_order_system(Path(folder), encrypted=False) as system, system.worker():
                await live(system)
                runs = await histories_of(system.env.client, system.workflow_id)
        for number, history in enumerate(runs, start=1):
            _save(HISTORIES / f"{name}.{number}.json", history)


def _save(file: Path, history: WorkflowHistory) -> None:
    text = json.dumps(json.loads(history.to_json()), ensure_ascii=False, separators=(",", ":"))
    for secret in (str(Path.cwd()), str(Path.home()), sys.prefix, f"@{socket.gethostname()}"):
        if secret in text:
            sys.exit(f"{file.name} would tell of this machine: {secret}")
    file.write_text(text + "\n")


if __name__ == "__main__":
    asyncio.run(main())

"""Which code a worker runs, for Temporal to note with each step: made of what must replay, the workflows' own files."""

import hashlib
from functools import cache
from pathlib import Path

import workflows

DEPLOYMENT = "klyngeflow"


@cache
def build_id() -> str:
    """The same wherever the same workflows run. Without one, the SDK reads every loaded module at each start."""
    digest = hashlib.sha256()
    for file in sorted(Path(workflows.__path__[0]).glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]

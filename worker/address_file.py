"""Where the stack on a data folder answers: a file in the folder for as long as it runs."""

import json
from pathlib import Path


def address_file(data: Path) -> Path:
    return data / "running.json"


def running_url(data: Path) -> str | None:
    """Where the stack on this folder answers, if one is running."""
    file = address_file(data)
    return str(json.loads(file.read_text())["web"]) if file.exists() else None

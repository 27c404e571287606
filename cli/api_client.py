"""The running system's API, as a command asks it: an answer, or one line that says why there is none."""

import uuid
from typing import Any

import httpx

from cli.ending import Refusal

ANSWER_WITHIN = 60.0
"""Seconds."""


def give_command(url: str, key: str, order: str, command: dict[str, Any]) -> dict[str, Any]:
    """Give an order a command; what the system answers. Raises Refusal."""
    try:
        answer = httpx.post(
            f"{url}/api/v1/orders/{order}/commands",
            json=command,
            headers={"Authorization": f"Bearer {key}", "Idempotency-Key": uuid.uuid4().hex},
            timeout=ANSWER_WITHIN,
        )
    except httpx.TransportError:
        raise Refusal(f"nobody answers at {url}; is the system up?", 1) from None
    told = _told(answer)
    if answer.is_error:
        raise Refusal(_refusal(told), 2 if answer.status_code == 422 else 1)
    return told


def _told(answer: httpx.Response) -> dict[str, Any]:
    """The answer's object. Refusal where something else than our API answered."""
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Refusal(f"{answer.url.copy_with(path='/')} answers {answer.status_code}, and not as Klyngeflow does", 1)
    return told


def _refusal(told: dict[str, Any]) -> str:
    """Every field with its reason, or the one reason."""
    lines = [f"{each['field']}: {each['detail']}" for each in told.get("errors", []) if each["field"]]
    return " ".join(lines) or str(told.get("detail") or told)

"""The API as its caller uses it: where an order stands, a command with a key of its own; and what it leaves behind."""

from typing import Any

import httpx
from sqlalchemy import Table

from domain.commands import COMMAND
from tests.web.application import Web


def standing(web: Web, order: str) -> dict[str, Any]:
    """The order as the API shows it."""
    with web.client(web.site_key) as http:
        found: dict[str, Any] = http.get(f"/api/v1/orders/{order}").json()
    return found


def give(web: Web, order: str, key: str, caller: str = "", **asked: Any) -> httpx.Response:
    """Send a command with this Idempotency-Key; by the site, or by whoever has the API key `caller`."""
    with web.client(caller or web.site_key) as http:
        return http.post(f"/api/v1/orders/{order}/commands", json=asked, headers={"Idempotency-Key": key})


def told_to_temporal(web: Web) -> str:
    """Every command that has gone to a workflow."""
    return "\n".join(COMMAND.dump_json(command).decode() for _, command in web.orders.seen)


def count(web: Web, table: Table) -> int:
    """How many rows it has."""
    with web.database.read() as connection:
        return len(connection.execute(table.select()).all())

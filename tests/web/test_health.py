"""Whether the process lives, and whether it can do its work."""

import asyncio
from pathlib import Path

import httpx

from storage.database import Database
from tests.web.application import Web, running_web


def test_alive_and_ready(web_on_both: Web) -> None:
    async def temporal() -> None:
        return None

    web_on_both.checks["temporal"] = temporal
    with web_on_both.client() as http:
        assert http.get("/healthz").json() == {"status": "ok"}
        answer = http.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (200, {"database": "ok", "temporal": "ok"})


def test_not_ready_while_temporal_is_out_of_reach_but_alive(web: Web) -> None:
    async def temporal() -> None:
        raise ConnectionError("10.0.0.7 refused")

    web.checks["temporal"] = temporal
    with web.client() as http:
        answer = http.get("/readyz")
        assert http.get("/healthz").status_code == 200
    assert (answer.status_code, answer.json()["checks"]["temporal"]) == (503, "ConnectionError")
    assert "10.0.0.7" not in answer.text


def test_not_ready_on_a_database_without_its_tables(tmp_path: Path) -> None:
    with running_web(Database(f"sqlite:///{tmp_path / 'empty.db'}")) as web:
        answer = httpx.get(web.address + "/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "NotMigrated")


def test_a_check_that_hangs_is_a_no(web: Web) -> None:
    async def temporal() -> None:
        await asyncio.sleep(60)

    web.checks["temporal"] = temporal
    with web.client() as http:
        assert http.get("/readyz").json()["checks"]["temporal"] == "TimeoutError"

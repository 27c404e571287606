"""Whether the process lives, whether it can answer people, and what operations must look at."""

import asyncio
import datetime as dt
from dataclasses import replace
from pathlib import Path

import httpx
from sqlalchemy import update
from temporalio.client import Client

from domain.model import OrderId
from storage import incidents
from storage.database import Database
from storage.incidents import NO_ORDER, IncidentKind
from storage.projections import projection_table
from tests.web.application import Web, fill_in, running_web
from web.app import create_app
from web.health import MOST
from worker.codec import data_converter
from worker.orders_client import TemporalOrders
from worker.servers import free_port


async def refused() -> None:
    raise ConnectionError("10.0.0.7 refused")


def test_alive_and_ready(web_on_both: Web) -> None:
    async def temporal() -> None:
        return None

    web_on_both.checks["temporal"] = temporal
    with web_on_both.client() as http:
        assert http.get("/healthz").json() == {"status": "ok"}
        answer = http.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready", "checks": {"database": "ok", "temporal": "ok"}, "troubles": 0, "detail": [],
    }  # fmt: skip


def test_ready_while_temporal_is_down_for_answering_needs_the_database_alone(web: Web) -> None:
    order = web.place()
    web.plan(order)
    (link, *_) = web.open_survey(order)
    web.checks["temporal"] = refused
    web.orders.reachable = False
    with web.client() as http:
        answer = http.get("/readyz")
        assert fill_in(http, link, arbejdsglaede="hoej").status_code == 303
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert answer.json()["checks"]["temporal"] == "ConnectionError"
    assert "10.0.0.7" not in answer.text


async def test_a_web_that_started_before_temporal_answers_and_tells_commands_to_come_again(web: Web) -> None:
    order = web.place()
    converter = data_converter(web.services.keys.codec_key)
    nobody = await Client.connect(f"127.0.0.1:{free_port()}", data_converter=converter, lazy=True)

    async def temporal() -> None:
        await nobody.service_client.check_health()

    orders = TemporalOrders(nobody, web.services.database, web.services.store, web.clock)
    app = create_app(replace(web.services, orders=orders, checks={"temporal": temporal}))
    transport = httpx.ASGITransport(app)
    key = {"Authorization": f"Bearer {web.site_key}"}
    async with httpx.AsyncClient(transport=transport, base_url=web.address, headers=key) as http:
        ready = await http.get("/readyz")
        told = await http.post(f"/api/v1/orders/{order}/commands", json={"type": "cancel_order"})
        refusal = await http.post(f"/api/v1/orders/{order}/commands", json={"type": "release_deck"})
        page = await http.get(web.page_of(order))
    assert (ready.status_code, ready.json()["checks"]) == (200, {"database": "ok", "temporal": "RuntimeError"})
    assert (told.status_code, told.json()["code"]) == (503, "unavailable")
    assert refusal.status_code == 409, "a no needs no workflow"
    assert page.status_code == 200
    assert web.order(order).ended is None


def test_not_ready_on_a_database_without_its_tables(tmp_path: Path) -> None:
    with running_web(Database(f"sqlite:///{tmp_path / 'empty.db'}")) as web:
        answer = httpx.get(web.address + "/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "NotMigrated")


def test_a_check_that_hangs_is_named_and_holds_up_nobody(web: Web) -> None:
    async def temporal() -> None:
        await asyncio.sleep(60)

    web.checks["temporal"] = temporal
    with web.client() as http:
        answer = http.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["temporal"]) == (200, "TimeoutError")


def test_what_operations_must_look_at_is_named_and_takes_no_readiness(web_on_both: Web) -> None:
    web = web_on_both
    order = OrderId(web.place())
    now = web.clock.instant
    with web.database.write() as connection:
        late = now - dt.timedelta(hours=2)
        incidents.report(connection, IncidentKind.OVERDUE, order, "open_survey", "overdue", now, since=late)
        incidents.report(connection, IncidentKind.STEP_FAILS, order, "make_deck", "KeyError", now, attempts=4)
        incidents.report(connection, IncidentKind.READ_MODEL_BEHIND, NO_ORDER, "task", "behind", now)
        connection.execute(update(projection_table).where(projection_table.c.name == "order_board").values(version=0))
    with web.client() as http:
        answer = http.get("/readyz")
    told = answer.json()
    assert (answer.status_code, told["status"], told["troubles"]) == (200, "ready", 3)
    assert {(each["kind"], each["order"], each["step"], each["reason"]) for each in told["detail"]} == {
        ("read_model_behind", None, "order_board", "never_built"),  # `task` has caught up since
        ("overdue", order, "open_survey", "overdue"),
        ("step_fails", order, "make_deck", "KeyError"),
    }
    assert all(each["text"] for each in told["detail"])


def test_many_troubles_are_counted_and_the_oldest_named(web: Web) -> None:
    with web.database.write() as connection:
        for number in range(MOST + 5):
            since = web.clock.instant + dt.timedelta(minutes=number)
            incidents.report(connection, IncidentKind.STEP_FAILS, OrderId(f"o{number}"), "send", "OSError", since)
    with web.client() as http:
        told = http.get("/readyz").json()
    assert (told["troubles"], len(told["detail"]), told["detail"][0]["order"]) == (MOST + 5, MOST, "o0")

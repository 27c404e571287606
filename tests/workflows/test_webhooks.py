"""Subscriptions at work: woken by what is appended, three days of trying, a worker that is killed, slow receivers."""

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError

from domain.by import SYSTEM
from domain.events import Event
from domain.webhook_retries import TRIED_FOR
from storage import deliveries, subscriptions
from storage.database import Database
from storage.incidents import IncidentKind, incidents
from storage.outage import DatabaseUnavailable
from storage.subscriptions import State, Subscription
from tests.activities.subscriber import Subscriber, a_subscriber
from tests.storage.lives import assigned, letter, placed
from tests.workflows import orders_with_a_past
from tests.workflows.dev_server import PATIENCE, DevServer, IsolatedOrder, a_dev_server
from tests.workflows.time_skipping import OrderSystem
from tests.workflows.webhook_worker import start_webhook_worker
from worker.log_watch import LogWatch, replace_webhooks
from worker.stack import Stack
from worker.workers import Queue, at_work
from workflows.messages import webhook_workflow_id

pytestmark = pytest.mark.temporal

TODAY = dt.date(2026, 1, 6)


@pytest.fixture(autouse=True)
def _on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLYNGEFLOW_WEBHOOKS_TO_PRIVATE", "true")


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    with a_subscriber() as subscriber:
        yield subscriber


def subscribe(stack: Stack, url: str, now: dt.datetime) -> str:
    with stack.database.write() as connection:
        return subscriptions.add(connection, stack.keys, url, (), now)[0]


def subscription(stack: Stack, id_: str) -> Subscription:
    with stack.database.read() as connection:
        return subscriptions.subscription(connection, id_)


def append(stack: Stack, order: str, now: dt.datetime, letters: int = 1) -> int:
    """An order that is placed, assigned and written to; how many events that is."""
    posted = (letter(f"reminder/baseline/{number}", TODAY) for number in range(letters))
    events: list[Event] = [placed(order, cluster=f"klynge-{order}"), assigned(), *posted]
    return stack.store.append(order, 0, events, by=SYSTEM, now=now)


async def until(so: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not so():
            await asyncio.sleep(0.05)


def machine_time() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


async def is_running(place: IsolatedOrder, id_: str) -> bool:
    try:
        found = await place.client.get_workflow_handle(webhook_workflow_id(id_)).describe()
    except RPCError:
        return False
    return found.status is WorkflowExecutionStatus.RUNNING


# --- a usual day ------------------------------------------------------------------------------------------------------


async def test_what_is_appended_is_delivered_by_itself_and_then_nothing_runs(
    dev_server: DevServer, subscriber: Subscriber
) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    async with at_work(place.stack, place.client, place.orders, [Queue.WEBHOOKS]):
        id_ = subscribe(place.stack, subscriber.url, machine_time())
        append(place.stack, "o-1", machine_time())
        await until(lambda: subscriber.versions("o-1") == [1, 2, 3])
        async with asyncio.timeout(PATIENCE):
            while await is_running(place, id_):
                await asyncio.sleep(0.05)
        append(place.stack, "o-2", machine_time())
        await until(lambda: subscriber.versions("o-2") == [1, 2, 3])
    assert len(subscriber.asked) == 6
    place.stack.close()


async def test_what_was_appended_while_no_worker_was_there_is_delivered_when_one_comes(
    dev_server: DevServer, subscriber: Subscriber
) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    subscribe(place.stack, subscriber.url, machine_time())
    append(place.stack, "o-1", machine_time(), letters=20)
    async with at_work(place.stack, place.client, place.orders, [Queue.WEBHOOKS]):
        await until(lambda: len(subscriber.taken) == 22)
    place.stack.close()


async def test_a_receiver_that_never_answers_holds_up_no_other_and_no_append(
    dev_server: DevServer, subscriber: Subscriber
) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    over = threading.Event()

    def never(_event: dict[str, Any]) -> int:
        over.wait(60)
        return 200

    with a_subscriber(never) as slow:
        async with at_work(place.stack, place.client, place.orders, [Queue.WEBHOOKS]):
            subscribe(place.stack, slow.url, machine_time())
            append(place.stack, "o-1", machine_time())
            await until(lambda: slow.asked)
            subscribe(place.stack, subscriber.url, machine_time())
            for number in range(2, 5):
                append(place.stack, f"o-{number}", machine_time())
            await until(lambda: len(subscriber.taken) == 9)
            assert slow.taken == []
            over.set()
            await until(lambda: len(slow.taken) == 12)
    place.stack.close()


async def test_resumed_from_a_terminal_it_goes_on_at_once_whatever_it_waited_for(
    dev_server: DevServer, subscriber: Subscriber
) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    subscriber.mind = lambda _event: 500
    async with at_work(place.stack, place.client, place.orders, [Queue.WEBHOOKS]):
        id_ = subscribe(place.stack, subscriber.url, machine_time())
        for number in range(8):
            append(place.stack, f"o-{number}", machine_time())
        await until(lambda: subscription(place.stack, id_).failures >= 2)  # it waits for a minute now
        with place.stack.database.write() as connection:
            subscriptions.pause(connection, id_)
        subscriber.mind = lambda _event: 200
        with place.stack.database.write() as connection:
            subscriptions.resume(connection, id_)
        await until(lambda: len(subscriber.taken) == 24)
        before = len(subscriber.taken)
        with place.stack.database.write() as connection:
            subscriptions.replay(connection, id_, subscriber.taken[-1]["position"] - 1)
        await until(lambda: len(subscriber.taken) > before)
    place.stack.close()


async def test_an_event_wakes_those_who_asked_for_it_and_nobody_else(
    dev_server: DevServer, subscriber: Subscriber
) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    watch = LogWatch(place.client, place.stack.database)
    with place.stack.database.write() as connection:
        add, keys, now = subscriptions.add, place.stack.keys, machine_time()
        of_decks, _ = add(connection, keys, subscriber.url, ["deck_released"], now)
        of_orders, _ = add(connection, keys, subscriber.url, ["order_placed"], now)
        paused, _ = add(connection, keys, subscriber.url, (), now)
        subscriptions.pause(connection, paused)
    assert await woken(place, watch) == {of_decks, of_orders}  # as people have just added them
    append(place.stack, "o-1", machine_time())
    assert await woken(place, watch) == {of_orders}
    assert await woken(place, watch) == set()
    assert await woken(place, watch, everywhere=True) == {of_decks, of_orders}
    with place.stack.database.write() as connection:
        subscriptions.resume(connection, paused)
    assert await woken(place, watch) == {paused}
    place.stack.close()


async def woken(place: IsolatedOrder, watch: LogWatch, *, everywhere: bool = False) -> set[str]:
    """Which subscriptions' workflows a look has started; they are ended again."""
    await watch.look(everywhere=everywhere)
    with place.stack.database.read() as connection:
        known = [each.id for each in subscriptions.subscriptions(connection)]
    running = {id_ for id_ in known if await is_running(place, id_)}
    for id_ in running:
        await place.client.get_workflow_handle(webhook_workflow_id(id_)).terminate()
    return running


async def test_while_the_database_is_out_of_reach_the_watch_waits_and_then_wakes_everybody(
    dev_server: DevServer, subscriber: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    monkeypatch.setattr("worker.log_watch.EVERY", 0.02)
    subscribe(place.stack, subscriber.url, machine_time())
    append(place.stack, "o-1", machine_time())
    file = place.stack.settings.data / "klyngeflow.db"
    broken = Database(f"sqlite:///{file}.missing/klyngeflow.db")
    watch = LogWatch(place.client, broken)
    with pytest.raises(DatabaseUnavailable):
        await watch.look()
    watching = asyncio.create_task(watch.watch())
    await asyncio.sleep(0.1)
    assert not watching.done()
    watch._database = place.stack.database
    async with at_work(place.stack, place.client, place.orders, [Queue.WEBHOOKS]):
        await until(lambda: len(subscriber.taken) == 3)
    watching.cancel()
    place.stack.close()


async def test_replaced_a_webhooks_workflow_is_another_that_goes_on_where_it_was(
    dev_server: DevServer, subscriber: Subscriber
) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    subscriber.mind = lambda _event: 500
    async with at_work(place.stack, place.client, place.orders, [Queue.WEBHOOKS]):
        id_ = subscribe(place.stack, subscriber.url, machine_time())
        append(place.stack, "o-1", machine_time())
        await until(lambda: subscriber.asked)
        handle = place.client.get_workflow_handle(webhook_workflow_id(id_))
        first = (await handle.describe()).run_id
        subscriber.mind = lambda _event: 200
        await replace_webhooks(place.client, place.stack.database)
        assert (await handle.describe()).run_id != first
        await until(lambda: subscriber.versions("o-1") == [1, 2, 3])
    place.stack.close()


# --- three days -------------------------------------------------------------------------------------------------------


async def test_what_is_not_taken_is_tried_for_three_days_then_people_are_told_and_resumed_it_goes_on(
    system_on_each: OrderSystem, subscriber: Subscriber
) -> None:
    system = system_on_each
    began = await system.now()
    subscriber.mind = lambda event: 500 if event["order"] == "o-1" else 200
    id_ = subscribe(system.stack, subscriber.url, began)
    append(system.stack, "o-1", began)
    append(system.stack, "o-2", began)
    await until(lambda: len(subscriber.asked) >= 4)

    asked = 0
    while subscription(system.stack, id_).state is State.ACTIVE:
        assert await system.now() < began + TRIED_FOR + dt.timedelta(hours=12)
        asked = len(subscriber.asked)
        await system.env.sleep(dt.timedelta(hours=2))
        await settled(system, id_, subscriber)
    assert await system.now() >= began + TRIED_FOR
    assert asked > 10
    assert subscriber.versions("o-2") == [1, 2, 3]
    with system.stack.database.read() as connection:
        (told,) = [each for each in incidents(connection) if each.kind is IncidentKind.WEBHOOK_STOPPED]
    assert (told.step, told.reason) == (id_, "http_500")

    subscriber.mind = lambda _event: 200
    with system.stack.database.write() as connection:
        subscriptions.resume(connection, id_)
    await until(lambda: subscriber.versions("o-1") == [1, 2, 3])


async def settled(system: OrderSystem, id_: str, subscriber: Subscriber) -> None:
    """Wait until what is due by the server's clock has been tried."""

    async def is_settled() -> bool:
        now = await system.now()
        with system.stack.database.read() as connection:
            if subscriptions.subscription(connection, id_).state is not State.ACTIVE:
                return True
            waiting = deliveries.first_waiting(connection, id_)
        return all(row.again_at is None or row.again_at > now for row in waiting)

    async with asyncio.timeout(PATIENCE):
        while not await is_settled():
            await asyncio.sleep(0.02)


# --- a worker that is killed ------------------------------------------------------------------------------------------


async def test_a_worker_killed_in_the_middle_loses_no_event_and_has_none_sent_more_than_twice(
    data: Any, tmp_path: Any, new_database: Callable[[], str], subscriber: Subscriber
) -> None:
    async with a_dev_server(data, tmp_path, new_database) as dev_server:
        place = await dev_server.place(orders_with_a_past.about_to_open)
        subscribe(place.stack, subscriber.url, machine_time())
        total = sum(append(place.stack, f"o-{number}", machine_time(), letters=3) for number in range(40))

        killed = threading.Event()
        worker = start_webhook_worker(place.stack.settings)

        def kills(_event: dict[str, Any]) -> int:
            if len(subscriber.asked) > total // 3 and not killed.is_set():
                killed.set()
                worker.kill()
            return 200

        subscriber.mind = kills
        await until(killed.is_set)
        async with at_work(place.stack, place.client, place.orders, [Queue.WEBHOOKS]):
            await until(lambda: len({event["id"] for event in subscriber.taken}) == total)
        times = [event["id"] for event in subscriber.asked]
        assert max(times.count(each) for each in set(times)) <= 2
        for number in range(40):
            assert list(dict.fromkeys(subscriber.versions(f"o-{number}"))) == [1, 2, 3, 4, 5]
        place.stack.close()

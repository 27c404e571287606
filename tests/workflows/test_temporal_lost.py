"""Temporal's database is lost in the middle of orders' lives; their streams are enough to finish them the same way."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from domain import commands as do
from domain.model import Round
from domain.stages import Stage
from storage.open_orders import unfinished
from tests.workflows import orders_with_a_past, people
from tests.workflows.dev_server import DevServer, IsolatedOrder, Outcome, a_dev_server
from tests.workflows.test_a_whole_life import USUAL_POST, WHOLE_LIFE
from tests.workflows.time_skipping import START, OrderSystem, ServerClock, a_server, an_order_system
from worker.orders_client import TemporalOrders

pytestmark = pytest.mark.temporal

Part = Callable[[IsolatedOrder], Coroutine[Any, Any, None]]


async def recover(orders: TemporalOrders, place: IsolatedOrder | OrderSystem) -> int:
    return await orders.recover(unfinished(place.stack.database))


# --- on a dev server whose file is deleted --------------------------------------------------------------------------


async def the_survey_opens(place: IsolatedOrder) -> None:
    await place.until(Stage.SURVEY_OPEN)


async def it_is_closed_and_delivered(place: IsolatedOrder) -> None:
    people.answer(place.stack, place.order_id, place.package, 11, Round.BASELINE)
    await place.do(do.CloseSurvey(round=Round.BASELINE), place.consultant, "closed")
    await place.until(Stage.IN_REVIEW)
    await place.do(do.ReleaseDeck(), place.consultant, "released")
    await place.until(Stage.READY)


async def the_deck_is_made(place: IsolatedOrder) -> None:
    await place.until(Stage.IN_REVIEW)


async def the_deck_is_released(place: IsolatedOrder) -> None:
    await place.do(do.ReleaseDeck(), place.consultant, "released")
    await place.until(Stage.READY)


async def the_meeting_is_recorded(place: IsolatedOrder) -> None:
    await place.until(Stage.AWAITING_RECORD)
    await place.do(do.RecordMeeting(attended=10, absent=2), place.coordinator, "recorded")
    await place.until(Stage.QUIET)


async def the_follow_up_is_declined(place: IsolatedOrder) -> None:
    await place.do(do.DeclineFollowUp(), place.coordinator, "declined")
    await place.until(Stage.COMPLETED)


LIVES: list[tuple[orders_with_a_past.Story, Part, Part]] = [
    (orders_with_a_past.about_to_open, the_survey_opens, it_is_closed_and_delivered),
    (orders_with_a_past.about_to_close, the_deck_is_made, the_deck_is_released),
    (orders_with_a_past.unrecorded, the_meeting_is_recorded, the_follow_up_is_declined),
]


async def lived(place: IsolatedOrder, *parts: Part) -> None:
    async with place.at_work():
        for part in parts:
            await part(place)


async def lived_undisturbed(dev_server: DevServer, story: orders_with_a_past.Story, *parts: Part) -> Outcome:
    place = await lived_in(dev_server, story, *parts)
    place.stack.close()
    return place.outcome()


async def lived_in(dev_server: DevServer, story: orders_with_a_past.Story, *parts: Part) -> IsolatedOrder:
    place = await dev_server.place(story)
    await place.orders.start(place.order_id)
    await lived(place, *parts)
    return place


async def lived_on(dev_server: DevServer, place: IsolatedOrder, after: Part) -> Outcome:
    """On a fresh server, from the stream alone."""
    place = await dev_server.reconnect(place)
    assert await recover(place.orders, place) == 1
    assert await recover(place.orders, place) == 0
    await lived(place, after)
    place.stack.close()
    return place.outcome()


async def test_orders_go_on_after_temporals_file_is_deleted(
    data: Path, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    async with a_dev_server(data, tmp_path, new_database) as dev_server, asyncio.TaskGroup() as group:
        undisturbed = [group.create_task(lived_undisturbed(dev_server, *life)) for life in LIVES]
        places = [group.create_task(lived_in(dev_server, story, before)) for story, before, _ in LIVES]
    for file in tmp_path.glob("temporal.db*"):
        file.unlink()
    async with a_dev_server(data, tmp_path, new_database) as fresh, asyncio.TaskGroup() as group:
        recovered = [
            group.create_task(lived_on(fresh, place.result(), after))
            for place, (_, _, after) in zip(places, LIVES, strict=True)
        ]
    for expected, found in zip(undisturbed, recovered, strict=True):
        assert found.result() == expected.result()
        assert set(found.result().mails.values()) == {1}
        assert len(found.result().documents) == len(set(found.result().documents))


# --- a whole life on servers that skip time -------------------------------------------------------------------------


@asynccontextmanager
async def on_a_new_server(system: OrderSystem, since: dt.datetime) -> AsyncIterator[None]:
    """All that Temporal knew is gone; every open order is started again."""
    async with a_server(system.stack, since) as env:
        system.env = env
        system.orders = TemporalOrders(env.client, system.stack.database, system.stack.store, ServerClock(env))
        recovered = await recover(system.orders, system)
        assert recovered == (1 if system.order_id else 0)
        async with system.worker():
            if recovered:
                await system.quiet()
            yield


async def test_a_life_that_loses_temporal_at_every_turn_is_the_same_life(data: Path) -> None:
    async def answered() -> None:
        system.answer(11)
        await system.until(Stage.IN_REVIEW)

    async def compared() -> None:
        system.answer(10, Round.FOLLOW_UP)
        await system.until(Stage.FOLLOW_UP_DELIVERED)
        await system.quiet()

    async def sent_on() -> None:
        await system.do(do.ShareComparison(), system.coordinator)
        await system.until(Stage.COMPLETED)

    async with an_order_system(data) as system:
        now = START
        parts: list[Callable[[], Coroutine[Any, Any, None]]] = [
            lambda: system.live_to(Stage.PLANNED),
            lambda: system.until(Stage.SURVEY_OPEN),
            answered,
            lambda: system.until(Stage.READY),
            system.agree_at_the_meeting,
            lambda: system.until(Stage.FOLLOW_UP_OPEN),
            compared,
            sent_on,
        ]
        for part in parts:
            async with on_a_new_server(system, now):
                await part()
                now = await system.now()
    assert system.types() == WHOLE_LIFE
    assert system.deliveries() == USUAL_POST
    assert len(system.documents()) == len(set(system.documents())) == 4

"""Temporal's database is lost in the middle of orders' lives; their streams are enough to finish them the same way."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from domain import commands as do
from domain.model import Actor, OrderId, Round
from domain.stages import Stage
from storage.open_orders import all_open
from tests.workflows import folk, past
from tests.workflows.test_a_whole_life import USUAL_POST, WHOLE_LIFE
from tests.workflows.town import START, Town, a_server, a_town
from tests.workflows.yard import Outcome, Place, Yard, a_yard
from web.clock import SystemClock
from worker.orders_client import TemporalOrders

pytestmark = pytest.mark.temporal

Part = Callable[[Place], Coroutine[Any, Any, None]]


async def recover(orders: TemporalOrders, place: Place | Town) -> int:
    return await orders.recover(OrderId(order) for order in all_open(place.stack.database))


# --- on a dev server whose file is deleted --------------------------------------------------------------------------


async def the_survey_opens(place: Place) -> None:
    await place.until(Stage.SURVEY_OPEN)


async def it_is_closed_and_delivered(place: Place) -> None:
    folk.answer(place.stack, place.order_id, place.package, 11, Round.BASELINE)
    await place.do(do.CloseSurvey(round=Round.BASELINE), Actor.CONSULTANT, "closed")
    await place.until(Stage.IN_REVIEW)
    await place.do(do.ReleaseDeck(), Actor.CONSULTANT, "released")
    await place.until(Stage.READY)


async def the_deck_is_made(place: Place) -> None:
    await place.until(Stage.IN_REVIEW)


async def the_deck_is_released(place: Place) -> None:
    await place.do(do.ReleaseDeck(), Actor.CONSULTANT, "released")
    await place.until(Stage.READY)


async def the_meeting_is_recorded(place: Place) -> None:
    await place.until(Stage.AWAITING_RECORD)
    await place.do(do.RecordMeeting(attended=10, absent=2), Actor.COORDINATOR, "recorded")
    await place.until(Stage.QUIET)


async def the_follow_up_is_declined(place: Place) -> None:
    await place.do(do.DeclineFollowUp(), Actor.COORDINATOR, "declined")
    await place.until(Stage.COMPLETED)


LIVES: list[tuple[past.Story, Part, Part]] = [
    (past.about_to_open, the_survey_opens, it_is_closed_and_delivered),
    (past.about_to_close, the_deck_is_made, the_deck_is_released),
    (past.unrecorded, the_meeting_is_recorded, the_follow_up_is_declined),
]


async def lived(place: Place, *parts: Part) -> None:
    async with place.at_work():
        for part in parts:
            await part(place)


async def lived_undisturbed(yard: Yard, story: past.Story, *parts: Part) -> Outcome:
    place = await lived_in(yard, story, *parts)
    place.stack.close()
    return place.outcome()


async def lived_in(yard: Yard, story: past.Story, *parts: Part) -> Place:
    place = await yard.place(story)
    await place.orders.start(place.order_id)
    await lived(place, *parts)
    return place


async def lived_on(yard: Yard, place: Place, after: Part) -> Outcome:
    """On a fresh server, from the stream alone."""
    place = await yard.reconnect(place)
    assert await recover(place.orders, place) == 1
    assert await recover(place.orders, place) == 0
    await lived(place, after)
    place.stack.close()
    return place.outcome()


async def test_orders_go_on_after_temporals_file_is_deleted(
    data: Path, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    async with a_yard(data, tmp_path, new_database) as yard, asyncio.TaskGroup() as group:
        undisturbed = [group.create_task(lived_undisturbed(yard, *life)) for life in LIVES]
        places = [group.create_task(lived_in(yard, story, before)) for story, before, _ in LIVES]
    for file in tmp_path.glob("temporal.db*"):
        file.unlink()
    async with a_yard(data, tmp_path, new_database) as fresh, asyncio.TaskGroup() as group:
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
async def on_a_new_server(town: Town, since: dt.datetime) -> AsyncIterator[None]:
    """All that Temporal knew is gone; every open order is started again."""
    async with a_server(town.stack, since) as env:
        town.env = env
        town.orders = TemporalOrders(env.client, town.stack.store, SystemClock())
        recovered = await recover(town.orders, town)
        assert recovered == (1 if town.order_id else 0)
        async with town.worker():
            if recovered:
                await town.quiet()
            yield


async def test_a_life_that_loses_temporal_at_every_turn_is_the_same_life(data: Path) -> None:
    async def answered() -> None:
        town.answer(11)
        await town.until(Stage.IN_REVIEW)

    async def compared() -> None:
        town.answer(10, Round.FOLLOW_UP)
        await town.until(Stage.COMPLETED)

    async with a_town(data) as town:
        now = START
        parts: list[Callable[[], Coroutine[Any, Any, None]]] = [
            lambda: town.live_to(Stage.PLANNED),
            lambda: town.until(Stage.SURVEY_OPEN),
            answered,
            lambda: town.until(Stage.READY),
            town.agree_at_the_meeting,
            lambda: town.until(Stage.FOLLOW_UP_OPEN),
            compared,
        ]
        for part in parts:
            async with on_a_new_server(town, now):
                await part()
                now = await town.now()
    assert town.types() == WHOLE_LIFE
    assert town.deliveries() == USUAL_POST
    assert len(town.documents()) == len(set(town.documents())) == 4

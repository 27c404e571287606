"""Lives of orders that together pass through most of the workflow: their histories are kept and replayed."""

import datetime as dt
from collections.abc import Awaitable, Callable

from domain import commands as do
from domain.model import Actor, MemberId, Round
from domain.stages import Stage
from storage import results_shelf
from tests.workflows import folk
from tests.workflows.town import MEETING, Town, the_meeting


async def a_usual_life(town: Town) -> None:
    """From the call to the comparison, with nothing out of the way."""
    await town.live_to(Stage.READY)
    await town.agree_at_the_meeting()
    await town.live_on_to_the_end()


async def a_life_of_changes(town: Town) -> None:
    """Everything that can be changed is: people, dates, the survey's end, the deck, the follow-up's day."""
    await town.live_to(Stage.PLANNED)
    await town.do(do.MoveMeeting(to=the_meeting(MEETING + dt.timedelta(days=7)).starts), Actor.COORDINATOR)
    await town.until(Stage.SURVEY_OPEN)
    town.answer(4)
    practice = town.order.members[MemberId("m0")].practice
    await town.do(do.AddMember(joined=folk.joined(12, folk.a_contact(town.stack, "Nora Ny", "nora"), practice)))
    await town.do(do.RemoveMember(member=MemberId("m9")))
    mended = folk.a_contact(town.stack, "Lars Rigtig", "lars")
    await town.do(do.ReaddressMember(member=MemberId("m11"), contact=mended), Actor.COORDINATOR)
    await town.until(Stage.TOO_FEW_ANSWERS)
    await town.do(do.ExtendSurvey(closes=dt.date(2031, 5, 14)))
    town.answer(7)
    await town.until(Stage.IN_REVIEW)
    await town.do(do.HoldDeck())
    with town.stack.database.read() as connection:
        texts = results_shelf.free_texts(connection, town.order_id, Round.BASELINE)
    await town.do(do.ReadFreeTexts(kept=len(texts)))
    await town.do(do.ReplaceCoordinator(coordinator=folk.a_contact(town.stack, "Kim Ny", "kim")), Actor.OPERATIONS)
    await town.do(do.ReleaseDeck())
    await town.do(do.MoveMeeting(to=the_meeting(MEETING + dt.timedelta(days=14)).starts), Actor.COORDINATOR)
    await town.until_day(MEETING + dt.timedelta(days=15))
    await town.do(do.RecordMeeting(attended=9, absent=3), Actor.COORDINATOR)
    await town.until_day(dt.date(2032, 2, 2))
    await town.do(do.AgreeFollowUp(opens=dt.date(2032, 3, 1)), Actor.COORDINATOR)
    await town.do(do.MoveFollowUp(opens=dt.date(2032, 4, 5)), Actor.COORDINATOR)
    await town.live_on_to_the_end()


async def a_forgotten_life(town: Town) -> None:
    """Too few answer, nobody decides, nobody records the meeting, nobody agrees on a follow-up."""
    await town.live_to(Stage.TOO_FEW_ANSWERS, answers=3)
    await town.until(Stage.COMPLETED)


async def a_life_cut_short(town: Town) -> None:
    """Cancelled while the survey is open."""
    await town.live_to(Stage.SURVEY_OPEN)
    town.answer(5)
    await town.do(do.CancelOrder(reason="cluster_withdrew"), Actor.COORDINATOR)


async def a_life_that_never_began(town: Town) -> None:
    """Nobody ever calls."""
    await town.order_a_package()
    await town.until(Stage.CANCELLED)


LIVES: dict[str, Callable[[Town], Awaitable[None]]] = {
    life.__name__: life
    for life in (a_usual_life, a_life_of_changes, a_forgotten_life, a_life_cut_short, a_life_that_never_began)
}

"""Lives of orders that together pass through most of the workflow: their histories are kept and replayed."""

import datetime as dt
from collections.abc import Awaitable, Callable

from domain import commands as do
from domain.model import Role, Round, TextId
from domain.stages import Stage
from storage import result_repository
from tests.workflows import people
from tests.workflows.time_skipping import MEETING, OrderSystem, the_meeting
from web.requests.people import AddMember, ReaddressMember, ReplaceCoordinator


async def a_usual_life(system: OrderSystem) -> None:
    """From the call to the comparison, with nothing out of the way."""
    await system.live_to(Stage.READY)
    await system.agree_at_the_meeting()
    await system.live_on_to_the_end()


async def a_life_of_changes(system: OrderSystem) -> None:
    """Everything that can be changed is: people, dates, the survey's end, the deck, the follow-up's day."""
    await system.live_to(Stage.PLANNED)
    await system.do(do.MoveMeeting(to=the_meeting(MEETING + dt.timedelta(days=7)).starts), system.coordinator)
    await system.until(Stage.SURVEY_OPEN)
    system.answer(4)
    await system.ask(
        AddMember(
            type="add_member",
            name="Nora Ny",
            email=f"nora@{people.DOMAIN}",
            practice=people.PRACTICE,
            role=Role.OWNER,
        )
    )
    await system.do(do.RemoveMember(member=system.member(9)))
    mended = ReaddressMember(type="readdress_member", member=system.member(11), email=f"lars@{people.DOMAIN}")
    await system.ask(mended, system.coordinator)
    await system.until(Stage.TOO_FEW_ANSWERS)
    await system.do(do.ExtendSurvey(closes=dt.date(2031, 5, 14)))
    system.answer(7)
    await system.until(Stage.IN_REVIEW)
    await system.do(do.HoldDeck())
    with system.stack.database.read() as connection:
        texts = result_repository.free_texts(connection, system.order_id, Round.BASELINE)
    await system.do(do.ReadFreeTexts(struck_texts=(TextId(texts[0].id),)))
    new = ReplaceCoordinator(type="replace_coordinator", name="Kim Ny", email=f"kim@{people.DOMAIN}")
    await system.ask(new, system.operations)
    await system.do(do.ReleaseDeck())
    await system.do(do.MoveMeeting(to=the_meeting(MEETING + dt.timedelta(days=14)).starts), system.coordinator)
    await system.until_day(MEETING + dt.timedelta(days=15))
    await system.do(do.RecordMeeting(attended=9, absent=3), system.coordinator)
    await system.until_day(dt.date(2032, 2, 2))
    await system.do(do.AgreeFollowUp(opens=dt.date(2032, 3, 1)), system.coordinator)
    await system.do(do.MoveFollowUp(opens=dt.date(2032, 4, 5)), system.coordinator)
    await system.live_on_to_the_end()


async def a_forgotten_life(system: OrderSystem) -> None:
    """Too few answer, nobody decides, nobody records the meeting, nobody agrees on a follow-up."""
    await system.live_to(Stage.TOO_FEW_ANSWERS, answers=3)
    await system.until(Stage.COMPLETED)


async def a_life_cut_short(system: OrderSystem) -> None:
    """Cancelled while the survey is open."""
    await system.live_to(Stage.SURVEY_OPEN)
    system.answer(5)
    await system.do(do.CancelOrder(reason="cluster_withdrew"), system.coordinator)


async def a_life_that_never_began(system: OrderSystem) -> None:
    """Nobody ever calls."""
    await system.order_a_package()
    await system.until(Stage.CANCELLED)


LIVES: dict[str, Callable[[OrderSystem], Awaitable[None]]] = {
    life.__name__: life
    for life in (a_usual_life, a_life_of_changes, a_forgotten_life, a_life_cut_short, a_life_that_never_began)
}

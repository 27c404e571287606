"""The one door for commands: refusals with their reasons, retries without a second effect, the right people."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from domain import commands as do
from domain.commands import AnyCommand
from domain.decisions import decide
from domain.model import Actor, MemberId, Rejected, Round
from domain.stages import Stage
from storage.ids import new_id
from storage.refusals import AlreadyOpen
from tests.workflows import folk
from tests.workflows.town import MEETING, Town, a_town, the_meeting
from web.orders_port import Accepted, Unavailable
from worker.histories import histories_of

pytestmark = pytest.mark.temporal


async def test_a_refusal_comes_back_with_its_code_its_danish_line_and_its_facts(town: Town) -> None:
    await town.live_to(Stage.ORDERED)
    with pytest.raises(Rejected) as refusal:
        await town.do(do.AgreePlan(meeting=the_meeting(dt.date(2031, 3, 20))))
    assert refusal.value.code == "meeting_too_early"
    assert "tidligst ligge den 28. marts 2031" in refusal.value.message
    assert refusal.value.facts == {"earliest": "2031-03-28"}


async def test_a_refused_command_leaves_no_trace_in_the_stream(town: Town) -> None:
    await town.live_to(Stage.ORDERED)
    events = town.events
    with pytest.raises(Rejected):
        await town.do(do.HoldDeck())
    assert town.events == events


async def test_a_command_from_the_wrong_person_is_refused(town: Town) -> None:
    await town.live_to(Stage.PLANNED)
    commands: list[tuple[AnyCommand, Actor]] = [
        (do.AgreePlan(meeting=the_meeting()), Actor.COORDINATOR),
        (do.HoldDeck(), Actor.COORDINATOR),
        (do.OpenSurvey(round=Round.BASELINE), Actor.CONSULTANT),
        (do.CompleteOrder(), Actor.OPERATIONS),
    ]
    for command, actor in commands:
        with pytest.raises(Rejected, match="not_yours"):
            await town.do(command, actor)


async def test_the_same_request_twice_has_one_effect_and_one_answer(town: Town) -> None:
    await town.live_to(Stage.ORDERED)
    agreed = do.AgreePlan(meeting=the_meeting())
    first = await town.do(agreed, request_id="the-call")
    again = await town.do(agreed, request_id="the-call")
    assert first == again
    assert town.types().count("plan_agreed") == len(town.mails("plan_agreed")) == 1


async def test_a_request_repeated_in_a_new_run_of_the_workflow_has_no_second_effect(town: Town) -> None:
    await town.live_to(Stage.READY)
    await town.hold_the_meeting(follow_up="later")
    declined = do.DeclineFollowUp()
    opens = do.AgreeFollowUp(opens=dt.date(2032, 3, 1))
    await town.do(opens, Actor.COORDINATOR, request_id="agreed")
    assert len(await histories_of(town.env.client, town.workflow_id)) == 2
    await town.env.client.get_workflow_handle(town.workflow_id).terminate("lost")
    await town.orders.start(town.order_id)
    await town.do(opens, Actor.COORDINATOR, request_id="agreed")
    assert town.types().count("follow_up_agreed") == 1
    await town.do(declined, Actor.COORDINATOR)


async def test_the_same_command_told_twice_has_one_effect(town: Town) -> None:
    await town.live_to(Stage.ORDERED)
    agreed = do.AgreePlan(meeting=the_meeting())
    first, second = await asyncio.gather(town.do(agreed), town.do(agreed))
    assert first.stage == second.stage == Stage.PLANNED
    assert town.types().count("plan_agreed") == len(town.mails("plan_agreed")) == 1


async def test_commands_given_at_once_are_carried_out_one_after_the_other(town_on_each: Town) -> None:
    town = town_on_each
    await town.live_to(Stage.SURVEY_OPEN)
    practice = town.order.members[MemberId("m0")].practice
    newcomers = [folk.joined(20 + i, folk.a_contact(town.stack, f"Ny {i}", f"ny{i}"), practice) for i in range(5)]
    await asyncio.gather(*(town.do(do.AddMember(joined=joined)) for joined in newcomers))
    assert town.types().count("member_added") == 5
    assert len(town.mails("invitation")) == len({mail.to for mail in town.mails("invitation")}) == 17


async def test_a_cluster_has_one_open_order_of_a_package(town: Town) -> None:
    await town.live_to(Stage.PLANNED)
    order = town.order
    contacts = [order.coordinator, *(member.contact for member in order.members.values())]
    second = folk.order_for(order.cluster, order.members[MemberId("m0")].practice, contacts, town.package)
    now = await town.now()
    placed = decide(None, second, now)
    with pytest.raises(AlreadyOpen) as refusal:
        town.stack.store.append(second.order, 0, placed, actor="coordinator", now=now)
    assert refusal.value.order_id == town.order_id
    await town.do(do.CancelOrder(reason="ordered_by_mistake"), Actor.COORDINATOR)
    town.stack.store.append(second.order, 0, placed, actor="coordinator", now=now)


async def test_a_command_to_an_order_whose_workflow_is_lost_starts_it_again(town: Town) -> None:
    await town.live_to(Stage.PLANNED)
    await town.env.client.get_workflow_handle(town.workflow_id).terminate("lost")
    later = MEETING + dt.timedelta(days=14)
    accepted = await town.do(do.MoveMeeting(to=the_meeting(later).starts), Actor.COORDINATOR)
    assert accepted == Accepted(town.order.version - 1, Stage.PLANNED)  # the letter on it has gone since
    assert await town.is_running()


async def test_a_command_to_an_order_that_never_was_is_refused(town: Town) -> None:
    with pytest.raises(Rejected, match="no_such_order"):
        await town.orders.execute("nobodys", do.HoldDeck(), actor=Actor.CONSULTANT, request_id=new_id())


async def test_someone_else_writing_to_the_stream_is_found_and_read(town: Town) -> None:
    await town.live_to(Stage.ORDERED)
    order, now = town.order, await town.now()
    other = do.AssignConsultant(consultant=town.a_consultant("Anders Anden", "anders"))
    town.stack.store.append(town.order_id, order.version, decide(order, other, now), actor="consultant", now=now)
    await town.do(do.AgreePlan(meeting=the_meeting()))
    assert town.types() == ["order_placed", "consultant_assigned", "consultant_assigned", "plan_agreed"]
    assert town.order.consultant == other.consultant


async def test_where_nobody_works_a_person_is_told_to_try_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.orders_client.ANSWER_WITHIN", 0.3)
    async with a_town(data) as town:
        command = folk.place_order(town.stack, town.package, 12)
        now = await town.now()
        town.stack.store.append(command.order, 0, decide(None, command, now), actor="coordinator", now=now)
        await town.orders.start(command.order)
        with pytest.raises(Unavailable):
            await town.orders.execute(command.order, do.DeclineFollowUp(), actor=Actor.COORDINATOR, request_id=new_id())

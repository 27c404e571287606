"""The one door for commands: refusals with their reasons, retries without a second effect, the right people."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from domain import commands as do
from domain.by import SYSTEM, By
from domain.commands import AnyCommand
from domain.decisions import decide
from domain.model import OrderId, Rejected, Role, Round
from domain.stages import Stage
from storage.ids import new_id
from tests.workflows import people
from tests.workflows.time_skipping import MEETING, OrderSystem, an_order_system, the_meeting
from web.orders_port import Accepted, Unavailable
from web.problems import Problem
from web.requests.people import AddMember
from worker.histories import histories_of

pytestmark = pytest.mark.temporal


async def test_a_refusal_comes_back_with_its_code_its_danish_line_and_its_facts(system: OrderSystem) -> None:
    await system.live_to(Stage.ORDERED)
    with pytest.raises(Rejected) as refusal:
        await system.do(do.AgreePlan(meeting=the_meeting(dt.date(2031, 3, 20))))
    assert refusal.value.code == "meeting_too_early"
    assert "tidligst ligge den 28. marts 2031" in refusal.value.message
    assert refusal.value.facts == {"earliest": "2031-03-28"}


async def test_a_refused_command_leaves_no_trace_in_the_stream(system: OrderSystem) -> None:
    await system.live_to(Stage.ORDERED)
    events = system.events
    with pytest.raises(Rejected):
        await system.do(do.HoldDeck())
    assert system.events == events


async def test_a_command_from_the_wrong_person_is_refused(system: OrderSystem) -> None:
    await system.live_to(Stage.PLANNED)
    commands: list[tuple[AnyCommand, By]] = [
        (do.AgreePlan(meeting=the_meeting()), system.coordinator),
        (do.HoldDeck(), system.coordinator),
        (do.OpenSurvey(round=Round.BASELINE), system.consultant),
        (do.CompleteOrder(), system.operations),
    ]
    for command, actor in commands:
        with pytest.raises(Rejected, match="not_yours"):
            await system.do(command, actor)


async def test_the_same_request_twice_has_one_effect_and_one_answer(system: OrderSystem) -> None:
    await system.live_to(Stage.ORDERED)
    agreed = do.AgreePlan(meeting=the_meeting())
    first = await system.do(agreed, request_id="the-call")
    again = await system.do(agreed, request_id="the-call")
    assert first == again
    assert system.types().count("plan_agreed") == len(system.mails("plan_agreed")) == 1


async def test_a_request_repeated_in_a_new_run_of_the_workflow_has_no_second_effect(system: OrderSystem) -> None:
    await system.live_to(Stage.READY)
    await system.hold_the_meeting(follow_up="later")
    declined = do.DeclineFollowUp()
    opens = do.AgreeFollowUp(opens=dt.date(2032, 3, 1))
    await system.do(opens, system.coordinator, request_id="agreed")
    assert len(await histories_of(system.env.client, system.workflow_id)) == 2
    await system.env.client.get_workflow_handle(system.workflow_id).terminate("lost")
    await system.orders.start(system.order_id)
    await system.do(opens, system.coordinator, request_id="agreed")
    assert system.types().count("follow_up_agreed") == 1
    await system.do(declined, system.coordinator)


async def test_the_same_command_told_twice_has_one_effect(system: OrderSystem) -> None:
    await system.live_to(Stage.ORDERED)
    agreed = do.AgreePlan(meeting=the_meeting())
    first, second = await asyncio.gather(system.do(agreed), system.do(agreed))
    assert first.stage == second.stage == Stage.PLANNED
    assert system.types().count("plan_agreed") == len(system.mails("plan_agreed")) == 1


async def test_commands_given_at_once_are_carried_out_one_after_the_other(system_on_each: OrderSystem) -> None:
    system = system_on_each
    await system.live_to(Stage.SURVEY_OPEN)
    newcomers = [
        AddMember(
            type="add_member",
            name=f"Nora {name}",
            email=f"{name}@{people.DOMAIN}".lower(),
            practice=people.PRACTICE,
            role=Role.OWNER,
        )
        for name in people.FIRST_NAMES[:5]
    ]
    await asyncio.gather(*map(system.ask, newcomers))
    assert system.types().count("member_added") == 5
    assert len(system.mails("invitation")) == len({mail.to for mail in system.mails("invitation")}) == 17


async def test_a_cluster_has_one_open_order_of_a_package(system: OrderSystem) -> None:
    await system.live_to(Stage.PLANNED)
    now = await system.now()
    with pytest.raises(Problem, match="already_open"):
        people.place(system.stack, system.package, 12, now)
    await system.do(do.CancelOrder(reason="ordered_by_mistake"), system.coordinator)
    assert people.place(system.stack, system.package, 12, now) != system.order_id


async def test_a_command_to_an_order_whose_workflow_is_lost_starts_it_again(system: OrderSystem) -> None:
    await system.live_to(Stage.PLANNED)
    await system.env.client.get_workflow_handle(system.workflow_id).terminate("lost")
    later = MEETING + dt.timedelta(days=14)
    accepted = await system.do(do.MoveMeeting(to=the_meeting(later).starts), system.coordinator)
    assert accepted == Accepted(system.order.version - 1, Stage.PLANNED)  # the letter on it has gone since
    assert await system.is_running()


async def test_a_command_to_an_order_that_never_was_is_refused(system: OrderSystem) -> None:
    with pytest.raises(Rejected, match="no_such_order"):
        await system.orders.execute(OrderId("nobodys"), do.HoldDeck(), by=SYSTEM, request_id=new_id())


async def test_someone_else_writing_to_the_stream_is_found_and_read(system: OrderSystem) -> None:
    await system.live_to(Stage.ORDERED)
    order, now = system.order, await system.now()
    other = do.AssignConsultant(consultant=system.a_consultant("Anders Anden", "anders"))
    system.stack.store.append(system.order_id, order.version, decide(order, other, now), by=SYSTEM, now=now)
    await system.do(do.AgreePlan(meeting=the_meeting()))
    assert system.types() == ["order_placed", "consultant_assigned", "consultant_assigned", "plan_agreed"]
    assert system.order.consultant == other.consultant


async def test_where_nobody_works_a_person_is_told_to_try_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.orders_client.ANSWER_WITHIN", 0.3)
    async with an_order_system(data) as system:
        system.order_id = people.place(system.stack, system.package, 12, await system.now())
        await system.orders.start(system.order_id)
        with pytest.raises(Unavailable):
            await system.do(do.AssignConsultant(consultant=system.a_consultant()), system.operations)

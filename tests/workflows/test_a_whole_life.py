"""Whole lives of orders on a real Temporal server that skips time."""

import datetime as dt
from pathlib import Path

from domain import commands as do
from domain.meeting import Meeting
from domain.model import Actor, Round
from domain.stages import Stage
from tests.workflows.town import a_town


async def test_an_order_lives_from_call_to_comparison(tmp_path: Path, database_url: str) -> None:
    async with a_town(tmp_path, database_url) as town, town.worker():
        await town.place_an_order(members=12)
        await town.do(do.AssignConsultant(consultant=town.a_consultant()))
        today = (await town.now()).date()
        meeting = Meeting(starts=dt.datetime.combine(today + dt.timedelta(days=60), dt.time(17)))
        await town.do(do.AgreePlan(meeting=meeting))
        await town.until(Stage.SURVEY_OPEN)
        town.answer(11)
        await town.until(Stage.READY)
        await town.until_day(meeting.day + dt.timedelta(days=1))
        await town.do(do.RecordMeeting(attended=10, absent=2), Actor.COORDINATOR)
        await town.until(Stage.QUIET)
        opens = meeting.day + dt.timedelta(days=270)
        await town.do(do.AgreeFollowUp(opens=opens), Actor.COORDINATOR)
        await town.until(Stage.FOLLOW_UP_OPEN)
        town.answer(10, Round.FOLLOW_UP)
        await town.until(Stage.COMPLETED)
        assert town.types() == []

"""When the maintenance jobs are due in a demonstration: each one daily, at the hours that production keeps."""

import datetime as dt

import pytest
from temporalio.client import Client

from activities.maintenance import MaintenanceJob
from demo.play.chores import TIMES, Chores
from domain.meeting import at
from workflows.maintenance import SPECS

A_DAY = dt.date(2026, 3, 27)
"""The last working day before summer time begins."""


@pytest.fixture
def chores() -> Chores:
    nobodys: Client = None  # type: ignore[assignment]  # nothing is started here
    return Chores(nobodys)


def test_every_job_that_production_schedules_is_done() -> None:
    assert set(TIMES) == set(SPECS) == set(MaintenanceJob)


@pytest.mark.parametrize("job", [MaintenanceJob.NIGHTLY_ERASURE, MaintenanceJob.MORNING_DIGEST])
def test_a_job_that_has_its_hour_in_production_keeps_it(job: MaintenanceJob) -> None:
    minute, hour, *_ = SPECS[job].cron_expressions[0].split()
    assert TIMES[job] == dt.time(int(hour), int(minute))


def test_one_that_was_due_today_is_due_tomorrow_also_over_the_change_of_clocks(chores: Chores) -> None:
    saturday = A_DAY + dt.timedelta(days=1)
    job = MaintenanceJob.NIGHTLY_ERASURE
    assert chores.due(job, at(saturday, dt.time(4, 9))) == at(saturday, dt.time(4, 10))
    assert chores.due(job, at(saturday, dt.time(4, 10))) == at(saturday + dt.timedelta(days=1), dt.time(4, 10))


def test_the_next_of_them_is_the_soonest(chores: Chores) -> None:
    assert chores.next_after(at(A_DAY, dt.time(4, 10))) == at(A_DAY, dt.time(8))
    assert chores.next_after(at(A_DAY, dt.time(9))) == at(A_DAY + dt.timedelta(days=1), dt.time(4, 10))

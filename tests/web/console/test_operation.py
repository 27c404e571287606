"""The console's page on the system itself: true also while parts of it do not answer."""

import datetime as dt
from dataclasses import replace

import pytest

from storage import incidents
from storage.incidents import IncidentKind
from storage.outbox import MailState
from storage.staff import StaffRole
from tests.web.application import Web
from tests.web.console.office import signed_in
from tests.web.console.outgoing import put
from tests.web.reading import Shown
from web.engine_port import EngineReport, QueueReport, ScheduleReport
from web.orders_port import Unavailable

PAGE = "/drift/drift"
AT = dt.datetime(2026, 1, 5, 7, 15, tzinfo=dt.UTC)
WELL = EngineReport(
    "1.31.0",
    12,
    (QueueReport("orders", 2, 0, dt.timedelta(0)), QueueReport("mail", 0, 7, dt.timedelta(seconds=90))),
    (
        ScheduleReport("sweep", AT, AT + dt.timedelta(minutes=15), False),
        ScheduleReport("morning_digest", None, None, True),
    ),
)


def rows(shown: Shown) -> list[str]:
    """Each row's cells."""
    return [
        " ".join(" ".join(cell.text_content() for cell in row.xpath("./*")).split())
        for row in shown.tree.xpath("//tbody/tr")
    ]


def test_queues_and_schedules_are_told_as_the_engine_has_them(web: Web) -> None:
    web.engine.told = WELL
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        shown = Shown(karen.get(PAGE))
    told = rows(shown)
    assert "Forløb 2 0 –" in told
    assert "Mails Ingen 7 90 s" in told
    assert "Gennemgang hvert kvarter 05.01.2026 kl. 8.15 05.01.2026 kl. 8.30" in told
    assert "Morgenens lister sat på pause ikke endnu –" in told
    assert "12 forløb er i gang i Temporal, som er version 1.31.0." in shown.words
    assert "Trivsel og arbejdsglæde" in shown.words


@pytest.mark.parametrize("trouble", [Unavailable("10.0.0.7"), TimeoutError()])
def test_the_page_is_there_while_temporal_is_not(web: Web, trouble: Exception) -> None:
    async def refused() -> None:
        raise ConnectionError("10.0.0.7")

    web.checks["temporal"] = refused
    web.engine.told = trouble
    with signed_in(web) as ole:
        shown = Shown(ole.get(PAGE))
    assert shown.status == 200
    assert "Databasen Svarer" in rows(shown)
    assert "Temporal Svarer ikke: ConnectionError" in rows(shown)
    assert "Temporal svarer ikke. Læger kan svare" in shown.words
    assert "10.0.0.7" not in shown.text


def test_schedules_that_are_not_there_are_missed(web: Web) -> None:
    web.engine.told = replace(WELL, schedules=())
    with signed_in(web) as ole:
        assert "De faste opgaver er ikke sat op" in Shown(ole.get(PAGE)).words


def test_what_the_system_cannot_do_itself_is_named_with_its_order(web: Web) -> None:
    order = web.place()
    with signed_in(web) as ole:
        assert "Intet lige nu." in Shown(ole.get(PAGE)).words
        with web.database.write() as connection:
            kind = IncidentKind.STEP_FAILS
            incidents.report(connection, kind, web.order(order).id, "make_deck", "OSError", web.clock.instant)
        shown = Shown(ole.get(PAGE))
    assert f"/drift/forloeb/{order}" in shown.links()
    assert "OSError" in shown.words


def test_mails_last_sign_of_life_is_told(web: Web) -> None:
    order = web.place()
    with signed_in(web) as ole:
        none_yet = Shown(ole.get(PAGE)).words
        assert "Der er ikke sendt mails endnu. Ingen mails venter, og ingen kræver nogen." in none_yet
        for number, state in enumerate((MailState.SENT, MailState.QUEUED, MailState.UNKNOWN)):
            put(web, order, state, number=number)
        shown = Shown(ole.get(PAGE))
    assert "Den seneste gik ud 05.01.2026 kl. 10.00. 1 mail venter, og 1 mail kræver nogen." in shown.words

"""Open pages are told that something has changed: within a look or two, of what they are about, and nobody else is."""

import asyncio
import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import pytest

from storage import clusters, incidents, sessions, subscriptions
from storage.database import Database
from storage.incidents import IncidentKind
from storage.outbox import MailState
from storage.pulse import EVERYTHING, pulse, pulses_of
from tests.web.application import Web, fill_in, running_web
from tests.web.console.office import Colleague, browser, signed_in
from tests.web.console.outgoing import put
from tests.web.console.test_receivers import with_receiver
from tests.web.reading import Shown
from web.console.live.fresh import LIVE
from web.console.live.watch import Watch

LONG = 30.0
PAGES = ("/drift", "/drift/forloeb", "/drift/forloeb?vis=tavle", "/drift/mails", "/drift/drift")


def listens_at(shown: Shown) -> str:
    (address,) = shown.tree.xpath("//body/@data-live")
    return str(address)


@contextmanager
def listening(colleague: Colleague, address: str) -> Iterator[Iterator[str]]:
    with colleague.http.stream("GET", address, timeout=LONG) as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        lines = answer.iter_lines()
        assert next(lines) == "retry: 5000"
        yield lines


def is_told(lines: Iterator[str]) -> bool:
    """Before the next sign of life, which is much later than two looks."""
    return next((line for line in lines if line in ("event: changed", ":")), "") == "event: changed"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_listens_and_may_run_our_own_script_alone(web: Web, path: str) -> None:
    web.place()
    with signed_in(web) as ole:
        shown = Shown(answer := ole.get(path))
        policy = answer.headers["content-security-policy"]
        other = ole.get("/drift/min-side").headers["content-security-policy"]
    assert listens_at(shown).startswith(f"{LIVE}?maerke=")
    assert "script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'" in policy
    assert "script-src" not in other


def test_everything_that_happens_to_an_order_is_told_to_lists_and_to_its_own_page(web_on_both: Web) -> None:
    web = web_on_both
    order = web.place()
    with signed_in(web) as ole:
        addresses = [listens_at(Shown(ole.get(path))) for path in ("/drift", f"/drift/forloeb/{order}")]
        web.plan(order)
        days = iter(("2026-04-08T17:00", "2026-04-09T17:00"))
        for address in addresses:
            with listening(ole, address) as lines:
                assert is_told(lines), "what came between the page and its listening is told too"
        for path in ("/drift", f"/drift/forloeb/{order}"):
            with listening(ole, listens_at(Shown(ole.get(path)))) as lines:
                threading.Timer(0.2, web.command, (order,), {"type": "move_meeting", "to": next(days)}).start()
                assert is_told(lines)


def test_another_orders_page_is_not_told_and_the_stream_says_that_it_lives(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.console.live.stream.BEAT", 0.1)
    monkeypatch.setattr("web.console.live.watch.EVERY", 0.01)
    mine, other = web.place(), web.place("bestilling-0002", cluster={"name": "Ribe", "region": "syddanmark"})
    with signed_in(web) as ole, listening(ole, listens_at(Shown(ole.get(f"/drift/forloeb/{mine}")))) as lines:
        web.plan(other)
        assert set(islice(lines, 20)) == {"", ":"}
        web.plan(mine)
        assert "event: changed" in islice(lines, 2_000)


def test_a_receivers_pages_are_told_what_became_of_an_event_and_no_other_page_is(web_on_both: Web) -> None:
    web = web_on_both
    web.place()
    id_ = with_receiver(web)
    with signed_in(web) as ole:
        told = [listens_at(Shown(ole.get(path))) for path in ("/drift/modtagere", f"/drift/modtagere/{id_}")]
        with web.database.write() as connection:
            elsewhere = pulse(connection)
            run = subscriptions.take(connection, id_)
            assert run
            assert pulse(connection) == elsewhere
            subscriptions.check_taken(connection, id_, run)  # goes with what came of it
            assert pulse(connection) == elsewhere
        for address in told:
            with listening(ole, address) as lines:
                assert is_told(lines)


def test_the_countrys_page_is_told_that_a_cluster_lies_in_another_region(web_on_both: Web) -> None:
    web = web_on_both
    web.place()
    web.place("bestilling-0002", cluster={"name": "Ribe", "region": "syddanmark"})
    with signed_in(web) as ole:
        address = listens_at(Shown(ole.get("/drift/landet")))
        with web.database.write() as connection:
            north, south = sorted(clusters.clusters(connection), key=lambda each: each.name)
            clusters.move_to_region(connection, north.id, south.region)
            clusters.move_to_region(connection, south.id, north.region)
        with listening(ole, address) as lines:
            assert is_told(lines)


def test_mail_in_trouble_and_steps_that_fail_are_news_once(database: Database) -> None:
    with running_web(database) as web:
        order = web.place()
        marks = set[str]()

        def note() -> int:
            with database.read() as connection:
                marks.add(pulse(connection))
            return len(marks)

        now = web.clock.instant
        assert note() == 1
        put(web, order, MailState.UNKNOWN)
        assert note() == 2
        for attempt in (1, 2, 3):
            with database.write() as connection:
                kind = IncidentKind.STEP_FAILS
                at = now + dt.timedelta(minutes=attempt)
                incidents.report(connection, kind, web.order(order).id, "deck", "OSError", at, attempts=attempt)
            assert note() == 3
        with database.write() as connection:
            incidents.resolve(connection, IncidentKind.STEP_FAILS, web.order(order).id)
            later = now + dt.timedelta(minutes=9)
            incidents.report(connection, IncidentKind.STEP_FAILS, web.order(order).id, "mail", "OSError", later)
        assert note() == 4
        with database.read() as connection:
            assert pulses_of(connection, [order, "nej"]) == {order: f"{web.order(order).version}-1"}
            assert pulses_of(connection, []) == {}


def test_an_answer_is_told_to_nobody(web: Web) -> None:
    order = web.place()
    web.plan(order)
    (link, *_) = web.open_survey(order)
    with web.database.read() as connection:
        before = pulse(connection), pulses_of(connection, [order])
    with web.client() as http:
        fill_in(http, link, arbejdsglaede="hoej")
        assert Shown(http.get(link)).heading == "Du har svaret. Tak!"
    with web.database.read() as connection:
        assert (pulse(connection), pulses_of(connection, [order])) == before


@pytest.mark.parametrize("query", ["", "?maerke=", f"?maerke={'x' * 300}", f"?maerke=1&om={'x' * 300}"])
def test_an_address_without_a_mark_is_refused_in_one_line(shared_web: Web, query: str) -> None:
    with signed_in(shared_web) as ole:
        answer = ole.get(LIVE + query)
    assert (answer.status_code, answer.text) == (422, "Adressen mangler sidens mærke: genindlæs siden.\n")


def test_who_is_not_signed_in_hears_nothing(shared_web: Web) -> None:
    with browser(shared_web) as http:
        assert http.get(f"{LIVE}?maerke=1").status_code == 303


def test_a_page_left_open_does_not_keep_its_reader_signed_in(web: Web) -> None:
    with signed_in(web) as ole:
        web.wall.instant += sessions.IDLE_FOR - dt.timedelta(minutes=5)
        with listening(ole, f"{LIVE}?maerke=1") as lines:
            assert is_told(lines)
        web.wall.instant += dt.timedelta(minutes=10)
        assert ole.get("/drift").status_code == 303


def test_no_more_pages_listen_than_can_be_told(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.console.live.stream.MOST", 0)
    with signed_in(web) as ole:
        answer = ole.get(f"{LIVE}?maerke=1")
    assert (answer.status_code, answer.text) == (503, "Der er for mange åbne sider lige nu.\n")


def test_a_page_that_refused_something_is_no_page_to_come_back_to(web: Web) -> None:
    order = web.place()
    with signed_in(web) as ole:
        refused = Shown(ole.post(f"/drift/handling/{order}/udskyd", {"task": "x"}))
    assert refused.status == 422
    assert not refused.tree.xpath("//body/@data-live")


def test_a_server_that_ends_lets_its_pages_go(database: Database) -> None:
    """Without it the server would wait for readers who wait for it."""
    with running_web(database) as web, signed_in(web) as ole:
        mark = listens_at(Shown(ole.get("/drift")))
        with listening(ole, mark) as lines:
            while web.services.watch.pages == 0:
                pass
            web.services.watch.close()
            assert not is_told(lines)


async def comes_to_rest(looked: list[set[str]]) -> bool:
    """Whether the looks end: the last may have been begun while a page was open, and a busy machine be late with it."""
    for _ in range(50):
        so_far = len(looked)
        await asyncio.sleep(0.3)
        if len(looked) == so_far:
            return True
    return False


def test_nobody_looks_while_no_page_is_open(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.console.live.watch.EVERY", 0.01)
    looked = list[set[str]]()

    class Counted(Watch):
        def _look(self, about: set[str]) -> dict[str, str]:  # type: ignore[override]
            looked.append(set(about))
            return dict(super()._look(about))

    async def some_pages() -> None:
        watch = Counted(database)
        waits = [watch.changed(EVERYTHING, "0-0-0-0-0-0", 0.2), watch.changed("bestilling", "", 0.2)]
        assert await asyncio.gather(*waits) == [False, False]
        assert watch.pages == 0
        assert await comes_to_rest(looked)
        assert await watch.changed(EVERYTHING, "old", 10) is True

    asyncio.run(some_pages())
    assert {EVERYTHING, "bestilling"} in looked


def test_a_look_begun_before_a_page_was_made_says_nothing_of_it(database: Database) -> None:
    is_looking, may_end = threading.Event(), threading.Event()

    class Slow(Watch):
        marks = iter(("old", "new", "new", "new"))

        def _look(self, _about: set[str]) -> dict[str, str]:  # type: ignore[override]
            is_looking.set()
            may_end.wait(LONG)
            return {EVERYTHING: next(self.marks)}

    async def two_pages() -> tuple[bool, bool]:
        watch = Slow(database)
        earlier = asyncio.create_task(watch.changed(EVERYTHING, "old", 1.5))
        await asyncio.to_thread(is_looking.wait, LONG)
        later = asyncio.create_task(watch.changed(EVERYTHING, "new", 1.5))
        await asyncio.sleep(0)
        may_end.set()
        return await earlier, await later

    assert asyncio.run(two_pages()) == (True, False)


def test_an_outage_is_waited_out_and_told_once(web: Web, caplog: pytest.LogCaptureFixture) -> None:
    from storage.outage import DatabaseUnavailable, Outage

    class Failing(Watch):
        looks = 0

        def _look(self, about: set[str]) -> dict[str, str]:  # type: ignore[override]
            self.looks += 1
            if self.looks < 4:
                raise (DatabaseUnavailable(Outage.OUT_OF_REACH, "nowhere") if self.looks < 3 else ValueError("x"))
            return dict(super()._look(about))

    async def until_told() -> bool:
        return await Failing(web.database).changed(EVERYTHING, "old", LONG)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("web.console.live.watch.EVERY", 0.01)
        assert asyncio.run(until_told())
    assert len([each for each in caplog.records if each.name == "web.live"]) == 1


def test_asked_for_its_head_alone_the_stream_has_no_body(web: Web) -> None:
    with signed_in(web) as ole:
        answer = ole.http.head(f"{LIVE}?maerke=1")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")

"""The database is locked, full or gone: people keep what they wrote, and sending it again works."""

import io
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, event, func, select, text
from sqlalchemy.engine import URL

from domain.model import OrderId, Round
from storage import survey_roll
from storage.ballot_box import ballot_table
from storage.database import Database
from storage.migrate import migrate
from tests.own_postgres import own_postgres
from tests.web.application import Web, order_json, running_web
from tests.web.reading import Shown, Visitor

SOON = 0.5
"""Seconds that a transaction waits for others here."""
OWN_WORDS = 'Vi holder pause – "altid".\n<Hver> dag & nat.'


@contextmanager
def impatient_web(url: str) -> Iterator[Web]:
    database = Database(url, patience=SOON)
    migrate(database)
    with running_web(database) as running:
        yield running
    database.close()


@pytest.fixture
def web(database_url: str) -> Iterator[Web]:
    """On each of the two databases."""
    with impatient_web(database_url) as running:
        yield running


@contextmanager
def locked(web: Web) -> Iterator[None]:
    """Another program writes, and does not let go. Reading goes on."""
    engine = create_engine(web.database.url)
    with engine.connect() as connection:
        if web.database.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            every = "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
            tables = connection.exec_driver_sql(every).scalar_one()
            connection.exec_driver_sql(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        yield
        connection.rollback()
    engine.dispose()


@contextmanager
def full(web: Web) -> Iterator[None]:
    """SQLite's file has no free page, and may not grow any more."""

    def limit(connection: Any, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    with closing(web.database.engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM")
    event.listen(web.database.engine, "connect", limit)
    web.database.close()
    yield
    event.remove(web.database.engine, "connect", limit)
    web.database.close()


def is_a_kind_503(answer: httpx.Response) -> Shown:
    """Says so in Danish, and when to come back."""
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["cache-control"] == "no-store"
    return Shown(answer)


def answered(web: Web, order: str) -> tuple[int, int]:
    """How many ballots there are, and how many have answered by the roll."""
    with web.database.read() as connection:
        ballots = connection.execute(select(func.count()).select_from(ballot_table)).scalar_one()
        return ballots, survey_roll.count(connection, OrderId(order), Round.BASELINE).answers


def at_the_last_button(web: Web, http: httpx.Client) -> tuple[str, Visitor]:
    """An order, and a doctor who sees their answers once more before sending."""
    order = web.place()
    web.plan(order)
    (link, *_) = web.open_survey(order)
    visitor = Visitor(http, link)
    filled = visitor.press("", who5_1="hele_tiden", who5_2="det_meste", gode_erfaringer=OWN_WORDS)
    assert filled.status == 200
    return order, visitor


def sends_and_keeps_the_answers(http: httpx.Client, visitor: Visitor) -> None:
    """Pressing the last button: a kind page with the same answers in its form, and nothing stored."""
    before = visitor.page.fields()
    assert (before["who5_1"], before["gode_erfaringer"]) == (["hele_tiden"], [OWN_WORDS])
    page = is_a_kind_503(http.post(visitor.path, data={**before, "go": "send"}))
    assert {name: values for name, values in page.fields().items() if name != "go"} == before
    assert "står her stadig" in page.words
    assert "Der er noget at rette" not in page.words
    visitor.page = page


def test_answers_that_meet_a_lock_stay_in_the_form_and_are_sent_by_pressing_again(web: Web, http: httpx.Client) -> None:
    order, visitor = at_the_last_button(web, http)
    with locked(web):
        sends_and_keeps_the_answers(http, visitor)
        sends_and_keeps_the_answers(http, visitor)
        assert answered(web, order) == (0, 0)
    assert visitor.press("send").heading == "Tak for dit svar"
    assert answered(web, order) == (1, 1)


def test_answers_that_meet_a_full_disk_stay_in_the_form_too(tmp_path: Path) -> None:
    with impatient_web(f"sqlite:///{tmp_path / 'full.db'}") as web, web.client() as http:
        order, visitor = at_the_last_button(web, http)
        with full(web):
            sends_and_keeps_the_answers(http, visitor)
            assert answered(web, order) == (0, 0)
        assert visitor.press("send").heading == "Tak for dit svar"
        assert answered(web, order) == (1, 1)


def test_a_locked_database_shows_its_pages_all_the_same(web: Web, http: httpx.Client) -> None:
    order, visitor = at_the_last_button(web, http)
    with locked(web):
        for path in (visitor.path, web.page_of(order), web.page_of(order) + "/flyt", "/", "/readyz"):
            assert http.get(path).status_code == 200, path


def test_a_form_of_the_order_page_keeps_what_was_written_and_works_when_pressed_again(
    web: Web, http: httpx.Client
) -> None:
    order = web.place()
    web.plan(order)
    visitor = Visitor(http, web.page_of(order) + "/rammer")
    written = {**visitor.page.fields(), "place_text": "Hos Åse & Bo", "minutes": "180"}
    with locked(web):
        page = is_a_kind_503(http.post(visitor.path, data=written))
        kept = page.fields()
        assert (kept["place_text"], kept["minutes"]) == (["Hos Åse & Bo"], ["180"])
        assert kept["anmodning"] == visitor.page.fields()["anmodning"]  # pressed again it is the same request
        assert "står her stadig" in page.words
    version = web.order(order).version
    done = http.post(visitor.path, data=page.fields(), follow_redirects=True)
    again = http.post(visitor.path, data=page.fields(), follow_redirects=True)
    assert (done.status_code, again.status_code) == (200, 200)
    assert web.order(order).version == version + 1
    assert "Hos Åse &amp; Bo" in done.text


def test_the_api_says_try_again_and_the_same_request_then_works_once(web: Web) -> None:
    order = web.place()
    web.plan(order)
    with web.client(web.site_key) as http:
        headers = {"Idempotency-Key": "kommando-0001"}
        asked = {"type": "change_meeting", "minutes": 180, "place_text": "Hos Åse"}
        path = f"/api/v1/orders/{order}/commands"
        version = web.order(order).version
        with locked(web):
            is_a_problem_503(http.post(path, json=asked, headers=headers))
            assert http.get(f"/api/v1/orders/{order}").status_code == 200
        assert web.order(order).version == version
        for _ in range(2):
            assert http.post(path, json=asked, headers=headers).status_code == 200
        assert web.order(order).version == version + 1
    with web.client(web.site_key) as http:
        sent = order_json(cluster={"name": "Vejle", "region": "syddanmark"})
        headers = {"Idempotency-Key": "bestilling-0002"}
        with locked(web):
            is_a_problem_503(http.post("/api/v1/orders", json=sent, headers=headers))
        first, second = (http.post("/api/v1/orders", json=sent, headers=headers) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 200)


def is_a_problem_503(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == "unavailable"
    assert "Prøv igen" in answer.json()["detail"]


@pytest.mark.postgres
def test_while_the_database_server_is_down_nobody_loses_what_they_wrote() -> None:
    with own_postgres() as server, impatient_web(server.url) as web, web.client() as http:
        order, visitor = at_the_last_button(web, http)
        _, *others = web.open_survey(order)
        on_the_way = Visitor(http, others[0])
        order_page = web.page_of(order)
        form = Visitor(http, order_page + "/rammer")
        written = {**form.page.fields(), "place_text": "Hos Åse"}
        server.stop()

        sends_and_keeps_the_answers(http, visitor)
        page = is_a_kind_503(http.post(on_the_way.path, data={**on_the_way.page.fields(), "go": "", "who5_1": "lidt"}))
        assert (page.fields()["who5_1"], page.fields()["go"]) == (["lidt"], [""])
        kept = is_a_kind_503(http.post(form.path, data=written))
        assert kept.fields()["place_text"] == ["Hos Åse"]
        for path in (visitor.path, visitor.path + "/tak", form.path, order_page, "/d/et-link"):
            assert "lige nu" in is_a_kind_503(http.get(path)).heading, path
            assert http.head(path).status_code == 503
        with web.client(web.site_key) as api:
            is_a_problem_503(api.get(f"/api/v1/orders/{order}"))
            is_a_problem_503(api.post(f"/api/v1/orders/{order}/commands", json={"type": "release_deck"}))
        with web.client(web.site_key) as api:
            headers = {"Idempotency-Key": "bestilling-0003"}
            is_a_problem_503(api.post("/api/v1/orders", json=order_json(), headers=headers))
        assert [http.get(path).status_code for path in ("/", "/healthz", "/readyz")] == [200, 200, 503]

        server.start()
        assert Shown(http.post(on_the_way.path, data=page.fields())).fields()["who5_1"] == ["lidt"]
        assert http.post(form.path, data=kept.fields(), follow_redirects=True).status_code == 200
        done = http.post(visitor.path, data={**visitor.page.fields(), "go": "send"}, follow_redirects=True)
        assert Shown(done).heading == "Tak for dit svar"
        assert answered(web, order) == (1, 1)
        assert http.get("/readyz").status_code == 200


@contextmanager
def log_of_the_web() -> Iterator[io.StringIO]:
    """What the web's own logger says meanwhile."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    logging.getLogger("web").addHandler(handler)
    yield lines
    logging.getLogger("web").removeHandler(handler)


@pytest.mark.postgres
def test_a_connection_ended_while_an_answer_waits_for_its_turn_costs_nothing() -> None:
    with own_postgres() as server, impatient_web(server.url) as web, web.client() as http, log_of_the_web() as log:
        order, visitor = at_the_last_button(web, http)
        fields = {**visitor.page.fields(), "go": "send"}
        answers: list[httpx.Response] = []
        sending = threading.Thread(target=lambda: answers.append(http.post(visitor.path, data=fields)))
        with locked(web):
            sending.start()
            end_who_waits_for_a_lock(web.database.url)
            sending.join(60)
        assert Shown(answers[0]).fields()["gode_erfaringer"] == [OWN_WORDS]
        is_a_kind_503(answers[0])
        assert answered(web, order) == (0, 0)
        assert visitor.press("send").heading == "Tak for dit svar"
        assert answered(web, order) == (1, 1)
    assert "AdminShutdown" in log.getvalue()


def end_who_waits_for_a_lock(url: URL) -> None:
    """Its server process, by its id."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    waiting = text("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    deadline = time.monotonic() + 60
    with engine.connect() as connection:
        while (pid := connection.execute(waiting).scalar()) is None:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    engine.dispose()


def test_an_outage_is_logged_without_what_was_sent_or_who_sent_it(web: Web, http: httpx.Client) -> None:
    _, visitor = at_the_last_button(web, http)
    with locked(web), log_of_the_web() as log:
        sends_and_keeps_the_answers(http, visitor)
    told = log.getvalue()
    assert told.startswith("the database is busy: ")
    assert "pause" not in told
    assert "svar" not in told
    assert visitor.path.rpartition("/")[2] not in told

"""What the pages give away: no cookies, no third party, nothing in logs, nothing in caches."""

import asyncio
import io
import logging
import logging.config
import re
from collections.abc import Iterator

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from domain.order import Order
from tests.web.application import Web
from web.access_log import DiscreetAccess, log_config, redacted
from web.package_repository import PackageRepository
from web.security import CrashGuard
from web.templating import STATIC, TEMPLATES


def test_every_answer_has_the_headers_and_no_cookie(web: Web) -> None:
    order = web.place()
    web.plan(order)
    (link, *_) = web.open_survey(order)
    paths = ["/", link, link + "/tak", "/svar/x", web.page_of(order), web.page_of(order) + "/flyt", "/d/x", "/nej",
             "/api/v1/orders/x", "/healthz", "/readyz"]  # fmt: skip
    with_script = {path for path in paths if path.startswith("/svar/") and not path.endswith("/tak")}
    with web.client() as http:
        for path in paths:
            headers = http.get(path).headers
            assert headers["referrer-policy"] == "no-referrer", path
            assert headers["cache-control"] == "no-store", path
            assert "default-src 'none'" in headers["content-security-policy"], path
            scripts = re.findall(r"script-src [^;]*", headers["content-security-policy"])
            assert scripts == (["script-src 'self'"] if path in with_script else []), path
            in_markup = "require-trusted-types-for 'script'" in headers["content-security-policy"]
            assert in_markup == (path in with_script), path
            assert headers["x-content-type-options"] == "nosniff", path
            assert headers["x-frame-options"] == "DENY", path
            assert "set-cookie" not in headers, path


def test_static_files_may_be_kept_because_their_address_changes_with_them(web: Web) -> None:
    with web.client() as http:
        page = http.get("/").text
        for address in re.findall(r'href="(/static/[^"]+)"', page):
            answer = http.get(address)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
            assert re.search(r"\?v=[0-9a-f]{10}$", address)


def test_no_page_asks_anything_of_anybody_else() -> None:
    for file in [*TEMPLATES.rglob("*.html"), *STATIC.iterdir()]:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|url\(", text), file
        text = re.sub(r'<script defer src="{{ static\("[a-z_]+\.js"\) }}"></script>', "", text)
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", text), file


def test_scripts_talk_to_nobody_write_no_markup_and_keep_no_cookie() -> None:
    scripts = sorted(file for file in STATIC.iterdir() if file.suffix == ".js")
    for file in scripts:
        said = file.read_text(encoding="utf-8")
        listens = "EventSource" in said
        assert listens == (file.name == "live.js"), "the console's pages hear from us; nobody else's do"
        assert not re.search(r"fetch\(|XMLHttpRequest|sendBeacon|WebSocket|import\(|eval\(|Function\(", said), file
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|document\.cookie|\.src\s*=", said
        ), file


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/svar/abc", None),
        ("/svar/abc/tak", None),
        ("/svar?x=1", None),
        ("/SVAR/abc", None),
        ("/bestilling/m4ukq.hemmelig/flyt?gjort=x", "/bestilling/…/flyt?gjort=x"),
        ("/d/hemmelig", "/d/…"),
        ("/moede/m4ukq.hemmelig", "/moede/…"),
        ("/kalender/m4ukq.hemmelig/klyngemoede.ics", "/kalender/…/klyngemoede.ics"),
        ("/api/v1/orders/m4ukq", "/api/v1/orders/m4ukq"),
        ("/static/style.css?v=1", "/static/style.css?v=1"),
    ],
)
def test_a_path_is_logged_without_its_secret_and_the_questionnaire_not_at_all(path: str, logged: str | None) -> None:
    assert redacted(path) == logged


def test_the_servers_own_access_lines_are_discreet(web: Web) -> None:
    order = web.place()
    web.plan(order)
    (link, *_) = web.open_survey(order)
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.addFilter(DiscreetAccess())
    logger = logging.getLogger("uvicorn.access")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        with web.client() as http:
            http.get(link)
            http.post(link, data={"go": "videre"})
            http.get(web.page_of(order))
            http.get("/d/hemmelig")
            http.get("/")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    told = lines.getvalue()
    assert '"GET / HTTP' in told
    assert "/bestilling/… HTTP" in told
    assert "svar" not in told
    assert web.page_of(order).rpartition("/")[2] not in told
    assert "hemmelig" not in told


def test_the_log_configuration_is_one_that_uvicorn_takes() -> None:
    config = log_config("INFO")
    assert config["handlers"]["access"]["filters"] == ["discreet"]
    logging.config.dictConfig({**config, "incremental": False})


def test_code_that_breaks_says_sorry_and_logs_neither_values_nor_tokens(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = web.place()
    path = web.page_of(order)
    secret = "Mette Holm, mette.holm@example.dk"

    def breaks(_shelf: PackageRepository, _order: Order) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr(PackageRepository, "of", breaks)
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    logging.getLogger().addHandler(handler)
    logging.getLogger("web").addHandler(handler)
    try:
        with web.client() as http:
            answer = http.get(path)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger("web").removeHandler(handler)
    assert answer.status_code == 500
    assert "Det er vores fejl, ikke din" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    told = lines.getvalue()
    assert "RuntimeError while answering GET" in told
    assert "view.py" in told
    assert "example.dk" not in told
    assert path.rpartition(".")[2] not in told


def test_a_body_past_any_honest_size_is_turned_away(web: Web) -> None:
    order = web.place()
    web.plan(order)
    (link, *_) = web.open_survey(order)

    def in_pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    with web.client() as http:
        announced = http.post(link, content=b"x" * 2_000_000)
        streamed = http.post(link, content=in_pieces(), headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (announced.status_code, streamed.status_code) == (413, 413)


def test_an_unknown_address_is_danish_for_people_and_json_for_programs(web: Web) -> None:
    with web.client() as http:
        assert "Siden findes ikke" in http.get("/nej").text
        answer = http.get("/api/v1/nej")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_of_who_broke_off_while_sending_no_line_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def breaks_off(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ClientDisconnect

    async def apologises(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError("nobody waits for an answer")

    async def silence() -> Message:
        return {"type": "http.disconnect"}

    async def nowhere(_message: Message) -> None:
        return

    guard = CrashGuard(breaks_off, apologise=apologises)
    asyncio.run(guard({"type": "http", "method": "POST", "path": "/svar/x"}, silence, nowhere))
    assert caplog.records == []

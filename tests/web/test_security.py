"""The outermost layer, asked directly: headers on every answer, a limit on what is sent, an apology for a fault."""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.security import (
    HEADERS,
    LARGEST_BODY,
    STRICT_TRANSPORT,
    BodyDeadline,
    BodyLimit,
    BodyRefused,
    CrashGuard,
    SecurityHeaders,
    TooLarge,
    TooSlow,
)

SORRY = PlainTextResponse("undskyld", 500)
TOO_LARGE = PlainTextResponse("for stort", 413)
TOO_SLOW = PlainTextResponse("for langsomt", 408)
FINE = PlainTextResponse("fint")


@dataclass
class Asked:
    """One request to an application, and what came of it."""

    parts: Sequence[bytes] = ()
    kind: str = "http"
    headers: dict[str, str] = field(default_factory=dict)
    sent: list[Message] = field(default_factory=list)
    path: str = "/svar/hemmelig"

    def of(self, app: ASGIApp) -> "Asked":
        ask(app, self.scope, self._receive, self._send)
        return self

    @property
    def scope(self) -> Scope:
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        return {"type": self.kind, "method": "POST", "path": self.path, "headers": headers}

    @property
    def status(self) -> list[int]:
        """The status of every answer that was begun."""
        return [message["status"] for message in self.sent if message["type"] == "http.response.start"]

    @property
    def answered(self) -> dict[str, str]:
        """The headers of the answer."""
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    async def _receive(self) -> Message:
        first, *self.parts = self.parts or (b"",)
        return {"type": "http.request", "body": first, "more_body": bool(self.parts)}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)


def ask(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    async def asking() -> None:
        await app(scope, receive, send)

    asyncio.run(asking())


async def takes_it_all(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the whole body, then answers with its size."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message["body"])
        more = message["more_body"]
    await PlainTextResponse(str(size))(scope, receive, send)


def breaks(error: Exception, *, after_beginning: bool = False) -> ASGIApp:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if after_beginning:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    return app


LAYERS: list[Callable[[ASGIApp], ASGIApp]] = [
    lambda app: SecurityHeaders(app, https=True),
    lambda app: BodyLimit(app, refuse=TOO_LARGE),
    lambda app: BodyDeadline(app, refuse=TOO_SLOW, within=5),
    lambda app: CrashGuard(app, apologise=SORRY),
]


@pytest.mark.parametrize("layer", LAYERS, ids=["headers", "limit", "deadline", "guard"])
def test_what_is_no_request_passes_as_it_is(layer: Callable[[ASGIApp], ASGIApp]) -> None:
    seen: list[object] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.extend((scope, receive, send))

    asked = Asked(kind="lifespan")
    scope = asked.scope

    async def receive() -> Message:
        return {}

    async def send(_message: Message) -> None:
        return

    ask(layer(app), scope, receive, send)
    assert seen == [scope, receive, send]


# --- headers --------------------------------------------------------------------------------------------------------


def test_every_header_is_on_an_answer_and_nothing_may_keep_it() -> None:
    answered = Asked().of(SecurityHeaders(FINE, https=False)).answered
    for name, value in HEADERS.items():
        assert answered[name.lower()] == value
    assert answered["cache-control"] == "no-store"
    assert "strict-transport-security" not in answered


def test_over_https_browsers_are_told_to_stay_there() -> None:
    answered = Asked().of(SecurityHeaders(FINE, https=True)).answered
    assert answered["strict-transport-security"] == STRICT_TRANSPORT
    assert answered["referrer-policy"] == "no-referrer"


def test_what_an_answer_says_of_itself_stands() -> None:
    kept = PlainTextResponse("fint", headers={"Cache-Control": "public", "X-Frame-Options": "SAMEORIGIN"})
    answered = Asked().of(SecurityHeaders(kept, https=False)).answered
    assert (answered["cache-control"], answered["x-frame-options"]) == ("public", "SAMEORIGIN")


def test_the_answers_body_is_untouched() -> None:
    asked = Asked().of(SecurityHeaders(FINE, https=False))
    assert [message["type"] for message in asked.sent] == ["http.response.start", "http.response.body"]
    assert asked.sent[1]["body"] == b"fint"


# --- the limit ------------------------------------------------------------------------------------------------------


def test_a_body_of_the_largest_size_is_taken_whole() -> None:
    half = bytes(LARGEST_BODY // 2)
    asked = Asked([half, half], headers={"content-length": str(LARGEST_BODY)}).of(BodyLimit(takes_it_all, TOO_LARGE))
    assert asked.status == [200]
    assert asked.sent[1]["body"] == str(LARGEST_BODY).encode()


@pytest.mark.parametrize("announced", [str(LARGEST_BODY + 1), "-1", "mange", "1e3", ""])
def test_a_size_that_is_too_large_or_no_number_is_refused_before_anything_is_read(announced: str) -> None:
    nobody = breaks(AssertionError("nobody is to be asked"))
    asked = Asked([b"x"], headers={"accept": "*/*", "content-length": announced}).of(BodyLimit(nobody, TOO_LARGE))
    assert asked.status == [413]


def test_a_body_that_grows_past_the_limit_without_a_word_is_refused_once() -> None:
    asked = Asked([bytes(LARGEST_BODY), b"x", b"x"]).of(BodyLimit(takes_it_all, TOO_LARGE))
    assert asked.status == [413]
    assert asked.parts == [b"x"], "reading stops there"


def test_an_answer_that_has_begun_is_not_begun_again() -> None:
    asked = Asked().of(BodyLimit(breaks(TooLarge(), after_beginning=True), TOO_LARGE))
    assert asked.status == [200]


def test_a_message_without_a_body_counts_for_nothing() -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        assert await receive() == {"type": "http.disconnect"}

    async def nowhere(_message: Message) -> None:
        return

    ask(BodyLimit(app, TOO_LARGE), Asked().scope, gone, nowhere)


# --- the deadline ---------------------------------------------------------------------------------------------------

SOON = 0.05


@dataclass
class Slow(Asked):
    """Sends each part of its body after a pause."""

    pause: float = 0.0

    async def _receive(self) -> Message:
        await asyncio.sleep(self.pause)
        return await super()._receive()


def test_a_body_that_never_ends_is_given_up_after_a_while_whatever_trickles_in() -> None:
    asked = Slow([b"x"] * 100, pause=SOON / 3).of(BodyDeadline(takes_it_all, TOO_SLOW, within=SOON))
    assert asked.status == [408]
    assert len(asked.parts) > 90, "reading stops there"


def test_a_body_that_comes_in_time_is_taken_whole() -> None:
    asked = Slow([b"x"] * 3, pause=0.001).of(BodyDeadline(takes_it_all, TOO_SLOW, within=5))
    assert asked.sent[1]["body"] == b"3"


def test_after_the_body_the_application_takes_its_time_and_may_wait_for_the_client_to_go() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await asyncio.sleep(SOON * 2)
        await receive()
        await FINE(_scope, receive, send)

    assert Slow(pause=SOON * 0.1).of(BodyDeadline(app, TOO_SLOW, within=SOON)).status == [200]


def test_an_answer_that_has_begun_is_not_begun_again_for_a_slow_body() -> None:
    asked = Asked().of(BodyDeadline(breaks(TooSlow(), after_beginning=True), TOO_SLOW, within=5))
    assert asked.status == [200]


# --- the guard ------------------------------------------------------------------------------------------------------


def test_what_goes_well_passes() -> None:
    assert Asked([b"svar"]).of(CrashGuard(takes_it_all, SORRY)).sent[1]["body"] == b"4"


def test_what_nobody_foresaw_is_apologised_for_and_logged_by_name_and_place(caplog: pytest.LogCaptureFixture) -> None:
    asked = Asked().of(CrashGuard(breaks(ValueError("mette@example.dk")), SORRY))
    assert asked.status == [500]
    (record,) = caplog.records
    first, *frames = record.getMessage().splitlines()
    assert (record.name, record.levelno) == ("web", logging.ERROR)
    assert first == "builtins.ValueError while answering POST"
    assert any("test_security.py" in line and "in app" in line for line in frames)
    assert "mette" not in record.getMessage()
    assert "hemmelig" not in record.getMessage()
    assert record.exc_info is None


def test_the_log_names_what_it_came_of_to_the_first(caplog: pytest.LogCaptureFixture) -> None:
    told = RuntimeError("c")
    told.__cause__ = KeyError("b")
    told.__cause__.__context__ = OSError("a")
    told.__context__ = TypeError("another")
    Asked().of(CrashGuard(breaks(told), SORRY))
    assert caplog.text.splitlines()[0].endswith(
        "builtins.RuntimeError from builtins.KeyError from builtins.OSError while answering POST"
    )


def test_an_error_that_is_its_own_cause_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    told = RuntimeError("a")
    told.__cause__ = told
    Asked().of(CrashGuard(breaks(told), SORRY))
    assert caplog.text.splitlines()[0].endswith("builtins.RuntimeError while answering POST")


def test_after_half_an_answer_there_is_no_apology_but_a_line(caplog: pytest.LogCaptureFixture) -> None:
    asked = Asked().of(CrashGuard(breaks(ValueError(), after_beginning=True), SORRY))
    assert asked.status == [200]
    assert len(caplog.records) == 1


@pytest.mark.parametrize("refused", [TooLarge, TooSlow])
def test_a_body_that_is_not_read_is_for_others_to_answer(
    caplog: pytest.LogCaptureFixture, refused: type[BodyRefused]
) -> None:
    with pytest.raises(refused):
        Asked().of(CrashGuard(breaks(refused()), SORRY))
    assert caplog.records == []


def test_of_who_broke_off_nothing_is_said_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    asked = Asked().of(CrashGuard(breaks(ClientDisconnect()), SORRY))
    assert (asked.sent, caplog.records) == ([], [])


def test_where_a_file_is_sent_the_limit_is_another_and_only_there() -> None:
    larger = {re.compile("/fil"): 2 * LARGEST_BODY}
    for path, size, status in (
        ("/fil", 2 * LARGEST_BODY, 200),
        ("/fil", 2 * LARGEST_BODY + 1, 413),
        ("/filer", LARGEST_BODY + 1, 413),
    ):
        asked = Asked([bytes(size)], path=path)
        assert asked.of(BodyLimit(takes_it_all, TOO_LARGE, larger)).sent[0]["status"] == status, path

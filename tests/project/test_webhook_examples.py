"""docs/webhooks.md: its examples do what they say, against what is really sent."""

import base64
import os
import re
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from activities.webhook_lanes import message
from activities.webhook_receiver import Receiver
from activities.webhook_signature import signed_headers
from cli.main import load
from domain.by import SYSTEM
from domain.receiver import Reach
from domain.webhook_retries import PAUSES
from storage.database import Database
from storage.event_store import EventStore
from tests.mail.loopback import answered, http, serving
from tests.storage.event_log import NOW
from tests.storage.lives import placed
from worker.servers import free_port, is_free

ROOT = Path(__file__).resolve().parents[2]
PAPER = (ROOT / "docs" / "webhooks.md").read_text()
EXAMPLES = ROOT / "docs" / "examples"
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(32)).decode()


class Example:
    """The example's receiver in a process of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.process = subprocess.Popen(
            [sys.executable, EXAMPLES / "receive_webhooks.py", str(self.port)],
            env={"WEBHOOK_SECRET": SECRET, "PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        deadline = time.monotonic() + 30
        while is_free(self.port) and time.monotonic() < deadline:
            time.sleep(0.02)

    def stopped(self) -> list[str]:
        """Stop it; what it has printed."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=30)[0].splitlines()


@pytest.fixture
def example() -> Iterator[Example]:
    example = Example()
    yield example
    example.process.kill()


def sent_by_curl(url: str, secret: str, **environment: str) -> str:
    done = subprocess.run(
        ["sh", EXAMPLES / "send_webhook.sh", url],
        env={"WEBHOOK_SECRET": secret, "PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def test_the_receiver_takes_what_is_really_sent_prints_it_once_and_nothing_forged(
    example: Example, database: Database
) -> None:
    store = EventStore(database)
    store.append("o-1", 0, [placed()], by=SYSTEM, now=NOW)
    (recorded,) = store.load_recorded("o-1")
    body = message(recorded).model_dump_json().encode()
    receiver = Receiver(example.url, Reach(plain_http=True, private=True))
    now = int(time.time())

    def posted(secrets: list[str], at: int, said: bytes = body) -> str:
        keys = [base64.b64decode(each.removeprefix("whsec_")) for each in secrets]
        return receiver.post(said, signed_headers(keys, recorded.event_id, at, body)).code

    assert posted([SECRET], now) == "http_204"
    assert posted([OTHER, SECRET], now) == "http_204"  # while a secret is changed
    assert posted([OTHER], now) == "http_401"
    assert posted([SECRET], now - 600) == "http_401"
    assert posted([SECRET], now + 600) == "http_401"
    assert posted([SECRET], now, body + b" ") == "http_401"
    assert receiver.post(body, {}).code == "http_401"
    assert example.stopped() == ["o-1 1 order_placed"]


def test_an_event_sent_by_curl_is_taken_where_the_secret_is_the_right_one(example: Example) -> None:
    assert sent_by_curl(example.url, SECRET) == "204"
    assert sent_by_curl(example.url, OTHER) == "401"
    assert sent_by_curl(example.url, SECRET, WEBHOOK_TIMESTAMP="1700000000") == "401"
    assert example.stopped() == ["abcdefghij 17 deck_released"]


def test_curl_signs_as_we_do() -> None:
    with serving(http(answered(204))) as server:
        assert sent_by_curl(server.url, SECRET, WEBHOOK_TIMESTAMP="1764320400", WEBHOOK_ID="et-id") == "204"
    head, _, body = server.read[0].partition(b"\r\n\r\n")
    told = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")[1:])
    ours = signed_headers([bytes(range(32))], "et-id", 1764320400, body)
    assert {name: value.lower() for name, value in ours.items()}.items() <= told.items()


def test_the_paper_quotes_the_example_as_it_is() -> None:
    (quoted,) = re.findall(r"```python\n(.+?)```", PAPER, re.DOTALL)
    assert quoted in (EXAMPLES / "receive_webhooks.py").read_text()
    found: dict[str, Any] = runpy.run_path(str(EXAMPLES / "receive_webhooks.py"))
    assert found["is_genuine"](SECRET, {}, b"") is False


def test_the_commands_of_the_paper_are_commands() -> None:
    webhooks = load("webhooks")
    named = set(re.findall(r"klyngeflow webhooks ([a-z]+)", PAPER))
    assert named == set(webhooks.commands)


def test_the_pauses_of_the_paper_are_the_codes() -> None:
    (told,) = re.findall(
        r"again after 5 seconds, (1, 5, 15 and 30)\n\s*minutes, (1, 2, 4, 6, 8 and then 10) hours", PAPER
    )
    minutes, hours = ([int(number) for number in re.findall(r"\d+", part)] for part in told)
    seconds = [5, *(60 * each for each in minutes), *(3600 * each for each in hours)]
    assert [pause.total_seconds() for pause in PAUSES] == seconds

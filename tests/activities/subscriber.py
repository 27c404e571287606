"""A subscriber on loopback: keeps every event it is sent, with the official library's verdict on its signature."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

Mind = Callable[[dict[str, Any]], int]
"""What an event is answered with: a status."""


def takes_all(_event: dict[str, Any]) -> int:
    return 204


@dataclass
class Subscriber:
    """`mind` decides on each event. `asked` are all attempts, `taken` those that were answered with a 2xx."""

    mind: Mind = takes_all
    asked: list[dict[str, Any]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    def versions(self, order: str) -> list[int]:
        """The order's events as they were taken."""
        return [event["version"] for event in self.taken if event["order"] == order]

    def positions(self) -> list[int]:
        return [event["position"] for event in self.taken]

    def is_signed_by(self, secret: str, number: int = -1) -> bool:
        """Whether the official library takes an attempt as it came."""
        try:
            Webhook(secret).verify(self.bodies[number], self.headers[number])
        except WebhookVerificationError:
            return False
        return True


@contextmanager
def a_subscriber(mind: Mind = takes_all) -> Iterator[Subscriber]:
    subscriber, lock = Subscriber(mind), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            event = json.loads(body)
            with lock:
                subscriber.asked.append(event)
                subscriber.bodies.append(body)
                subscriber.headers.append({name.lower(): value for name, value in self.headers.items()})
            status = subscriber.mind(event)
            if status // 100 == 2:
                with lock:
                    subscriber.taken.append(event)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    subscriber.url = f"http://127.0.0.1:{server.server_port}/events"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield subscriber
    finally:
        server.shutdown()
        server.server_close()

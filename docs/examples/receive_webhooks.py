"""Receives Klyngeflow's webhooks, with nothing but Python: WEBHOOK_SECRET=whsec_… python3 receive_webhooks.py 9000"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE = 5 * 60
"""Seconds by which the sender's clock and ours may differ; what is older may be somebody's copy."""


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a request was signed with this secret, and lately. `body`: its bytes as they came."""
    try:
        sent_at = int(headers["webhook-timestamp"])
        signed = f"{headers['webhook-id']}.{sent_at}.".encode() + body
        signatures = headers["webhook-signature"].split()
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    return abs(time.time() - sent_at) <= TOLERANCE and any(
        hmac.compare_digest(expected, each.encode()) for each in signatures
    )


class Events(BaseHTTPRequestHandler):
    """Answers 204 to what is genuine, and prints each event once."""

    seen = set[str]()  # in earnest a table: events come at least once, and may come again after days

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        genuine = is_genuine(os.environ["WEBHOOK_SECRET"], self.headers, body)
        if genuine and self.headers["webhook-id"] not in self.seen:
            self.seen.add(self.headers["webhook-id"])
            event = json.loads(body)
            print(event["order"], event["version"], event["type"], flush=True)
        self.send_response(204 if genuine else 401)
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Events).serve_forever()

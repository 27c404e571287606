"""A round's mail over one SMTP connection against a connection a mail, to a real server (aiosmtpd) beside us.

    python -m benchmarks.mail_connections [--mails N] [--rounds N]

In the clear and with STARTTLS, where `openssl` is there to make a certificate. The server is a process of its own. Both
ways take turns, each time the other first, and a ratio is of the same round. On the wall: what a connection costs is
waiting for the other side, and a server farther away than this one only adds to it.
"""

import argparse
import shutil
import socket
import ssl
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from benchmarks.mail_folder import envelope
from mail.envelope import Envelope
from mail.smtp_sender import SmtpSender, SmtpServer

HOST = "127.0.0.1"


def serve(certificate: Path | None, ready: Connection) -> None:
    """A server that takes everything, until the other side hangs up."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    controller = Controller(Sink(), hostname=HOST, port=free_port(), tls_context=context)
    controller.start()
    ready.send(controller.port)
    ready.recv()
    controller.stop()


def free_port() -> int:
    with socket.create_server((HOST, 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def server(certificate: Path | None) -> Iterator[SmtpSender]:
    """A sender to a server of its own."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(certificate, theirs), daemon=True)
    process.start()
    try:
        port = ours.recv()
        if certificate:
            tls = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
            yield SmtpSender(SmtpServer(HOST, port, tls=tls))
        else:
            yield SmtpSender(SmtpServer(HOST, port, security="none"))
    finally:
        ours.send("done")
        process.join(10)


@contextmanager
def certificate() -> Iterator[Path | None]:
    """A certificate for loopback, good for a day; None without `openssl`."""
    if shutil.which("openssl") is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as place:
        files = ["-keyout", f"{place}/key.pem", "-out", f"{place}/cert.pem"]
        subject = ["-subj", "/CN=localhost", "-addext", f"subjectAltName=IP:{HOST}"]
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject, *files]
        subprocess.run(make, check=True, capture_output=True)
        yield Path(place)


def one_by_one(sender: SmtpSender, mails: list[Envelope]) -> None:
    for mail in mails:
        sender.send(mail)


def in_a_session(sender: SmtpSender, mails: list[Envelope]) -> None:
    with sender.session() as session:
        for mail in mails:
            session.send(mail)


def milliseconds(way: Callable[[SmtpSender, list[Envelope]], None], sender: SmtpSender, mails: list[Envelope]) -> float:
    started = time.perf_counter()
    way(sender, mails)
    return (time.perf_counter() - started) * 1000 / len(mails)


def compare(sender: SmtpSender, mails: list[Envelope], rounds: int) -> list[tuple[float, float]]:
    """Milliseconds a mail, each way, by round."""
    in_a_session(sender, mails[:3])
    costs = []
    for turn in range(rounds):
        ways = (one_by_one, in_a_session) if turn % 2 else (in_a_session, one_by_one)
        cost = {way: milliseconds(way, sender, mails) for way in ways}
        costs.append((cost[one_by_one], cost[in_a_session]))
    return costs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=73, help="those of one round of the largest cluster")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    mails = [envelope(number) for number in range(asked.mails)]
    with certificate() as files:
        ways = {"in the clear": None, **({"with STARTTLS": files} if files else {})}
        for name, encryption in ways.items():
            with server(encryption) as sender:
                costs = compare(sender, mails, asked.rounds)
            alone, together = (statistics.median(each) for each in zip(*costs, strict=True))
            ratio = statistics.median(one / many for one, many in costs)
            print(
                f"{name}: a connection a mail {alone:.1f} ms a mail, one for all {together:.1f} ms; ratio {ratio:.1f}"
            )


if __name__ == "__main__":
    main()

"""Servers on loopback that say anything at all: the outside world as it can be, byte for byte."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

HOST = "127.0.0.1"
PATIENCE = 10.0
RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Said:
    """What a server says, how slowly, and what it does then."""

    content: bytes = b""
    then: Literal["keep", "close", "half-close", "reset"] = "close"
    drip: float = 0
    """Seconds between one byte and the next."""


def answered(status: int | str, headers: str = "", body: bytes = b"", then: Literal["keep", "close"] = "keep") -> Said:
    """A whole HTTP answer."""
    head = f"HTTP/1.1 {status} whatever\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return Said(head.encode("latin-1") + body, then)


@dataclass
class Server:
    """Its port, every request or command it read, and how many connections it had."""

    port: int = 0
    read: list[bytes] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    has_said_all: bool = False

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def say(self, connection: socket.socket, said: Said) -> bool:
        """False where the connection ends with it."""
        self.has_said_all = False
        for piece in [said.content] if not said.drip else [bytes([byte]) for byte in said.content]:
            connection.sendall(piece)
            if said.drip and self.over.wait(said.drip):
                return False
        self.has_said_all = True
        if said.then == "half-close":
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        if said.then == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        return said.then == "keep"


Talk = Callable[[Server, socket.socket], None]


@contextmanager
def serving(talk: Talk) -> Iterator[Server]:
    """A server that talks so over each connection, one after the other or several at once."""
    server = Server()

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            server.connections += 1
            threading.Thread(target=attend, args=(connection,), daemon=True).start()

    def attend(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(PATIENCE)
            talk(server, connection)

    with socket.create_server((HOST, 0)) as listener:
        server.port = int(listener.getsockname()[1])
        thread = threading.Thread(target=accept, args=(listener,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE)


def http(*answers: Said) -> Talk:
    """Answers requests one after the other, whatever the connection; the last answer stands for all that follow."""
    left = list(answers)

    def talk(server: Server, connection: socket.socket) -> None:
        while request := read_request(connection):
            server.read.append(request)
            if not server.say(connection, left.pop(0) if len(left) > 1 else left[0]):
                return

    return talk


def read_request(connection: socket.socket) -> bytes:
    """One request, whole; empty where there is none any more."""
    read = b""
    while b"\r\n\r\n" not in read:
        if not (more := connection.recv(65536)):
            return b""
        read += more
    head, _, begun = read.partition(b"\r\n\r\n")
    body = bytearray(begun)
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        if not (more := connection.recv(65536)):
            return b""
        body += more
    return head + b"\r\n\r\n" + body


SMTP = {
    "greeting": Said(b"220 hej\r\n", "keep"),
    "EHLO": Said(b"250-hej\r\n250 8BITMIME\r\n", "keep"),
    "HELO": Said(b"250 hej\r\n", "keep"),
    "MAIL": Said(b"250 ok\r\n", "keep"),
    "RCPT": Said(b"250 ok\r\n", "keep"),
    "DATA": Said(b"354 kom bare\r\n", "keep"),
    "content": Said(b"250 ok\r\n", "keep"),
    "QUIT": Said(b"221 farvel\r\n", "close"),
}
"""How a server talks that takes everything."""


def smtp(**other: Said) -> Talk:
    """Speaks SMTP, and says something else at these steps."""
    says = {**SMTP, **other}

    def talk(server: Server, connection: socket.socket) -> None:
        if not server.say(connection, says["greeting"]):
            return
        lines = connection.makefile("rb")
        while line := lines.readline():
            server.read.append(line)
            verb = line[:4].decode("ascii", "replace").upper()
            said = says.get(verb, Said(b"502 hvad?\r\n", "keep"))
            if not server.say(connection, said):
                return
            if verb == "DATA" and said.content.startswith(b"354"):
                server.read.append(b"".join(iter(lines.readline, b".\r\n")))
                if not server.say(connection, says["content"]):
                    return

    return talk

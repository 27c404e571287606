"""KiAP's own people in tests: added, signed in, with a browser that sends what browsers send."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from domain.model import StaffId
from storage import accounts, passwords, sessions, staff
from storage.audit import Entry, Wanted, entries
from storage.keys import token_hash
from storage.staff import StaffRole, add_staff
from tests.web.application import Web
from web.console.cookie import COOKIE
from web.console.guard import FORM_TOKEN

PASSWORD = "en lang og god sætning"
PEOPLE = {
    StaffRole.CONSULTANT: ("Karen Lund", "karen@kiap.example"),
    StaffRole.OPERATIONS: ("Ole Bach", "ole@kiap.example"),
    StaffRole.ADMINISTRATOR: ("Asta Krog", "asta@kiap.example"),
}

ANSWERED_WITH_A_PAGE = re.compile(
    r"/drift/forloeb/[^/]+/"
    r"(medlemmer"  # the list looked through: nothing is kept
    r"|medlemmer/gem"  # what came of each line: a request with an id of its own, given once
    r"|egne-spoergsmaal"  # the questions as a doctor sees them: nothing is kept
    r"|registertal"  # an extract in counts: nothing is kept
    r"|referat)"  # the record looked through
)
"""Forms whose answer is a page though nothing is wrong; to load it again does nothing again."""


def add(web: Web, role: StaffRole = StaffRole.OPERATIONS, name: str = "", email: str = "") -> StaffId:
    """A colleague without a password; the role's usual one unless another is named."""
    usual_name, usual_email = PEOPLE[role]
    with web.database.write() as connection:
        return add_staff(connection, name or usual_name, email or usual_email, role)


def with_password(web: Web, role: StaffRole = StaffRole.OPERATIONS, password: str = PASSWORD) -> StaffId:
    """A colleague who has chosen a password."""
    staff_id = add(web, role)
    kept = passwords.password_hash(password)
    with web.database.write() as connection:
        accounts.set_password_hash(connection, staff_id, kept, web.wall.instant)
    return staff_id


def browser(web: Web, cookie: str = "", **headers: str) -> httpx.Client:
    """A browser on our pages. Over plain HTTP httpx would not send a `Secure` cookie by itself."""
    sent = {"Origin": web.address, "Sec-Fetch-Site": "same-origin", **headers}
    if cookie:
        sent["Cookie"] = f"{COOKIE}={cookie}"
    client = web.client()
    client.headers.update(sent)
    return client


def cookie_of(answer: httpx.Response) -> str:
    """The session that an answer gave; "" where it gave none."""
    for header in answer.headers.get_list("set-cookie"):
        name, _, value = header.partition(";")[0].partition("=")
        if name == COOKIE:
            return value.strip('"')
    return ""


@dataclass
class Colleague:
    """Somebody signed in."""

    web: Web
    id: StaffId
    token: str
    http: httpx.Client

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def post(self, path: str, fields: Mapping[str, Any] | None = None, **more: str) -> httpx.Response:
        """Send a form as a page of ours has it, with the session's form token. Bytes are a file.

        Whatever form it is, it leads on to a page: who loads that again does nothing again.
        """
        sent = {FORM_TOKEN: self.form_token, **(fields or {}), **more}
        files = {name: sent.pop(name) for name in [*sent] if isinstance(sent[name], bytes)}
        answer = self.http.post(path, data=sent, files=files or None)
        leads_on = answer.status_code == 303 or answer.status_code >= 400
        assert leads_on or ANSWERED_WITH_A_PAGE.fullmatch(path), f"{path} is answered with a page"
        return answer

    def press(self, path: str, fields: Mapping[str, Any] | None = None, **more: str) -> httpx.Response:
        """Send a form and go where it leads, with the cookies that it gave."""
        answer = self.post(path, fields, **more)
        if answer.status_code != 303:
            return answer
        given = [header.partition(";")[0] for header in answer.headers.get_list("set-cookie")]
        cookies = "; ".join([self.http.headers["Cookie"], *given])
        return self.http.get(answer.headers["location"], headers={"Cookie": cookies})

    @property
    def form_token(self) -> str:
        return self.web.services.keys.token("form", token_hash(self.token))


@contextmanager
def signed_in(web: Web, role: StaffRole = StaffRole.OPERATIONS, staff_id: StaffId | None = None) -> Iterator[Colleague]:
    """A colleague with a session of their own; a new one unless somebody is named."""
    staff_id = staff_id or add(web, role)
    with web.database.write() as connection:
        person = staff.staff(connection, staff_id)
        token = sessions.begin_session(connection, person, "192.0.2.7", "Firefox på Windows", web.wall.instant)
    with browser(web, token) as http:
        yield Colleague(web, staff_id, token, http)


def log_of(web: Web) -> list[Entry]:
    """The audit log, the oldest line first."""
    with web.database.read() as connection:
        return list(reversed(entries(connection, Wanted(), 1_000)))

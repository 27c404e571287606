"""`klyngeflow staff link` and `role`, and the lines that a terminal leaves in the audit log."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.by import By, Capacity
from domain.model import StaffId
from storage import account_links, outbox, sessions, staff
from storage.audit import TERMINAL, Deed, Entry, Wanted, entries
from storage.database import Database
from storage.outbox import To
from storage.staff import StaffRole
from tests.cli.command_line import CommandLine, Ran
from tests.databases import new_sqlite, sqlite_url
from worker.settings import Settings


class Terminal:
    """A terminal with a database."""

    def __init__(self, klyngeflow: CommandLine, data: Path) -> None:
        self.klyngeflow, self.data = klyngeflow, data
        self.database = Database(sqlite_url(new_sqlite(data / "klyngeflow.db")))

    def run(self, *arguments: str, code: int = 0) -> Ran:
        ran = self.klyngeflow(*arguments, "--data", self.data)
        assert ran.code == code, ran.err
        return ran

    def refuses(self, *arguments: str, code: int = 2) -> str:
        ran = self.run(*arguments, code=code)
        assert (ran.out, ran.err.count("\n")) == ("", 1)
        return ran.err.removeprefix("klyngeflow: ").strip()

    def add(self, name: str = "Kirsten Dam", mail: str = "kirsten@kiap.example", *more: str) -> StaffId:
        return StaffId(self.run("staff", "add", name, mail, *more).out.strip())

    def log(self) -> list[Entry]:
        with self.database.read() as connection:
            return list(reversed(entries(connection, Wanted(), 100)))


@pytest.fixture
def terminal(tmp_path: Path, klyngeflow: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(klyngeflow, tmp_path)
    yield terminal
    terminal.database.close()


def opens(terminal: Terminal, link: str) -> StaffId | None:
    with terminal.database.read() as connection:
        found = account_links.find_link(connection, link.rpartition("/")[2], dt.datetime.now(dt.UTC))
    return found.staff_id if found else None


def test_a_link_is_printed_for_anybody_and_ends_the_earlier_one(terminal: Terminal) -> None:
    kirsten = terminal.add()
    one, other = (terminal.run("staff", "link", kirsten).out.strip() for _ in range(2))
    assert other.startswith("http://127.0.0.1:8080/drift/velkommen/")
    assert (opens(terminal, one), opens(terminal, other)) == (None, kirsten)


def test_a_link_leads_to_where_the_system_runs(terminal: Terminal) -> None:
    from worker.address_file import address_file

    kirsten = terminal.add()
    address_file(terminal.data).write_text('{"web": "http://127.0.0.1:9999", "temporal": "x"}')
    said = terminal.run("staff", "link", kirsten).out
    assert said.startswith("http://127.0.0.1:9999/drift/velkommen/")


def test_nobody_gets_a_link_who_is_not_there_or_has_left(terminal: Terminal) -> None:
    kirsten = terminal.add()
    assert "nobody with the id 'x'" in terminal.refuses("staff", "link", "x", code=1)
    terminal.run("staff", "left", kirsten)
    assert terminal.refuses("staff", "link", kirsten, code=1) == f"'{kirsten}' has left"


def test_where_people_sign_in_elsewhere_there_are_no_links(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    kirsten = terminal.add()
    for name, value in (
        ("ISSUER", "https://login.example.dk"), ("CLIENT_ID", "k"), ("CLIENT_SECRET", "h"), ("ROLES", "a=operations"),
    ):  # fmt: skip
        monkeypatch.setenv(f"KLYNGEFLOW_OIDC_{name}", value)
    said = terminal.refuses("staff", "link", kirsten)
    assert said == "nobody has a password here: people sign in at https://login.example.dk"


def test_another_role_is_given_and_its_holder_signed_out(terminal: Terminal) -> None:
    kirsten = terminal.add()
    now = dt.datetime.now(dt.UTC)
    with terminal.database.write() as connection:
        sessions.begin_session(connection, staff.staff(connection, kirsten), "192.0.2.7", "Firefox", now)
    assert (
        terminal.run("staff", "role", kirsten, "administrator", "--why", "ny  leder").out
        == f"{kirsten}: administrator\n"
    )
    with terminal.database.read() as connection:
        assert staff.staff(connection, kirsten).role is StaffRole.ADMINISTRATOR
        assert sessions.sessions_of(connection, kirsten, now) == []
    changed = terminal.log()[-1]
    assert (changed.deed, changed.about, changed.why) == (Deed.ROLE_CHANGED, kirsten, "ny leder")
    assert changed.facts == {"from": "consultant", "to": "administrator"}
    terminal.run("staff", "role", kirsten, "administrator")
    assert len(terminal.log()) == 2, "nothing was changed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("role", "{who}", "chef"), "Invalid value for 'ROLE'"),
        (("role", "x", "operations"), "there is nobody with the id 'x'"),
        (("role", "{who}", "operations", "--why", "x\ny"), "--why must be one line, without line breaks"),
        (("link", "{who}", "--why", "x" * 301), "--why has 301 characters, more than 300"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_changes_nothing(
    terminal: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    kirsten = terminal.add()
    ran = terminal.klyngeflow("staff", *(each.format(who=kirsten) for each in arguments), "--data", terminal.data)
    assert ran.code in (1, 2)
    assert said in ran.err
    with terminal.database.read() as connection:
        assert staff.staff(connection, kirsten).role is StaffRole.CONSULTANT
    assert len(terminal.log()) == 1


def test_every_change_from_a_terminal_leaves_a_line(terminal: Terminal) -> None:
    kirsten = terminal.add()
    terminal.run("staff", "change", kirsten, "--name", "Kirsten D.")
    terminal.run("staff", "link", kirsten)
    terminal.run("keys", "make", "region-nord", "--scope", "read_orders")
    terminal.run("keys", "revoke", "region-nord")
    terminal.run("staff", "left", kirsten)
    assert [(line.deed, line.about) for line in terminal.log()] == [
        (Deed.STAFF_ADDED, kirsten),
        (Deed.STAFF_CHANGED, kirsten),
        (Deed.LINK_MADE, kirsten),
        (Deed.KEY_MADE, "region-nord"),
        (Deed.KEY_REVOKED, "region-nord"),
        (Deed.STAFF_LEFT, kirsten),
    ]
    assert {(line.by.who, line.origin) for line in terminal.log()} == {("terminal", TERMINAL)}


@pytest.mark.parametrize("named", ["id", "kirsten@kiap.example", "KIRSTEN@kiap.example"])
def test_whoever_says_who_they_are_stands_there(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    kirsten = terminal.add("Kirsten Dam", "kirsten@kiap.example", "--role", "administrator")
    monkeypatch.setenv("KLYNGEFLOW_STAFF", kirsten if named == "id" else named)
    terminal.add("Bo Holm", "bo@kiap.example")
    assert terminal.log()[-1].by == By(role=Capacity.ADMINISTRATOR, who=kirsten)


def test_whoever_is_not_there_changes_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLYNGEFLOW_STAFF", "nobody")
    said = "KLYNGEFLOW_STAFF: nobody has the id or the address 'nobody'; `klyngeflow staff list` shows them"
    assert terminal.refuses("staff", "add", "Bo Holm", "bo@kiap.example") == said
    assert terminal.refuses("keys", "make", "region-nord", "--scope", "read_orders") == said
    assert terminal.run("staff", "list").out == ""
    assert terminal.run("keys", "list").out.strip() == "There are no keys."


def test_a_settled_mail_leaves_a_line_with_what_was_found(terminal: Terminal) -> None:
    now = dt.datetime.now(dt.UTC)
    with terminal.database.write() as connection:
        (mail,) = outbox.queue(connection, "o-1", "plan_agreed//1", [To("p-1")], now)  # type: ignore[arg-type]
        outbox.claim(connection, mail.id, now)
        outbox.mark_unknown(connection, mail.id, "timeout")
    terminal.run("mails", "resolve", mail.id, "never-left")
    (line,) = terminal.log()
    assert (line.deed, line.about, line.order_id) == (Deed.MAIL_RESOLVED, mail.id, "o-1")
    assert line.facts == {"finding": "never_left"}

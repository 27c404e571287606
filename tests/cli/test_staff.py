"""`klyngeflow staff`: who is added, changed and taken out, and what is refused in one line."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.digest import NO_ORDER
from domain import commands as do
from domain.by import SYSTEM, operations
from domain.commands import AnyCommand
from domain.decisions import decide
from domain.evolution import load
from domain.model import OrderId, StaffId
from domain.stages import Stage
from mail.envelope import Address, Envelope, Mail
from mail.folder_sender import FolderSender
from storage import outbox
from storage.database import Database
from storage.event_store import EventStore
from storage.outbox import To
from storage.staff import OFFICE
from tests.cli.command_line import CommandLine, Ran
from tests.databases import new_sqlite, sqlite_url
from tests.domain.story import life_at
from worker.settings import Settings


class Office:
    """KiAP's office with one order, and its command line."""

    def __init__(self, klyngeflow: CommandLine, data: Path) -> None:
        self._klyngeflow, self.data = klyngeflow, data
        self.database = Database(sqlite_url(new_sqlite(data / "klyngeflow.db")))
        life = life_at(Stage.PLANNED)
        self.order, self.now = OrderId(life.order.id), life.now
        EventStore(self.database).append(self.order, 0, life.events, by=SYSTEM, now=life.now)

    def run(self, *arguments: str) -> Ran:
        return self._klyngeflow("staff", *arguments, "--data", self.data)

    def refuses(self, *arguments: str, code: int = 2) -> str:
        ran = self.run(*arguments)
        assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
        return ran.err.removeprefix("klyngeflow: ").strip()

    def add(self, name: str = "Kirsten Dam", mail: str = "kirsten@kiap.example", *more: str) -> str:
        ran = self.run("add", name, mail, *more)
        assert (ran.code, ran.err) == (0, "")
        return ran.out.strip()

    def assign(self, consultant: str) -> None:
        self.give(do.AssignConsultant(consultant=StaffId(consultant)))

    def give(self, command: AnyCommand) -> None:
        store = EventStore(self.database)
        order = load(store.load(self.order))
        assert order is not None
        events = decide(order, command, self.now)
        store.append(self.order, order.version, events, by=operations(OFFICE), now=self.now)

    @property
    def files(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.data.iterdir() if path.is_file())


@pytest.fixture
def office(tmp_path: Path, klyngeflow: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    office = Office(klyngeflow, tmp_path)
    yield office
    office.database.close()


def test_who_is_added_is_listed_with_the_address(office: Office) -> None:
    kirsten = office.add()
    ole = office.add("  Ole   Bach ", "ole@kiap.example", "--role", "operations")
    assert office.run("list").out.splitlines() == [
        f"{kirsten}  Kirsten Dam  kirsten@kiap.example  consultant",
        f"{ole}  Ole Bach  ole@kiap.example  operations",
    ]
    told = office.run("list", "--json").json
    assert told[0] == {
        "id": kirsten, "name": "Kirsten Dam", "email": "kirsten@kiap.example", "role": "consultant", "phone": "",
    }  # fmt: skip


def test_a_telephone_number_is_listed_changed_taken_away_and_looked_at(office: Office) -> None:
    kirsten = office.add("Kirsten Dam", "kirsten@kiap.example", "--phone", "20 30 40 50")
    assert office.run("list").out == f"{kirsten}  Kirsten Dam  kirsten@kiap.example  consultant  20 30 40 50\n"
    office.run("change", kirsten, "--phone", "30 30 40 50")
    assert office.run("list", "--json").json[0]["phone"] == "30 30 40 50"
    office.run("change", kirsten, "--name", "Kirsten D.")
    assert office.run("list", "--json").json[0]["phone"] == "30 30 40 50"
    assert office.refuses("change", kirsten, "--phone", "12").startswith("the phone number must be a phone number")
    office.run("change", kirsten, "--phone", "")
    assert office.run("list", "--json").json[0]["phone"] == ""


@pytest.mark.parametrize(
    ("name", "mail", "said"),
    [
        ("", "x@kiap.example", "the name must not be empty"),
        (" \t ", "x@kiap.example", "the name must not be empty"),
        ("\u200b", "x@kiap.example", "the name must not be empty"),
        ("...", "x@kiap.example", "the name must have letters in it"),
        ("Bo\nHolm", "x@kiap.example", "the name must be one line, without line breaks"),
        (
            "Bo\u00adHolm",
            "x@kiap.example",
            "the name has an invisible sign (SOFT HYPHEN) after character 2; delete it, or write the word again",
        ),
        ("B" * 201, "x@kiap.example", "the name has 201 characters, more than 200"),
        ("Bo", "notmail", "the address is not a mail address: write it like name@clinic.dk"),
        ("Bo", "", "the address must not be empty"),
        ("Bo", "Bo <bo@kiap.example>", "the address is not a mail address: give the address alone"),
    ],
)
def test_who_cannot_be_written_to_is_not_added(office: Office, name: str, mail: str, said: str) -> None:
    assert office.refuses("add", name, mail) == said
    assert office.run("list").out == ""


def test_nobody_is_added_twice(office: Office) -> None:
    kirsten = office.add()
    said = f"Kirsten Dam (consultant) has that address already, with the id {kirsten}"
    assert office.refuses("add", "Kirsten Dam", "Kirsten@kiap.example", code=1) == said
    assert len(office.run("list").out.splitlines()) == 1


def test_a_new_name_and_a_new_address_replace_the_old_ones_in_the_files_too(office: Office) -> None:
    kirsten = office.add()
    assert office.run("change", kirsten, "--mail", "kd@kiap.example").code == 0
    assert office.run("list").out == f"{kirsten}  Kirsten Dam  kd@kiap.example  consultant\n"
    assert office.run("change", kirsten, "--name", "Kirsten Dam Holm").code == 0
    assert office.run("list").out == f"{kirsten}  Kirsten Dam Holm  kd@kiap.example  consultant\n"
    assert b"kirsten@kiap.example" not in office.files


def test_a_change_is_refused_as_an_addition_is(office: Office) -> None:
    kirsten, bo = office.add(), office.add("Bo Holm", "bo@kiap.example")
    before = office.run("list").out
    assert office.refuses("change", bo) == "nothing to change: give --name, --mail or --phone"
    assert office.refuses("change", bo, "--mail", "bo") == (
        "the address is not a mail address: write it like name@clinic.dk"
    )
    assert office.refuses("change", bo, "--name", "") == "the name must not be empty"
    assert kirsten in office.refuses("change", bo, "--mail", "kirsten@kiap.example", code=1)
    assert "nobody with the id 'nobody'" in office.refuses("change", "nobody", "--name", "Bo", code=1)
    assert office.run("list").out == before


def test_who_left_is_in_no_list_and_in_no_file(office: Office) -> None:
    kirsten, bo = office.add(), office.add("Bo Holm", "bo@kiap.example")
    assert b"kirsten@kiap.example" in office.files
    for _ in range(2):
        ran = office.run("left", kirsten)
        assert (ran.code, ran.out, ran.err) == (0, f"{kirsten}: has left, and is erased.\n", "")
    assert office.run("list").out == f"{bo}  Bo Holm  bo@kiap.example  consultant\n"
    assert b"kirsten@kiap.example" not in office.files
    assert b"Kirsten Dam" not in office.files
    assert office.refuses("change", kirsten, "--name", "Kirsten", code=1) == f"'{kirsten}' has left"
    assert office.add() != kirsten


def a_morning_list(office: Office, staff: str, address: str) -> Path:
    """A digest of this morning's, in the outbox and in the folder: its file."""
    now = dt.datetime.now(dt.UTC)
    with office.database.write() as connection:
        (mail,) = outbox.queue(connection, NO_ORDER, f"morning_digest//{now.date()}", [To(staff)], now)
    written = Mail(subject="I dag", text="Én bestilling venter.", html="<p>Én bestilling venter.</p>")
    to, kiap = Address(address=address, name="En af os"), Address(address="support@kiap.example", name="KiAP")
    envelope = Envelope(outbox_id=mail.id, occasion="morning_digest", sender=kiap, to=to, at=now, mail=written)
    return office.data / "mails" / FolderSender(office.data / "mails").send(envelope).provider_id


def test_whoever_left_has_no_morning_lists_left_behind_and_others_keep_theirs(office: Office) -> None:
    kirsten, bo = office.add(), office.add("Bo Holm", "bo@kiap.example")
    hers = a_morning_list(office, kirsten, "kirsten@kiap.example")
    his = a_morning_list(office, bo, "bo@kiap.example")
    assert b"kirsten@kiap.example" in hers.read_bytes()
    assert office.run("left", kirsten).code == 0
    assert (hers.exists(), his.exists()) == (False, True)
    with office.database.read() as connection:
        assert [mail.recipient for mail in outbox.mails(connection, NO_ORDER)] == [bo]


def test_nothing_is_erased_where_a_mails_file_cannot_be(office: Office) -> None:
    kirsten = office.add()
    file = a_morning_list(office, kirsten, "kirsten@kiap.example")
    file.unlink()
    file.mkdir()
    said = office.refuses("left", kirsten, code=1)
    assert said.startswith(f"a mail in '{office.data / 'mails'}' cannot be removed (")
    assert said.endswith("; nothing was erased")
    assert kirsten in office.run("list").out
    file.rmdir()
    assert office.run("left", kirsten).code == 0


def test_who_has_open_orders_does_not_leave_before_they_are_somebody_elses(office: Office) -> None:
    kirsten, bo = office.add(), office.add("Bo Holm", "bo@kiap.example")
    office.assign(kirsten)
    said = office.refuses("left", kirsten, code=1)
    assert said.startswith(f"Kirsten Dam still has 1 open order: {office.order}. Give each to somebody else first: ")
    assert kirsten in office.run("list").out
    office.assign(bo)
    assert office.run("left", kirsten).code == 0


def test_an_order_that_has_ended_keeps_nobody(office: Office) -> None:
    kirsten = office.add()
    office.assign(kirsten)
    office.give(do.CancelOrder(reason="cluster_withdrew"))
    assert office.run("left", kirsten).code == 0


def test_who_is_not_there_cannot_leave(office: Office) -> None:
    said = "there is nobody with the id 'nobody'; `klyngeflow staff list` shows them"
    assert office.refuses("left", "nobody", code=1) == said

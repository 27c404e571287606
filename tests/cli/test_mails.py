"""`klyngeflow mails list` and `resolve`: mail in trouble, whose it is, and how operations settle it."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import update

from domain.model import OrderId, PersonId
from storage import outbox, people, staff
from storage.database import Database
from storage.ids import new_id
from storage.outbox import MailState, To
from storage.people import PersonChange
from storage.staff import StaffRole
from tests.cli.command_line import CommandLine
from tests.databases import new_sqlite, sqlite_url
from worker.settings import Settings

THISTED, SKIVE, NO_ORDER = OrderId("thisted-1"), OrderId("skive-1"), OrderId("-")
INVITATION = "invitation/baseline/"
NOW = dt.datetime(2026, 3, 9, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    return Database(sqlite_url(new_sqlite(tmp_path / "data" / "klyngeflow.db")))


def put(
    database: Database, state: MailState, order: OrderId = THISTED, letter: str = INVITATION, name: str = "Anna Ager"
) -> str:
    """A mail that has come to this state; its id. The morning's list is for one of KiAP's own."""
    email = f"{name.split()[0].lower()}@thisted.example"
    with database.write() as connection:
        if letter.startswith("morning_digest"):
            recipient: str = staff.add_staff(connection, name, email, StaffRole.CONSULTANT)
        else:
            recipient = PersonId(new_id())
            people.put(connection, [PersonChange(person=recipient, name=name, email=email, address=1)])
        (mail,) = outbox.queue(connection, order, letter, [To(recipient)], NOW)
        if state is not MailState.QUEUED:
            outbox.claim(connection, mail.id, NOW + dt.timedelta(minutes=5))
        if state is MailState.UNKNOWN:
            outbox.mark_unknown(connection, mail.id, "smtp_no_answer")
        elif state is MailState.FAILED:
            outbox.mark_failed(connection, mail.id, "smtp_550")
        elif state is MailState.SENT:
            outbox.mark_sent(connection, mail.id, "sg-1", NOW)
    return mail.id


def state_of(database: Database, mail_id: str) -> MailState:
    with database.read() as connection:
        found = outbox.mail(connection, mail_id)
    assert found is not None
    return found.state


def test_only_mail_in_trouble_is_listed_unless_asked_for(klyngeflow: CommandLine, database: Database) -> None:
    ids = {state: put(database, state, name=f"{state} Ager") for state in (MailState.UNKNOWN, MailState.SENT)}
    ids[MailState.FAILED] = put(database, MailState.FAILED, SKIVE, "reminder/baseline/2026-03-09")

    def listed(*arguments: str) -> set[str]:
        return {mail["mail"] for mail in klyngeflow("mails", "list", *arguments, "--json").json}

    assert listed() == {ids[MailState.UNKNOWN], ids[MailState.FAILED]}
    assert listed("--state", "sent") == {ids[MailState.SENT]}
    assert listed("--state", "sent", "--state", "failed") == {ids[MailState.SENT], ids[MailState.FAILED]}
    assert listed("--order", SKIVE) == {ids[MailState.FAILED]}
    assert listed("--order", SKIVE, "--state", "unknown") == set()


def test_a_script_reads_all_of_it_and_whose_it_is(klyngeflow: CommandLine, database: Database) -> None:
    mail = put(database, MailState.UNKNOWN)
    with database.read() as connection:
        (anna,) = people.find(connection, "Anna")
    ran = klyngeflow("mails", "list", "--json")
    assert ran.json == [
        {
            "mail": mail,
            "order": THISTED,
            "occasion": "invitation",
            "round": "baseline",
            "recipient": "member",
            "who": anna.id,
            "name": "Anna Ager <anna@thisted.example>",
            "state": "unknown",
            "since": "2026-03-09T08:05:00+00:00",
            "attempts": 1,
            "code": "smtp_no_answer",
        }
    ]


def test_people_read_a_line_a_mail_in_danish_with_its_reader(klyngeflow: CommandLine, database: Database) -> None:
    mail = put(database, MailState.UNKNOWN)
    digest = put(database, MailState.FAILED, NO_ORDER, "morning_digest//2026-03-09", name="Bo Bak")
    told = klyngeflow("mails", "list").out
    lines = {line.split()[0]: line for line in told.splitlines()}
    assert set(lines) == {"Mail", mail, digest}
    for part in (THISTED, "Medlemmerne får invitation", "uvis", "9. marts 2026 kl. 9.05", "smtp_no_answer"):
        assert part in lines[mail]
    assert "Anna Ager <anna@thisted.example>" in lines[mail]
    assert "Morgenens liste" in lines[digest]
    assert "Bo Bak" in lines[digest]


def test_mail_to_somebody_who_is_erased_names_nobody(klyngeflow: CommandLine, database: Database) -> None:
    mail = put(database, MailState.FAILED)
    with database.write() as connection:
        (anna,) = people.find(connection, "Anna")
        connection.execute(
            update(people.person_table)
            .where(people.person_table.c.id == anna.id)
            .values(name="", email="", phone="", erased_at=NOW)
        )
    (told,) = klyngeflow("mails", "list", "--json").json
    assert (told["mail"], told["name"]) == (mail, "slettet")


def test_without_trouble_it_says_so(klyngeflow: CommandLine, database: Database) -> None:
    put(database, MailState.SENT)
    ran = klyngeflow("mails", "list")
    assert (ran.code, ran.out) == (0, "Ingen mails.\n")


@pytest.mark.parametrize(("fate", "state"), [("left", MailState.SENT), ("never-left", MailState.QUEUED)])
def test_evidence_settles_a_mail_once(klyngeflow: CommandLine, database: Database, fate: str, state: MailState) -> None:
    mail = put(database, MailState.UNKNOWN)
    first = klyngeflow("mails", "resolve", mail, fate)
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith(f"{mail}: ")
    assert state_of(database, mail) is state
    again = klyngeflow("mails", "resolve", mail, "never-left")
    assert again.code == 1
    assert again.err == f"klyngeflow: the mail '{mail}' is {state}; only one of unknown outcome can be settled\n"
    assert state_of(database, mail) is state


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.SENT, MailState.CLAIMED, MailState.QUEUED])
def test_a_mail_that_is_not_unknown_is_left_as_it_is(
    klyngeflow: CommandLine, database: Database, state: MailState
) -> None:
    mail = put(database, state)
    ran = klyngeflow("mails", "resolve", mail, "left")
    assert (ran.code, ran.out) == (1, "")
    assert f"is {state};" in ran.err
    assert state_of(database, mail) is state


def test_a_wrong_id_or_word_is_refused_in_one_line(klyngeflow: CommandLine, database: Database) -> None:
    mail = put(database, MailState.UNKNOWN)
    ran = klyngeflow("mails", "resolve", "nope", "left")
    assert ran.code == 1
    assert ran.err.startswith("klyngeflow: there is no mail 'nope'; `klyngeflow mails list`")
    assert "'sent'" in klyngeflow.refuses("mails", "resolve", mail, "sent")
    assert "'lost'" in klyngeflow.refuses("mails", "list", "--state", "lost")
    assert state_of(database, mail) is MailState.UNKNOWN


def test_a_mail_that_failed_is_tried_again_when_asked_for_and_no_other(
    klyngeflow: CommandLine, database: Database
) -> None:
    failed, unknown = put(database, MailState.FAILED), put(database, MailState.UNKNOWN, SKIVE)
    assert klyngeflow("mails", "again", failed).code == 0
    assert state_of(database, failed) is MailState.QUEUED
    again, other = klyngeflow("mails", "again", failed), klyngeflow("mails", "again", unknown)
    assert (again.code, other.code) == (1, 1)
    assert "is queued; only one that failed can be tried again" in again.err
    assert klyngeflow("mails", "again", "none").code == 1
    assert state_of(database, unknown) is MailState.UNKNOWN

"""`klyngeflow tasks`: one list of what needs a person, for people and for scripts; and mail that is set aside."""

import datetime as dt
from pathlib import Path

import pytest

from domain import events as ev
from domain.model import TextId
from domain.task_kinds import TaskKind
from storage import incidents
from storage.audit import Deed, audit_table
from storage.database import Database
from storage.incidents import IncidentKind
from storage.outbox import MailState, To
from tests.cli.command_line import CommandLine
from tests.cli.test_mails import database, put, state_of  # noqa: F401 - a fixture
from tests.storage.office import INVITATION, Office, member_of


@pytest.fixture
def office(database: Database) -> Office:  # noqa: F811 - the fixture
    return Office(database)


def far(office: Office) -> dt.date:
    assert office
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=20)


def some_needs(office: Office) -> str:
    """A call put off, a wrong address, a mail of unknown outcome, a step that fails; placed today."""
    now = dt.datetime.now(dt.UTC)
    order = office.order(1, consultant=office.staff("Anne [Holm]"), when=now)
    until = ev.TaskPostponed(at=now, task=TaskKind.HOLD_THE_CALL, until=far(office), why=TextId("t"))
    office.append(order, ev.CallNoted(at=now, outcome="no_answer"), until)
    office.bounced(order, INVITATION, To(member_of(order, 1)), now)
    office.unknown(order, INVITATION, To(member_of(order, 2)), now)
    with office.database.write() as connection:
        incidents.report(connection, IncidentKind.STEP_FAILS, order, "make_deck", "KeyError", now, attempts=4)
    return order


def test_people_read_what_needs_whom_and_by_when(klyngeflow: CommandLine, office: Office) -> None:
    order = some_needs(office)
    lines = [line.strip() for line in klyngeflow("tasks").out.splitlines()]
    assert lines[0].split() == ["Hvad", "Venter", "på", "Klynge", "Bestilling", "Hvornår"]
    assert len(lines) == 5

    def line(start: str) -> str:
        (found,) = (each for each in lines if each.startswith(start))
        return found

    call = line(f"Ring til koordinatoren, og aftal mødet (Læge {order}-koordinator, 12 34 56 78, ringet 1 gang)")
    assert "Anne [Holm]" in call
    assert f"udsat til {far(office).day}. " in call
    assert "siden" in line("Find ud af, om 1 mail nåede frem: ”Medlemmerne får invitation til spørgeskemaet”")
    assert "KiAP" in line("Et skridt bliver ved med at fejle: make_deck (KeyError)")
    assert f"Læge {order}-medlem-1 <{order}-medlem-1@laegehus.example>" in line("Ret et medlems mailadresse")
    assert all("Klynge 1" in line and order in line for line in lines[1:])


def test_what_is_late_says_so(klyngeflow: CommandLine, office: Office) -> None:
    office.order(1, consultant=office.staff("Anne Holm"))
    told = klyngeflow("tasks").out
    assert "skulle være sket 12. januar 2026 kl. 15.00" in told


def test_a_script_reads_everything_of_each_need(klyngeflow: CommandLine, office: Office) -> None:
    order = some_needs(office)
    needs = {need["reason"]: need for need in klyngeflow("tasks", "--json").json}
    assert set(needs) == {"call_due", "wrong_address", "mail_unknown", "step_fails"}
    call = needs["call_due"]
    assert call["key"] == f"{order}/hold_the_call"
    assert (call["order"], call["cluster"], call["owner"]) == (order, "Klynge 1", "consultant")
    assert (call["postponed_until"], call["overdue"]) == (far(office).isoformat(), False)
    assert call["remedies"] == ["agree_plan", "note_call"]
    assert (call["facts"]["tried"], call["facts"]["promised"]) == (1, "2026-01-12")
    assert needs["step_fails"]["facts"] == {
        "kind": "step_fails", "step": "make_deck", "reason": "KeyError", "attempts": 4
    }  # fmt: skip
    assert needs["mail_unknown"]["facts"]["letter"]["occasion"] == "invitation"


def test_nothing_is_told_as_such(klyngeflow: CommandLine, office: Office) -> None:
    assert office
    assert klyngeflow("tasks").out == "Intet venter.\n"
    assert klyngeflow("tasks", "--json").json == []


def test_a_failed_mail_set_aside_is_off_the_list_and_in_the_log(klyngeflow: CommandLine, office: Office) -> None:
    mail = put(office.database, MailState.FAILED)
    assert "1 mail kom ikke af sted" in klyngeflow("tasks").out
    ran = klyngeflow("mails", "set-aside", mail)
    assert (ran.code, ran.out) == (0, f"{mail}: set aside. 'mails again' still tries it again.\n")
    assert klyngeflow("tasks").out == "Intet venter.\n"
    assert state_of(office.database, mail) is MailState.FAILED
    with office.database.read() as connection:
        deeds = connection.execute(audit_table.select()).all()
    assert [row.deed for row in deeds] == [Deed.MAIL_SET_ASIDE]


@pytest.mark.parametrize("state", [MailState.UNKNOWN, MailState.SENT, MailState.QUEUED])
def test_what_may_have_left_or_waits_is_not_set_aside(
    klyngeflow: CommandLine, office: Office, state: MailState
) -> None:
    mail = put(office.database, state)
    ran = klyngeflow("mails", "set-aside", mail)
    assert ran.code == 1
    assert ran.err == f"klyngeflow: the mail '{mail}' is {state} or set aside already; only one that failed can be\n"
    assert klyngeflow("mails", "set-aside", "nope").code == 1


def test_a_folder_without_a_database_is_one_line(
    klyngeflow: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(klyngeflow("tasks", "--data", tmp_path / "nothing").err.splitlines()) == 1

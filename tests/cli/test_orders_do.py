"""`klyngeflow orders do` against the real API over HTTP: what it does, and the line it ends with where that is no."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.command_list import WIDTH, command_list
from domain.model import Round
from storage.database import Database
from storage.staff import StaffRole, add_staff
from tests.cli.command_line import CommandLine, Ran
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import Web, running_web, the_packages
from tests.web.console.decks import deck_with, in_review
from tests.web.register_orders import PRACTICES, awaited, members
from web.requests.catalogue import FOR_PEOPLE, REQUESTS
from worker.address_file import address_file
from worker.settings import Settings


class Terminal:
    """`orders do` on a data folder whose system is running."""

    def __init__(self, klyngeflow: CommandLine, data: Path, web: Web) -> None:
        self.data, self.web = data, web
        self.order = web.place()
        self._klyngeflow = klyngeflow

    def do(self, *arguments: str) -> Ran:
        return self._klyngeflow("orders", "do", self.order, *arguments, "--data", self.data)

    def refuses(self, *arguments: str) -> str:
        return self._klyngeflow.refuses("orders", "do", self.order, *arguments, "--data", self.data)

    def staff(self, role: StaffRole = StaffRole.CONSULTANT) -> str:
        with self.web.database.write() as connection:
            return add_staff(connection, "Karen Lund", "karen@kiap.dk", role)


@pytest.fixture
def terminal(tmp_path: Path, klyngeflow: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    with running_web(database) as web:
        (tmp_path / "terminal.key").write_text(web.site_key)
        address_file(tmp_path).write_text(json.dumps({"web": web.address}))
        yield Terminal(klyngeflow, tmp_path, web)
    database.close()


def test_a_command_that_is_taken_says_where_the_order_stands(terminal: Terminal) -> None:
    ran = terminal.do("agree_plan", "meeting.starts=2026-03-25T17:00", "place_text=Lægehuset Torvet")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{terminal.order}: Aftalt – undersøgelsen er ikke begyndt\n"
    assert terminal.web.order(terminal.order).meeting is not None


def test_a_file_is_sent_where_a_command_has_one_and_nowhere_else(terminal: Terminal) -> None:
    web, order = terminal.web, terminal.order
    web.plan(order)
    web.answered_by_all(order)
    in_review(web, order)
    (terminal.data / "rettet.pptx").write_bytes(deck_with("Aalborg Øst"))
    assert "intet.pptx can't be read" in terminal.refuses("replace_deck", "deck=@intet.pptx", "why_text=Et tal")
    assert terminal.do("replace_deck", "deck=@rettet.pptx", "why_text=@ på side 2").code == 0
    survey = web.order(order).baseline
    assert survey is not None
    assert survey.own_deck is not None
    assert terminal.do("add_note", "note_text=@rettet.pptx").code == 0, "a text may begin like that"
    assert "deck=@FILE" in command_list()


def test_a_registers_extract_is_given_from_a_file_and_every_fault_is_told(terminal: Terminal) -> None:
    web, package = terminal.web, the_packages()["polyfarmaci-hos-aeldre"]
    terminal.order = web.place("bestilling-0002", package=package.slug, members=members())
    web.plan(terminal.order)
    awaited(web, terminal.order)
    measures = package.measured_in(Round.BASELINE)
    heads, numbers = ";".join(each.id for each in measures), ";".join("10" for _ in measures)
    lines = [f"ydernummer;{heads}", *(f"{practice};{numbers}" for practice in PRACTICES)]
    (terminal.data / "udtraek.csv").write_text("\n".join(lines))
    (terminal.data / "forkert.csv").write_text("\n".join([lines[0], "999999;" + numbers, f"{PRACTICES[0]};{heads}"]))
    said = terminal.refuses("give_extract", "extract=@forkert.csv")
    assert "Linje 2" in said
    assert "Linje 3" in said
    assert terminal.do("give_extract", "extract=@udtraek.csv").code == 0
    survey = web.order(terminal.order).baseline
    assert survey is not None
    assert (survey.answers, survey.closed_why) == (7, "extract")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["nonsense"], "»nonsense« er ikke en kommando, der kan gives her."),
        (["agree_plans"], "»agree_plans« er ikke en kommando, der kan gives her. Mente du »agree_plan«?"),
        (["agree_plan"], "meeting: Feltet mangler."),
        (["agree_plan", "meeting.minutes=120"], "meeting.starts: Feltet mangler."),
        (["move_meeting", "to=onsdag"], "to: Feltet skal være dato og tid, fx 2026-11-25T17:00."),
        (["move_meeting", "to=2026-04-15"], "to: Klokkeslættet mangler. Skriv dato og tid, fx 2026-11-25T17:00."),
        (["move_meeting", "to=1776265200"], "to: Feltet skal være dato og tid, fx 2026-11-25T17:00."),
        (["extend_survey", "closes=1776265200"], "closes: Feltet skal være en dato, fx 2026-11-25."),
        (["extend_survey", "closes=2026-04-15T00:00"], "closes: Skriv datoen uden klokkeslæt, fx 2026-11-25."),
        (
            ["add_member", "name=Bo\u200bHolm", "email=bo@klinik.dk", "practice=012345", "role=ejerlæge"],
            "name: Der er et ",
        ),
        (
            ["extend_survey", "closes=i morgen", "dage=3"],
            "closes: Feltet skal være en dato, fx 2026-11-25. dage: Feltet er ikke et felt, vi kender.",
        ),
        (["cancel_order", "reason=regn"], "reason: Feltet skal være en af: »cluster_withdrew«, »ordered_by_mistake«, "),
    ],
)
def test_what_is_not_valid_is_told_in_one_line_that_says_what(terminal: Terminal, given: list[str], said: str) -> None:
    before = terminal.web.order(terminal.order).version
    assert terminal.refuses(*given).startswith(said)
    assert terminal.web.order(terminal.order).version == before


def test_digits_are_a_number_or_a_text_as_the_field_wants(terminal: Terminal) -> None:
    plan = ("agree_plan", "meeting.starts=2026-03-25T17:00", "meeting.minutes=150", "policies.reminders_after=[4, 8]")
    assert terminal.do(*plan).code == 0
    new = ("name=Ida Skov", "email=ida@example.dk", "practice=123456", "role=ejerlæge")
    assert terminal.do("add_member", *new).code == 0
    assert terminal.do("replace_coordinator", "name=Bo", "email=bo@example.dk", "phone=20304050").code == 0
    order = terminal.web.order(terminal.order)
    assert order.meeting is not None
    assert (order.meeting.minutes, order.policies.reminders_after) == (150, (4, 8))


def test_the_domains_no_is_told_in_its_own_words(terminal: Terminal) -> None:
    ran = terminal.do("agree_plan", "meeting.starts=2026-01-12T17:00")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("klyngeflow: Mødet kan tidligst ligge ")
    assert ran.err.count("\n") == 1


def test_a_consultant_nobody_knows_gets_no_order(terminal: Terminal) -> None:
    said = terminal.refuses("assign_consultant", "consultant=nobody")
    assert said.startswith("consultant: Ingen hos KiAP har dette id nu.")
    assert terminal.do("assign_consultant", f"consultant={terminal.staff()}").code == 0


def test_the_help_lists_every_command_that_people_may_give(klyngeflow: CommandLine) -> None:
    told = klyngeflow("orders", "do", "--help").out
    listed = re.findall(r"^  (\w+)(?: \*)?: \S(?:.*\n {6})?.*\.$", told, re.MULTILINE)
    assert set(listed) == set(FOR_PEOPLE) == set(REQUESTS)
    assert len(listed) == len(set(listed))
    assert "open_survey" not in told
    assert max(map(len, told.splitlines())) <= WIDTH
    agree_plan = told.partition("  agree_plan *: ")[2].partition("  move_meeting: ")[0]
    assert "meeting.starts=2026-11-25T17:00 [meeting.minutes=N]" in agree_plan
    assert "[meeting.format=fysisk|video]" in agree_plan


LISTS = {
    "parts": 'parts=[{"minutes": 150}]',
    "questions": 'questions=[{"kind": "yes_no", "text": "Holder I pause?"}]',
}
"""Fields that are lists, filled in."""


def test_what_the_help_says_must_be_given_must_be_given_and_no_more(terminal: Terminal) -> None:
    """Each command with the fields the help has without brackets, their examples as values."""
    fields: dict[str, list[str]] = {}
    for line in command_list().splitlines():
        if found := re.match(r"  (\w+)(?: \*)?: ", line):
            fields[found[1]] = given = []
        elif re.match(r" {4}\S", line):
            given += [each.partition("|")[0] for each in line.split() if not each.startswith("[")]
    for name, given in fields.items():
        values = [each.replace("email=TEXT", "email=x@example.dk") for each in given]
        values = [LISTS.get(each.partition("=")[0], each) for each in values]
        ran = terminal.do(name, *values)
        assert "Feltet" not in ran.err, (name, ran.err)
        if values:
            assert "mangler" in terminal.refuses(name, *values[1:]), name

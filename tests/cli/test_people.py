"""`klyngeflow people` and `orders people`: doctors by name with the id that commands take, and stopping their mail."""

import pytest

from domain import commands as do
from domain.by import operations
from domain.model import PersonId
from storage import people
from storage.audit import Deed, Wanted, entries
from storage.people import PersonChange
from storage.staff import OFFICE
from storage.suppressions import Mailbox, Suppressed, suppress
from tests.activities.desk import Desk
from tests.cli.command_line import CommandLine
from tests.workflows import people as skovby

ANNA = "laege0@skovby.example"


@pytest.fixture
def placed(desk: Desk) -> Desk:
    desk.place()
    return desk


def test_a_doctor_is_found_by_part_of_the_name_or_of_the_address(klyngeflow: CommandLine, placed: Desk) -> None:
    anna = placed.member(0)
    for text in ("anna", "ANNA KVIST", "laege0@"):
        (found,) = klyngeflow("people", "find", text, "--json").json
        assert found == {
            "person": anna,
            "name": "Anna Kvistgaard A",
            "email": ANNA,
            "orders": [placed.order_id],
            "no_mail": [],
        }
    ran = klyngeflow("people", "find", "Anna")
    (line,) = [line for line in ran.out.splitlines() if ANNA in line]
    assert line.split()[0] == anna
    assert placed.order_id in line


def test_nobody_is_said_in_a_line(klyngeflow: CommandLine, placed: Desk) -> None:
    ran = klyngeflow("people", "find", "Rasmus")
    assert (ran.code, ran.out) == (0, "Ingen hedder det.\n")
    assert klyngeflow("people", "find", "Rasmus", "--json").json == []


def test_two_of_the_same_name_are_told_apart(klyngeflow: CommandLine, placed: Desk) -> None:
    twin = PersonChange(person=PersonId("tvilling"), name="Anna Kvistgaard A", email="anna@ude.example", address=1)
    with placed.stack.database.write() as connection:
        people.put(connection, [twin])
    found = klyngeflow("people", "find", "Anna", "--json").json
    assert {(each["email"], tuple(each["orders"])) for each in found} == {
        (ANNA, (placed.order_id,)),
        ("anna@ude.example", ()),
    }


def test_an_orders_list_has_everybody_with_what_they_are(klyngeflow: CommandLine, placed: Desk) -> None:
    gone = placed.member(2)
    placed.do(do.RemoveMember(member=gone), by=operations(OFFICE))
    listed = klyngeflow("orders", "people", placed.order_id, "--json").json
    assert len(listed) == placed.members + 1
    by_id = {each["person"]: each for each in listed}
    anna = by_id[placed.member(0)]
    assert (anna["name"], anna["email"], anna["practice"]) == ("Anna Kvistgaard A", ANNA, skovby.PRACTICE)
    assert (anna["coordinator"], anna["active"]) == (False, True)
    assert by_id[gone]["active"] is False
    assert [each["name"] for each in listed if each["coordinator"]] == ["Karla Kvistgaard"]
    lines = klyngeflow("orders", "people", placed.order_id).out.splitlines()
    assert any(gone in line and line.rstrip().endswith("ikke på listen mere") for line in lines)
    assert any("Karla" in line and line.rstrip().endswith("koordinator") for line in lines)


def test_an_orders_list_never_says_who_has_answered(klyngeflow: CommandLine, desk: Desk) -> None:
    desk.open_survey()
    before = klyngeflow("orders", "people", desk.order_id).out
    skovby.answer(desk.stack, desk.order_id, desk.package, 3, desk.order.surveys[0].round)
    assert klyngeflow("orders", "people", desk.order_id).out == before


def test_mail_is_stopped_for_all_orders_and_allowed_again(klyngeflow: CommandLine, placed: Desk) -> None:
    anna = placed.member(0)
    assert klyngeflow("people", "stop-mail", anna).out == f"{anna}: gets no more mail as a member.\n"
    assert klyngeflow("people", "find", "Anna", "--json").json[0]["no_mail"] == ["opted_out"]
    assert "har sagt nej tak" in klyngeflow("people", "find", "Anna").out
    assert klyngeflow("people", "allow-mail", anna).out == f"{anna}: gets mail again.\n"
    assert klyngeflow("people", "find", "Anna", "--json").json[0]["no_mail"] == []
    assert klyngeflow("people", "allow-mail", anna).out == f"{anna}: was getting mail already.\n"
    with placed.stack.database.read() as connection:
        lines = [line for line in entries(connection, Wanted(person=anna), 10) if line.about == anna]
    assert [line.deed for line in lines] == [Deed.MAIL_ALLOWED, Deed.MAIL_STOPPED]


def test_an_address_that_works_again_is_allowed_again(klyngeflow: CommandLine, placed: Desk) -> None:
    with placed.stack.database.write() as connection:
        box = Mailbox("Anna Kvistgaard A", ANNA)
        suppress(connection, placed.stack.keys, box, Suppressed.BOUNCED, placed.now)
    assert "adressen tager ikke imod" in klyngeflow("people", "find", "Anna").out
    assert klyngeflow("people", "allow-mail", placed.member(0)).code == 0
    assert klyngeflow("people", "find", "Anna", "--json").json[0]["no_mail"] == []


@pytest.mark.parametrize("command", ["stop-mail", "allow-mail"])
def test_an_id_that_is_nobodys_is_refused_in_one_line(klyngeflow: CommandLine, placed: Desk, command: str) -> None:
    ran = klyngeflow("people", command, "nobody")
    assert (ran.code, ran.out) == (1, "")
    said = "klyngeflow: there is nobody with the id 'nobody'; `klyngeflow people find TEXT` shows them\n"
    assert ran.err == said


def test_without_the_master_key_nothing_is_noted(klyngeflow: CommandLine, placed: Desk) -> None:
    key = placed.stack.settings.data / "master.key"
    key.rename(key.with_suffix(".gemt"))
    assert klyngeflow.refuses("people", "stop-mail", placed.member(0)) == (
        "the master key file 'data/master.key' cannot be read"
    )

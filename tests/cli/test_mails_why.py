"""`klyngeflow mails why`: every letter of one reader, with what came of it and why, and never who has answered."""

import datetime as dt
from typing import Any

import pytest

from activities.notify import LetterActivities, SendLetters
from cli.mails_why import Account, account_of
from domain import commands as do
from domain.letters import Letter, Occasion
from domain.meeting import at, danish
from domain.model import Round, TextId
from domain.task_kinds import TaskKind
from mail.envelope import Envelope
from mail.sending import DefiniteFailure, Receipt, UnknownOutcome
from storage import people
from tests.activities.desk import CLOSED, Desk, run
from tests.cli.command_line import CommandLine
from tests.workflows import people as skovby

AGREED, INVITATION = "plan_agreed//1", "invitation/baseline/"
REMINDED = at(dt.date(2031, 4, 25), dt.time(9))
REMINDER = "reminder/baseline/2031-04-25"
ANNA, BENT = "laege0@skovby.example", "laege1@skovby.example"


def send(desk: Desk, *keys: str) -> None:
    ask = SendLetters(order=desk.order_id, keys=keys, settle=(), known=desk.order.version, now=desk.now)
    run(LetterActivities(desk.at).send_letters, ask)


def account(desk: Desk, person: str) -> Account:
    """As it stands at the order's own time."""
    return account_of(desk.stack.database, desk.stack.keys, desk.order_id, person, desk.now)


def told(desk: Desk, person: str) -> dict[str, tuple[str, str]]:
    """By the letter's key: its state, and why."""
    return {line.letter.key: (line.state, line.why) for line in account(desk, person).lines}


@pytest.fixture
def invited(desk: Desk) -> Desk:
    """All of Skovby are invited, but Anna's address takes nothing, and Bent's server went silent."""

    def outcome(envelope: Envelope) -> Receipt:
        if envelope.to.address == ANNA:
            raise DefiniteFailure("smtp_550", bounced=True)
        if envelope.to.address == BENT:
            raise UnknownOutcome("smtp_no_answer")
        return Receipt(envelope.outbox_id)

    desk.open_survey()
    desk.post.outcome = outcome
    send(desk, INVITATION)
    return desk


def test_calls_tasks_put_off_and_notes_change_nothing_of_what_a_reader_gets(desk: Desk) -> None:
    desk.place()
    before = account(desk, ANNA)
    desk.do(do.NoteCall(outcome="no_answer"), do.AddNote(note=TextId("en-note")))
    until = danish(desk.now).date() + dt.timedelta(days=2)
    desk.do(do.PostponeTask(task=TaskKind.HOLD_THE_CALL, until=until, why=TextId("hvorfor")))
    assert account(desk, ANNA) == before


def test_what_went_and_what_did_not_is_told_with_its_reason(invited: Desk) -> None:
    assert told(invited, ANNA)[INVITATION] == ("afvist af adressen", "smtp_550")
    assert told(invited, BENT)[INVITATION] == ("uvist, om den nåede frem", "smtp_no_answer")
    assert told(invited, "laege2@skovby.example")[INVITATION] == ("sendt", "")


def test_what_holds_for_all_their_mail_is_said_first(invited: Desk) -> None:
    (bounced,) = account(invited, ANNA).standing
    assert bounced.startswith("Adressen tager ikke imod mails. ")
    assert account(invited, BENT).standing == ()


def test_what_is_to_come_is_told_with_its_day_and_in_order(invited: Desk) -> None:
    lines = account(invited, "laege2@skovby.example").lines
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert {line.state for line in lines if line.at > invited.now} == {"kommer"}
    programme = next(line for line in lines if line.letter.occasion is Occasion.PROGRAMME)
    assert programme.at.date() > invited.now.date()


def test_the_coordinator_has_letters_of_their_own_and_members_none_of_those(invited: Desk) -> None:
    assert told(invited, "koordinator@skovby.example").keys() & {AGREED, INVITATION} == {AGREED}
    assert told(invited, ANNA).keys() & {AGREED, INVITATION} == {INVITATION}


def test_whoever_left_is_told_so(invited: Desk) -> None:
    invited.do(do.RemoveMember(member=invited.member(2)))
    state, why = told(invited, "laege2@skovby.example")["programme//"]
    assert (state, why) == ("ikke sendt", "modtageren er ikke på bestillingens liste, eller har fået en ny adresse")


def test_who_has_answered_is_never_told(desk: Desk) -> None:
    """Whoever was reminded and whoever was not read alike: before, when, and after the round is closed."""
    desk.open_survey()
    send(desk, INVITATION)
    skovby.answer(desk.stack, desk.order_id, desk.package, 3, Round.BASELINE)

    def of_the_round(person: str) -> dict[str, tuple[str, str]]:
        return {key: what for key, what in told(desk, person).items() if Letter.parse(key).round is Round.BASELINE}

    for now in (desk.now, REMINDED, CLOSED):
        desk.now = now
        if now == REMINDED:
            send(desk, REMINDER)
            assert len(desk.mails(REMINDER)) == desk.members - 3
        accounts = [of_the_round(f"laege{number}@skovby.example") for number in range(desk.members)]
        assert accounts == accounts[:1] * desk.members
    assert accounts[0][REMINDER] == ("sendt til dem, der manglede at svare", "hvem det var, siges ikke")


def test_the_list_of_mail_does_not_tell_it_either(klyngeflow: CommandLine, desk: Desk) -> None:
    desk.open_survey()
    send(desk, INVITATION)
    desk.now = REMINDED
    send(desk, REMINDER)
    mails = klyngeflow("mails", "list", "--state", "sent", "--json").json
    readers = {(mail["occasion"], mail["who"] is None, mail["name"] == "siges ikke") for mail in mails}
    assert ("reminder", True, True) in readers
    assert ("invitation", False, False) in readers
    assert all(nobody == (occasion == "reminder") for occasion, nobody, _ in readers)


def test_a_reminder_in_trouble_is_told_since_somebody_has_to_look_at_it(klyngeflow: CommandLine, desk: Desk) -> None:
    def full(_envelope: Envelope) -> Receipt:
        raise DefiniteFailure("smtp_552", permanent=True)

    desk.open_survey()
    send(desk, INVITATION)
    desk.post.outcome, desk.now = full, REMINDED
    send(desk, REMINDER)
    mails = klyngeflow("mails", "list", "--json").json
    assert {mail["occasion"] for mail in mails} == {"reminder"}
    assert None not in {mail["who"] for mail in mails}
    assert told(desk, ANNA)[REMINDER] == ("kunne ikke sendes", "smtp_552")


# --- as it is asked for ---------------------------------------------------------------------------------------------


def asked(klyngeflow: CommandLine, desk: Desk, person: str) -> Any:
    return klyngeflow("mails", "why", desk.order_id, person, "--json").json


@pytest.mark.parametrize("by", ["id", "address", "name"])
def test_somebody_is_asked_for_by_id_address_or_part_of_the_name(
    klyngeflow: CommandLine, invited: Desk, by: str
) -> None:
    anna = invited.member(0)
    with invited.stack.database.read() as connection:
        name = people.person(connection, anna).name
    person = {"id": anna, "address": ANNA.upper(), "name": name[:4].lower()}[by]
    answer = asked(klyngeflow, invited, person)
    assert answer["person"] == anna
    (invitation,) = [letter for letter in answer["letters"] if letter["letter"] == INVITATION]
    assert (invitation["state"], invitation["why"]) == ("afvist af adressen", "smtp_550")


def test_people_read_a_line_a_letter_in_danish(klyngeflow: CommandLine, invited: Desk) -> None:
    ran = klyngeflow("mails", "why", invited.order_id, ANNA)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Anna Kvistgaard A (")
    (line,) = [line for line in ran.out.splitlines() if "invitation" in line]
    assert "afvist af adressen" in line


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("Rasmus", "nobody on the order is called 'Rasmus'; `klyngeflow orders people "),
        ("Kvistgaard", "'Kvistgaard' may be "),
    ],
)
def test_nobody_and_too_many_are_refused_in_one_line(
    klyngeflow: CommandLine, invited: Desk, person: str, said: str
) -> None:
    ran = klyngeflow("mails", "why", invited.order_id, person)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith(f"klyngeflow: {said}")


@pytest.mark.usefixtures("desk")
def test_an_order_that_is_not_there_is_refused_in_one_line(klyngeflow: CommandLine) -> None:
    ran = klyngeflow("mails", "why", "nope", "Anna")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "klyngeflow: there is no order 'nope'; `klyngeflow orders list --all` shows them\n"

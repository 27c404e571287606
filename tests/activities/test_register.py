"""A register's round by the activities that carry it: numbers beside the command, a deck of them, and their end."""

import base64
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from activities.analysis import Analysis
from activities.erasure import Erasure
from domain import commands as do
from domain.letters import Letter, Occasion
from domain.meeting import Meeting
from domain.model import PracticeId, Round
from storage import register_rows, result_repository
from storage.enclosures import enclosure_table
from storage.keys import Keys, WrongKey
from storage.register_rows import NotThisRow, register_row_table
from storage.turnout import turnout_table
from tests.a_register import REGISTER
from tests.activities.desk import CLOSED, MEETING, OPENED, Desk, run
from tests.workflows.people import practice_number
from web.problems import Problem
from web.requests.base import Context
from web.requests.register import GiveExtract, give_extract

FIRST, ANOTHER = "47,3", "10,5"


def csv(last: str = FIRST, practices: int = 6) -> bytes:
    """Six practices; the last one's first number is told apart."""
    lines = [f"{practice_number(number)};{20 + number},5;{90 + number};{number}" for number in range(practices - 1)]
    lines.append(f"{practice_number(practices - 1)};{last};99;5,5")
    return "\n".join(["ydernummer;fem_midler;blandet;ventetid", *lines]).encode()


def asked(content: bytes) -> GiveExtract:
    return GiveExtract.model_validate({"type": "give_extract", "extract": base64.b64encode(content)})


@pytest.fixture
def ordered(desk: Desk) -> Desk:
    """An order of twelve doctors in six practices."""
    desk.package, desk.members = REGISTER, 12
    desk.stack = replace(desk.stack, packages=[*desk.stack.packages, REGISTER])
    desk.place()
    return desk


@pytest.fixture
def awaiting(ordered: Desk) -> Desk:
    """Its extract is awaited."""
    ordered.do(do.AgreePlan(meeting=Meeting(starts=MEETING, minutes=60)))
    ordered.do(do.OpenSurvey(round=Round.BASELINE), now=OPENED)
    return ordered


def delivered(desk: Desk) -> None:
    desk.ask(asked(csv()))
    run(Analysis(desk.at).tabulate_round, desk.step())
    desk.make_deck(1)
    desk.do(do.ReleaseDeck(), now=CLOSED)


def rows(desk: Desk) -> list[bytes]:
    with desk.stack.database.read() as connection:
        return list(connection.execute(select(register_row_table.c.sealed)).scalars())


def median(desk: Desk) -> float | None:
    """Of the first measure, as the round's results tell it."""
    with desk.stack.database.read() as connection:
        stored = result_repository.stored(connection, desk.order_id, Round.BASELINE)
    assert stored is not None
    return stored.results.measures["fem_midler"].median


def in_the_files(desk: Desk, *sealed: bytes) -> int:
    files = [path.read_bytes() for path in Path(desk.stack.settings.data).glob("klyngeflow.db*")]
    return sum(any(each in file for file in files) for each in sealed)


def test_the_numbers_become_a_nameless_spread_and_a_deck(awaiting: Desk) -> None:
    delivered(awaiting)
    with awaiting.stack.database.read() as connection:
        stored = result_repository.stored(connection, awaiting.order_id, Round.BASELINE)
    assert stored is not None
    spread = stored.results.measures["fem_midler"]
    assert (stored.results.n, stored.results.members, spread.n, spread.values) == (6, 6, 6, None)
    said = stored.results.model_dump_json()
    assert not [number for number in range(6) if practice_number(number) in said]


def test_neither_log_nor_enclosure_has_a_number_or_a_practices_name(awaiting: Desk) -> None:
    delivered(awaiting)
    log = "".join(event.model_dump_json() for event in awaiting.stack.store.load(awaiting.order_id))
    assert "47.3" not in log
    assert practice_number(5) not in log
    with awaiting.stack.database.read() as connection:
        assert list(connection.execute(select(enclosure_table.c.id))) == []
        assert list(connection.execute(select(turnout_table.c.order_id))) == [], "nobody was asked"


def test_what_goes_beside_the_command_is_sealed_on_its_way(awaiting: Desk) -> None:
    with awaiting.stack.database.read() as connection:
        context = Context(connection, awaiting.order, REGISTER, awaiting.stack.keys, awaiting.now)
        submission = give_extract(asked(csv()), context)
    written = submission.enclosure.model_dump_json() + submission.command.model_dump_json()
    assert submission.enclosure.extract is not None
    assert len(submission.enclosure.extract.rows) == 6
    assert not [told for told in ("47.3", "fem_midler", practice_number(5)) if told in written]


def test_another_extract_takes_the_rows_place_and_the_night_clears_the_first_from_the_files(awaiting: Desk) -> None:
    awaiting.ask(asked(csv()))
    run(Analysis(awaiting.at).tabulate_round, awaiting.step())
    first, before = rows(awaiting), median(awaiting)
    awaiting.ask(asked(csv(ANOTHER)))
    assert not set(first) & set(rows(awaiting))
    Erasure(awaiting.at).erase_what_is_due(awaiting.now + dt.timedelta(days=1))
    assert in_the_files(awaiting, *first) == 0
    assert in_the_files(awaiting, *rows(awaiting)) == 6
    run(Analysis(awaiting.at).tabulate_round, awaiting.step())
    assert (before, median(awaiting)) == (23.0, 22.0)


def test_the_same_again_changes_nothing(awaiting: Desk) -> None:
    awaiting.ask(asked(csv()))
    version, before = awaiting.order.version, rows(awaiting)
    awaiting.ask(asked(csv()))
    assert (awaiting.order.version, rows(awaiting)) == (version, before)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (csv().replace(practice_number(5).encode(), b"999999"), "Linje 7"),
        (csv().replace(b"47,3", b"470"), "Linje 7, kolonnen »fem_midler«"),
        (b"", "Filen er tom"),
        (b"ydernummer;fem_midler\n", "Linje 1: Kolonnen »blandet«"),
    ],
)
def test_a_fault_is_told_with_its_line_and_nothing_is_kept(awaiting: Desk, content: bytes, says: str) -> None:
    with pytest.raises(Problem) as refused:
        awaiting.ask(asked(content))
    assert any(each.detail.startswith(says) for each in refused.value.body.errors), refused.value.body
    assert rows(awaiting) == []
    assert awaiting.order.baseline is not None
    assert awaiting.order.baseline.awaits_extract


def test_the_night_erases_what_a_register_said_of_each_practice(awaiting: Desk) -> None:
    delivered(awaiting)
    awaiting.do(do.RecordMeeting(attended=10, absent=2), do.DeclineFollowUp(), now=awaiting.now + dt.timedelta(days=30))
    awaiting.do(do.CompleteOrder())
    before = rows(awaiting)
    assert len(before) == 6, "doctors see their own while the order's page is there"
    Erasure(awaiting.at).erase_what_is_due(awaiting.now + dt.timedelta(days=91))
    assert rows(awaiting) == []
    assert in_the_files(awaiting, *before) == 0


def test_a_cancelled_order_has_none_left(awaiting: Desk) -> None:
    delivered(awaiting)
    before = rows(awaiting)
    awaiting.do(do.CancelOrder(reason="cluster_withdrew"))
    assert rows(awaiting) == []
    Erasure(awaiting.at).erase_what_is_due(awaiting.now + dt.timedelta(days=1))
    assert in_the_files(awaiting, *before) == 0


def test_an_order_without_an_extract_goes_on_to_a_deck_without_numbers(awaiting: Desk) -> None:
    awaiting.do(do.GoOnWithoutResults())
    run(Analysis(awaiting.at).tabulate_round, awaiting.step())
    awaiting.make_deck(1)
    with awaiting.stack.database.read() as connection:
        stored = result_repository.stored(connection, awaiting.order_id, Round.BASELINE)
    assert stored is not None
    assert stored.results.suppressed


def test_a_row_opens_for_its_own_practice_round_and_order_and_under_its_own_key_alone(awaiting: Desk) -> None:
    awaiting.ask(asked(csv().replace(b";90;0\n", b";;\n")))
    keys = awaiting.stack.keys
    mine, other, *_ = sorted({member.practice for member in awaiting.order.active_members.values()})
    with awaiting.stack.database.write() as connection:
        own = register_rows.numbers_of(connection, keys, awaiting.order_id, Round.BASELINE, mine)
        assert own
        sealed = {row.practice_id: row.sealed for row in connection.execute(select(register_row_table))}
        register_rows.put(connection, awaiting.order_id, Round.BASELINE, [register_rows.SealedRow(mine, sealed[other])])
        with pytest.raises(NotThisRow):
            register_rows.numbers_of(connection, keys, awaiting.order_id, Round.BASELINE, mine)
        with pytest.raises(WrongKey):
            register_rows.extract_of(connection, Keys(bytes(32)), awaiting.order_id, Round.BASELINE)
        nothing = register_rows.numbers_of(connection, keys, awaiting.order_id, Round.BASELINE, PracticeId("x"))
        assert nothing is None
    assert {len(each) for each in sealed.values()} == {len(sealed[mine])}, "size tells nothing"


ABOUT_A_QUESTIONNAIRE = {Occasion.INVITATION, Occasion.REMINDER, Occasion.SURVEY_EXTENDED, Occasion.TOO_FEW_ANSWERS}
BEFORE_THE_CALL = {Occasion.ORDER_RECEIVED, Occasion.ORDER_ASSIGNED, Occasion.CALL_OVERDUE}
OF_A_ROUND = {Occasion.DECK_REVIEW, Occasion.DECK_DELIVERED, Occasion.DECK_CORRECTED, Occasion.COMPARISON_DELIVERED}
CANCELLED = {Occasion.ORDER_CANCELLED, Occasion.MEETING_CANCELLED}
NEVER_SAID = ("spørgeskema", "svaret", "svarene", "få svar")


def said_in(desk: Desk, occasions: set[Occasion]) -> dict[Occasion, str]:
    """All that each of these letters says, subject and both bodies."""
    mails = {
        each: desk.written(Letter(each, Round.BASELINE if each in OF_A_ROUND else None)).mail for each in occasions
    }
    return {each: f"{mail.subject} {mail.text} {mail.html}".casefold() for each, mail in mails.items()}


def test_no_letter_of_such_an_order_speaks_of_a_questionnaire_or_of_answers(awaiting: Desk) -> None:
    others = set(Occasion) - ABOUT_A_QUESTIONNAIRE - BEFORE_THE_CALL - CANCELLED - {Occasion.FOLLOW_UP_NOTICE}
    waiting = said_in(awaiting, {Occasion.PLAN_AGREED, Occasion.COORDINATOR_WELCOME, Occasion.PROGRAMME})
    delivered(awaiting)
    told = said_in(awaiting, others)
    agreed = do.RecordMeeting(attended=10, absent=2, follow_up="agreed", follow_up_opens=dt.date(2032, 3, 1))
    awaiting.do(agreed, now=awaiting.now + dt.timedelta(days=30))
    after = said_in(awaiting, {Occasion.AFTER_MEETING, Occasion.FOLLOW_UP_NOTICE})
    for letters in (waiting, told, after):
        assert {each: [word for word in NEVER_SAID if word in words] for each, words in letters.items()} == {
            each: [] for each in letters
        }
    for occasion in (Occasion.PROGRAMME, Occasion.RESULTS):
        assert "har registret tal for din praksis, står de på din side" in told[occasion]
    assert "hentes af kiap senest" in waiting[Occasion.PLAN_AGREED]


def test_nor_does_one_before_the_call_or_about_a_cancellation(ordered: Desk) -> None:
    letters = said_in(ordered, BEFORE_THE_CALL)
    ordered.do(do.AgreePlan(meeting=Meeting(starts=MEETING, minutes=60)))
    ordered.do(do.CancelOrder(reason="cluster_withdrew"))
    letters |= said_in(ordered, CANCELLED)
    assert [word for word in NEVER_SAID for words in letters.values() if word in words] == []

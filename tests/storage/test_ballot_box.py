"""The ballot box at work: who may answer, once, and what is counted. For what it hides see test_insider."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Date, DateTime, select
from sqlalchemy.exc import IntegrityError

from domain.model import OrderId, PersonId, Round
from storage import ballot_box, survey_roll, survey_rounds
from storage.ballot_box import AnswersTooLong, Submission
from storage.columns import Instant
from storage.database import Database
from storage.keys import Keys, WrongKey
from storage.survey_roll import Invitation, InvitationState, Turnout
from storage.survey_rounds import NoSuchRound, RoundIs, RoundState

ORDER = OrderId("odense-1")
BASELINE = Round.BASELINE
ANNA, BO, CARLA = PersonId("anna"), PersonId("bo"), PersonId("carla")


@pytest.fixture
def keys() -> Keys:
    return Keys(bytes(range(32)))


@pytest.fixture
def open_round(database: Database, keys: Keys) -> Database:
    """A database with an open round of three."""
    with database.write() as connection:
        survey_rounds.open_round(connection, keys, ORDER, BASELINE)
        survey_roll.invite(connection, keys, ORDER, BASELINE, [_at(ANNA), _at(BO), _at(CARLA)])
    return database


def test_each_answers_once_and_all_answers_are_in_the_box(open_round: Database, keys: Keys) -> None:
    assert _answer(open_round, keys, ANNA, score=1) is Submission.SUBMITTED
    assert _answer(open_round, keys, BO, score=2) is Submission.SUBMITTED
    assert _answer(open_round, keys, ANNA, score=9) is Submission.ALREADY_ANSWERED

    assert _close(open_round) == Turnout(answers=2, invited=3)
    assert sorted(answers["score"] for answers in _open_box(open_round, keys)) == [1, 2]


def test_answers_come_out_as_they_went_in(open_round: Database, keys: Keys) -> None:
    answers = {
        "who5_1": 5,
        "positive": ["kolleger", "patienter"],
        "gode_erfaringer": "Frisk luft – æøå\n  ",
        "q2": None,
    }
    ballot_box.submit(open_round, _token(open_round, keys, ANNA), answers)
    _close(open_round)
    assert _open_box(open_round, keys) == [answers]


def test_a_token_nobody_has_answers_nothing(open_round: Database) -> None:
    assert ballot_box.submit(open_round, "a" * 32, {}) is Submission.UNKNOWN
    with open_round.read() as connection:
        assert survey_roll.find(connection, "a" * 32) is None


def test_a_link_tells_whose_it_is_and_how_the_round_stands(open_round: Database, keys: Keys) -> None:
    token = _token(open_round, keys, BO)
    _answer(open_round, keys, BO)
    _close(open_round)
    with open_round.read() as connection:
        found = survey_roll.find(connection, token)
    assert found is not None
    assert (found.person, found.state, found.round_state) == (BO, InvitationState.ANSWERED, RoundState.CLOSED)


def test_inviting_again_changes_nothing(open_round: Database, keys: Keys) -> None:
    before = _roll(open_round)
    _answer(open_round, keys, ANNA)
    _invite(open_round, keys, (ANNA, BO, CARLA))
    after = _roll(open_round)
    assert [each.id for each in after] == [each.id for each in before]
    assert [each.token(keys) for each in after] == [each.token(keys) for each in before]
    assert [each.state for each in after] == ["answered", "open", "open"]


def test_inviting_gives_back_those_asked_for_only(open_round: Database, keys: Keys) -> None:
    dorte = PersonId("dorte")
    assert [each.person for each in _invite(open_round, keys, (ANNA, dorte))] == [ANNA, dorte]
    assert [each.person for each in _roll(open_round)] == [ANNA, BO, CARLA, dorte]


def test_a_corrected_address_gets_a_new_link_and_the_old_one_is_dead(open_round: Database, keys: Keys) -> None:
    old = _token(open_round, keys, ANNA)
    with open_round.write() as connection:
        survey_roll.invite(connection, keys, ORDER, BASELINE, [(ANNA, 2)])
    new = _token(open_round, keys, ANNA)

    assert ballot_box.submit(open_round, old, {}) is Submission.UNKNOWN
    assert ballot_box.submit(open_round, new, {}) is Submission.SUBMITTED
    assert [each.address for each in _roll(open_round) if each.person == ANNA] == [2]


def test_a_corrected_address_does_not_let_anybody_answer_twice(open_round: Database, keys: Keys) -> None:
    _answer(open_round, keys, ANNA)
    with open_round.write() as connection:
        survey_roll.invite(connection, keys, ORDER, BASELINE, [(ANNA, 2)])
    assert _answer(open_round, keys, ANNA) is Submission.ALREADY_ANSWERED


def test_who_has_answered_keeps_the_invitation(open_round: Database, keys: Keys) -> None:
    """Another address, taken off the list and put back on it: the link in the first mail still says that they have."""
    link = _token(open_round, keys, ANNA)
    assert ballot_box.submit(open_round, link, {}) is Submission.SUBMITTED
    [before] = [each for each in _roll(open_round) if each.person == ANNA]
    with open_round.write() as connection:
        survey_roll.invite(connection, keys, ORDER, BASELINE, [(ANNA, 2)])
        survey_roll.revoke(connection, ORDER, BASELINE, ANNA)
        survey_roll.invite(connection, keys, ORDER, BASELINE, [(ANNA, 3)])
    assert [each for each in _roll(open_round) if each.person == ANNA] == [before]
    assert ballot_box.submit(open_round, link, {}) is Submission.ALREADY_ANSWERED


def test_who_has_left_can_no_longer_answer_and_is_not_counted(open_round: Database, keys: Keys) -> None:
    token = _token(open_round, keys, BO)
    with open_round.write() as connection:
        assert survey_roll.revoke(connection, ORDER, BASELINE, BO)
        assert not survey_roll.revoke(connection, ORDER, BASELINE, BO)
        assert not survey_roll.revoke(connection, ORDER, BASELINE, PersonId("nobody"))
    assert ballot_box.submit(open_round, token, {}) is Submission.REVOKED
    assert _turnout(open_round) == Turnout(answers=0, invited=2)


def test_who_comes_back_gets_a_new_link(open_round: Database, keys: Keys) -> None:
    old = _token(open_round, keys, BO)
    with open_round.write() as connection:
        survey_roll.revoke(connection, ORDER, BASELINE, BO)
    _invite(open_round, keys, (BO,))
    assert ballot_box.submit(open_round, old, {}) is Submission.UNKNOWN
    assert _answer(open_round, keys, BO) is Submission.SUBMITTED


def test_an_answer_given_before_leaving_still_counts(open_round: Database, keys: Keys) -> None:
    _answer(open_round, keys, BO)
    with open_round.write() as connection:
        assert not survey_roll.revoke(connection, ORDER, BASELINE, BO)
    assert _turnout(open_round) == Turnout(answers=1, invited=3)


def test_only_those_who_may_still_answer_are_outstanding(open_round: Database, keys: Keys) -> None:
    _answer(open_round, keys, ANNA)
    with open_round.write() as connection:
        survey_roll.revoke(connection, ORDER, BASELINE, BO)
    assert _outstanding(open_round) == [CARLA]


def test_nobody_is_outstanding_when_the_round_is_closed(open_round: Database, keys: Keys) -> None:
    _close(open_round)
    assert _outstanding(open_round) == []


def test_a_closed_round_takes_no_answers_and_no_members(open_round: Database, keys: Keys) -> None:
    token = _token(open_round, keys, ANNA)
    _close(open_round)
    assert ballot_box.submit(open_round, token, {}) is Submission.CLOSED
    with pytest.raises(RoundIs, match="closed"):
        _invite(open_round, keys, (PersonId("dorte"),))


def test_the_turnout_of_a_closed_round_stands(open_round: Database, keys: Keys) -> None:
    _answer(open_round, keys, ANNA)
    first = _close(open_round)
    with open_round.write() as connection:
        survey_roll.revoke(connection, ORDER, BASELINE, CARLA)
    assert _close(open_round) == first == Turnout(answers=1, invited=3)
    ballot_box.destroy(open_round, ORDER, BASELINE)
    assert _turnout(open_round) == first


def test_an_extended_round_goes_on_where_it_was(open_round: Database, keys: Keys) -> None:
    _answer(open_round, keys, ANNA, score=1)
    _close(open_round)
    with open_round.write() as connection:
        survey_rounds.reopen(connection, ORDER, BASELINE)
    assert _answer(open_round, keys, ANNA) is Submission.ALREADY_ANSWERED
    assert _answer(open_round, keys, BO, score=2) is Submission.SUBMITTED
    assert _close(open_round) == Turnout(answers=2, invited=3)
    assert len(_open_box(open_round, keys)) == 2


def test_a_tabulated_round_is_not_opened_again_but_can_be_counted_again(open_round: Database, keys: Keys) -> None:
    _answer(open_round, keys, ANNA)
    _close(open_round)
    with open_round.write() as connection:
        survey_rounds.mark_tabulated(connection, ORDER, BASELINE)
        survey_rounds.mark_tabulated(connection, ORDER, BASELINE)
    assert len(_open_box(open_round, keys)) == 1
    with open_round.write() as connection, pytest.raises(RoundIs, match="tabulated"):
        survey_rounds.reopen(connection, ORDER, BASELINE)


def test_an_open_box_is_not_looked_into_tabulated_or_destroyed(open_round: Database, keys: Keys) -> None:
    _answer(open_round, keys, ANNA)
    with pytest.raises(RoundIs, match="open"):
        _open_box(open_round, keys)
    with open_round.write() as connection, pytest.raises(RoundIs, match="open"):
        survey_rounds.mark_tabulated(connection, ORDER, BASELINE)
    with pytest.raises(RoundIs, match="open"):
        ballot_box.destroy(open_round, ORDER, BASELINE)


def test_opening_a_round_twice_keeps_its_key_and_its_answers(open_round: Database, keys: Keys) -> None:
    _answer(open_round, keys, ANNA)
    with open_round.write() as connection:
        survey_rounds.open_round(connection, keys, ORDER, BASELINE)
    _close(open_round)
    with open_round.write() as connection:
        survey_rounds.open_round(connection, keys, ORDER, BASELINE)
        assert survey_rounds.round_state(connection, ORDER, BASELINE) is RoundState.CLOSED
    assert len(_open_box(open_round, keys)) == 1


def test_a_round_that_never_was_is_said_to_be_missing(open_round: Database, keys: Keys) -> None:
    with open_round.write() as connection:
        assert survey_rounds.round_state(connection, ORDER, Round.FOLLOW_UP) is None
        with pytest.raises(NoSuchRound):
            ballot_box.close_round(connection, ORDER, Round.FOLLOW_UP)
        with pytest.raises(NoSuchRound):
            survey_roll.turnout(connection, ORDER, Round.FOLLOW_UP)
        with pytest.raises(NoSuchRound):
            ballot_box.open_box(connection, keys, ORDER, Round.FOLLOW_UP)


def test_the_two_rounds_of_an_order_are_apart(open_round: Database, keys: Keys) -> None:
    _answer(open_round, keys, ANNA, score=1)
    with open_round.write() as connection:
        survey_rounds.open_round(connection, keys, ORDER, Round.FOLLOW_UP)
        (again,) = survey_roll.invite(connection, keys, ORDER, Round.FOLLOW_UP, [_at(ANNA)])
    assert ballot_box.submit(open_round, again.token(keys), {"score": 2}) is Submission.SUBMITTED
    _close(open_round)
    assert [answers["score"] for answers in _open_box(open_round, keys)] == [1]


def test_another_master_key_opens_no_box(open_round: Database, keys: Keys) -> None:
    _answer(open_round, keys, ANNA)
    _close(open_round)
    with pytest.raises(WrongKey):
        _open_box(open_round, Keys(bytes(32)))


def test_a_flood_of_text_is_refused_and_leaves_the_invitation_open(open_round: Database, keys: Keys) -> None:
    with pytest.raises(AnswersTooLong):
        _answer(open_round, keys, ANNA, score="x" * 70_000)
    assert _answer(open_round, keys, ANNA) is Submission.SUBMITTED


def test_erasing_an_order_removes_its_rounds(open_round: Database, keys: Keys) -> None:
    _answer(open_round, keys, ANNA)
    token = _token(open_round, keys, ANNA)
    with open_round.write() as connection:
        ballot_box.erase(connection, ORDER)
    with open_round.read() as connection:
        assert survey_roll.find(connection, token) is None
        assert survey_rounds.round_state(connection, ORDER, BASELINE) is None
        assert connection.execute(select(ballot_box.ballot_table)).all() == []


def test_the_ballot_box_has_no_place_for_a_time() -> None:
    for table in (survey_rounds.round_table, survey_roll.invitation_table, ballot_box.ballot_table):
        assert not [column.name for column in table.c if isinstance(column.type, DateTime | Date | Instant)]


def test_the_same_link_used_by_many_at_once_counts_once(open_round: Database, keys: Keys) -> None:
    token = _token(open_round, keys, ANNA)
    at_once = threading.Barrier(8)

    def answer(number: int) -> Submission:
        at_once.wait()
        return ballot_box.submit(open_round, token, {"score": number})

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(answer, range(8)))

    assert outcomes.count(Submission.SUBMITTED) == 1
    assert outcomes.count(Submission.ALREADY_ANSWERED) == 7
    assert _close(open_round) == Turnout(answers=1, invited=3)
    (counted,) = _open_box(open_round, keys)
    assert counted["score"] == outcomes.index(Submission.SUBMITTED)


def test_no_answer_is_lost_when_all_answer_while_the_round_closes(database: Database, keys: Keys) -> None:
    members = [PersonId(f"m{number}") for number in range(24)]
    with database.write() as connection:
        survey_rounds.open_round(connection, keys, ORDER, BASELINE)
        roll = survey_roll.invite(connection, keys, ORDER, BASELINE, [_at(member) for member in members])
    halfway = threading.Semaphore(0)

    def answer(invitation: Invitation) -> str | None:
        outcome = ballot_box.submit(database, invitation.token(keys), {"member": invitation.person})
        halfway.release()
        return invitation.person if outcome is Submission.SUBMITTED else None

    def close() -> Turnout:
        for _ in range(8):
            halfway.acquire()
        return _close(database)

    with ThreadPoolExecutor(7) as pool:
        closing = pool.submit(close)
        told_they_have_answered = {member for member in pool.map(answer, roll) if member}
        turnout = closing.result()

    assert {answers["member"] for answers in _open_box(database, keys)} == told_they_have_answered
    assert turnout == Turnout(answers=len(told_they_have_answered), invited=24)
    assert len(told_they_have_answered) >= 8


def test_a_member_stands_on_the_roll_once(open_round: Database) -> None:
    table = survey_roll.invitation_table
    with open_round.read() as connection:
        row = connection.execute(select(table).where(table.c.person_id == ANNA)).one()._asdict()
        second = table.insert().values(row | {"id": "another", "token_hash": "another"})
        with pytest.raises(IntegrityError):
            connection.execute(second)


def _at(member: PersonId) -> tuple[PersonId, int]:
    return member, 1


def _roll(database: Database) -> list[Invitation]:
    with database.read() as connection:
        return survey_roll.invitations(connection, ORDER, BASELINE)


def _token(database: Database, keys: Keys, member: PersonId) -> str:
    return next(each.token(keys) for each in _roll(database) if each.person == member)


def _answer(database: Database, keys: Keys, member: PersonId, **answers: object) -> Submission:
    return ballot_box.submit(database, _token(database, keys, member), answers)


def _invite(database: Database, keys: Keys, members: tuple[PersonId, ...]) -> list[Invitation]:
    with database.write() as connection:
        return survey_roll.invite(connection, keys, ORDER, BASELINE, [_at(member) for member in members])


def _close(database: Database) -> Turnout:
    with database.write() as connection:
        return ballot_box.close_round(connection, ORDER, BASELINE)


def _turnout(database: Database) -> Turnout:
    with database.read() as connection:
        return survey_roll.turnout(connection, ORDER, BASELINE)


def _outstanding(database: Database) -> list[PersonId]:
    with database.read() as connection:
        return [each.person for each in survey_roll.outstanding(connection, ORDER, BASELINE)]


def _open_box(database: Database, keys: Keys) -> list[dict[str, Any]]:
    with database.read() as connection:
        return ballot_box.open_box(connection, keys, ORDER, BASELINE)

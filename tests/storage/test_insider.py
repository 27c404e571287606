"""The insider: has the database's files and system columns, and knows in what order the doctors answered.

Each answer names its author, so that the test can tell how much better than chance the insider's guess is.
"""

import json
import random
import statistics
from collections.abc import Callable
from typing import TypeVar

import pytest
from nacl.public import SealedBox
from sqlalchemy import select, text

from domain.model import OrderId, PersonId, Round
from storage import ballot_box, survey_roll, survey_rounds
from storage.ballot_box import Submission, ballot_table
from storage.database import Database
from storage.keys import Keys, WrongKey
from storage.survey_roll import invitation_table
from storage.survey_rounds import round_table
from tests.databases import as_superuser
from tests.storage.on_disk import everything_on_disk, write_ahead_log

ORDER = OrderId("odense-1")
BASELINE = Round.BASELINE
MEMBERS = [PersonId(f"member-{number:02}") for number in range(40)]

NO_BETTER_THAN_CHANCE = 0.75
"""Of 40, chance gives a rank correlation beyond this once in a million times; knowing gives 1."""

T = TypeVar("T")
Way = Callable[[Database, bytes], list[bytes]]
"""A way of putting ballots, or members of the roll, in some order that database or files happen to have."""


_WHERE_LONG_VALUES_ARE = text("SELECT reltoastrelid::regclass FROM pg_class WHERE relname = 'ballot'")


@pytest.fixture
def keys() -> Keys:
    return Keys(bytes(range(32)))


@pytest.fixture
def answering(database: Database, keys: Keys) -> list[PersonId]:
    """A round that all forty have answered, still open: the members in the order in which they did."""
    _open(database, keys)
    order = random.sample(MEMBERS, len(MEMBERS))
    for member in order:
        _answer(database, keys, member)
    return order


def test_the_attack_works_on_a_box_that_just_appends(database: Database) -> None:
    order = random.sample(MEMBERS, len(MEMBERS))
    with database.write() as connection:
        connection.execute(text("CREATE TABLE naive (author VARCHAR(100))"))
    for member in order:
        with database.write() as connection:
            connection.execute(text("INSERT INTO naive VALUES (:author)"), {"author": member})
    with database.read() as connection:
        as_stored = [PersonId(author) for author in connection.execute(text("SELECT author FROM naive")).scalars()]
    on_disk = _by_place(everything_on_disk(database), {member: member.encode() for member in MEMBERS})
    assert _correlation(as_stored, order) == pytest.approx(1)
    assert abs(_correlation(on_disk, order)) == pytest.approx(1)


def test_while_open_no_order_of_the_ballots_tells_who_answered_what(
    database: Database, keys: Keys, answering: list[PersonId]
) -> None:
    authors, disk = _authors(database, keys), everything_on_disk(database)
    for way in _ballot_orders(database):
        guess = [authors[sealed] for sealed in way(database, disk)]
        assert sorted(guess) == MEMBERS
        assert abs(_correlation(guess, answering)) < NO_BETTER_THAN_CHANCE, way.__name__


def test_while_open_no_order_of_the_roll_tells_in_what_order_they_answered(
    database: Database, keys: Keys, answering: list[PersonId]
) -> None:
    disk = everything_on_disk(database)
    for way in (_as_selected_on_the_roll, _by_place_of_the_roll):
        guess = [PersonId(member.decode()) for member in way(database, disk)]
        assert sorted(guess) == MEMBERS
        assert abs(_correlation(guess, answering)) < NO_BETTER_THAN_CHANCE, way.__name__


def test_the_newest_ballot_is_not_to_be_found_by_its_place(database: Database, keys: Keys) -> None:
    _open(database, keys)
    first, last = [0] * len(_ballot_orders(database)), [0] * len(_ballot_orders(database))
    for member in MEMBERS[:20]:
        _answer(database, keys, member)
        authors, disk = _authors(database, keys), everything_on_disk(database)
        for number, way in enumerate(_ballot_orders(database)):
            guess = [authors[sealed] for sealed in way(database, disk)]
            first[number] += guess[0] == member
            last[number] += guess[-1] == member
    # By chance about 3.6 of 20 (1 + 1/2 + … + 1/20); more than 13 not once in a million times.
    assert max(*first, *last) <= 13


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_postgres_gives_all_rows_of_a_round_the_same_transaction(database: Database, keys: Keys) -> None:
    _open(database, keys)
    for member in MEMBERS[:6]:
        _answer(database, keys, member)
        with as_superuser(database) as connection:
            for table in ("ballot", "invitation"):
                ages = connection.execute(text(f"SELECT count(DISTINCT xmin::text) FROM {table}")).scalar_one()  # noqa: S608
                assert ages == 1, table
            toast = connection.execute(_WHERE_LONG_VALUES_ARE).scalar_one()
            ages = connection.execute(text(f"SELECT count(DISTINCT xmin::text) FROM {toast}")).scalar_one()  # noqa: S608
            assert ages == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_keeps_no_submission_in_its_write_ahead_log(database: Database, keys: Keys) -> None:
    _open(database, keys)
    for member in MEMBERS[:6]:
        _answer(database, keys, member)
        assert write_ahead_log(database) == b""


def test_a_finished_round_has_each_ballot_on_disk_once(
    database: Database, keys: Keys, answering: list[PersonId]
) -> None:
    sealed = list(_authors(database, keys))
    _close(database)
    disk = everything_on_disk(database)
    assert {disk.count(_part_of(ballot)) for ballot in sealed} == {1}


def test_of_a_finished_round_nothing_tells_who_answered_what(
    database: Database, keys: Keys, answering: list[PersonId]
) -> None:
    _close(database)
    authors, disk = _authors(database, keys), everything_on_disk(database)
    for way in _ballot_orders(database):
        guess = [authors[sealed] for sealed in way(database, disk)]
        assert abs(_correlation(guess, answering)) < NO_BETTER_THAN_CHANCE, way.__name__
        assert abs(_correlation(guess, MEMBERS)) < NO_BETTER_THAN_CHANCE, way.__name__
        hits = sum(guessed == member for guessed, member in zip(guess, answering, strict=True))
        assert hits <= 10  # by chance one; more than ten once in a hundred million times


def test_the_opened_box_is_shuffled_each_time(database: Database, keys: Keys, answering: list[PersonId]) -> None:
    _close(database)
    with database.read() as connection:
        once, twice = (ballot_box.open_box(connection, keys, ORDER, BASELINE) for _ in range(2))
    assert once != twice
    for opened in (once, twice):
        guess = [PersonId(answers["author"]) for answers in opened]
        assert sorted(guess) == MEMBERS
        assert abs(_correlation(guess, answering)) < NO_BETTER_THAN_CHANCE


def test_a_ballots_size_does_not_tell_how_much_was_written(database: Database, keys: Keys) -> None:
    _open(database, keys)
    for member, length in zip(MEMBERS, (0, 1, 80, 700, 3_000), strict=False):
        _answer(database, keys, member, gode_erfaringer="å" * (length // 2))
    assert len({len(sealed) for sealed in _as_selected(database)}) == 1


def test_neither_answers_nor_links_stand_on_disk_in_the_open(
    database: Database, keys: Keys, answering: list[PersonId]
) -> None:
    with database.read() as connection:
        tokens = [each.token(keys) for each in survey_roll.invitations(connection, ORDER, BASELINE)]
    disk = everything_on_disk(database)
    assert MEMBERS[0].encode() in disk  # so we do read the roll
    assert b"gode_erfaringer" not in disk
    assert not [token for token in tokens if token.encode() in disk]


def test_after_destruction_nothing_is_left_to_open_even_with_the_master_key(
    database: Database, keys: Keys, answering: list[PersonId]
) -> None:
    sealed = list(_authors(database, keys))
    with database.read() as connection:
        public, wrapped = connection.execute(select(round_table.c.public_key, round_table.c.wrapped_private_key)).one()
    _close(database)
    assert wrapped in everything_on_disk(database)

    ballot_box.destroy(database, ORDER, BASELINE)

    disk = everything_on_disk(database)
    assert wrapped not in disk
    assert public not in disk
    assert not [ballot for ballot in sealed if _part_of(ballot) in disk or _tail_of(ballot) in disk]
    with database.read() as connection, pytest.raises(survey_rounds.RoundIs, match="destroyed"):
        ballot_box.open_box(connection, keys, ORDER, BASELINE)
    with pytest.raises(WrongKey):
        keys.open_private(disk[: len(wrapped)])


def test_after_destruction_not_even_who_answered_is_known(database: Database, keys: Keys) -> None:
    _open(database, keys)
    _answer(database, keys, MEMBERS[0])
    _close(database)
    ballot_box.destroy(database, ORDER, BASELINE)
    ballot_box.destroy(database, ORDER, BASELINE)  # a repeated activity
    with database.read() as connection:
        roll = survey_roll.invitations(connection, ORDER, BASELINE)
        assert {each.state for each in roll} == {survey_roll.InvitationState.OPEN}
        assert survey_roll.turnout(connection, ORDER, BASELINE).answers == 1
        late = survey_roll.find(connection, roll[0].token(keys))
    assert late is not None
    assert late.round_state is survey_rounds.RoundState.DESTROYED
    assert ballot_box.submit(database, roll[0].token(keys), {}) is Submission.CLOSED


# --- a round ----------------------------------------------------------------------------------------------------------


def _open(database: Database, keys: Keys) -> None:
    with database.write() as connection:
        survey_rounds.open_round(connection, keys, ORDER, BASELINE)
        roll = [(member, 1) for member in MEMBERS]
        survey_roll.invite(connection, keys, ORDER, BASELINE, roll)


def _answer(database: Database, keys: Keys, member: PersonId, gode_erfaringer: str = "") -> None:
    with database.read() as connection:
        roll = survey_roll.invitations(connection, ORDER, BASELINE)
    token = next(each.token(keys) for each in roll if each.person == member)
    answers = {"author": member, "gode_erfaringer": gode_erfaringer}
    assert ballot_box.submit(database, token, answers) is Submission.SUBMITTED


def _close(database: Database) -> None:
    with database.write() as connection:
        ballot_box.close_round(connection, ORDER, BASELINE)
    ballot_box.forget_round(database)


# --- what the insider tries -------------------------------------------------------------------------------------------


def _ballot_orders(database: Database) -> list[Way]:
    ways: list[Way] = [_as_selected, _by_place_on_disk, _by_place_of_the_tail]
    return ways if database.is_sqlite else [*ways, _by_ctid, _by_toast_number]


def _as_selected(database: Database, _: bytes = b"") -> list[bytes]:
    with database.read() as connection:
        return list(connection.execute(select(ballot_table.c.sealed)).scalars())


def _by_place_on_disk(database: Database, disk: bytes) -> list[bytes]:
    return _by_place(disk, {sealed: _part_of(sealed) for sealed in _as_selected(database)})


def _by_place_of_the_tail(database: Database, disk: bytes) -> list[bytes]:
    """SQLite keeps what doesn't fit in a row on pages of its own, taken as they are needed."""
    return _by_place(disk, {sealed: _tail_of(sealed) for sealed in _as_selected(database)})


def _by_ctid(database: Database, _: bytes = b"") -> list[bytes]:
    with database.read() as connection:
        return list(connection.execute(text("SELECT sealed FROM ballot ORDER BY ctid")).scalars())


def _by_toast_number(database: Database, _: bytes = b"") -> list[bytes]:
    """PostgreSQL keeps long values beside the table, under numbers that only grow."""
    with as_superuser(database) as connection:
        toast = connection.execute(_WHERE_LONG_VALUES_ARE).scalar_one()
        query = f"SELECT chunk_data FROM {toast} WHERE chunk_seq = 0 ORDER BY chunk_id"  # noqa: S608
        starts = [bytes(start)[:64] for start in connection.execute(text(query)).scalars()]
    ballots = {sealed[:64]: sealed for sealed in _as_selected(database)}
    return [ballots[start] for start in starts]


def _as_selected_on_the_roll(database: Database, _: bytes = b"") -> list[bytes]:
    with database.read() as connection:
        return [member.encode() for member in connection.execute(select(invitation_table.c.person_id)).scalars()]


def _by_place_of_the_roll(database: Database, disk: bytes) -> list[bytes]:
    """By the newest copy of each row on disk."""
    with database.read() as connection:
        rows = connection.execute(select(invitation_table.c.person_id, invitation_table.c.token_hash)).all()
    return _by_place(disk, {row.person_id.encode(): row.token_hash.encode() for row in rows})


def _by_place(disk: bytes, marks: dict[T, bytes]) -> list[T]:
    return sorted(marks, key=lambda each: disk.rfind(marks[each]))


def _part_of(sealed: bytes) -> bytes:
    return sealed[100:164]


def _tail_of(sealed: bytes) -> bytes:
    return sealed[1_500:1_564]


def _authors(database: Database, keys: Keys) -> dict[bytes, PersonId]:
    """The truth, by the round's private key."""
    with database.read() as connection:
        wrapped = connection.execute(select(round_table.c.wrapped_private_key)).scalar_one()
    opener = SealedBox(keys.open_private(wrapped))
    return {sealed: json.loads(opener.decrypt(sealed))["author"] for sealed in _as_selected(database)}


def _correlation(guess: list[PersonId], truth: list[PersonId]) -> float:
    """Spearman's: 1 where the guess has the true order, -1 where it is backwards, about 0 where it knows nothing."""
    place = {member: number for number, member in enumerate(truth)}
    return statistics.correlation(range(len(guess)), [place[member] for member in guess])

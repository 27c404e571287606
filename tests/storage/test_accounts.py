"""Accounts, their links and passwords: nothing that opens anything is kept, and who leaves keeps nothing."""

import datetime as dt

from domain.model import StaffId
from storage import account_links, accounts, passwords, sessions
from storage.account_links import account_link_table
from storage.accounts import account_table
from storage.database import Database
from storage.sessions import session_table
from storage.staff import StaffRole, add_staff, change_role, staff, staff_left

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)


def ole(database: Database) -> StaffId:
    with database.write() as connection:
        return add_staff(connection, "Ole Bach", "ole@kiap.example", StaffRole.OPERATIONS)


def test_a_password_is_kept_as_argon2id_and_never_twice_alike() -> None:
    one, other = (passwords.password_hash("en lang og god sætning") for _ in range(2))
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert one != other
    assert passwords.is_password("en lang og god sætning", one)
    assert not passwords.is_password("en lang og god saetning", one)
    assert not passwords.is_password("en lang og god sætning", None)
    assert not passwords.is_password("en lang og god sætning", "rubbish")
    assert not passwords.is_outdated(one)


def test_nobody_can_sign_in_until_somebody_has_a_password_and_has_not_left(database: Database) -> None:
    who = ole(database)
    with database.write() as connection:
        assert not accounts.can_anybody_sign_in(connection)
        accounts.set_password_hash(connection, who, "x", NOW)
        assert accounts.can_anybody_sign_in(connection)
        staff_left(connection, who, NOW)
        assert not accounts.can_anybody_sign_in(connection)


def test_an_account_is_found_by_its_address_in_any_case_until_its_holder_leaves(database: Database) -> None:
    who = ole(database)
    with database.write() as connection:
        found = accounts.account_by_email(connection, "OLE@kiap.Example")
        assert found is not None
        assert (found.staff.id, found.password_hash) == (who, None)
        accounts.set_password_hash(connection, who, "x", NOW)
        accounts.set_password_hash(connection, who, "y", NOW)
        found = accounts.account_of(connection, who)
        assert found is not None
        assert found.password_hash == "y"
        assert accounts.account_by_email(connection, "") is None
        accounts.colleague_left(connection, who, NOW)
        assert accounts.account_by_email(connection, "") is None, "who has left has an empty address"
        assert accounts.account_of(connection, who) is None


def test_who_leaves_has_no_password_no_link_and_no_session(database: Database) -> None:
    who = ole(database)
    with database.write() as connection:
        accounts.set_password_hash(connection, who, "x", NOW)
        link = account_links.make_link(connection, who, NOW)
        token = sessions.begin_session(connection, staff(connection, who), "192.0.2.7", "Firefox", NOW)
        accounts.colleague_left(connection, who, NOW)
        assert account_links.find_link(connection, link, NOW) is None
        assert sessions.signed_in(connection, token, NOW) is None
        for table in (account_table, account_link_table, session_table):
            assert connection.execute(table.select()).all() == []


def test_a_session_in_an_earlier_role_is_none_even_if_nobody_ended_it(database: Database) -> None:
    who = ole(database)
    with database.write() as connection:
        token = sessions.begin_session(connection, staff(connection, who), "192.0.2.7", "Firefox", NOW)
        assert sessions.signed_in(connection, token, NOW) is not None
        change_role(connection, who, StaffRole.ADMINISTRATOR)
        assert sessions.signed_in(connection, token, NOW) is None


def test_a_session_of_somebody_who_has_left_is_none_even_if_nobody_ended_it(database: Database) -> None:
    who = ole(database)
    with database.write() as connection:
        token = sessions.begin_session(connection, staff(connection, who), "192.0.2.7", "Firefox", NOW)
        staff_left(connection, who, NOW)
        assert sessions.signed_in(connection, token, NOW) is None


def test_a_link_is_used_once_and_not_when_it_is_too_old(database: Database) -> None:
    who = ole(database)
    with database.write() as connection:
        old, new = account_links.make_link(connection, None, NOW), account_links.make_link(connection, who, NOW)
        assert not account_links.use_link(connection, old, NOW + dt.timedelta(hours=72))
        assert [account_links.use_link(connection, new, NOW) for _ in range(2)] == [True, False]


def test_the_database_keeps_neither_a_sessions_secret_nor_a_links(database: Database) -> None:
    who = ole(database)
    with database.write() as connection:
        link = account_links.make_link(connection, who, NOW)
        token = sessions.begin_session(connection, staff(connection, who), "192.0.2.7", "Firefox", NOW)
        rows = str([connection.execute(table.select()).all() for table in (account_link_table, session_table)])
    assert link not in rows
    assert token not in rows


def test_ended_sessions_and_old_links_are_removed_at_night(database: Database) -> None:
    who = ole(database)
    with database.write() as connection:
        account_links.make_link(connection, who, NOW)
        sessions.begin_session(connection, staff(connection, who), "192.0.2.7", "Firefox", NOW)
        for later, left in ((dt.timedelta(hours=11), 1), (dt.timedelta(hours=12), 0)):
            sessions.forget_ended_sessions(connection, NOW + later)
            assert len(connection.execute(session_table.select()).all()) == left
        for later, left in ((dt.timedelta(hours=71), 1), (dt.timedelta(hours=72), 0)):
            account_links.forget_old_links(connection, NOW + later)
            assert len(connection.execute(account_link_table.select()).all()) == left

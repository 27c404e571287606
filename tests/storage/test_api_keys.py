import datetime as dt

import pytest

from domain.by import Capacity, Scope
from storage.api_keys import NameTaken, api_keys, holder_of, make_key, revoke_key
from storage.database import Database
from tests.storage.on_disk import everything_on_disk

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)


def test_a_key_opens_what_its_scopes_say_in_its_own_name(database: Database) -> None:
    with database.write() as connection:
        key = make_key(connection, "kiap-dk", [Scope.PLACE_ORDERS], NOW)
        other = make_key(connection, "intranet", list(Scope), NOW)
        by = holder_of(connection, key)
        assert by is not None
        assert (by.role, by.who, by.scopes) == (Capacity.API, "kiap-dk", frozenset({Scope.PLACE_ORDERS}))
        assert key != other
        assert [holder_of(connection, wrong) for wrong in ("", "kf_", key[:-1], f"{key}x", key.upper())] == [None] * 5


def test_a_revoked_key_opens_nothing_and_its_name_is_nobody_elses(database: Database) -> None:
    with database.write() as connection:
        key = make_key(connection, "kiap-dk", [Scope.PLACE_ORDERS], NOW)
        assert revoke_key(connection, "kiap-dk", NOW)
        assert not revoke_key(connection, "kiap-dk", NOW + dt.timedelta(days=1))
        assert not revoke_key(connection, "nobody", NOW)
        assert holder_of(connection, key) is None
        with pytest.raises(NameTaken):
            make_key(connection, "kiap-dk", [], NOW)
        (shown,) = api_keys(connection)
    assert (shown.name, shown.scopes, shown.revoked_at) == ("kiap-dk", frozenset({Scope.PLACE_ORDERS}), NOW)


def test_a_key_itself_is_nowhere_on_disk(database: Database) -> None:
    with database.write() as connection:
        key = make_key(connection, "kiap-dk", [Scope.PLACE_ORDERS], NOW)
    disk = everything_on_disk(database)
    assert b"kiap-dk" in disk
    assert key.encode() not in disk

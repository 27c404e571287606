"""Searches under a name: one's own alone, and gone with whoever saved them."""

import datetime as dt

import pytest

from domain.model import StaffId
from storage import accounts, saved_views
from storage.database import Database
from storage.saved_views import MOST, TooManyViews, remove_view, save_view, views_of

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
OLE, KAREN = StaffId("ole"), StaffId("karen")


def names(database: Database, staff: StaffId) -> dict[str, str]:
    with database.read() as connection:
        return {view.name: view.query for view in views_of(connection, staff)}


def test_a_view_is_its_makers_alone_and_the_same_name_replaces_it(database: Database) -> None:
    with database.write() as connection:
        save_view(connection, OLE, "Mine", "trin=planned", NOW)
        save_view(connection, KAREN, "Mine", "soeg=ribe", NOW)
        save_view(connection, OLE, "Mine", "trin=ordered", NOW)
    assert names(database, OLE) == {"Mine": "trin=ordered"}
    assert names(database, KAREN) == {"Mine": "soeg=ribe"}


def test_nobody_removes_anothers_and_all_go_with_who_leaves(database: Database) -> None:
    with database.write() as connection:
        save_view(connection, OLE, "Mine", "trin=planned", NOW)
        (view,) = views_of(connection, OLE)
        remove_view(connection, KAREN, view.id)
        assert len(views_of(connection, OLE)) == 1
        accounts.colleague_left(connection, OLE, NOW)
    assert names(database, OLE) == {}


def test_there_are_so_many_and_no_more(database: Database) -> None:
    with database.write() as connection:
        for number in range(MOST):
            save_view(connection, OLE, f"v{number}", "", NOW)
        with pytest.raises(TooManyViews):
            save_view(connection, OLE, "en til", "", NOW)
        save_view(connection, OLE, "v0", "trin=planned", NOW)
        assert len(saved_views.views_of(connection, OLE)) == MOST

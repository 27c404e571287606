import datetime as dt

import pytest

from domain.model import StaffId
from storage import staff
from storage.database import Database
from storage.staff import NoSuchStaff, StaffRole

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)


def test_staff_are_found_by_role_until_they_leave(database: Database) -> None:
    with database.write() as connection:
        karen = staff.add_staff(connection, "Karen", "karen@kiap.example", StaffRole.CONSULTANT)
        staff.add_staff(connection, "Ole", "ole@kiap.example", StaffRole.OPERATIONS)
        staff.change_staff(connection, karen, "Karen Holm", "kh@kiap.example", "20 30 40 50")
        assert [each.email for each in staff.staff_in(connection, StaffRole.CONSULTANT)] == ["kh@kiap.example"]
        found = staff.find_staff(connection, karen)
        assert found is not None
        assert (found.name, found.phone) == ("Karen Holm", "20 30 40 50")

        staff.staff_left(connection, karen, NOW)
        staff.staff_left(connection, karen, NOW + dt.timedelta(days=1))
        assert staff.staff_in(connection, StaffRole.CONSULTANT) == []
        assert staff.find_staff(connection, karen) is staff.find_staff(connection, StaffId("nobody")) is None
        with pytest.raises(NoSuchStaff):
            staff.change_staff(connection, karen, "Karen Holm", "kh@kiap.example")
        gone = staff.staff(connection, karen)
    assert (gone.name, gone.email, gone.phone) == ("", "", "")
    assert (gone.role, gone.left_at) == (StaffRole.CONSULTANT, NOW)


def test_who_is_not_there_is_said_to_be_missing(database: Database) -> None:
    with database.write() as connection:
        with pytest.raises(NoSuchStaff):
            staff.staff(connection, StaffId("nobody"))
        with pytest.raises(NoSuchStaff):
            staff.change_staff(connection, StaffId("nobody"), "Ny", "ny@kiap.example")

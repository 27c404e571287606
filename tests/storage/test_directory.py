import datetime as dt
import threading
import uuid

import pytest
from sqlalchemy import text
from storage.directory import NotInDirectory, StaffRole

from domain.model import ContactId, MemberId, OrderId, StaffId, TextId
from storage import directory
from storage.database import Database
from storage.forgetting import StillRemembered, forget_soon
from tests.storage.on_disk import everything_on_disk

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)
ORDER, OTHER_ORDER = OrderId("odense-1"), OrderId("vejle-1")


def test_a_contact_is_found_by_its_id(database: Database) -> None:
    with database.write() as connection:
        anna = directory.add_contact(connection, "Anna Ægidius", "anna@example.dk")
    with database.read() as connection:
        found = directory.contact(connection, anna)
    assert (found.id, found.name, found.email, found.erased_at) == (anna, "Anna Ægidius", "anna@example.dk", None)


def test_many_contacts_keep_the_order_they_were_added_in(database: Database) -> None:
    people = [("Anna", "anna@example.dk"), ("Bo", "bo@example.dk"), ("Anna", "anna@example.dk")]
    with database.write() as connection:
        ids = directory.add_contacts(connection, people)
        found = directory.contacts(connection, [*ids, ContactId("nobody")])
        assert directory.add_contacts(connection, []) == []
        assert directory.contacts(connection, []) == {}
    assert len(set(ids)) == 3
    assert [(found[each].name, found[each].email) for each in ids] == people


def test_ids_tell_neither_order_nor_number(database: Database) -> None:
    with database.write() as connection:
        ids = directory.add_contacts(connection, [("Anna", "anna@example.dk")] * 100)
    assert len(set(ids)) == 100
    assert ids not in (sorted(ids), sorted(ids, reverse=True))


def test_who_is_not_there_is_said_to_be_missing(database: Database) -> None:
    with database.write() as connection:
        with pytest.raises(NotInDirectory):
            directory.contact(connection, ContactId("nobody"))
        with pytest.raises(NotInDirectory):
            directory.text(connection, TextId("nothing"))
        with pytest.raises(NotInDirectory):
            directory.readdress_staff(connection, StaffId("nobody"), "Ny", "ny@kiap.example")


def test_clusters_have_their_practices(database: Database) -> None:
    with database.write() as connection:
        odense = directory.add_cluster(connection, "Odense Vest", "Syddanmark")
        vejle = directory.add_cluster(connection, "Vejle", "Syddanmark")
        east = directory.add_practice(connection, odense, "Lægerne Østergade")
        directory.add_practice(connection, vejle, "Lægehuset Vejle")
        assert directory.cluster(connection, odense).name == "Odense Vest"
        assert {each.id for each in directory.clusters(connection)} == {odense, vejle}
        assert [each.id for each in directory.practices_of(connection, odense)] == [east]
        assert directory.practices(connection, [east])[east].name == "Lægerne Østergade"


def test_staff_are_found_by_role_until_they_leave(database: Database) -> None:
    with database.write() as connection:
        karen = directory.add_staff(connection, "Karen", "karen@kiap.example", StaffRole.CONSULTANT)
        directory.add_staff(connection, "Ole", "ole@kiap.example", StaffRole.OPERATIONS)
        directory.readdress_staff(connection, karen, "Karen Holm", "kh@kiap.example")
        assert [each.email for each in directory.staff_in(connection, StaffRole.CONSULTANT)] == ["kh@kiap.example"]
        found = directory.find_staff(connection, karen)
        assert found is not None
        assert found.name == "Karen Holm"

        directory.staff_left(connection, karen, NOW)
        directory.staff_left(connection, karen, LATER)
        assert directory.staff_in(connection, StaffRole.CONSULTANT) == []
        assert directory.find_staff(connection, karen) is directory.find_staff(connection, StaffId("nobody")) is None
        with pytest.raises(NotInDirectory):
            directory.readdress_staff(connection, karen, "Karen Holm", "kh@kiap.example")
        gone = directory.staff(connection, karen)
    assert (gone.name, gone.email, gone.role, gone.left_at) == ("", "", StaffRole.CONSULTANT, NOW)


def test_a_second_record_of_attendance_replaces_the_first(database: Database) -> None:
    anna, bo, carla = MemberId("anna"), MemberId("bo"), MemberId("carla")
    with database.write() as connection:
        directory.record_attendance(connection, ORDER, {anna: True, bo: True})
        directory.record_attendance(connection, ORDER, {anna: True, carla: False})
        directory.record_attendance(connection, OTHER_ORDER, {})
        assert directory.attendance(connection, ORDER) == {anna: True, carla: False}
        assert directory.attendance(connection, OTHER_ORDER) == {}


def test_erasing_takes_what_it_was_told_to_and_leaves_the_rest(database: Database) -> None:
    with database.write() as connection:
        cluster = directory.add_cluster(connection, "Odense Vest", "Syddanmark")
        practice = directory.add_practice(connection, cluster, "Lægerne v/ Anna")
        anna, shared = directory.add_contacts(connection, [("Anna", "anna@example.dk"), ("Bo", "bo@example.dk")])
        ideas = directory.add_text(connection, ORDER, "ideas", "Annas idé: fælles frokost")
        others = directory.add_text(connection, OTHER_ORDER, "ideas", "Gåture")
        directory.record_attendance(connection, ORDER, {MemberId("anna"): True})

        erased = directory.erase_order(connection, ORDER, contacts=[anna], practices=[practice], now=NOW)
        again = directory.erase_order(connection, ORDER, contacts=[anna], practices=[practice], now=LATER)

        assert (erased, again) == (3, 0)
        gone = directory.contact(connection, anna)
        assert (gone.name, gone.email, gone.erased_at) == ("", "", NOW)
        assert directory.contact(connection, shared).email == "bo@example.dk"
        assert directory.practices_of(connection, cluster) == []
        assert directory.practices(connection, [practice])[practice].name == ""
        assert directory.text(connection, ideas).content == ""
        assert directory.text(connection, others).content == "Gåture"
        assert directory.attendance(connection, ORDER) == {}


def test_what_was_erased_and_forgotten_is_nowhere_in_the_files(database: Database) -> None:
    # Long and short, so that they lie in the row, beside it, and in pages that shrink.
    marks = [f"mærket-{number}-".ljust(10 + number * 37, "x") for number in range(30)]
    with database.write() as connection:
        contacts = directory.add_contacts(connection, [(mark, f"{mark}@example.dk") for mark in marks])
        for mark in marks:
            directory.add_text(connection, ORDER, "ideas", mark * 20)
    assert all(mark.encode() in everything_on_disk(database) for mark in marks)

    with database.write() as connection:
        directory.erase_order(connection, ORDER, contacts=contacts, now=NOW)
    directory.forget(database)

    disk = everything_on_disk(database)
    assert contacts[0].encode() in disk  # the row is there, so we read the right files
    assert "mærket".encode() not in disk


def test_forgetting_waits_for_who_still_reads_and_says_so_when_it_takes_too_long(database: Database) -> None:
    with database.write() as connection:
        anna = directory.add_contact(connection, "mærket-anna", "anna@example.dk")
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        with database.engine.connect() as connection:
            if not database.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                assert directory.contact(connection, anna).name == "mærket-anna"
                reading.set()
                done.wait(10)

    reader = threading.Thread(target=read)
    reader.start()
    assert reading.wait(10)
    with database.write() as connection:
        directory.erase_order(connection, ORDER, contacts=[anna], now=NOW)
    with pytest.raises(StillRemembered):
        directory.forget(database, wait=0.1)

    threading.Timer(0.2, done.set).start()
    directory.forget(database, wait=10)
    reader.join()
    assert "mærket".encode() not in everything_on_disk(database)


def test_forgetting_says_so_when_somebody_writes_for_too_long(database: Database) -> None:
    with database.write() as connection:
        directory.add_contact(connection, "Anna", "anna@example.dk")
        with pytest.raises(StillRemembered):
            directory.forget(database, wait=0.1)
    directory.forget(database)


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_forgetting_says_so_when_a_table_stays_locked(database: Database) -> None:
    with database.read() as connection:
        connection.execute(text("LOCK TABLE contact IN ACCESS SHARE MODE"))
        with pytest.raises(StillRemembered):
            directory.forget(database, wait=0.1)


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_forgetting_says_so_when_postgres_lets_us_not_rewrite_the_tables(database: Database) -> None:
    role = f"guest_{uuid.uuid4().hex[:8]}"
    with database.write() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA public TO {role}"))
    guest = Database(database.url.set(username=role, password=None).render_as_string(hide_password=False))
    with pytest.raises(StillRemembered, match="own"):
        directory.forget(guest)
    guest.close()
    directory.forget(database)


def test_the_quick_forgetting_never_fails_nor_waits(database: Database) -> None:
    assert forget_soon(database, directory.contact_table)
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE"))
        directory.add_contact(connection, "Anna", "anna@example.dk")
        assert forget_soon(database, directory.contact_table) is (not database.is_sqlite)

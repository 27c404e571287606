"""Doctors: one row each over all orders, where they are in their clusters, and when nobody needs them any more."""

import datetime as dt

import pytest
from sqlalchemy import Connection

from domain.model import ClusterId, OrderId, PersonId, PracticeId, Role
from storage import clusters, people
from storage.clusters import NewPractice
from storage.database import Database
from storage.ids import new_id
from storage.open_orders import unfinished_order
from storage.people import NO_PRACTICE, AddressChanged, Membership, NoSuchPerson, PersonChange

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
MONDAY, TUESDAY, FRIDAY = (dt.date(2027, 5, 31) + dt.timedelta(days=days) for days in (0, 1, 4))
ORDER, OTHER_ORDER = OrderId("odense-1"), OrderId("vejle-1")
ODENSE, VEJLE = ClusterId("odense"), ClusterId("vejle")
EAST, WEST = PracticeId("east"), PracticeId("west")
ANNA, BO, CARLA = PersonId("anna"), PersonId("bo"), PersonId("carla")


def change(person: PersonId, email: str = "", address: int = 1, phone: str | None = None) -> PersonChange:
    name = f"{person.capitalize()} Ægidius"
    return PersonChange(person=person, name=name, email=email or f"{person}@example.dk", address=address, phone=phone)


def at(person: PersonId, practice: PracticeId = EAST, cluster: ClusterId = ODENSE) -> Membership:
    return Membership(person, cluster, practice, Role.OWNER)


def is_open(connection: Connection, order: OrderId, cluster: str = ODENSE) -> None:
    row = {"order_id": order, "cluster": cluster, "package": "trivsel", "is_open": True}
    connection.execute(unfinished_order.insert().values(row))


# --- one row each ---------------------------------------------------------------------------------------------------


def test_a_person_is_found_by_id(database: Database) -> None:
    with database.write() as connection:
        people.put(connection, [change(ANNA, phone="20 30 40 50"), change(BO)])
    with database.read() as connection:
        anna = people.person(connection, ANNA)
        found = people.people(connection, [ANNA, BO, CARLA])
        assert people.people(connection, []) == {}
        with pytest.raises(NoSuchPerson):
            people.person(connection, CARLA)
    assert (anna.name, anna.email, anna.phone, anna.address) == ("Anna Ægidius", "anna@example.dk", "20 30 40 50", 1)
    assert anna.erased_at is None
    assert set(found) == {ANNA, BO}
    assert found[BO].phone == ""


def test_ids_tell_neither_order_nor_number() -> None:
    ids = [new_id() for _ in range(100)]
    assert len(set(ids)) == 100
    assert ids not in (sorted(ids), sorted(ids, reverse=True))


def test_a_new_address_has_the_next_number_and_the_telephone_stays(database: Database) -> None:
    with database.write() as connection:
        people.put(connection, [change(ANNA, phone="20 30 40 50")])
        people.put(connection, [change(ANNA, "anna@ny.dk", 2)])
        people.put(connection, [change(ANNA, "anna@ny.dk", 2)])  # the same again
        anna = people.person(connection, ANNA)
    assert (anna.email, anna.address, anna.phone) == ("anna@ny.dk", 2, "20 30 40 50")


def test_a_name_is_corrected_at_the_same_address(database: Database) -> None:
    with database.write() as connection:
        people.put(connection, [change(ANNA)])
        people.put(connection, [PersonChange(person=ANNA, name="Anna Holm", email="anna@example.dk", address=1)])
        anna = people.person(connection, ANNA)
    assert (anna.name, anna.address) == ("Anna Holm", 1)


@pytest.mark.parametrize(
    ("email", "address"), [("anna@other.dk", 2), ("anna@other.dk", 1), ("anna@other.dk", 4), ("anna@ny.dk", 1)]
)
def test_who_rests_on_an_address_that_another_has_changed_meanwhile_must_look_again(
    database: Database, email: str, address: int
) -> None:
    with database.write() as connection:
        people.put(connection, [change(ANNA)])
        people.put(connection, [change(ANNA, "anna@ny.dk", 2)])
        with pytest.raises(AddressChanged):
            people.put(connection, [change(ANNA, email, address)])
        assert people.person(connection, ANNA).email == "anna@ny.dk"


def test_people_are_found_by_a_part_of_name_or_address(database: Database) -> None:
    with database.write() as connection:
        people.put(connection, [change(BO), change(ANNA), change(CARLA, "formand@klyngen.dk")])
        assert [each.id for each in people.find(connection, "ægid")] == [ANNA, BO, CARLA]
        assert [each.id for each in people.find(connection, "FORMAND@")] == [CARLA]
        assert people.find(connection, "dorte") == []


def test_who_shares_a_mailbox_is_counted_whatever_capitals_it_is_text_field_in(database: Database) -> None:
    with database.write() as connection:
        people.put(connection, [change(ANNA, "klinik@example.dk"), change(BO, "Klinik@example.dk"), change(CARLA)])
        assert people.sharing_a_mailbox(connection, [ANNA, BO, CARLA]) == 2
        assert people.sharing_a_mailbox(connection, [ANNA, CARLA]) == 0


# --- in which cluster, since when -----------------------------------------------------------------------------------


def test_a_cluster_has_who_has_joined_and_not_left(database: Database) -> None:
    with database.write() as connection:
        for person in (ANNA, BO):
            people.join(connection, at(person), MONDAY)
        people.join(connection, at(CARLA, cluster=VEJLE), MONDAY)
        people.leave(connection, BO, ODENSE, TUESDAY)
        assert people.members_of(connection, ODENSE) == [at(ANNA)]
        assert people.members_of(connection, VEJLE) == [at(CARLA, cluster=VEJLE)]


def test_who_moves_to_another_practice_is_one_member_in_the_new_one(database: Database) -> None:
    with database.write() as connection:
        people.join(connection, at(ANNA, EAST), MONDAY)
        people.join(connection, at(ANNA, EAST), TUESDAY)  # nothing new
        people.join(connection, at(ANNA, WEST), FRIDAY)
        assert people.members_of(connection, ODENSE) == [at(ANNA, WEST)]
        c = people.membership_table.c
        rows = connection.execute(people.membership_table.select().order_by(c.since)).all()
    assert [(row.since, row.until, row.practice_id) for row in rows] == [(MONDAY, FRIDAY, EAST), (FRIDAY, None, WEST)]


def test_who_left_and_comes_again_the_same_day_is_there(database: Database) -> None:
    with database.write() as connection:
        people.join(connection, at(ANNA, EAST), MONDAY)
        people.leave(connection, ANNA, ODENSE, MONDAY)
        assert people.members_of(connection, ODENSE) == []
        people.join(connection, at(ANNA, WEST), MONDAY)
        assert people.members_of(connection, ODENSE) == [at(ANNA, WEST)]


def test_a_cluster_knows_its_earlier_members_by_their_last_practice_and_nobody_erased(database: Database) -> None:
    with database.write() as connection:
        people.put(connection, [change(ANNA), change(BO), change(CARLA)])
        people.join(connection, at(ANNA, EAST), MONDAY)
        people.join(connection, at(ANNA, WEST), TUESDAY)
        people.leave(connection, ANNA, ODENSE, FRIDAY)
        people.join(connection, at(BO, EAST), MONDAY)
        people.note_on_order(connection, ORDER, BO, EAST, 1)
        known = {each.person: each.practice for each in people.known_in(connection, ODENSE, also=[CARLA])}
        assert known == {ANNA: WEST, BO: EAST, CARLA: None}
        people.release_from_order(connection, ORDER, NOW)
        assert {each.person for each in people.known_in(connection, ODENSE)} == {ANNA}


# --- on which orders ------------------------------------------------------------------------------------------------


def test_an_order_that_knows_an_earlier_address_is_named_with_the_new_one(database: Database) -> None:
    with database.write() as connection:
        people.put(connection, [change(ANNA), change(BO)])
        for order, cluster in ((ORDER, "a"), (OTHER_ORDER, "b"), (OrderId("ended"), "c")):
            people.note_on_order(connection, order, ANNA, EAST, 1)
            people.note_on_order(connection, order, BO, EAST, 1)
            if order != "ended":
                is_open(connection, order, cluster)
        assert people.outdated_addresses(connection) == []
        people.put(connection, [change(ANNA, "anna@ny.dk", 2)])
        people.set_address_on_order(connection, ORDER, ANNA, 2)
        assert people.outdated_addresses(connection) == [(OTHER_ORDER, ANNA, 2)]
        people.set_address_on_order(connection, OTHER_ORDER, ANNA, 0)  # is no longer on its list
        assert people.outdated_addresses(connection) == []


def test_a_coordinators_address_is_no_matter_of_the_list(database: Database) -> None:
    with database.write() as connection:
        is_open(connection, ORDER)
        people.put(connection, [change(ANNA)])
        people.note_on_order(connection, ORDER, ANNA, NO_PRACTICE, 0)
        people.put(connection, [change(ANNA, "anna@ny.dk", 2)])
        people.set_address_on_order(connection, ORDER, ANNA, 1)
        assert people.outdated_addresses(connection) == []


def test_the_orders_of_a_person_are_those_not_erased(database: Database) -> None:
    with database.write() as connection:
        for order in (ORDER, OTHER_ORDER):
            people.note_on_order(connection, order, ANNA, EAST, 1)
        people.note_on_order(connection, ORDER, ANNA, NO_PRACTICE, 0)
        found = people.orders_with(connection, [ANNA, BO])
        assert {person: set(orders) for person, orders in found.items()} == {ANNA: {ORDER, OTHER_ORDER}}
        people.release_from_order(connection, ORDER, NOW)
        assert people.orders_with(connection, [ANNA]) == {ANNA: [OTHER_ORDER]}


def test_an_order_lets_go_of_those_whom_it_alone_had_and_of_their_practices(database: Database) -> None:
    with database.write() as connection:
        people.put(connection, [change(ANNA), change(BO), change(CARLA)])
        clusters.recognise_cluster(connection, "Odense Vest", "syddanmark", None)
        for person, practice in ((ANNA, EAST), (BO, EAST), (CARLA, WEST)):
            people.join(connection, at(person, practice), MONDAY)
            people.note_on_order(connection, ORDER, person, practice, 1)
        people.note_on_order(connection, OTHER_ORDER, BO, EAST, 1)

        assert people.release_from_order(connection, ORDER, NOW) == (2, [WEST])
        assert people.release_from_order(connection, ORDER, NOW) == (0, [])

        found = people.people(connection, [ANNA, BO, CARLA])
        assert (found[ANNA].name, found[ANNA].email, found[ANNA].erased_at) == ("", "", NOW)
        assert found[BO].email == "bo@example.dk"
        assert people.members_of(connection, ODENSE) == [at(BO)]
        with pytest.raises(AddressChanged):
            people.put(connection, [change(ANNA, "anna@ny.dk", 2)])


def test_an_erased_practice_has_no_name_and_is_not_among_its_clusters(database: Database) -> None:
    with database.write() as connection:
        cluster = clusters.recognise_cluster(connection, "Odense Vest", "syddanmark", None)
        clusters.add_practices(connection, cluster, [NewPractice(EAST, "Lægerne v/ Anna"), NewPractice(WEST, "012345")])
        assert clusters.erase_practices(connection, [EAST], NOW) == 1
        assert clusters.erase_practices(connection, [EAST], NOW) == 0
        assert [each.id for each in clusters.practices_of(connection, cluster)] == [WEST]
        assert clusters.practices(connection, [EAST])[EAST].name == ""

"""Clusters and practices are found again, however they come in."""

import pytest
from sqlalchemy import Connection, func, select

from domain.model import ClusterId
from storage import clusters
from storage.clusters import NoSuchCluster, cluster_table
from storage.database import Database

NORTH, SOUTH = "nordjylland", "syddanmark"


def cluster(connection: Connection, name: str = "Vejle Nord", region: str = SOUTH, id_: str | None = None) -> ClusterId:
    return clusters.recognise_cluster(connection, name, region, id_)


def number(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(cluster_table)).scalar_one()


def test_ordered_with_and_without_kiap_dks_id_it_is_one_cluster(database: Database) -> None:
    with database.write() as connection:
        first = cluster(connection)
        assert cluster(connection, id_="kiap-7") == first
        assert cluster(connection) == first
        assert cluster(connection, "VEJLE nord", id_="kiap-7") == first
        assert number(connection) == 1
        assert clusters.cluster(connection, first).external_id == "kiap-7"


def test_with_the_id_first_it_is_one_cluster_too(database: Database) -> None:
    with database.write() as connection:
        first = cluster(connection, id_="kiap-7")
        assert cluster(connection) == first
        assert clusters.cluster(connection, first).external_id == "kiap-7"


def test_two_ids_are_two_clusters_whatever_they_are_called(database: Database) -> None:
    with database.write() as connection:
        one, other = cluster(connection, id_="kiap-7"), cluster(connection, id_="kiap-8")
        assert one != other
        assert cluster(connection, id_="kiap-8") == other
        assert cluster(connection) in (one, other)


def test_an_id_keeps_its_cluster_through_a_new_name_and_region(database: Database) -> None:
    with database.write() as connection:
        first = cluster(connection, id_="kiap-7")
        assert cluster(connection, "Vejle By", NORTH, "kiap-7") == first
        found = clusters.cluster(connection, first)
        assert (found.name, found.region) == ("Vejle By", NORTH)


def test_the_same_name_in_another_region_is_another_cluster_unless_the_regions_have_merged(database: Database) -> None:
    with database.write() as connection:
        south = cluster(connection)
        assert cluster(connection, region=NORTH) != south
        capital = cluster(connection, "Amager", "hovedstaden")
        assert cluster(connection, "Amager", "oestdanmark") == capital
        assert clusters.cluster(connection, capital).region == "oestdanmark"


def test_a_cluster_nobody_has_is_not_there(database: Database) -> None:
    with database.read() as connection, pytest.raises(NoSuchCluster):
        clusters.cluster(connection, ClusterId("nothing"))


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("012345", "12345"),
        ("12345", "012345"),
        ("12345", " 12 345 "),
        ("Lægerne Østergade", "lægerne  østergade"),
        ("LÆGERNE ØSTERGADE", "Lægerne Østergade"),
    ],
)
def test_a_practice_is_one_however_it_is_written(database: Database, first: str, again: str) -> None:
    with database.write() as connection:
        of = cluster(connection)
        (practice,), new = clusters.recognise_practices(connection, of, [first])
        clusters.add_practices(connection, of, new)
        assert clusters.recognise_practices(connection, of, [again]) == ([practice], [])
        assert len(clusters.practices_of(connection, of)) == 1


def test_a_list_that_writes_a_practice_both_ways_adds_it_once_by_its_full_number(database: Database) -> None:
    with database.write() as connection:
        of = cluster(connection)
        ids, new = clusters.recognise_practices(connection, of, ["12345", "Lægerne Øst", "012345", "lægerne øst"])
        clusters.add_practices(connection, of, new)
        assert ids[0] == ids[2] != ids[1] == ids[3]
        assert {each.name for each in clusters.practices_of(connection, of)} == {"012345", "Lægerne Øst"}


@pytest.mark.parametrize(("one", "other"), [("12345", "123450"), ("Lægerne Øst", "Lægerne Vest"), ("0", "1")])
def test_other_numbers_and_names_are_other_practices(database: Database, one: str, other: str) -> None:
    with database.write() as connection:
        ids, _ = clusters.recognise_practices(connection, cluster(connection), [one, other])
    assert len(set(ids)) == 2


def test_a_practice_of_another_cluster_is_another(database: Database) -> None:
    with database.write() as connection:
        here, there = cluster(connection), cluster(connection, "Odense Vest")
        (practice,), new = clusters.recognise_practices(connection, here, ["012345"])
        clusters.add_practices(connection, here, new)
        (another,), missing = clusters.recognise_practices(connection, there, ["012345"])
    assert another != practice
    assert len(missing) == 1

"""The country's clusters: as many as Denmark has, in its regions, with people who can't be anybody's."""

import datetime as dt
from collections import Counter
from random import Random

import pytest

from demo.country.clusters import BY_REGION, order_of, region_on, towns
from demo.habits import Habits
from demo.play.playing import CLUSTERS
from domain.denmark import regions_on

DAY = dt.date(2026, 3, 2)


def test_there_are_115_clusters_each_once() -> None:
    names = [town.name for town in towns(CLUSTERS)]
    assert len(names) == len(set(names)) == CLUSTERS == sum(map(len, BY_REGION.values()))


@pytest.mark.parametrize("many", [1, 5, 16, 60])
def test_a_smaller_country_has_clusters_of_every_region_where_it_can(many: int) -> None:
    found = towns(many)
    assert len({town.name for town in found}) == many
    assert len({town.region for town in found}) >= min(many, len(BY_REGION)) - 1


def test_nobodys_mail_can_reach_anybody_and_everybody_has_an_address_of_their_own() -> None:
    addresses = Counter[str]()
    for town in towns(CLUSTERS):
        sent = order_of(town, "pakke", DAY, Random(town.number))  # noqa: S311
        assert Habits().smallest <= len(sent.members) <= Habits().largest
        assert sent.coordinator.email == sent.members[0].email
        addresses.update(member.email for member in sent.members)
    assert set(addresses.values()) == {1}
    assert all(address.endswith(".example") for address in addresses)


@pytest.mark.parametrize("day", [dt.date(2026, 12, 31), dt.date(2027, 1, 1)])
def test_a_cluster_is_in_a_region_that_exists_on_the_day(day: dt.date) -> None:
    there = {region.id for region in regions_on(day)}
    assert {region_on(region, day) for region in BY_REGION} == there

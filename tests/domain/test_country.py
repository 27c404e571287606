"""What a picture of the country counts."""

from domain.country import STANDINGS, CountryMap, RegionOfTiles, Standing, Tile

NORTH = RegionOfTiles(
    "Region Nordjylland",
    is_east=False,
    tiles=[Tile("Aalborg Øst", Standing.USED), Tile("Thy", Standing.NOT_USED), Tile("Mors", Standing.UNDER_WAY)],
)
EAST = RegionOfTiles("Region Sjælland", is_east=True, tiles=[Tile("Køge", Standing.USED)])


def test_clusters_are_counted_by_how_far_they_have_come() -> None:
    country = CountryMap("Klynger", "KiAP", [NORTH, EAST])
    assert (country.clusters, country.used, country.under_way) == (4, 2, 1)
    assert (NORTH.used, EAST.used) == (1, 1)


def test_a_region_names_those_that_stand_alike_in_its_own_order() -> None:
    assert NORTH.named(Standing.NOT_USED) == ["Thy"]
    assert EAST.named(Standing.NOT_USED) == []


def test_every_standing_has_its_word() -> None:
    assert set(STANDINGS) == set(Standing)

"""The country as a picture has it: its regions, and one tile a cluster with how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How far a cluster has come with a package, or with any."""

    USED = "used"
    UNDER_WAY = "under_way"
    NOT_USED = "not_used"


STANDINGS: dict[Standing, str] = {
    Standing.USED: "brugt",
    Standing.UNDER_WAY: "i gang",
    Standing.NOT_USED: "endnu ikke",
}
"""In Danish, as a legend has them."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One cluster."""

    name: str
    standing: Standing


@dataclass(frozen=True)
class RegionOfTiles:
    """A region with its clusters, in the order in which they are shown. `is_east` says on which side it lies."""

    name: str
    is_east: bool
    tiles: Sequence[Tile]

    @property
    def used(self) -> int:
        """How many of its clusters have used it."""
        return sum(tile.standing is Standing.USED for tile in self.tiles)

    def named(self, standing: Standing) -> list[str]:
        """The clusters that stand so."""
        return [tile.name for tile in self.tiles if tile.standing is standing]


@dataclass(frozen=True)
class CountryMap:
    """What a picture of the country says: a title, when that was so, and the regions."""

    title: str
    as_of: str
    regions: Sequence[RegionOfTiles]

    @property
    def clusters(self) -> int:
        """All of them."""
        return sum(len(region.tiles) for region in self.regions)

    @property
    def used(self) -> int:
        """Those that have used it."""
        return sum(region.used for region in self.regions)

    @property
    def under_way(self) -> int:
        """Those that are under way with it and have not used it."""
        return sum(len(region.named(Standing.UNDER_WAY)) for region in self.regions)

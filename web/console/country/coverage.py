"""Which cluster has used which package, as the page, the picture and the workbook have it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.country import CountryMap, RegionOfTiles, Standing, Tile
from domain.danish import alphabetical, month_and_year, short_date
from domain.denmark import REGIONS, region_today, regions_on
from domain.meeting import danish
from storage.clusters import Cluster
from storage.country import NO_USE, PackageUse

UNKNOWN = "Region ukendt"
IN_THE_EAST = frozenset({"hovedstaden", "sjaelland", "oestdanmark", ""})
"""On the right of the map; so is what has no region."""
FROM_NORTH = ("nordjylland", "midtjylland", "syddanmark", "hovedstaden", "sjaelland", "oestdanmark")


def standing_of(use: PackageUse) -> Standing:
    """How far a cluster has come with a package, by its use of it."""
    if use.held:
        return Standing.USED
    return Standing.UNDER_WAY if use.under_way else Standing.NOT_USED


def use_told(use: PackageUse) -> str:
    """In words: "marts 2026, 2 gange; i gang, møde i maj 2027"; a dash where it was never used."""
    again = f", {use.held} gange" if use.held > 1 else ""
    used = f"{month_and_year(use.last_held)}{again}" if use.last_held else ""
    meeting = f", møde i {month_and_year(use.next_meeting)}" if use.next_meeting else ""
    going = f"i gang{meeting}" if use.under_way else ""
    return "; ".join(part for part in (used, going) if part) or "–"


@dataclass(frozen=True)
class ClusterShown:
    """A cluster with its region of today, its use of each package that is shown, and how far it has come with any."""

    id: str
    name: str
    region: str
    uses: Mapping[str, PackageUse]

    @property
    def standing(self) -> Standing:
        """The furthest it has come."""
        found = {standing_of(use) for use in self.uses.values()}
        return next((each for each in Standing if each in found), Standing.NOT_USED)

    def use(self, package: str) -> PackageUse:
        """Of one package."""
        return self.uses.get(package, NO_USE)

    def told(self, packages: Iterable["PackageShown"]) -> list[str]:
        """Its uses of several packages in words: "Trivsel og arbejdsglæde: marts 2026"."""
        return [f"{each.title}: {use_told(self.uses[each.slug])}" for each in packages if each.slug in self.uses]


@dataclass(frozen=True)
class PackageShown:
    """A package over all clusters: how many have used it, are under way with it, and how many meetings were held."""

    slug: str
    title: str
    used: int
    under_way: int
    meetings: int


@dataclass(frozen=True)
class Coverage:
    """The country's use of the packages."""

    packages: Sequence[PackageShown]
    clusters: Sequence[ClusterShown]
    map: CountryMap


def coverage(
    known: Iterable[Cluster], uses: Iterable[PackageUse], titles: Mapping[str, str], now: dt.datetime, year: int | None
) -> Coverage:
    """All clusters by region and A–Å, with the uses that were found; `titles` names the packages that are shown."""
    today = danish(now).date()
    of_cluster: dict[str, dict[str, PackageUse]] = {}
    for use in uses:
        of_cluster.setdefault(use.cluster, {})[use.package] = use
    clusters = sorted(
        (
            ClusterShown(each.id, each.name, region_name(each.region, today), of_cluster.get(each.id, {}))
            for each in known
        ),
        key=lambda each: (_PLACES.get(each.region, len(_PLACES)), alphabetical(each.name)),
    )
    packages = [_package(slug, title, clusters) for slug, title in titles.items()]
    what = next(iter(titles.values())) if len(titles) == 1 else "en klyngepakke"
    title = f"Klynger, der har brugt {what}" + (f" i {year}" if year else "")
    return Coverage(packages, clusters, CountryMap(title, f"KiAP, {short_date(today)}", _regions(clusters, today)))


def _package(slug: str, title: str, clusters: Iterable[ClusterShown]) -> PackageShown:
    uses = [each.uses[slug] for each in clusters if slug in each.uses]
    return PackageShown(
        slug,
        title,
        used=sum(use.held > 0 for use in uses),
        under_way=sum(use.under_way > 0 for use in uses),
        meetings=sum(use.held for use in uses),
    )


def region_name(region_id: str, today: dt.date) -> str:
    """The name of the region that a place belongs to today."""
    region = region_today(region_id, today)
    return region.name if region else UNKNOWN


_NAMES = {region.id: region.name for region in REGIONS}
_PLACES = {_NAMES[region_id]: place for place, region_id in enumerate(FROM_NORTH)}


def _regions(clusters: Sequence[ClusterShown], today: dt.date) -> list[RegionOfTiles]:
    """The regions of today from north to south, also those without a cluster; what belongs nowhere comes last."""
    tiles: dict[str, list[Tile]] = {}
    for each in clusters:
        tiles.setdefault(each.region, []).append(Tile(each.name, each.standing))
    shown = [(each, _NAMES[each]) for each in FROM_NORTH]
    there = {region.name for region in regions_on(today)} | tiles.keys()
    return [
        RegionOfTiles(name, region_id in IN_THE_EAST, tiles.get(name, []))
        for region_id, name in (*shown, ("", UNKNOWN))
        if name in there
    ]

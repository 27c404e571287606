"""Offers of help with what a cluster goes on with, dated: its region's quality unit's, PLO-E's and KiAP's."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.dates import Day
from domain.denmark import REGIONS, Region, are_one_region, region_today, regions_on
from domain.model import Frozen, PackageSlug
from domain.text import TypesetLine, WebAddress

Giver = Literal["region", "plo_e", "kiap"]
GIVERS: tuple[Giver, ...] = ("region", "plo_e", "kiap")
"""In the order they are printed."""


class Offer(Frozen):
    """Something that a practice can make use of after the meeting, from a day on, until another."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    giver: Giver
    regions: tuple[str, ...] = ()
    """Whose region's offer it is; all regions' where empty."""
    packages: tuple[PackageSlug, ...] = ()
    """Which packages it belongs to; all of them where empty."""
    title: TypesetLine
    audience: TypesetLine = ""
    text: str = ""
    url: WebAddress | None = None
    """Where more is told; None where no source says, which KiAP is told and doctors are not."""
    since: Day | None = None
    until: Day | None = None
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        known = {region.id for region in REGIONS}
        unknown = [region for region in self.regions if region not in known]
        if unknown:
            msg = f"'{unknown[0]}' is no region; the regions are {', '.join(sorted(known))}"
            raise ValueError(msg)
        if self.regions and self.giver != "region":
            msg = "only a region's offer names regions"
            raise ValueError(msg)
        if self.since and self.until and self.until < self.since:
            msg = "until must not come before since"
            raise ValueError(msg)
        return self

    def is_for(self, region: str, package: str, day: dt.date) -> bool:
        """Whether a cluster of this region, with this package, has it on a day."""
        here = not self.regions or any(are_one_region(region, each) for each in self.regions)
        topic = not self.packages or package in self.packages
        return here and topic and (self.since or day) <= day <= (self.until or day)


class Offers(Frozen):
    """All there are. Ids stand once."""

    offers: tuple[Offer, ...]

    @model_validator(mode="after")
    def _ids_stand_once(self) -> Self:
        ids = [offer.id for offer in self.offers]
        twice = next((id_ for number, id_ in enumerate(ids) if id_ in ids[:number]), None)
        if twice:
            msg = f"offer '{twice}' stands twice"
            raise ValueError(msg)
        return self


@dataclass(frozen=True)
class OffersHere:
    """One cluster's offers on a day, and what KiAP should find out. `region` is the one that the cluster has then."""

    region: Region | None
    offers: tuple[Offer, ...]

    def of(self, giver: Giver) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.giver == giver)

    def missing(self) -> Iterator[str]:
        """What the data lack, a Danish line each: for KiAP's own eyes."""
        yield from self.missing_of_region()
        yield from self.missing_links()

    def missing_of_region(self) -> Iterator[str]:
        """What they lack of the region itself."""
        name = self.region.name if self.region else "klyngens region"
        if self.region is None or self.region.quality_unit is None:
            yield f"Navnet på kvalitetsenheden i {name}"
        if not any(offer.regions for offer in self.of("region")):
            yield f"De tilbud, som {name} selv har"

    def missing_links(self) -> Iterator[str]:
        """Where no source says how more is told."""
        for offer in self.offers:
            if offer.url is None:
                yield f"Link til »{offer.title}«"


def offers_for(offers: Offers, region: str, package: str, day: dt.date) -> OffersHere:
    """What a cluster of this region and package has on a day: the region's first, then PLO-E's, then KiAP's."""
    here = [offer for offer in offers.offers if offer.is_for(region, package, day)]
    return OffersHere(region_today(region, day), tuple(sorted(here, key=lambda offer: GIVERS.index(offer.giver))))


def missing_anywhere(offers: Offers, packages: Iterable[str], day: dt.date) -> tuple[str, ...]:
    """What the data lack for clusters of any region with one of these packages, each thing once: one task for KiAP."""
    slugs = tuple(packages)
    here = [offers_for(offers, region.id, package, day) for region in regions_on(day) for package in slugs]
    lines = [line for each in here for line in each.missing_of_region()]
    lines += [line for each in here for line in each.missing_links()]
    return tuple(dict.fromkeys(lines))

"""Which cluster somebody means who writes its name or its number."""

import datetime as dt
import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from domain.danish import alphabetical
from domain.denmark import region_today, regions_on
from storage.clusters import Cluster
from web.api.intake_request import ClusterSent
from web.forms.reader import FormReader

CLUSTER = "klynge"
REGION = "region"
NEW = "Klyngen stod ikke på listen, da den blev bestilt. Se efter, om den er ny eller hedder noget andet hos os."


@dataclass(frozen=True)
class ChosenCluster:
    """A cluster as an order names it; whether nobody has ordered for it before."""

    sent: ClusterSent
    is_new: bool = False


def choices(known: Sequence[Cluster]) -> list[str]:
    """The names to choose among, A–Å, each once."""
    return sorted({each.name for each in known}, key=alphabetical)


def regions(day: dt.date) -> list[tuple[str, str]]:
    """The regions there are on a day, by id and name."""
    return [(region.id, region.name) for region in regions_on(day)]


def chosen_cluster(reader: FormReader, name: str, known: Sequence[Cluster], day: dt.date) -> ChosenCluster | None:
    """The known cluster that is meant, or a new one; None with the reason in the reader."""
    wanted = name.casefold()
    region = reader.given(REGION)
    if region and region not in dict(regions(day)):
        reader.refuse(REGION, "Vælg en af mulighederne.")
        return None
    found = [each for each in known if each.external_id and each.external_id.casefold() == wanted]
    found = found or [each for each in known if each.name.casefold() == wanted]
    if region:
        found = [each for each in found if _region(each, day) == region]
    if len(found) == 1:
        one = found[0]
        sent = ClusterSent(id=one.external_id, name=one.name, region=_region(one, day) or one.region)
        return ChosenCluster(sent)
    if found:
        reader.refuse(REGION, "Der er flere klynger med det navn. Vælg jeres region, eller skriv klyngens nummer.")
        return None
    if not region:
        near = difflib.get_close_matches(wanted, [each.name.casefold() for each in known], n=1, cutoff=0.75)
        meant = next((each.name for each in known if near and each.name.casefold() == near[0]), "")
        hint = f" Mente du {meant}?" if meant else ""
        reader.refuse(
            REGION, f"Vi kender ikke klyngen {name}.{hint} Er navnet rigtigt, så vælg jeres region, så får KiAP besked."
        )
        return None
    return ChosenCluster(ClusterSent(id=None, name=name, region=region), is_new=True)


def _region(cluster: Cluster, day: dt.date) -> str:
    region = region_today(cluster.region, day)
    return region.id if region else ""

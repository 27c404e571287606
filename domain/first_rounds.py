"""First rounds over all clusters, as counts: batches of parts that have no round in common and each pass the gate.

A batch is made once, of the first rounds delivered since the last one, and never changed. Each figure in it is cut into
parts by region where every part, also what is left over, passes by itself; else it is one part. The country's figure is
the sum of all parts, a region's the sum of its own. So whatever is subtracted from what else was published, at any two
times, is one part or several.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from domain.model import ClusterId, Frozen, Round
from domain.national_gate import may_be_told
from domain.package import Package
from domain.results import Results

ELSEWHERE = ""
"""The part of all regions that have none of their own; of the whole country where no region has."""


class Counted(Frozen):
    """How many clusters and answers, and the answers by label, number or score."""

    clusters: int
    n: int
    counts: dict[str, int]


Parts = dict[str, Counted]
"""By region."""


class FirstRounds(Frozen):
    """One batch: the parts of each index and item that may be told, and in which years the rounds were delivered."""

    first_year: int
    last_year: int
    indices: dict[str, Parts]
    items: dict[str, Parts]


@dataclass(frozen=True)
class FirstRound:
    """A cluster's first round as the cluster was shown it; `year` it was delivered, `region` the cluster's."""

    cluster: ClusterId
    region: str
    year: int
    results: Results


@dataclass(frozen=True)
class _Said:
    """How many answered, and what."""

    n: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class _Of:
    """What one cluster said."""

    cluster: ClusterId
    said: _Said


def batch_of_first_rounds(rounds: Sequence[FirstRound], package: Package) -> FirstRounds | None:
    """What may be told of these rounds together; None where that is nothing, and they wait for more.

    Of each cluster one round. Counted are the package's own questions that have options or numbers, and its indices;
    free texts and questions of a cluster's own are not, nor an index' single questions, from which it could be
    reckoned for other clusters than its own figure is of. Only what a cluster's results told exactly is added up.
    """
    indices, items = _indices(rounds, package), _items(rounds, package)
    if not (indices or items):
        return None
    years = [each.year for each in rounds]
    return FirstRounds(first_year=min(years), last_year=max(years), indices=indices, items=items)


def together(parts: Iterable[Counted]) -> Counted:
    """The sum of parts."""
    clusters, n, counts = 0, 0, Counter[str]()
    for part in parts:
        clusters, n = clusters + part.clusters, n + part.n
        counts.update(part.counts)
    return Counted(clusters=clusters, n=n, counts=dict(counts))


def _indices(rounds: Sequence[FirstRound], package: Package) -> dict[str, Parts]:
    """All of a round's indices or none, since two that share questions could be subtracted from each other."""
    ids = [index.id for index in package.indices_in(Round.BASELINE)]
    whole = [each for each in rounds if all(_scores_of(each.results, index) for index in ids)]
    return _named((index, _parts(whole, partial(_scores_of, index=index))) for index in ids)


def _items(rounds: Sequence[FirstRound], package: Package) -> dict[str, Parts]:
    of_an_index = {item for index in package.indices for item in index.items}
    items = [item.id for item in package.items if item.id not in of_an_index and item.kind != "text"]
    return _named((item, _parts(rounds, partial(_said_of, item=item))) for item in items)


def _named(found: Iterable[tuple[str, Parts]]) -> dict[str, Parts]:
    return {name: parts for name, parts in found if parts}


def _scores_of(results: Results, index: str) -> _Said | None:
    """None where single scores were not shown."""
    found = results.indices.get(index)
    if found is None or not found.scores:
        return None
    return _Said(found.n, {str(score): count for score, count in found.scores.items()})


def _said_of(results: Results, item: str) -> _Said | None:
    """None where shares and spread were not shown: numbers may be in groups then."""
    found = results.items.get(item)
    if found is None or found.suppressed or (found.share is None and found.sd is None):
        return None
    return _Said(found.n, found.counts)


def _parts(rounds: Iterable[FirstRound], said_in: Callable[[Results], _Said | None]) -> Parts:
    """By region where each passes; what does not is one part with as many more regions as it needs, smallest first."""
    by_region = defaultdict[str, list[_Of]](list)
    for each in rounds:
        if said := said_in(each.results):
            by_region[each.region].append(_Of(each.cluster, said))
    own = {region: those for region, those in by_region.items() if region != ELSEWHERE and _passes(those)}
    rest = [each for region, those in by_region.items() if region not in own for each in those]
    while rest and not _passes(rest):
        if not own:
            return {}
        smallest = min(own, key=lambda region: (sum(each.said.n for each in own[region]), region))
        rest += own.pop(smallest)
    parts = {region: _added(those) for region, those in sorted(own.items())}
    return parts | ({ELSEWHERE: _added(rest)} if rest else {})


def _passes(those: Iterable[_Of]) -> bool:
    return may_be_told((each.cluster, each.said.n) for each in those)


def _added(those: Sequence[_Of]) -> Counted:
    return together(Counted(clusters=1, n=each.said.n, counts=dict(each.said.counts)) for each in those)

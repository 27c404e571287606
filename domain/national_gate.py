"""The gate of all figures over many clusters: enough others are left, whichever of the clusters looks at them."""

from collections import Counter
from collections.abc import Iterable

from domain.model import ClusterId

CLUSTERS_AT_LEAST = 5
ANSWERS_AT_LEAST = 100


def may_be_told(answers: Iterable[tuple[ClusterId, int]]) -> bool:
    """Whether the sum over these answers may be told, given as cluster and how many answered in it.

    A cluster knows its own figures and can take them out of a sum. So without any one of the clusters there are
    `CLUSTERS_AT_LEAST` others and `ANSWERS_AT_LEAST` answers of theirs.
    """
    by_cluster = Counter[ClusterId]()
    for cluster, n in answers:
        by_cluster[cluster] += n
    if len(by_cluster) <= CLUSTERS_AT_LEAST:
        return False
    return sum(by_cluster.values()) - max(by_cluster.values()) >= ANSWERS_AT_LEAST

"""The packages that come along, read once: the two of the source documents, and others."""

from reporting.deck_check import deck_problems
from storage.packages import find_package

TRIVSEL = find_package("trivsel-og-arbejdsglaede", deck_problems)
SAMARBEJDE = find_package("samarbejde-og-faellesskab", deck_problems)
UDDELEGERING = find_package("uddelegering-og-arbejdsglaede", deck_problems)
"""Written by the guide alone, from what a cluster's minutes say of delegation."""
POLYFARMACI = find_package("polyfarmaci-hos-aeldre", deck_problems)
"""The one whose rounds are extracts of a register."""

"""The two packages of the source documents, read once."""

from reporting.deck_check import deck_problems
from storage.packages import find_package

TRIVSEL = find_package("trivsel-og-arbejdsglaede", deck_problems)
SAMARBEJDE = find_package("samarbejde-og-faellesskab", deck_problems)

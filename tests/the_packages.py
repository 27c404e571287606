"""The two packages of the source documents, read once."""

from storage.packages import find_package

TRIVSEL = find_package("trivsel-og-arbejdsglaede")
SAMARBEJDE = find_package("samarbejde-og-faellesskab")

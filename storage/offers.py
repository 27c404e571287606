"""Reads the offers that all packages share, `klyngepakker/faelles/offers.yaml`. Faults are told with line and field."""

from functools import cache
from pathlib import Path

from pydantic import ValidationError

from domain.offers import Offers
from storage.packages import PACKAGES, PackageError
from storage.yaml_file import YamlFile, message_of, unfit_texts

FILE = "faelles/offers.yaml"
"""Where the offers stand, from the folder of packages."""


class OffersError(PackageError):
    """A file of offers that can't be read: it stops a start, as a package does."""


def read_offers(packages: Path = PACKAGES) -> Offers:
    """The offers beside these packages; none where there is no such file. Raises OffersError."""
    if not (packages / FILE).exists():
        return Offers(offers=())
    file = YamlFile(packages / FILE)
    faults = [*file.faults, *unfit_texts(file)]
    if not faults:
        try:
            return Offers.model_validate(file.content)
        except ValidationError as error:
            faults = [
                file.fault(each["loc"], message_of(each["type"], each["msg"], each["input"]))
                for each in error.errors(include_url=False)
            ]
    raise OffersError(faults)


@cache
def offers_that_come_with_the_system() -> Offers:
    """The offers in our own folder of packages, read once. Raises OffersError."""
    return read_offers()

"""Naming a package, a cluster and a folder on the command line, alike in `report` and `package`."""

from pathlib import Path
from typing import Annotated

import typer

from cli.ending import Refusal
from domain.package import Package
from domain.text import cluster_name
from domain.unfit import Unfit
from reporting.deck_check import deck_problems
from storage.packages import PACKAGES, PackageError, UnknownPackage, find_package, read_package

PackageArgument = Annotated[
    str, typer.Argument(metavar="PACKAGE", help="A package's name, or the path of its folder (with a '/').")
]
PackagesOption = Annotated[
    Path, typer.Option("--packages", envvar="KLYNGEFLOW_PACKAGES", help="Folder of packages.", show_default=False)
]
ALL_PACKAGES = PACKAGES


def package_named(name: str, root: Path) -> Package:
    """The package of this name under `root`, or in the folder of this path. Raises Refusal."""
    try:
        return read_package(Path(name), deck_problems) if "/" in name else find_package(name, deck_problems, root)
    except UnknownPackage as unknown:
        raise Refusal(str(unknown)) from None
    except PackageError as error:
        more = f" ({len(error.faults) - 1} more, see 'klyngeflow package check')" if len(error.faults) > 1 else ""
        raise Refusal(f"{error.faults[0]}{more}") from None


def cluster_named(name: str) -> str:
    """The cluster's name on one line. Raises Refusal where no slide or file could carry it."""
    try:
        return cluster_name(name)
    except Unfit as unfit:
        raise Refusal(f"--cluster: the name {unfit.english}") from None

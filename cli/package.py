"""`klyngeflow package`: list, show, new, check, preview; for those who write packages, and for scripts."""

import datetime as dt
import json
import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.ending import Refusal
from cli.out_folder import OutFolderError, check_out_folder, put_all
from cli.package_arguments import ALL_PACKAGES, PackageArgument, PackagesOption, package_named
from cli.package_view import (
    begins_with_its_title,
    ends_of,
    has_slides,
    package_as_json,
    range_of,
    summary_as_json,
    tells_of_help,
)
from domain.danish import numeric_date
from domain.model import Round
from domain.package import NOT_RELEVANT, Item, Package, Problem
from domain.unfit import Unfit
from reporting.deck_check import deck_problems
from reporting.papers.paper_check import paper_problems
from storage.offers import OffersError, read_offers
from storage.packages import PackageError, package_folders, read_package
from storage.yaml_file import Fault

app = typer.Typer(help="Packages: what there is, what they ask, whether they hang together.", no_args_is_help=True)
progress = Console(stderr=True, highlight=False)

REGISTER_COLUMNS = (
    "A register's extract: a row a practice, a column 'ydernummer' or 'praksis' and one a measure. "
    "'Again': also in the follow-up. Definitions and sources: --json."
)

JsonOption = Annotated[bool, typer.Option("--json", help="JSON for scripts.")]


@app.command("list")
def list_packages(json_: JsonOption = False, packages: PackagesOption = ALL_PACKAGES) -> None:
    """The packages there are."""
    found: list[Package] = []
    faulty: list[str] = []
    for folder in package_folders(packages):
        try:
            found.append(read_package(folder, deck_problems))
        except PackageError:
            faulty.append(folder.name)
    if json_:
        typer.echo(_json([summary_as_json(package) for package in found]))
    else:
        table = Table("Package", "Title", "Version", "Items", "Published", box=None, pad_edge=False)
        for package in found:
            version, items = str(package.version), str(len(package.items) or len(package.measures))
            table.add_row(package.slug, package.title, version, items, numeric_date(package.published))
        Console().print(table)
    if faulty:
        raise Refusal(f"left out, because they have faults: {', '.join(faulty)}; see 'klyngeflow package check'.")
    if not found:
        raise Refusal(f"there are no packages in '{packages}'.")


@app.command()
def show(package: PackageArgument, json_: JsonOption = False, packages: PackagesOption = ALL_PACKAGES) -> None:
    """What a package asks or measures: every item's id, kind and answers. --json has options, sources, rounds too."""
    chosen = package_named(package, packages)
    if json_:
        typer.echo(_json(package_as_json(chosen)))
        return
    out = Console(highlight=False)
    out.print(f"{chosen.title} ({chosen.slug}, version {chosen.version})", style="bold", markup=False)
    out.print(chosen.summary, markup=False)
    again = {item.id for item in chosen.asked_in(Round.FOLLOW_UP)}
    if chosen.evidence == "register":
        out.print(_measures(chosen))
        out.print(REGISTER_COLUMNS, markup=False)
        return
    table = Table("Item", "Kind", "Answers", "Again", box=None, pad_edge=False)
    for item in chosen.asked_in(Round.BASELINE):
        table.add_row(item.id, item.kind, _answers(chosen, item), "yes" if item.id in again else "")
    out.print(table)
    for line in _directions(chosen):
        out.print(line, markup=False)
    out.print("'Again': also in the follow-up. Wordings, labels and sources: --json.", style="dim", markup=False)


def _measures(package: Package) -> Table:
    table = Table("Measure", "Unit", "Range", "Again", box=None, pad_edge=False)
    again = package.measured_in(Round.FOLLOW_UP)
    for measure in package.measured_in(Round.BASELINE):
        ends = f"{measure.minimum:g}–{measure.maximum:g}"
        table.add_row(measure.id, measure.unit, ends, "yes" if measure in again else "")
    return table


@app.command()
def new(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The package's name: a–z, 0–9 and hyphens.")],
    title: Annotated[str, typer.Option(metavar="TITLE", help="Its title in Danish.", show_default=False)] = "",
    folder: Annotated[Path, typer.Option("--in", metavar="DIR", help="Where its folder is made.")] = Path(),
    packages: PackagesOption = ALL_PACKAGES,
) -> None:
    """Make the folder of a new package, which holds together as it stands: a start to write on.

    'RET' in its files marks what is to be yours. Then: package check, package preview. See docs/packages.md.
    """
    from cli.new_package import new_package_files, slug_problem, title_from

    if (problem := slug_problem(slug)) is not None:
        raise Refusal(f"'{slug}': {problem}.")
    place = folder / slug
    if place.exists() or place.is_symlink():
        raise Refusal(f"'{place}' is there already; choose another name, or another folder with --in.")
    if slug in {each.name for each in package_folders(packages)}:
        raise Refusal(f"there is a package '{slug}' already; choose another name.")
    try:
        files = new_package_files(slug, title or title_from(slug), dt.datetime.now(dt.UTC))
    except Unfit as unfit:
        raise Refusal(f"--title: {unfit.english}.") from None
    try:
        paths = put_all(place, files)
    except OutFolderError as error:
        raise Refusal(f"--in: {error}") from None
    typer.echo("\n".join(map(str, paths)))
    progress.print(f"Next: klyngeflow package check {place}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def check(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FOLDER]...", help="Folders of packages, or with packages in them (default: all)."),
    ] = None,
    json_: JsonOption = False,
    packages: PackagesOption = ALL_PACKAGES,
) -> None:
    """Read packages and print every fault as 'file:line: field: message'. Exit code 0: none; 1: some.

    National figures that lack a source are no fault: they are told on stderr, as tasks for the package's author.
    """
    checked = [(package, folder) for folder in folders or [packages] for package in _packages_of(folder)]
    faults = [fault for package, given in checked for fault in _faults(package, given)]
    for root in folders or [packages]:
        faults += _faults_of_offers(root)
    if json_:
        typer.echo(_json([fault._asdict() for fault in faults]))
    else:
        for fault in faults:
            typer.echo(str(fault))
    for package, given in checked:
        for lacking in _lacking(package, given):
            progress.print(lacking, markup=False, highlight=False, soft_wrap=True)
    if faults:
        faulty = {Path(fault.file).parent for fault in faults}
        raise Refusal(f"{_count(len(faults), 'fault')} in {_count(len(faulty), 'package')}.", code=1)
    progress.print(f"{_count(len(checked), 'package')} without faults.")


@app.command()
def preview(
    package: PackageArgument,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the files; made where it is missing.")],
    answers: Annotated[
        int, typer.Option(metavar="N", min=0, max=200, help="How many made-up respondents, or practices.")
    ] = 34,
    packages: PackagesOption = ALL_PACKAGES,
) -> None:
    """Make the decks, documents and questionnaires of a package from made-up answers, marked 'Eksempel'.

    Both rounds, where the deck has slides for the follow-up. Try --answers 4 and 9 to see what few answers give.
    """
    from cli.package_preview import preview_files

    chosen = package_named(package, packages)
    try:
        check_out_folder(out)
        with progress.status("Making the preview …"):
            paths = put_all(out, preview_files(chosen, answers))
    except OutFolderError as error:
        raise Refusal(f"--out: {error}") from None
    typer.echo("\n".join(map(str, paths)))


def _packages_of(folder: Path) -> list[Path]:
    """The folder itself where it is a package, else the packages in it."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise Refusal(f"there is no folder '{folder.name}'.")
    inside = package_folders(folder)
    return inside if inside and not (folder / "package.yaml").exists() else [folder]


def _faults(folder: Path, given: Path) -> Iterator[Fault]:
    """A folder's faults, each with the file's path: from the root where the folder was given so, else from here."""
    place = folder if given.is_absolute() else Path(os.path.relpath(folder))
    for fault in _found_faults(folder):
        yield fault._replace(file=str(place / Path(fault.file).name))


def _lacking(folder: Path, given: Path) -> Iterator[str]:
    """A line for each figure that a package would compare with and has no source for yet."""
    place = folder if given.is_absolute() else Path(os.path.relpath(folder))
    try:
        package = read_package(folder, deck_problems)
    except PackageError:
        return
    file = place / "package.yaml"
    for reference in package.references:
        if reference.value is None:
            yield f"{file}: references ({reference.id}): no figure with a source yet: {reference.named}"


def _faults_of_offers(root: Path) -> Iterator[Fault]:
    """Of the offers that the packages in a folder share; nothing where it has no such file."""
    try:
        read_offers(root)
    except OffersError as error:
        place = root if root.is_absolute() else Path(os.path.relpath(root.resolve()))
        yield from (fault._replace(file=str(place / fault.file)) for fault in error.faults)


def _found_faults(folder: Path) -> Iterator[Fault]:
    try:
        package = read_package(folder, _all_problems)
    except PackageError as error:
        yield from error.faults
        return
    for round_ in Round:
        if not has_slides(package, round_):
            yield Fault(f"{folder.name}/deck.yaml", 1, "slides", f"no slide is for the round '{round_.value}'")
            continue
        if not begins_with_its_title(package, round_):
            yield Fault(
                f"{folder.name}/deck.yaml", 1, "slides", f"the first slide of the round '{round_.value}' is no 'title'"
            )
        if not tells_of_help(package, round_):
            missing = f"no slide of the kind 'help' is for the round '{round_.value}'"
            yield Fault(f"{folder.name}/deck.yaml", 1, "slides", missing)


def _all_problems(package: Package) -> Iterator[Problem]:
    """What only those who write packages are told, too: a package that speaks of a paper nobody makes can be run."""
    yield from deck_problems(package)
    yield from paper_problems(package)


def _answers(package: Package, item: Item) -> str:
    span = range_of(package, item)
    if item.kind == "text":
        said = "free text"
    elif span:
        said = f"{span[0]}–{span[1]}"
    else:
        said = ", ".join(option.id for option in package.options_of(item))
    if item.at_most:
        said = f"at most {item.at_most}: {said}"
    return f"{said}, {NOT_RELEVANT}" if item.may_be_not_relevant else said


def _directions(package: Package) -> Iterator[str]:
    """Which end of the numbers is which, a line for all neighbours that are alike."""
    meant = ((item.id, ends_of(package, item)) for item in package.asked_in(Round.BASELINE))
    for ends, alike in groupby(meant, key=itemgetter(1)):
        if ends and all(means for _number, means in ends):
            first, *others = [item_id for item_id, _ends in alike]
            (low, low_means), (high, high_means) = ends
            named = f"{first} to {others[-1]}" if others else first
            yield f"{named}: {low} = {low_means} … {high} = {high_means}"


def _json(content: dict[str, Any] | Sequence[Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"

"""`klyngeflow report`: deck, document and `results.json` from CSV files, without a server."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from cli.answers_file import AnswersFileError, read_answers_file
from cli.ending import Refusal
from cli.explained import explained
from cli.extract_file import read_extract_file
from cli.out_folder import OutFolderError, check_out_folder, put_all
from cli.package_arguments import (
    ALL_PACKAGES,
    PackageArgument,
    PackagesOption,
    cluster_named,
    package_named,
)
from cli.report_files import (
    BASELINE_RESULTS,
    RESULTS,
    STEPS,
    Answered,
    NoSlides,
    Reported,
    Told,
    report_files,
    results_json,
)
from domain.denmark import region_called, regions_on
from domain.disclosure import may_tabulate_again
from domain.model import Round
from domain.package import Package
from domain.results import Results

console = Console(stderr=True, highlight=False)
DENMARK = ZoneInfo("Europe/Copenhagen")


def report(
    package: PackageArgument,
    answers: Annotated[
        Path,
        typer.Option(
            metavar="A.csv",
            help="The answers: a row a respondent, a column an item id; a register's extract: a row a practice.",
        ),
    ],
    cluster: Annotated[str, typer.Option(metavar="NAME", help="The cluster's name, for slides and file names.")],
    members: Annotated[
        int, typer.Option(metavar="N", min=1, help="How many were asked; of a register: the cluster's practices.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the files; made where it is missing.")],
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="B.csv", help="The first round's answers; --answers is then the follow-up's."),
    ] = None,
    baseline_members: Annotated[
        int | None, typer.Option(metavar="M", min=1, help="How many were asked in the first round (default: N).")
    ] = None,
    free_texts: Annotated[
        bool,
        typer.Option(
            "--free-texts",
            help="Show the free texts that the disclosure rules let through. Read them first: nobody else does.",
        ),
    ] = False,
    papers: Annotated[
        bool,
        typer.Option("--papers", help="The meeting's papers too: guide, programme, sheets, plan and offers."),
    ] = False,
    region: Annotated[
        str | None, typer.Option(metavar="REGION", help="Whose offers the papers have (default: those of all regions).")
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(
            metavar="ITEM", help="Print how the figures of an item, index or measure came to be, instead of paths."
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print results.json instead of the files' paths.")] = False,
    packages: PackagesOption = ALL_PACKAGES,
) -> None:
    """Make a cluster's deck, Word document and results.json from a CSV file of answers. Needs no server.

    A row is a respondent, a column an item id: see 'package show PACKAGE'.
    A cell holds a number for 0–5 and 1–10, an option's id or label for the
    rest, ';' between several choices, 'ikke_relevant' where the item has it;
    empty is not answered. Each row has as many cells as the header. Commas,
    semicolons or tabs; UTF-8, UTF-16 or Windows' letters. A column that is
    missing is told, and has no result.

    A package of a register has a row a practice, named in the column
    'ydernummer' or 'praksis', and a column a measure. Numbers as 24,5;
    empty or <5 is not given.

    What few answers would give away is left out of all files alike: under 5
    answers there is no result, under 10 there are no percentages.

    Exit code 0: made; 1: too near an earlier result in the folder; 2: wrong
    use or input. Refused, nothing is written.
    """
    name = cluster_named(cluster)
    chosen = package_named(package, packages)
    if baseline is None and baseline_members is not None:
        raise Refusal("--baseline-members belongs to --baseline: name the first round's file too.")
    if region is not None and not papers:
        raise Refusal("--region belongs to --papers.")
    if explain is not None and explain not in _explainable(chosen):
        raise Refusal(f"--explain: {chosen.slug} has no {_what(chosen)} '{explain}'; see 'package show {chosen.slug}'.")
    if baseline is not None and _same(answers, baseline):
        raise Refusal("--answers and --baseline are the same file; the first is the follow-up's.")
    try:
        check_out_folder(out)
        with _progress() as tell:
            wanted = _papers_for(region) if papers else None
            reported = _made(chosen, name, (answers, members), (baseline, baseline_members), free_texts, wanted, tell)
            _not_beside_a_near_one(out, chosen, reported)
            paths = put_all(out, reported.files)
    except OutFolderError as error:
        raise Refusal(f"--out: {error}") from None
    _say(chosen, reported)
    if explain is not None:
        typer.echo("\n".join(explained(chosen, explain, reported.results, reported.baseline)))
    elif json_:
        typer.echo(results_json(reported.results), nl=False)
    else:
        typer.echo("\n".join(map(str, paths)))


def _what(package: Package) -> str:
    return "measure" if package.measures else "item or index"


def _explainable(package: Package) -> set[str]:
    ids = [[each.id for each in package.items], [each.id for each in package.indices]]
    return {*ids[0], *ids[1], *(each.id for each in package.measures)}


def _papers_for(region: str | None) -> str:
    """The region's id, "" where none is given. Raises Refusal."""
    if region is None:
        return ""
    today = dt.datetime.now(DENMARK).date()
    found = region_called(region, today)
    if found is None:
        known = ", ".join(each.id for each in regions_on(today))
        raise Refusal(f"--region: there is no region '{region}'; the regions are {known}.")
    return found.id


def _not_beside_a_near_one(out: Path, package: Package, reported: Reported) -> None:
    """Two results of one round that differ by a few answers would, held together, tell what those few said."""
    results = reported.results
    try:
        earlier = json.loads((out / RESULTS).read_text())
        same = (earlier["package"], earlier["round"]) == (results.package, results.round.value)
        before = int(earlier["n"])
    except (OSError, ValueError, TypeError, KeyError):
        return
    here = any((out / name).exists() for name in reported.files if name not in (RESULTS, BASELINE_RESULTS))
    if same and here and not may_tabulate_again(before, results.n, package.disclosure):
        raise Refusal(
            f"--out: '{out}' has a result of this round with {before} answers; beside one with {results.n} it would "
            "tell what the few between them said. Delete the earlier files everywhere first.",
            1,
        )


def _made(
    package: Package,
    cluster: str,
    now: tuple[Path, int],
    before: tuple[Path | None, int | None],
    free_texts: bool,
    papers_for: str | None,
    tell: Told,
) -> Reported:
    answers, members = now
    baseline, baseline_members = before
    tell("Reading")
    first = None
    if baseline is not None:
        asked = "--baseline-members" if baseline_members else "--members, without --baseline-members"
        first = _read(baseline, package, Round.BASELINE, baseline_members or members, asked, free_texts=False)
    round_ = Round.BASELINE if first is None else Round.FOLLOW_UP
    latest = _read(answers, package, round_, members, "--members", free_texts=free_texts)
    today = dt.datetime.now(DENMARK).date()
    try:
        return report_files(
            package,
            cluster,
            latest,
            made_on=today,
            baseline=first,
            free_texts=free_texts,
            papers_for=papers_for,
            tell=tell,
        )
    except NoSlides as error:
        raise Refusal(str(error)) from None


def _read(file: Path, package: Package, round_: Round, members: int, asked: str, *, free_texts: bool) -> Answered:
    if package.evidence == "register":
        return _read_extract(file, package, round_, members, asked)
    try:
        found = read_answers_file(file, package, round_)
    except AnswersFileError as error:
        raise Refusal(str(error)) from None
    if len(found.rows) > members:
        raise Refusal(f"{file.name}: {len(found.rows)} respondents, but {members} were asked ({asked}).")
    if found.ignored:
        console.print(
            f"{file.name}: left out, not asked in this round: {', '.join(found.ignored)}", markup=False, soft_wrap=True
        )
    if missing := _missed(package, found.missing, free_texts=free_texts):
        console.print(f"{file.name}: {missing}", markup=False, soft_wrap=True)
    return Answered(found.rows, members)


def _read_extract(file: Path, package: Package, round_: Round, practices: int, asked: str) -> Answered:
    extract = read_extract_file(file, package, round_)
    if len(extract.rows) > practices:
        raise Refusal(f"{file.name}: rows of {len(extract.rows)} practices, but the cluster has {practices} ({asked}).")
    return Answered((), practices, extract)


def _missed(package: Package, missing: Sequence[str], *, free_texts: bool) -> str:
    """What the report lacks for want of columns; free texts are missed only where they are to be shown."""
    lacking = [item for item in missing if free_texts or package.item(item).kind != "text"]
    if not lacking:
        return ""
    lost = [index.name for index in package.indices if set(lacking) & set(index.items)]
    index = f"; without all its items there is no {' and no '.join(lost)} index" if lost else ""
    return f"warning: no column for {', '.join(lacking)}: no result for {'it' if len(lacking) == 1 else 'them'}{index}."


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


@contextmanager
def _progress() -> Iterator[Told]:
    """A bar on a terminal, nothing in a log."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(STEPS) + 2)
        yield lambda step: progress.update(task, advance=1, description=step)


def _say(package: Package, reported: Reported) -> None:
    rounds = [("baseline", reported.baseline), (reported.results.round.value.replace("_", "-"), reported.results)]
    for name, results in rounds:
        if results is not None:
            counted = "practices with a number" if package.evidence == "register" else "answered"
            told = f"{package.slug}, {name}: {results.n} of {results.members} {counted}"
            console.print(told + _how_much(package, results), markup=False, soft_wrap=True)


def _how_much(package: Package, results: Results) -> str:
    rules = package.disclosure
    if package.evidence == "register":
        return _how_much_of_practices(package, results)
    if results.suppressed:
        return f"; under {rules.at_least} answers no results are shown"
    if results.n < rules.percentages_from:
        return f"; under {rules.percentages_from} answers counts are shown, no percentages"
    return ""


def _how_much_of_practices(package: Package, results: Results) -> str:
    rules = package.disclosure
    if results.suppressed:
        return f"; under {rules.at_least} practices no results are shown"
    if results.n < rules.percentages_from:
        return f"; under {rules.percentages_from} practices medians and quartiles are shown, no single numbers"
    return ""

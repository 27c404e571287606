"""From the answers of one or two rounds to the files a cluster gets, without a server."""

import datetime as dt
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cli.package_view import has_slides
from domain.comparison import compare
from domain.disclosure import disclose, disclose_texts
from domain.model import Round
from domain.package import Answers, Package
from domain.register import Extract
from domain.results import Results
from domain.tabulation import Tabulation, tabulate, tabulate_extract
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.file_names import file_name
from reporting.report_context import ReportContext

RESULTS, BASELINE_RESULTS = "results.json", "results-baseline.json"
STEPS = ("Counting", "Making the deck", "Making the document")
PAPERS = "Making the papers"

Told = Callable[[str], None]


class NoSlides(Exception):  # noqa: N818 - a finding, named as one
    """The package's `deck.yaml` has no slides for a round."""

    def __init__(self, package: Package, round_: Round) -> None:
        super().__init__(f"{package.slug} has no slides for the round '{round_.value}': see its deck.yaml.")


def _silent(_step: str) -> None:
    pass


@dataclass(frozen=True)
class Answered:
    """A round's answers, one `Answers` a respondent, or a register's extract; and how many were asked, or practices."""

    rows: Sequence[Answers]
    members: int
    extract: Extract | None = None


@dataclass(frozen=True)
class Reported:
    """The files by name, and the results they tell."""

    files: dict[str, bytes]
    results: Results
    baseline: Results | None


def report_files(
    package: Package,
    cluster: str,
    answers: Answered,
    *,
    made_on: dt.date,
    baseline: Answered | None = None,
    free_texts: bool = False,
    papers_for: str | None = None,
    tell: Told = _silent,
) -> Reported:
    """Deck, document and `results.json` of the answers; with a baseline they are the follow-up's, and say what changed.

    Free texts are shown only where asked for, and only those that the disclosure rules let through. `papers_for` is the
    region whose offers the papers have, "" for none; without it no papers are made beside the results.
    Raises NoSlides.
    """
    tell(STEPS[0])
    first = None if baseline is None else disclose(_counted(package, Round.BASELINE, baseline), package.disclosure)
    counted = _counted(package, Round.BASELINE if first is None else Round.FOLLOW_UP, answers)
    results = disclose(counted, package.disclosure)
    if first is not None and not (first.suppressed or results.suppressed):
        results = results.with_change(compare(first, results, package))
    texts = disclose_texts(counted, package.disclosure) if free_texts else {}
    report = ReportContext(
        package=package,
        results=results,
        cluster=cluster,
        made_on=made_on,
        baseline=first,
        free_texts=tuple(text for said in texts.values() for text in said),
    )
    files = files_of(report, tell)
    if papers_for is not None:
        from cli.paper_files import paper_files  # only for those who ask: a report shall be quick

        tell(PAPERS)
        files |= paper_files(report, files[file_name("deck", report)], region=papers_for)
    files |= {RESULTS: results_json(results).encode()}
    if first is not None:
        files[BASELINE_RESULTS] = results_json(first).encode()
    return Reported(files, results, first)


def files_of(report: ReportContext, tell: Told) -> dict[str, bytes]:
    """Deck and document, by their Danish names. Raises NoSlides."""
    if not has_slides(report.package, report.round):
        raise NoSlides(report.package, report.round)
    tell(STEPS[1])
    deck = make_deck(report)
    tell(STEPS[2])
    return {file_name("deck", report): deck, file_name("document", report): make_document(report)}


def results_json(results: Results) -> str:
    """The text of `results.json`, see `docs/results-json.md`."""
    return json.dumps(results.as_json(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _counted(package: Package, round_: Round, answered: Answered) -> Tabulation:
    if answered.extract is not None:
        return tabulate_extract(package, round_, answered.members, answered.extract)
    return tabulate(package, round_, answered.members, answered.rows, secrets.SystemRandom().shuffle)

"""What a package makes of made-up answers: for those who write packages."""

import datetime as dt
import secrets
from zoneinfo import ZoneInfo

from cli.package_view import has_slides
from cli.paper_files import paper_files
from cli.questionnaire_text import questionnaire_text
from cli.report_files import files_of
from demo.answers import plausible_answers
from demo.extract import extract_csv, plausible_extract
from domain.answers import read_answers
from domain.comparison import compare
from domain.disclosure import disclose, disclose_texts
from domain.meeting import Meeting
from domain.model import Round
from domain.package import Package
from domain.results import Results
from domain.tabulation import Tabulation, tabulate, tabulate_extract
from reporting.file_names import file_name
from reporting.papers.context import Doctor
from reporting.report_context import ReportContext

EXAMPLE, EXAMPLE_OF_A_REGISTER = "Eksempel med opdigtede svar", "Eksempel med opdigtede tal"
"""The cluster of a preview, on every slide and in every file's name."""
WEEKS_TO_THE_MEETING = dt.timedelta(weeks=6)
DENMARK = ZoneInfo("Europe/Copenhagen")


def preview_files(package: Package, n: int) -> dict[str, bytes]:
    """Decks, documents and questionnaires of both rounds, and the meeting's papers, from made-up answers of so many.

    Of a package of a register, from made-up extracts of so many practices, with the extract in place of questionnaires.
    """
    today = dt.datetime.now(DENMARK).date()
    first = _made_up(package, Round.BASELINE, n, today)
    again = _made_up(package, Round.FOLLOW_UP, n, today, first.results)
    files: dict[str, bytes] = {}
    for report in (first, again):
        if has_slides(package, report.round):
            files |= files_of(report, lambda _step: None)
            if report is first:
                files |= paper_files(report, files[file_name("deck", report)], doctors=doctors(n))
        if package.evidence == "register":
            if report is first:
                files[f"Udtræk {EXAMPLE_OF_A_REGISTER}.csv"] = extract_csv(
                    package, plausible_extract(package, report.round, n)
                ).encode()
            continue
        what = "Spørgeskema – opfølgning" if report is again else "Spørgeskema"
        files[f"{what} {EXAMPLE}.txt"] = questionnaire_text(package, report.round).encode()
    return files


def doctors(count: int) -> tuple[Doctor, ...]:
    """So many made-up doctors, three to a practice, most of whom came."""
    return tuple(
        Doctor(str(number), f"Læge Eksempel {number}", f"Praksis {(number - 1) // 3 + 1}", str((number - 1) // 3), True)
        for number in range(1, count + 1)
    )


def _counted(package: Package, round_: Round, n: int) -> Tabulation:
    asked = n + max(2, n // 5)
    if package.evidence == "register":
        return tabulate_extract(package, round_, asked, plausible_extract(package, round_, n))
    rows = [read_answers(package, round_, person, complete=False) for person in plausible_answers(package, round_, n)]
    return tabulate(package, round_, asked, rows, secrets.SystemRandom().shuffle)


def _made_up(package: Package, round_: Round, n: int, today: dt.date, before: Results | None = None) -> ReportContext:
    counted = _counted(package, round_, n)
    results = disclose(counted, package.disclosure)
    if before is not None and not (before.suppressed or results.suppressed):
        results = results.with_change(compare(before, results, package))
    texts = [text for said in disclose_texts(counted, package.disclosure).values() for text in said]
    return ReportContext(
        package=package,
        results=results,
        cluster=EXAMPLE_OF_A_REGISTER if package.evidence == "register" else EXAMPLE,
        made_on=today,
        baseline=before,
        free_texts=tuple(dict.fromkeys(texts)),
        coordinator="Eksempel Eksempelsen",
        meeting=Meeting(starts=dt.datetime.combine(today + WEEKS_TO_THE_MEETING, dt.time(17))),
    )

"""Reports as `klyngeflow report` makes them: from which answers, with which arguments, and what came of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from demo.answers import Raw, plausible_answers
from domain.model import Round
from domain.package import Package
from reporting.reading import ChartData, read_chart_data
from tests.cli.command_line import CommandLine, csv_of
from tests.made_once import made_once
from tests.reporting.slides import notes_of, slides_of, words_of
from tests.the_packages import SAMARBEJDE, TRIVSEL

BOTH_PACKAGES = pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE], ids=lambda package: package.slug)


@dataclass(frozen=True)
class Made:
    """What stands in a folder after a report."""

    folder: Path

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}

    @property
    def deck(self) -> bytes:
        return next(self.folder.glob("*.pptx")).read_bytes()

    @property
    def results(self) -> Any:
        return json.loads((self.folder / "results.json").read_text())

    @property
    def charts(self) -> list[ChartData]:
        """The charts of the cluster's own answers."""
        return [chart for chart in read_chart_data(self.deck) if chart.name != "Landstal"]

    def chart(self, name: str) -> ChartData:
        return next(chart for chart in self.charts if chart.name == name)

    @property
    def said(self) -> str:
        """Every word of deck and document."""
        slides = [words_of(slide) + "\n" + notes_of(slide) for slide in slides_of(self.deck)]
        return "\n".join([*slides, self.document])

    @property
    def document(self) -> str:
        document = Document(str(next(self.folder.glob("*.docx"))))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(p.text for p in document.paragraphs), *cells]).replace("\N{NO-BREAK SPACE}", " ")


class Reports:
    """Reports of made-up answers, each made once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def of(self, package: Package, n: int) -> Made:
        """What stands there after a report of `n` people's answers, three more having been asked."""

        def report(folder: Path) -> None:
            folder.mkdir()
            answers = folder / "svar.csv"
            answers.write_text(csv_of(package, Round.BASELINE, respondents(package, n)))
            given = arguments(answers, folder / "ud", package=package.slug, members=n + 3)
            assert CommandLine()(*given).code == 0

        return Made(made_once(self._root / f"report-{package.slug}-{n}", report) / "ud")


def respondents(package: Package, n: int) -> list[Raw]:
    """So many people; of Trivsel og arbejdsglæde the first eight write, so that free text is there to be held back."""
    found = plausible_answers(package, Round.BASELINE, n)
    for number, person in enumerate(found):
        if package is TRIVSEL and number < 8:
            person["gode_erfaringer"] = [f"Hemmelig erfaring {number}"]
    return found


def write_answers(file: Path, people: Sequence[Raw], round_: Round = Round.BASELINE) -> Path:
    """The file, with these people's answers to Trivsel og arbejdsglæde."""
    file.write_text(csv_of(TRIVSEL, round_, people))
    return file


def arguments(
    answers: Path, ud: Path, *more: str | Path, package: str | Path = TRIVSEL.slug, members: int = 42
) -> tuple[str | Path, ...]:
    """What a report of Klynge Nord is asked for with."""
    base = ("report", package, "--answers", answers, "--cluster", "Klynge Nord", "--members", str(members))
    return (*base, "--out", ud, *more)

"""The source documents' own figures, read back out of results and of the deck's own chart data."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.danish import number
from domain.model import Round
from domain.package import Package
from domain.results import Results
from reporting.reading import ChartData, read_chart_data
from reporting.sentences import CHANGE_WORDS


@dataclass(frozen=True)
class Figure:
    """One figure: what the document says, what was found, where."""

    what: str
    said: str
    found: str

    @property
    def agrees(self) -> bool:
        return self.said == self.found


def figures(package: Package, baseline: Results, follow_up: Results, decks: dict[Round, bytes]) -> list[Figure]:
    """KiAP's minutes (referat, 34 answers against 38 the year before) against what came out."""
    return [*_of_results(baseline, follow_up), *_of_decks(package, decks)]


def _of_results(baseline: Results, follow_up: Results) -> Iterator[Figure]:
    yield Figure("Første runde: svar", "38", str(baseline.n))
    yield Figure("Første runde: WHO-5 i gennemsnit", "58", _mean(baseline))
    yield Figure("Opfølgning: svar af medlemmer", "34 af 42", f"{follow_up.n} af {follow_up.members}")
    yield Figure("Opfølgning: WHO-5 i gennemsnit", "63", _mean(follow_up))
    if index := follow_up.indices.get("who5"):
        low, very_low = index.bands["low"], index.bands["very_low"]
        yield Figure("Opfølgning: under 50, heraf under 35", "8, 3", f"{low + very_low}, {very_low}")
    counts = list(follow_up.items["arbejdsglaede"].counts.values())
    yield Figure("Opfølgning: arbejdsglæde, personer", "5 / 13 / 12 / 4 / 0", " / ".join(map(str, counts)))
    change = (follow_up.change or {}).get("who5")
    yield Figure(
        "Ændring i WHO-5: læsning", CHANGE_WORDS["uncertain"], CHANGE_WORDS[change.verdict] if change else "mangler"
    )


def _mean(results: Results) -> str:
    index = results.indices.get("who5")
    return number(index.mean, 0) if index else "mangler"


def _of_decks(package: Package, decks: dict[Round, bytes]) -> Iterator[Figure]:
    labels = [option.label for option in package.options_of(package.item("arbejdsglaede"))]
    chart = _degree_chart(read_chart_data(decks[Round.FOLLOW_UP]), labels)
    shares = [number(values[-1] * 100, 0) for name, values in chart.series.items() if name in labels]
    yield Figure("Præsentation, opfølgning: arbejdsglæde i procent", "15 / 38 / 35 / 12 / 0", " / ".join(shares))


def _degree_chart(charts: list[ChartData], labels: list[str]) -> ChartData:
    """The chart whose series are the five degrees."""
    return next(chart for chart in charts if set(labels) <= set(chart.series))

"""What the gallery shows: each questionnaire's rounds, few and many answers, of every style, forms and lengths."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from cli.package_preview import doctors
from cli.paper_files import paper_files
from demo.answers import plausible_answers
from domain.answers import read_answers
from domain.comparator import Comparator, Elsewhere
from domain.meeting import Format, Meeting
from domain.model import Round
from domain.package import Item, Package
from domain.results import Results
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.report_context import ReportContext
from tests.reporting.clusters import a_baseline, a_follow_up, a_round, some_results
from tests.the_packages import POLYFARMACI, SAMARBEJDE, TRIVSEL, UDDELEGERING

PACKAGES = (TRIVSEL, SAMARBEJDE, UDDELEGERING)
LONG = "Klyngen af praktiserende læger i Vejle, Fredericia, Middelfart, Kolding, Billund, Hedensted og omegn, Øst"
SIZES = (4, 5, 7, 12, 34, 73)
PRACTICES = (4, 7, 14, 40)
"""Of a register's package."""
STYLES = ("skæv", "flad", "alle højt", "alle lavt")


@dataclass(frozen=True)
class Case:
    """One report that is looked at: its name, how it is made, and whether the meeting's papers belong to it."""

    name: str
    make: Callable[[], ReportContext]
    with_papers: bool = False


@dataclass(frozen=True)
class Sheet:
    """One contact sheet: its name, and the files whose pages stand on it, in their order."""

    name: str
    files: tuple[tuple[str, bytes], ...]


AGREEMENTS = (
    "Fælles frokost kl. 12, alle klinikker, fra 1. januar",
    "Kort morgenmøde om svære forløb, én tovholder i hver klinik, inden sommer",
    "Vi tager emnet op igen i klyngen, koordinatoren, om et år",
)
LONG_AGREEMENTS = tuple(f"{number}. sted: {'vi freder pausen i alle huse og ' * 6}"[:160] for number in range(1, 6))
"""As many and as long as they may be."""


def sheets(only: str = "") -> Iterator[Sheet]:
    """Those with these words in their names, each made when its turn comes."""
    return (sheet_of(case) for case in cases() if only in case.name)


def sheet_of(case: Case) -> Sheet:
    """The files of a case."""
    report = case.make()
    deck = make_deck(report)
    papers = paper_files(report, deck, region="Nordjylland", doctors=doctors(34)) if case.with_papers else {}
    documents = [make_document(report), *(content for _, content in sorted(papers.items()))]
    return Sheet(case.name, (("0.pptx", deck), *((f"{n}.docx", content) for n, content in enumerate(documents, 1))))


def cases() -> Iterator[Case]:
    """All there are."""
    for package in PACKAGES:
        for round_ in Round:
            for n in SIZES:
                yield _case(f"{n:02} svar", partial(_report, package, round_, n))
            for style in STYLES:
                yield _case(f"34 svar, {style}", partial(_report, package, round_, 34, style))
            yield _case("langt navn", partial(_report, package, round_, 34, cluster=LONG))
        for form in Format:
            for minutes in (120, 150, 180):
                meeting = Meeting(starts=dt.datetime(2026, 11, 25, 17), minutes=minutes, format=form)  # noqa: DTZ001
                report = partial(_report, package, Round.BASELINE, 34, meeting=meeting)
                yield _case(f"{form.value}, {minutes} minutter", report, with_papers=True)

    for round_ in Round:
        for n in PRACTICES:
            yield _case(f"{n:02} praksis", partial(_report, POLYFARMACI, round_, n))
    for form in Format:
        meeting = Meeting(starts=dt.datetime(2026, 11, 25, 17), minutes=150, format=form)  # noqa: DTZ001
        report = partial(_report, POLYFARMACI, Round.BASELINE, 14, meeting=meeting)
        yield _case(f"{form.value}, 150 minutter", report, with_papers=True)


def _case(what: str, make: "partial[ReportContext]", *, with_papers: bool = False) -> Case:
    package, round_ = make.args[:2]
    name = f"{package.slug}, {'opfølgning' if round_ is Round.FOLLOW_UP else 'møde'}, {what}"
    return Case(name, make, with_papers)


def _report(
    package: Package, round_: Round, n: int, style: str = "", *, cluster: str = "Klynge Aalborg Øst",
    meeting: Meeting | None = None,
) -> ReportContext:  # fmt: skip
    first = _counted(package, Round.BASELINE, n, style)
    if round_ is Round.BASELINE:
        usual = a_baseline(package, 12, cluster)
        beside = others(package) if cluster == LONG else usual.elsewhere
        return replace(usual, results=first, meeting=meeting or usual.meeting, elsewhere=beside)
    return replace(
        a_follow_up(package, first, _counted(package, round_, n, style)),
        cluster=cluster,
        made_on=dt.date(2027, 9, 6),
        baseline_closed_on=dt.date(2026, 11, 3),
        closed_on=dt.date(2027, 9, 3),
        met_on=dt.date(2026, 11, 25),
        agreed=LONG_AGREEMENTS if cluster == LONG else AGREEMENTS[: n % 4],
    )


def others(package: Package) -> Elsewhere:
    """What KiAP's other clusters said to everything that can be compared, made up."""
    told: dict[str, Comparator] = {}

    def tell(target: str, value: float, unit: Literal["score", "%"]) -> None:
        count = round(4.02 * value) if unit == "%" else None
        sd = None if unit == "%" else 2.0
        told[target] = Comparator(
            value=value, unit=unit, n=402, clusters=14, first_year=2026, last_year=2027, sd=sd, count=count
        )

    for number, item in enumerate(package.items):
        scale = package.scales.get(item.scale or "")
        if item.kind == "rating":
            tell(item.id, 3 + number % 6, "score")
        elif item.kind == "degree" and scale is not None and scale.high:
            tell(f"{item.id}.high", 20 + 7 * number % 60, "%")
            tell(f"{item.id}.low", 8, "%")
    return Elsewhere(comparators=told)


def _counted(package: Package, round_: Round, n: int, style: str) -> Results:
    if package.evidence == "register":
        return some_results(package, n, round_)
    if not style:
        people = plausible_answers(package, round_, n)
        rows = [read_answers(package, round_, person, complete=False) for person in people]
    else:
        chance = random.Random(f"{package.slug} {round_} {style}")  # noqa: S311
        asked = package.asked_in(round_)
        rows = [{item.id: answer_of(package, item, style, chance) for item in asked} for _ in range(n)]
    return a_round(package, rows, n + n // 6 + 1, round_)


def answer_of(package: Package, item: Item, style: str, chance: random.Random) -> Any:
    """One answer to an item in the style of a cluster."""
    if item.kind == "text":
        return "Vi holder pausen."
    options: list[Any] = [option.value if item.kind == "score" else option.id for option in package.options_of(item)]
    if item.kind == "rating":
        options = list(range(item.minimum or 0, (item.maximum or 0) + 1))
    places = {
        "skæv": min(int(chance.expovariate(0.9)), len(options) - 1),
        "flad": chance.randrange(len(options)),
        "alle højt": 0,
        "alle lavt": len(options) - 1,
    }
    if item.kind == "choices":
        return tuple(dict.fromkeys(options[(places[style] + step) % len(options)] for step in range(item.at_most or 3)))
    return options[places[style]]

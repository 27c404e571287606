"""Clusters that answer: rounds counted and disclosed for real, with the figures of the source documents among them."""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from demo.extract import plausible_extract
from domain.comparison import compare
from domain.disclosure import disclose
from domain.meeting import Meeting
from domain.model import Round
from domain.package import NOT_RELEVANT, Answers, Item, Package
from domain.results import Results
from domain.tabulation import tabulate, tabulate_extract
from reporting.report_context import ReportContext
from tests.the_packages import SAMARBEJDE, TRIVSEL, UDDELEGERING

MADE_ON = dt.date(2026, 11, 2)
EXPERIENCES = (
    "Vi holder kaffepausen kl. 9.30, også når det brænder på.",
    "Gåtur i frokostpausen & telefonen slukket – mindre end <5 minutter er nok.",
    "Jeg siger fra i sekretariatet, når jeg har brug for en buffertid.",
)
DEGREES = ("meget_hoej", "hoej", "nogen", "ringe", "slet_ikke")


def an_answer(package: Package, item: Item, chance: random.Random) -> Any:
    if item.kind == "score":
        return chance.randint(1, 5)
    if item.kind == "rating":
        return chance.randint(1, 10)
    if item.kind == "text":
        return chance.choice(EXPERIENCES)
    ids = [option.id for option in package.options_of(item)]
    if item.kind == "choices":
        return tuple(chance.sample(ids, min(3, len(ids))))
    return NOT_RELEVANT if item.may_be_not_relevant and chance.random() < 0.04 else chance.choice(ids)


def some_answers(package: Package, n: int, round_: Round = Round.BASELINE, seed: int = 1) -> list[Answers]:
    chance = random.Random(seed)  # noqa: S311
    return [{item.id: an_answer(package, item, chance) for item in package.asked_in(round_)} for _ in range(n)]


def a_round(package: Package, rows: Sequence[Answers], members: int, round_: Round = Round.BASELINE) -> Results:
    return disclose(tabulate(package, round_, members, rows, list.reverse), package.disclosure)


def some_results(package: Package, n: int, round_: Round = Round.BASELINE, seed: int = 1) -> Results:
    if package.evidence == "register":
        extract = plausible_extract(package, round_, n, seed)
        return disclose(tabulate_extract(package, round_, max(n + 4, 8), extract), package.disclosure)
    return a_round(package, some_answers(package, n, round_, seed), max(n + 4, 8), round_)


def a_baseline(package: Package, n: int, cluster: str = "Klynge Aalborg Øst") -> ReportContext:
    return ReportContext(
        package=package,
        results=some_results(package, n),
        cluster=cluster,
        made_on=MADE_ON,
        meeting=Meeting(starts=dt.datetime(2026, 11, 25, 17)),  # noqa: DTZ001 - the wall clock in Denmark
        place="Lægehuset Torvet, mødelokale 2",
        free_texts=EXPERIENCES,
        coordinator="Anne Mærsk Sørensen",
    )


def a_follow_up(package: Package, before: Results, after: Results) -> ReportContext:
    told = after if before.suppressed or after.suppressed else after.with_change(compare(before, after, package))
    return ReportContext(package=package, results=told, baseline=before, cluster="Klynge Aalborg Øst", made_on=MADE_ON)


def five_answers(score: int) -> dict[str, int]:
    """The five WHO-5 answers that make this score."""
    total = score // 4
    return {f"who5_{number}": total // 5 + (number <= total % 5) for number in range(1, 6)}


BEFORE_SCORES = [middle + way for middle in (56, 60) for way in (*range(-36, 37, 4),)]
"""38 scores with the mean 58."""
AFTER_SCORES = [
    20, 28, 32, 36, 40, 44, 44, 48, 100, *(80, 80, 80, 84, 84, 84, 92, 88, 88), *(56, 56, 56, 56, 56, 56, 60, 60, 60),
    *(68, 68, 68, 68, 68, 68, 68),
]  # fmt: skip
"""34 scores with the mean 63 (2144 / 34): 8 below 50, of whom 3 below 35, one at the very top."""


def the_retreat() -> ReportContext:
    """The follow-up of the source documents: 38 answers before, 34 of 42 after, WHO-5 from 58 to 63."""
    degrees = [degree for degree, count in zip(DEGREES, (5, 13, 12, 4, 0), strict=True) for _ in range(count)]
    before: list[Answers] = [{**five_answers(score), "arbejdsglaede": "nogen"} for score in BEFORE_SCORES]
    for place in range(17):
        before[place]["arbejdsglaede"] = "hoej"
    after: list[Answers] = [
        {**five_answers(score), "arbejdsglaede": degree} for score, degree in zip(AFTER_SCORES, degrees, strict=True)
    ]
    return a_follow_up(TRIVSEL, a_round(TRIVSEL, before, 42), a_round(TRIVSEL, after, 42, Round.FOLLOW_UP))


PACKAGES = (TRIVSEL, SAMARBEJDE, UDDELEGERING)

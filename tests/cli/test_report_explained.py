"""`klyngeflow report --explain`: each figure with counts, formula and interval, as plain Python reckons them anew."""

import math
import re
from pathlib import Path

import pytest

from cli.explained import NothingToExplain, explained
from domain.model import Round
from tests.cli.command_line import CommandLine
from tests.cli.reports import arguments
from tests.reporting.clusters import AFTER_SCORES, BEFORE_SCORES, a_baseline, the_retreat
from tests.the_packages import SAMARBEJDE, TRIVSEL

Z = 1.959963984540054


def told(name: str) -> str:
    report = the_retreat()
    return "\n".join(explained(TRIVSEL, name, report.results, report.baseline))


def interval_after(text: str, words: str) -> tuple[float, float]:
    """The last interval of the line with these words."""
    (line,) = [line for line in text.splitlines() if words in line]
    low, high = re.findall(r"([+-]?\d+\.\d+) to ([+-]?\d+\.\d+)$", line)[0]
    return float(low), float(high)


def wilson(count: int, n: int) -> tuple[float, float]:
    p = count / n
    middle, half = p + Z**2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return (middle - half) / (1 + Z**2 / n), (middle + half) / (1 + Z**2 / n)


def mean_and_variance(scores: list[int]) -> tuple[float, float]:
    mean = sum(scores) / len(scores)
    return mean, sum((score - mean) ** 2 for score in scores) / (len(scores) - 1)


def test_a_share_is_its_counts_and_wilsons_interval() -> None:
    text = told("arbejdsglaede")
    assert "n = 34 answered it" in text
    assert "5 + 13 = 18; 18 / 34 = 0.5294" in text
    (line,) = [line for line in text.splitlines() if "high (" in line]
    following = text.splitlines()[text.splitlines().index(line) + 1]
    low, high = re.findall(r": (\d\.\d+) to (\d\.\d+)$", following)[0]
    assert (float(low), float(high)) == pytest.approx(wilson(18, 34), abs=1e-4)


def test_a_change_of_a_share_is_newcombes_and_says_what_is_printed() -> None:
    (l1, u1), (l2, u2) = wilson(17, 38), wilson(18, 34)
    p1, p2 = 17 / 38, 18 / 34
    low = p2 - p1 - math.sqrt((p2 - l2) ** 2 + (u1 - p1) ** 2)
    high = p2 - p1 + math.sqrt((u2 - p2) ** 2 + (p1 - l1) ** 2)
    text = told("arbejdsglaede")
    place = next(i for i, line in enumerate(text.splitlines()) if "change of high: 18/34 − 17/38" in line)
    found = re.findall(r"([+-]\d\.\d+) to ([+-]\d\.\d+)$", text.splitlines()[place + 1])[0]
    assert tuple(map(float, found)) == pytest.approx((low, high), abs=1e-4)
    assert f"printed: +{round((p2 - p1) * 100)} procentpoint" in text
    assert "kan ikke afgøres" in text


def test_an_index_is_its_scores_their_mean_and_welchs_difference() -> None:
    text = told("who5")
    (before, first), (after, now) = mean_and_variance(BEFORE_SCORES), mean_and_variance(AFTER_SCORES)
    assert f"mean = 2144 / 34 = {after:.4f}, s (n−1) = {math.sqrt(now):.4f}" in text
    assert f"change: {after:.4f} − {before:.4f} = {after - before:+.4f}" in text
    variances = first / 38 + now / 34
    freedom = variances**2 / ((first / 38) ** 2 / 37 + (now / 34) ** 2 / 33)
    assert 60 < freedom < 70
    low, high = interval_after(text, "Welch")
    assert (low + high) / 2 == pytest.approx(after - before, abs=1e-3)
    assert (high - low) / 2 / math.sqrt(variances) == pytest.approx(1.9971, abs=3e-3)  # t(65), from printed tables


def test_nothing_is_told_that_the_results_do_not_tell() -> None:
    few = a_baseline(TRIVSEL, 4).results
    assert explained(TRIVSEL, "who5", few, None)[-1] == "Under 5 answers to the questionnaire: no result."
    nine = "\n".join(explained(TRIVSEL, "who5", a_baseline(TRIVSEL, 9).results, None))
    assert "single scores are not told" in nine
    assert "counts, no shares" in "\n".join(explained(TRIVSEL, "arbejdsglaede", a_baseline(TRIVSEL, 9).results, None))


@pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE], ids=lambda package: package.slug)
def test_every_item_and_index_of_both_packages_can_be_explained(package: object) -> None:
    report = a_baseline(package, 34)  # type: ignore[arg-type]
    for name in (*(item.id for item in report.package.items), *(index.id for index in report.package.indices)):
        lines = explained(report.package, name, report.results, None)
        assert lines[0].startswith("baseline: 34 of ")
        assert lines[1].startswith(f"{name}: ")
    with pytest.raises(NothingToExplain):
        explained(report.package, "lagkage", report.results, None)
    assert report.round is Round.BASELINE


def test_the_command_prints_the_explanation_alone_and_names_what_there_is_not(
    klyngeflow: CommandLine, svar: Path, ud: Path
) -> None:
    ran = klyngeflow(*arguments(svar, ud, "--explain", "arbejdsglaede"))
    assert ran.code == 0
    assert ran.out.splitlines()[1].startswith("arbejdsglaede: I hvilken grad")
    refused = klyngeflow(*arguments(svar, ud, "--explain", "lagkage"))
    assert refused.code == 2
    assert "has no item or index 'lagkage'" in refused.err

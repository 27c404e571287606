"""How much processor time all papers of one order cost, the results document among them, and their PDFs.

    python -m benchmarks.papers [--times 5] [--pdf]

The median of each counts. The first time, which imports Word's library, is left out. PDFs are LibreOffice's time, in
its own process, and are made when somebody asks for one; they are told beside the goal.
"""

import argparse
import resource
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from reporting.document import make_document
from reporting.office import can_make_pdf, pdf_of
from reporting.papers.catalogue import PAPERS
from reporting.papers.making import make_paper
from tests.reporting.clusters import PACKAGES, a_baseline
from tests.reporting.papers.meetings import a_paper

GOAL = 4.0
"""Seconds of processor time for all papers of an order."""


def cpu(work: Callable[[], object]) -> float:
    """Seconds of this process and of the programs it has waited for."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    began = sum(each.ru_utime + each.ru_stime for each in spent)
    work()
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent) - began


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--times", type=int, default=5)
    asked.add_argument("--pdf", action="store_true", help="the PDFs too")
    given = asked.parse_args()
    for package in PACKAGES:
        context, report = a_paper(package), a_baseline(package, 34)
        makers: dict[str, Callable[[], bytes]] = {kind.title: partial(make_paper, kind, context) for kind in PAPERS}
        makers["Resultater"] = partial(make_document, report)
        total = 0.0
        for name, make in makers.items():
            make()
            seconds = median(cpu(make) for _ in range(given.times))
            total += seconds
            print(f"{package.slug:28} {name:32} {seconds * 1000:7.0f} ms")
        print(f"{package.slug:28} {'all papers':32} {total:7.2f} s, goal {GOAL:g} s")
        if given.pdf and can_make_pdf():
            began = time.perf_counter()
            seconds = sum(cpu(partial(pdf_of, make())) for make in makers.values())
            waited = time.perf_counter() - began
            print(f"{package.slug:28} {'all as PDF':32} {seconds:7.2f} s of LibreOffice, {waited:.1f} s to wait")


if __name__ == "__main__":
    main()

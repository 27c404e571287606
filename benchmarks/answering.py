"""Doctors who send their answers at the same moment: how many a second, and how long the unlucky ones wait.

    python -m benchmarks.answering [--at-once 8] [--rounds 16] [--members 42]

Every member of some open rounds answers, so many threads at once, each with the next answer as soon as the last one is
in: the whole submission, with the round's rows rewritten and the WAL emptied. The same is done with and without the
queue in front of SQLite's write lock, and with each commit waiting for the disk (`synchronous=FULL`, ours) or not
(`NORMAL`), on files of their own, turn by turn. Without the queue a writer waits as SQLite does by itself: it sleeps
and tries again, and whoever comes just then is first.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import event

from demo.answers import plausible_answers
from domain.answers import read_answers
from domain.model import OrderId, PersonId, Round
from domain.package import Answers
from reporting.deck_check import deck_problems
from storage import ballot_box, survey_roll, survey_rounds
from storage.ballot_box import Submission
from storage.database import Database
from storage.keys import Keys
from storage.migrate import migrate
from storage.packages import find_package

PACKAGE = "trivsel-og-arbejdsglaede"
KEYS = Keys(bytes(range(32)))
TURNS = 3
"""Times that each variant is measured; the figures are of all of them together."""


class Unqueued(Database):
    """As it was: every thread meets SQLite's own lock."""

    @contextmanager
    def alone(self, wait: float) -> Iterator[float]:
        yield wait


@dataclass
class Variant:
    """One way to write, and what was measured with it."""

    name: str
    kind: type[Database]
    synchronous: str
    waits: list[float] = field(default_factory=list)
    """Milliseconds of each submission."""
    rates: list[float] = field(default_factory=list)
    """Submissions a second, of each turn."""


def answered(variant: Variant, file: Path, rounds: int, members: int, at_once: int) -> None:
    """Fill a file with open rounds and answer them all."""
    database = variant.kind(f"sqlite:///{file}")

    def sync_as_told(connection: Any, _record: Any) -> None:  # noqa: ANN401
        connection.execute(f"PRAGMA synchronous={variant.synchronous}")

    event.listen(database.engine, "connect", sync_as_told)
    migrate(database)
    to_do: SimpleQueue[tuple[str, Answers]] = SimpleQueue()
    for each in _open_rounds(database, rounds, members):
        to_do.put(each)
    together = threading.Barrier(at_once + 1)
    waits: list[list[float]] = [[] for _ in range(at_once)]

    def answer_one_after_the_other(own: list[float]) -> None:
        together.wait()
        while True:
            try:
                token, answers = to_do.get_nowait()
            except Empty:
                return
            began = time.perf_counter()
            outcome = ballot_box.submit(database, token, answers)
            own.append((time.perf_counter() - began) * 1000)
            assert outcome is Submission.SUBMITTED

    threads = [threading.Thread(target=answer_one_after_the_other, args=(own,)) for own in waits]
    for thread in threads:
        thread.start()
    together.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    database.close()
    variant.waits += [wait for own in waits for wait in own]
    variant.rates.append(rounds * members / seconds)


def _open_rounds(database: Database, rounds: int, members: int) -> list[tuple[str, Answers]]:
    """Everybody's token with their answers, one of each round after the other."""
    package = find_package(PACKAGE, deck_problems)
    answers = [
        read_answers(package, Round.BASELINE, raw) for raw in plausible_answers(package, Round.BASELINE, members)
    ]
    people = [(PersonId(f"m{number}"), 1) for number in range(members)]
    tokens = []
    for number in range(rounds):
        order = OrderId(f"order-{number}")
        with database.write() as connection:
            survey_rounds.open_round(connection, KEYS, order, Round.BASELINE)
            invited = survey_roll.invite(connection, KEYS, order, Round.BASELINE, people)
        tokens.append([invitation.token(KEYS) for invitation in invited])
    return [(token, answers[place]) for place, of_all in enumerate(zip(*tokens, strict=True)) for token in of_all]


def tell(variants: list[Variant], at_once: int) -> None:
    """Print the figures side by side."""
    print(f"\n{'':44}{'a second':>10}{'p50 ms':>10}{'p95 ms':>10}{'worst ms':>10}")
    for each in variants:
        cuts = statistics.quantiles(each.waits, n=100)
        rate = statistics.median(each.rates)
        print(f"{each.name:44}{rate:10,.0f}{cuts[49]:10,.1f}{cuts[94]:10,.1f}{max(each.waits):10,.1f}")
    ours, before = variants[0], variants[-1]
    p95 = [statistics.quantiles(each.waits, n=100)[94] for each in (before, ours)]
    print(f"\np95 with {at_once} at once: {p95[0]:,.0f} ms before, {p95[1]:,.0f} ms now ({p95[0] / p95[1]:.1f} times)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--members", type=int, default=42)
    arguments = parser.parse_args()
    variants = [
        Variant("queued, FULL (klyngeflow, as it comes)", Database, "FULL"),
        Variant("queued, NORMAL", Database, "NORMAL"),
        Variant("not queued, FULL", Unqueued, "FULL"),
        Variant("not queued, NORMAL (as it was)", Unqueued, "NORMAL"),
    ]
    print(f"{arguments.rounds} rounds of {arguments.members} members, {arguments.at_once} at once", end="")
    print(f"; load of the machine {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="klyngeflow-bench-", ignore_cleanup_errors=True) as folder:
        for turn in range(TURNS):
            for each in variants[turn:] + variants[:turn]:
                file = Path(folder, f"{variants.index(each)}-{turn}.db")
                answered(each, file, arguments.rounds, arguments.members, arguments.at_once)
                file.unlink()
    tell(variants, arguments.at_once)


if __name__ == "__main__":
    main()

"""What a mail costs in a folder of few and of many, and what forgetting a thousand of many costs.

    python -m benchmarks.mail_folder [--few N] [--many N] [--among N] [--forget N] [--batch N]

The folders are filled by the sender itself. Two senders take turns, one with few files and one with many, and a ratio
is of the same round. Writing the message and `fsync` cost the same in both and would hide the rest: they are left out,
and a whole mail with them is shown beside. Times are the process' own, the system's work for it included, so that what
else a machine does weighs little; those of a clock on the wall stand behind.
"""

import argparse
import datetime as dt
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from mail import folder_sender
from mail.envelope import Address, Envelope, Mail
from mail.folder_sender import FolderSender
from mail.sending import as_bytes

ROUNDS = 7


@dataclass(frozen=True)
class Cost:
    """Milliseconds: the process' own, and those on the wall."""

    own: float
    wall: float

    def __str__(self) -> str:
        return f"{self.own:.2f} ms ({self.wall:.2f} on the wall)"


@dataclass(frozen=True)
class Result:
    """What a mail costs, by the number of files there, and what forgetting costs."""

    few: Cost
    many: Cost
    whole: Cost
    ratio: float
    forgetting: Cost


def envelope(number: int) -> Envelope:
    """A small mail; each has its minute."""
    return Envelope(
        outbox_id=f"m{number:07}",
        occasion="invitation",
        sender=Address(address="klynger@kiap.example", name="KiAP"),
        to=Address(address=f"laege{number}@klinik.example", name="Gunver Æbelø"),
        at=dt.datetime(2026, 1, 5, 8, 30, tzinfo=dt.UTC) + dt.timedelta(minutes=number),
        mail=Mail(subject="Spørgeskema før klyngemødet", text="Kære Gunver\n" * 20, html="<p>Kære Gunver</p>" * 20),
    )


@contextmanager
def the_folder_alone() -> Iterator[None]:
    content = as_bytes(envelope(0))
    with (
        patch.object(os, "fsync", lambda _handle: None),
        patch.object(folder_sender, "as_bytes", lambda _envelope: content),
    ):
        yield


def fill(folder: Path, up_to: int) -> FolderSender:
    """A sender whose folder holds that many mails."""
    sender = FolderSender(folder)
    with the_folder_alone():
        for number in range(up_to):
            sender.send(envelope(number))
    return sender


def measured(work: Callable[[], object], many: int) -> Cost:
    started, at_work = time.perf_counter(), time.process_time()
    work()
    return Cost((time.process_time() - at_work) * 1000 / many, (time.perf_counter() - started) * 1000 / many)


def sending(sender: FolderSender, envelopes: list[Envelope]) -> Cost:
    """Of one mail: half of them are new, half take their own place again."""
    return measured(lambda: [sender.send(each) for each in envelopes + envelopes], 2 * len(envelopes))


def measure(few: int, many: int, among: int, forget: int, batch: int) -> Result:
    with tempfile.TemporaryDirectory() as place:
        small, large = fill(Path(place) / "few", few), fill(Path(place) / "many", many)
        costs: list[tuple[Cost, Cost]] = []
        with the_folder_alone():
            for turn in range(ROUNDS):
                new = [envelope(1_000_000 + turn * batch + number) for number in range(batch)]
                order = (small, large) if turn % 2 else (large, small)
                cost = {sender: sending(sender, new) for sender in order}
                costs.append((cost[small], cost[large]))
                for sender in order:
                    sender.forget([each.outbox_id for each in new])
        whole = sending(large, [envelope(2_000_000 + number) for number in range(batch)])
        with the_folder_alone():
            for number in range(many, among):
                large.send(envelope(number))
        every = max(1, among // forget)
        ids = [envelope(number).outbox_id for number in range(0, every * forget, every)]
        return Result(
            few=median([cost for cost, _ in costs]),
            many=median([cost for _, cost in costs]),
            whole=whole,
            ratio=statistics.median(of_many.own / of_few.own for of_few, of_many in costs),
            forgetting=measured(lambda: large.forget(ids), 1),
        )


def median(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(cost.own for cost in costs), statistics.median(cost.wall for cost in costs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, count in (("few", 1_000), ("many", 30_000), ("among", 40_000), ("forget", 1_000), ("batch", 200)):
        parser.add_argument(f"--{name}", type=int, default=count)
    asked = parser.parse_args()
    result = measure(asked.few, asked.many, asked.among, asked.forget, asked.batch)
    print(f"a mail among {asked.few:,} files: {result.few}")
    print(f"a mail among {asked.many:,} files: {result.many}; with its message and fsync: {result.whole}")
    print(f"ratio: {result.ratio:.2f}")
    print(f"forgetting {asked.forget:,} among {asked.among:,}: {result.forgetting}")


if __name__ == "__main__":
    main()

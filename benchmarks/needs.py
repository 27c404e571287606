"""The list of needs with 100 orders and with 10,000, in one run: time of a page and of its counts, and queries.

    python -m benchmarks.needs [--orders 10000] [--times 40]

A page of ten and the counts by reason, as the console asks for them: of all, of one consultant, of nobody's, of one
reason. The orders stand in every stage of their lives; one in fifty has an address that refuses mail, one in a hundred
mail in trouble, one in two hundred a step that fails, one in ten its tasks put off. The goal is at most twice the time,
and the same number of queries. Tasks are found by their index; what grows is the look at addresses and mail in trouble,
of which there are as many more.
"""

import argparse
import datetime as dt
import math
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, bindparam, event, insert, select, update

from benchmarks.open_orders import fill
from domain.meeting import danish
from domain.model import OrderId, PersonId, StaffId
from domain.needs import Reason
from storage import incidents, outbox
from storage.board import board_table
from storage.database import Database
from storage.ids import new_id
from storage.incidents import IncidentKind
from storage.needs import PutOff, Wanted, Whose, count_needs, needs
from storage.outbox import MailState, To, outbox_table
from storage.people import Membership, membership_table, order_person_table
from storage.staff import StaffRole, add_staff
from storage.tasks import task_table
from worker.settings import Settings
from worker.stack import open_stack

FEW, PAGE, MEMBERS, CONSULTANTS = 100, 10, 10, 25
GOAL = 2.0
"""Times as long with many orders as with few."""
LETTERS = ("invitation/baseline/", "programme//", "meeting_reminder//2026-03-25", "after_meeting//")
"""Mail that went as it should, of every order: what the list must not have to look through."""


Order = tuple[OrderId, list[Membership]]
"""An order with its members."""


@dataclass(frozen=True)
class Measured:
    """Milliseconds of one question's page with its counts, each time it was asked, and its queries."""

    milliseconds: list[float]
    queries: int
    rows: int

    @property
    def p95(self) -> float:
        return sorted(self.milliseconds)[math.ceil(0.95 * len(self.milliseconds)) - 1]


def furnish(database: Database, now: dt.datetime) -> list[StaffId]:
    """Consultants, members' places, mail and trouble for the orders that are there; the consultants' ids."""
    with database.write() as connection:
        consultants = [
            add_staff(connection, f"Konsulent {number}", f"k{number}@kiap.example", StaffRole.CONSULTANT)
            for number in range(CONSULTANTS)
        ]
        members = _members(connection)
        rows = connection.execute(select(board_table.c.order_id, board_table.c.cluster)).all()
        orders = [(OrderId(order), members[cluster]) for order, cluster in rows]
        for some in batched(orders, 500):
            listed = [_listed(order, membership) for order, those in some for membership in those]
            connection.execute(insert(order_person_table), listed)
            sent = [_sent(order, key, each.person, now) for order, those in some for key in LETTERS for each in those]
            connection.execute(insert(outbox_table), sent)
        for number, (order, those) in enumerate(orders):
            _trouble(connection, order, [each.person for each in those], number, now)
        _hand_out(connection, [order for order, _ in orders], consultants, now)
    with database.write() as connection:
        connection.exec_driver_sql("ANALYZE")
    return consultants


def batched(orders: list[Order], size: int) -> Iterator[list[Order]]:
    """So many at a time."""
    for first in range(0, len(orders), size):
        yield orders[first : first + size]


def _members(connection: Connection) -> dict[str, list[Membership]]:
    """By cluster."""
    found = defaultdict[str, list[Membership]](list)
    for row in connection.execute(select(membership_table)):
        of_row = Membership(row.person_id, row.cluster_id, row.practice_id, row.role)
        found[row.cluster_id].append(of_row)
    return found


def _listed(order: OrderId, membership: Membership) -> dict[str, object]:
    person, practice = membership.person, membership.practice
    return {"order_id": order, "person_id": person, "practice_id": practice, "address": 1}


def _trouble(
    connection: Connection, order: OrderId, members: Sequence[PersonId], number: int, now: dt.datetime
) -> None:
    if number % 50 == 0:
        outbox.mark_bounced(connection, _claimed(connection, order, members[0], now), "smtp_550")
    if number % 100 == 0:
        outbox.mark_unknown(connection, _claimed(connection, order, members[1], now), "smtp_no_answer")
    if number % 200 == 0:
        incidents.report(connection, IncidentKind.STEP_FAILS, order, "make_deck", "KeyError", now)


def _claimed(connection: Connection, order: OrderId, member: PersonId, now: dt.datetime) -> str:
    (mail,) = outbox.queue(connection, order, "results//", [To(member)], now)
    outbox.claim(connection, mail.id, now)
    return mail.id


def _hand_out(
    connection: Connection, orders: Sequence[OrderId], consultants: Sequence[StaffId], now: dt.datetime
) -> None:
    """Each order to one of the consultants, and every tenth order's tasks put off."""
    later = danish(now).date() + dt.timedelta(days=9)
    given = [{"of": order, "whose": consultants[number % CONSULTANTS]} for number, order in enumerate(orders)]
    task, board = task_table.c, board_table.c
    connection.execute(
        update(board_table).where(board.order_id == bindparam("of")).values(consultant=bindparam("whose")), given
    )
    theirs = (
        update(task_table)
        .where(task.order_id == bindparam("of"), task.owner_role == "consultant")
        .values(owner_id=bindparam("whose"))
    )
    connection.execute(theirs, given)
    put_off = update(task_table).where(task.order_id == bindparam("of")).values(postponed_until=later)
    connection.execute(put_off, [{"of": order} for order in orders[::10]])


def _sent(order: str, letter: str, member: str, now: dt.datetime) -> dict[str, object]:
    then = now - dt.timedelta(days=30)
    return {
        "id": new_id(),
        "order_id": order,
        "letter": letter,
        "recipient": member,
        "address": 1,
        "state": MailState.SENT.value,
        "attempts": 1,
        "queued_at": then,
        "claimed_at": then,
        "sent_at": then,
    }


def questions(consultant: StaffId) -> dict[str, Wanted]:
    """What the console asks."""
    return {
        "all of it": Wanted(),
        "mine": Wanted(whose=consultant),
        "nobody's": Wanted(whose=Whose.NOBODYS),
        "one reason": Wanted(reasons=frozenset({Reason.CALL_OVERDUE, Reason.CALL_DUE})),
        "put off": Wanted(put_off=PutOff.ALONE),
    }


def measure(database: Database, wanted: Wanted, now: dt.datetime, times: int) -> Measured:
    """Ask for the first page and the counts, so many times."""

    def ask() -> float:
        began = time.perf_counter()
        with database.read() as connection:
            count_needs(connection, wanted, now)
            needs(connection, wanted, now, limit=PAGE)
        return 1_000 * (time.perf_counter() - began)

    ask()
    rows, queries = counted(database, wanted, now)
    return Measured([ask() for _ in range(times)], queries, rows)


def counted(database: Database, wanted: Wanted, now: dt.datetime) -> tuple[int, int]:
    """Rows on the page, and queries that it took."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.engine.connect() as connection:
        count_needs(connection, wanted, now)
        rows = len(needs(connection, wanted, now, limit=PAGE))
    event.remove(database.engine, "before_cursor_execute", note)
    return rows, len(told)


def a_store(folder: Path, orders: int, times: int) -> dict[str, Measured]:
    """Every question, of a store with so many orders."""
    fill(folder, orders, MEMBERS)
    stack = open_stack(Settings(mode="embedded", data=folder))
    now = dt.datetime.now(dt.UTC)
    mine, *_ = furnish(stack.database, now)
    found = {name: measure(stack.database, wanted, now, times) for name, wanted in questions(mine).items()}
    stack.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=40)
    given = parser.parse_args()
    many, times = max(FEW, given.orders), max(1, given.times)
    with tempfile.TemporaryDirectory(prefix="klyngeflow-bench-", ignore_cleanup_errors=True) as folder:
        stores = {orders: a_store(Path(folder) / str(orders), orders, times) for orders in (FEW, many)}
    print(f"Milliseconds of a page of {PAGE} and its counts, {times} times each; load {os.getloadavg()[0]:.1f}\n")
    print(f"{'':12}{'orders':>8}{'rows':>6}{'queries':>9}{'median':>8}{'p95':>7}")
    for name in stores[FEW]:
        for orders, measured in stores.items():
            one = measured[name]
            middle = median(one.milliseconds)
            print(f"{name:12}{orders:8}{one.rows:6}{one.queries:9}{middle:8.1f}{one.p95:7.1f}")
        few, more = stores[FEW][name], stores[many][name]
        ratio = median(more.milliseconds) / median(few.milliseconds)
        met = ratio <= GOAL and few.queries == more.queries
        print(f"{'':12}{ratio:.1f} times as long, p95 {more.p95 / few.p95:.1f}; goal {'met' if met else 'missed'}\n")


if __name__ == "__main__":
    main()

"""Maintenance: starting what was missed, seeing what stands still, the morning digest, the nightly erasure."""

import asyncio
import datetime as dt
from enum import StrEnum

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.country import Country
from activities.dependencies import Dependencies
from activities.digest import NO_ORDER, Digest
from activities.erasure import Erasure
from activities.orders_port import Orders
from activities.watch import Watch
from domain.by import SWEEP
from domain.calendar import is_working_day
from domain.commands import CloseSurvey, ReaddressMember
from domain.meeting import danish
from domain.model import OrderId, Round
from storage import outbox, outbox_reports, people, survey_roll
from storage.open_orders import unfinished

ORPHANED_AFTER = dt.timedelta(hours=3)
NAMED = 5
"""Failures that an error names, by id."""


class MaintenanceJob(StrEnum):
    SWEEP = "sweep"
    MORNING_DIGEST = "morning_digest"
    NIGHTLY_ERASURE = "nightly_erasure"


class MaintenanceActivities:
    """Each job is safe to repeat, and safe to miss."""

    def __init__(self, dependencies: Dependencies, orders: Orders) -> None:
        self._deps = dependencies
        self._orders = orders
        self._country = Country(dependencies.database)
        self._digest = Digest(dependencies)
        self._erasure = Erasure(dependencies)
        self._watch = Watch(dependencies)

    @activity.defn
    async def run_job(self, job: MaintenanceJob) -> str:
        """Do it; what was done, in counts."""
        now = activity.info().started_time.astimezone(dt.UTC)
        match job:
            case MaintenanceJob.SWEEP:
                return await self.sweep(now)
            case MaintenanceJob.MORNING_DIGEST:
                return await self.morning(now)
            case MaintenanceJob.NIGHTLY_ERASURE:
                return await asyncio.to_thread(self.night, now, dt.datetime.now(dt.UTC))

    async def sweep(self, now: dt.datetime) -> str:
        """Start missing workflows, wake those late or with mail to try, pass on addresses, see what stands still."""
        orphans = await asyncio.to_thread(self._settle_orphans, now)
        stuck = await asyncio.to_thread(self._watch.look_around, now)
        waiting = await asyncio.to_thread(unfinished, self._deps.database)
        started = await self._orders.start_missing([order for order in waiting if order not in stuck.cut_short])
        woken, deaf = await self._wake(stuck.newly)
        readdressed, refused = await self._pass_on_addresses()
        done = (
            f"{started} workflows started, {orphans} mails of unknown outcome, {woken} orders woken, "
            f"{readdressed} new addresses, {stuck.standing_still} orders standing still"
        )
        return _told(done, deaf + refused, "SweepToRetry")

    def _settle_orphans(self, now: dt.datetime) -> int:
        with self._deps.database.write() as connection:
            return outbox.settle_orphans(connection, now - ORPHANED_AFTER)

    async def _wake(self, late: frozenset[OrderId]) -> tuple[int, list[str]]:
        """Have orders look again: mail that never left is sent by all the rules of sending; one late knows no better.

        Once for one that is late: whatever else keeps it is not mended by asking.
        """
        with self._deps.database.read() as connection:
            orders = {*outbox_reports.orders_with_mail_that_never_left(connection), *late}
        failures = list[str]()
        for order_id in sorted(orders):
            if order_id == NO_ORDER:  # a morning's list: there is a newer one
                continue
            try:
                await self._orders.look_again(order_id)
            except Exception as error:  # noqa: BLE001 - one order's trouble is not the others'
                failures.append(f"{order_id} {type(error).__name__}")
        return len(orders - {NO_ORDER}) - len(failures), failures

    async def _pass_on_addresses(self) -> tuple[int, list[str]]:
        """A doctor's new address, told to the one order, is for all orders that have the doctor."""
        with self._deps.database.read() as connection:
            outdated = people.outdated_addresses(connection)
        failures = list[str]()
        for order_id, person, address in outdated:
            command = ReaddressMember(member=person, address=address)
            try:
                await self._orders.execute(order_id, command, by=SWEEP, request_id=f"address-{person}-{address}")
            except Exception as error:  # noqa: BLE001 - one order's trouble is not the others'
                failures.append(f"{order_id} {type(error).__name__}")
        return len(outdated) - len(failures), failures

    async def morning(self, now: dt.datetime) -> str:
        """On a working day: close the rounds everyone has answered, and send staff their list."""
        if not is_working_day(danish(now).date()):
            return "a day off"
        with self._deps.database.read() as connection:
            full = survey_roll.full_rounds(connection)
        failures = list[str]()
        for order_id, round_ in full:
            try:
                await self._close(order_id, round_, now)
            except Exception as error:  # noqa: BLE001 - one order's trouble is not the others'
                failures.append(f"{order_id} {type(error).__name__}")
        sent, unsent = await asyncio.to_thread(self._digest.send_all, now)
        done = f"{len(full) - len(failures)} full rounds closed, {sent} digests sent"
        return _told(done, failures + unsent, "MorningToRetry")

    def night(self, now: dt.datetime, wall_now: dt.datetime | None = None) -> str:
        """Publish the country's figures, then erase what is due: also where a figure fails, for erasing is promised."""
        published, failures = self._country.publish_what_is_due(now)
        erased = self._erasure.erase_what_is_due(now, wall_now)
        return _told(f"{erased}, {published} national figures published", failures, "NightToRetry")

    async def _close(self, order_id: OrderId, round_: Round, now: dt.datetime) -> None:
        command = CloseSurvey(round=round_, why="everyone_answered")
        request = f"full-{round_}-{danish(now).date()}"
        await self._orders.execute(order_id, command, by=SWEEP, request_id=request)


def _told(done: str, failures: list[str], type_: str) -> str:
    if failures:
        raise ApplicationError(f"{done}; failed: {', '.join(failures[:NAMED])}", type=type_)
    return done

"""Delivering the log to one subscriber: what is to be tried again first, then what is new. Safe to repeat at any point.

Each round reads, sends, and then records what came of it with the cursor in one transaction: a process that dies in
between has a round's events sent once more, and loses none.
"""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel
from sqlalchemy import Connection
from temporalio import activity

from activities.dependencies import Dependencies
from activities.webhook_lanes import Lanes, Sent, Target
from activities.webhook_receiver import Verdict
from domain.webhook_retries import LONGEST_AWAY, next_attempt, pause_after
from storage import deliveries, subscriptions, webhook_secrets
from storage.deliveries import Delivery, DeliveryState, new_delivery
from storage.log_reader import Batch, Entry, Overtaken, entry_at
from storage.subscriptions import NoSuchSubscription, State, Subscription

HEARTBEAT = dt.timedelta(seconds=30)
"""A visit says at least so often that it is alive; one event takes half of that at most."""
A_VISIT = 60.0
"""Seconds after which a visit ends, and the next one goes on."""
FEWEST, MOST = 8, 256
"""Events in a round: twice as many after a quick one, half as many after a slow one."""
QUICK, SLOW = 0.5, 2.0
"""Seconds of a round."""


class Deliver(BaseModel):
    """The subscription to visit."""

    subscription: str


class Delivered(BaseModel):
    """What is next: `more` at once; else at `again_at`, or when there is something new.

    While `away`, something new is no reason to come: the receiver takes nothing.
    """

    more: bool = False
    again_at: dt.datetime | None = None
    away: bool = False


@dataclass(frozen=True)
class _Visit:
    """One visit: whose it is, and the clock by which it goes."""

    subscription: str
    run: str
    began: dt.datetime
    started: float

    def now(self) -> dt.datetime:
        return self.began + dt.timedelta(seconds=time.monotonic() - self.started)

    def goes_on(self) -> bool:
        return time.monotonic() - self.started < A_VISIT and not activity.is_worker_shutdown()


@dataclass(frozen=True)
class _Round:
    """What is sent together, by order. `batch` is what the cursor passes with it, None where it is tried again."""

    subscription: Subscription
    target: Target
    waiting: Sequence[Delivery]
    lanes: Sequence[Sequence[Entry]]
    batch: Batch | None = None


class WebhookActivities:
    """One subscriber a call."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies

    @activity.defn
    def deliver(self, ask: Deliver) -> Delivered:
        """Send what is due and what is new until neither is left, the visit's time is up, or people say otherwise."""
        with self._deps.database.write() as connection:
            run = subscriptions.take(connection, ask.subscription)
        if run is None:
            return Delivered()
        began = activity.info().started_time.astimezone(dt.UTC)
        visit = _Visit(ask.subscription, run, began, time.monotonic())
        size = FEWEST
        try:
            while visit.goes_on():
                activity.heartbeat()
                round_ = self._next_round(visit, size)
                if isinstance(round_, Delivered):
                    return round_
                started = time.monotonic()
                self._record(visit, round_, Lanes(round_.target, round_.lanes).send(lambda: _look_up(visit)))
                size = _next_size(size, time.monotonic() - started)
        except (Overtaken, NoSuchSubscription):
            pass  # whoever has it now, or nobody: the next visit sees
        return Delivered(more=True)

    # --- what to send -----------------------------------------------------------------------------------------------

    def _next_round(self, visit: _Visit, size: int) -> _Round | Delivered:
        """What is to be sent now, or what is next where nothing is."""
        with self._deps.database.read() as connection:
            subscription = subscriptions.subscription(connection, visit.subscription)
            if subscription.state is not State.ACTIVE:
                return Delivered()
            now = visit.now()
            away = subscription.again_at
            if away is not None and away > now:
                return Delivered(again_at=away, away=True)
            secrets = webhook_secrets.signing_secrets(connection, self._deps.keys, subscription.id, now)
            target = Target(subscription.url, self._deps.reach, secrets)
            first = deliveries.first_waiting(connection, subscription.id)
            due = _due(first, now)
            if due:
                orders = [
                    deliveries.waiting_of(connection, subscription.id, each.order_id, size) for each in due[:size]
                ]
                lanes = [[entry_at(connection, row.position) for row in order] for order in orders]
                return _Round(subscription, target, [row for order in orders for row in order], lanes)
            batch = subscription.reader.next_batch(connection, size)
        if batch.upto == batch.after:
            return Delivered(again_at=min((row.again_at for row in first if row.again_at), default=None))
        held = {row.order_id for row in first}
        lanes_ = dict[str, list[Entry]]()
        for entry in batch.entries:
            if entry.stream not in held:
                lanes_.setdefault(entry.stream, []).append(entry)
        return _Round(subscription, target, list(map(new_delivery, batch.entries)), list(lanes_.values()), batch)

    # --- what came of it --------------------------------------------------------------------------------------------

    def _record(self, visit: _Visit, round_: _Round, sent: Sent) -> None:
        """Rows, cursor and the receiver's health in one transaction. Raises Overtaken."""
        now, id_ = visit.now(), round_.subscription.id
        after = [_after(row, sent, now) for row in round_.waiting]
        with self._deps.database.write() as connection:
            subscriptions.check_taken(connection, id_, visit.run)
            if round_.batch is not None:
                round_.subscription.reader.advance(connection, round_.batch)
            deliveries.put(connection, id_, after)
            self._note_receiver(connection, round_, sent, after, now)

    def _note_receiver(
        self, connection: Connection, round_: _Round, sent: Sent, rows: Sequence[Delivery], now: dt.datetime
    ) -> None:
        """Whether the receiver takes nothing at all: where events that were never tried before are not taken either."""
        id_, failures, answers = round_.subscription.id, round_.subscription.failures, sent.answers
        given_up = [row for row in rows if _is_given_up(row)]
        untried = [row.position for row in round_.waiting if row.attempts == 0 and row.position in answers]
        if any(answer.verdict is Verdict.GONE for answer in answers.values()):
            subscriptions.stop(connection, id_, "gone", now)
        elif given_up:
            subscriptions.stop(connection, id_, given_up[0].code, now)
        elif sent.away and any(answers[position].verdict is not Verdict.DELIVERED for position in untried):
            wish = max(answer.wait for answer in answers.values())
            away = min(pause_after(failures + 1, wish), LONGEST_AWAY)
            subscriptions.note_receiver(connection, id_, failures + 1, now + away)
        elif failures and any(answer.verdict is Verdict.DELIVERED for answer in answers.values()):
            subscriptions.note_receiver(connection, id_, 0, None)
            deliveries.try_at_once(connection, id_)
        elif round_.subscription.again_at is not None:
            subscriptions.note_receiver(connection, id_, failures, None)


def _due(first: Sequence[Delivery], now: dt.datetime) -> list[Delivery]:
    """Those that are to be tried now, of each order's first, and with them what waits behind.

    The oldest order first, whose days count; then those least often tried: where the receiver takes nothing, only a few
    are, and where some orders' events alone are refused, they hold up no others.
    """
    due = [row for row in first if row.again_at is None or row.again_at <= now]
    return due[:1] + sorted(due[1:], key=lambda row: (row.attempts, row.position))


def _after(row: Delivery, sent: Sent, now: dt.datetime) -> Delivery:
    """The row as it is after the round. One that failed for the last time has no next.

    One that was to be tried again and was not, since the receiver takes nothing, waits as if it had been.
    """
    answer = sent.answers.get(row.position)
    if answer is None:
        if not sent.away or row.first_at is None:
            return row
        return replace(row, again_at=next_attempt(row.first_at, now, row.attempts))
    first_at, attempts = row.first_at or now, row.attempts + 1
    tried = replace(row, attempts=attempts, code=answer.code, first_at=first_at, last_at=now, again_at=None)
    if answer.verdict is Verdict.DELIVERED:
        return replace(tried, state=DeliveryState.DELIVERED)
    return replace(tried, again_at=next_attempt(first_at, now, attempts, answer.wait))


def _is_given_up(row: Delivery) -> bool:
    return row.state is DeliveryState.WAITING and row.attempts > 0 and row.again_at is None


def _look_up(visit: _Visit) -> bool:
    activity.heartbeat()
    return visit.goes_on()


def _next_size(size: int, seconds: float) -> int:
    if seconds > SLOW:
        return max(size // 2, FEWEST)
    return min(size * 2, MOST) if seconds < QUICK else size

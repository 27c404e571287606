"""The one door into an order's stream: load, decide, append, and say what is so now."""

import datetime as dt

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Connection
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.dependencies import Dependencies
from domain.by import SYSTEM, By
from domain.clock import next_step
from domain.commands import AnyCommand, RecordLetters
from domain.decisions import decide_for
from domain.events import Event
from domain.evolution import evolve
from domain.look import outlook_of
from domain.model import OrderId, Rejected, Round
from domain.order import Order
from domain.outlook import Outlook
from storage import enclosures, outbox_reports
from storage.effects import Effects
from storage.event_store import Conflict
from storage.people import AddressChanged
from storage.recorded import Recorded
from storage.survey_roll import StillWaitedFor

TRIES = 5
"""How often an append is decided again at once where somebody else was first; then Temporal tries again, later."""

STREAM_CUT = "StreamShorterThanKnown"
"""The `ApplicationError.type` where the stream has lost events the workflow has seen: a restored back-up."""
STEP_REFUSED = "StepRefused"
"""The `ApplicationError.type` of a step that the rules call for and do not allow: a fault of ours."""
NO_SUCH_ORDER = "NoSuchOrder"
CHANGED_MEANWHILE = "person_changed_meanwhile"
"""The refusal's code where a person's name or address is not what it was when the correction was written."""

_MEANWHILE = "Nogen har rettet den samme person imens. Se, hvordan det står nu, og prøv igen."


class CarryOut(BaseModel):
    """Commands to decide together. None is to look at what is so.

    `known` is the version the workflow has seen, `cause` names the request, so that a retry finds its own work.
    """

    order: OrderId
    known: int
    now: AwareDatetime
    commands: tuple[AnyCommand, ...] = ()
    by: By = SYSTEM
    cause: str | None = None
    enclosure: str | None = None


class TakeStep(BaseModel):
    """A step that is work, and whose outcome is recorded. `version` is a deck's."""

    order: OrderId
    round: Round
    version: int = 0
    known: int
    now: AwareDatetime


class Refusal(BaseModel):
    """The domain's no."""

    code: str
    message: str
    facts: dict[str, str | int] = {}


class CarriedOut(BaseModel):
    """What is so now, and why the commands came to nothing, if they were refused."""

    outlook: Outlook
    refusal: Refusal | None = None


class OrderActivities:
    """Safe to repeat: a cause that is in the stream is not carried out again."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies
        self._effects = Effects(dependencies.keys)

    @activity.defn
    def carry_out(self, ask: CarryOut) -> CarriedOut:
        """Load the stream, decide the commands, append what they lead to; gives the outlook, or the refusal with it.

        A step of the clock's that was told before the rules changed, and is not due by them, gives the outlook as it
        is by them. Raises ApplicationError: `StreamShorterThanKnown` and `NoSuchOrder`, never to be retried;
        `StepRefused` where the rules call for a step and do not allow it.
        """
        now = ask.now.astimezone(dt.UTC)
        for attempt in range(TRIES):
            recorded = self._deps.store.load_recorded(ask.order)
            order = _as_known(ask.order, ask.known, recorded)
            if _is_done(ask, recorded):
                return self._outlook(order, now)
            try:
                after = self._carried_out(order, ask, now)
            except Conflict:
                continue
            except AddressChanged:  # what was written beside the command goes by an address that is not there any more
                if attempt + 1 < TRIES:
                    continue
                return self._outlook(order, now, Rejected(CHANGED_MEANWHILE, _MEANWHILE))
            except StillWaitedFor:
                return self._outlook(order, now, Rejected("somebody_still_asked", "Ikke alle har svaret."))
            except Rejected as refusal:
                if ask.by == SYSTEM and order.version == ask.known and _is_due(order, ask.commands[0], now):
                    msg = f"order {ask.order}: {refusal.code} to {ask.commands[0].type}"
                    raise ApplicationError(msg, type=STEP_REFUSED) from None
                return self._outlook(order, now, refusal)
            return self._outlook(after, now)
        msg = f"order {ask.order}: others were first {TRIES} times"
        raise ApplicationError(msg, type="Conflict", category=ApplicationErrorCategory.BENIGN)

    def as_known(self, order_id: OrderId, known: int) -> Order:
        """The order, before work for it that cannot be undone. Raises as `carry_out` for a stream that was cut."""
        return _as_known(order_id, known, self._deps.store.load_recorded(order_id))

    def record(self, step: TakeStep, outcome: AnyCommand) -> CarriedOut:
        """What came of a step's work. A retry finds that it has recorded it. Raises what `carry_out` raises."""
        cause = f"{outcome.type}@{step.known}"
        return self.carry_out(
            CarryOut(order=step.order, known=step.known, now=step.now, commands=(outcome,), cause=cause)
        )

    def _carried_out(self, order: Order, ask: CarryOut, now: dt.datetime) -> Order:
        events, after = list[Event](), order
        for command in ask.commands:
            for event in decide_for(after, command, ask.by, now):
                after = evolve(after, event)
                events.append(event)
        if not events:
            return order

        def also(connection: Connection) -> None:
            if ask.enclosure is not None:
                enclosures.unfold(connection, self._deps.keys, ask.enclosure, events)
            self._effects.apply(connection, after, events)

        self._deps.store.append(
            order.id, order.version, events, by=ask.by, now=now, before=order, causation=ask.cause, also=also
        )
        return after

    def _outlook(self, order: Order, now: dt.datetime, refusal: Rejected | None = None) -> CarriedOut:
        with self._deps.database.read() as connection:
            waiting = outbox_reports.waiting_letters(connection, order.id, now)
        refused = Refusal(code=refusal.code, message=refusal.message, facts=refusal.facts) if refusal else None
        return CarriedOut(outlook=outlook_of(order, now, waiting), refusal=refused)


def _is_due(order: Order, command: AnyCommand, now: dt.datetime) -> bool:
    """Whether the rules of today call for it; letters are recorded whenever they have been sent."""
    if isinstance(command, RecordLetters):
        return True
    step = next_step(order, now)
    return step is not None and step.at <= now and step.command in (None, command)


def _as_known(order_id: OrderId, known: int, recorded: list[Recorded]) -> Order:
    """The order as its stream has it. Raises ApplicationError where that is not what the workflow has seen."""
    order: Order | None = None
    for each in recorded:
        order = evolve(order, each.event)
    if len(recorded) < known:
        msg = (
            f"order {order_id}: its stream ends at version {len(recorded)}, and the workflow has seen {known}. "
            "After restoring a back-up, give every order another workflow: klyngeflow recover --replace --all"
        )
        raise ApplicationError(msg, type=STREAM_CUT, non_retryable=True)
    if order is None:
        msg = f"there are no events of order {order_id}"
        raise ApplicationError(msg, type=NO_SUCH_ORDER, non_retryable=True)
    return order


def _is_done(ask: CarryOut, recorded: list[Recorded]) -> bool:
    """Whether this request has changed the order already."""
    if not ask.commands or ask.cause is None:
        return not ask.commands
    asked = (ask.cause, ask.by.role, ask.by.who)
    return any((each.causation_id, each.by.role, each.by.who) == asked for each in recorded)

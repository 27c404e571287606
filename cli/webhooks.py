"""`klyngeflow webhooks`: who is told of events, what became of each, and sending them again."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from cli.acting import note
from cli.ending import Refusal
from cli.reading import DataOption, JsonOption, keys_for, moment, settings_for, the_store
from cli.table import wide_console
from domain.meeting import COPENHAGEN
from domain.receiver import receiver_url
from domain.unfit import Unfit
from storage import deliveries as sent
from storage import subscriptions
from storage.audit import Deed, Subject
from storage.deliveries import Delivery, DeliveryState
from storage.log_reader import last_position
from storage.subscriptions import AheadOfTheLog, NoSuchSubscription, State, Subscription, TooMany
from storage.upcasters import EVENT_CLASSES

app = typer.Typer(help="Who is told of events: subscriptions, deliveries, and sending again.", no_args_is_help=True)

Which = Annotated[str, typer.Argument(metavar="ID", help="As 'webhooks list' shows it.")]
FROM = "A position in the log, or a day or instant such as 2026-11-01 or 2026-11-01T09:30 (Danish time)."
MOST_WAITING_SHOWN = 20
MOST_SHOWN = 10_000


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where events are sent, https://…")],
    events: Annotated[
        str, typer.Option(help="Which, with commas between, as 'webhooks events' lists them (default: all).")
    ] = "",
    from_: Annotated[str, typer.Option("--from", help=f"Where to begin (default: now). {FROM}")] = "",
    data: DataOption = None,
) -> None:
    """Send events to this address. Prints the subscription's id and its secret, which is shown this once."""
    wanted, address = _events(events), _address(url, data)
    with the_store(data) as database, database.write() as connection:
        after = None if not from_ else _after(connection, from_)
        try:
            id_, secret = subscriptions.add(connection, keys_for(data), address, wanted, _now(), after=after)
        except TooMany:
            raise Refusal(f"there are {subscriptions.MOST_SUBSCRIPTIONS} already, and no more may be", 1) from None
        note(connection, settings_for(data).staff, Deed.WEBHOOK_ADDED, Subject(about=id_))
    typer.echo(f"{id_}\n{secret}")


@app.command("events")
def list_events() -> None:
    """The names of the events there are."""
    for name in sorted(EVENT_CLASSES):
        typer.echo(name)


@app.command("list")
def list_subscriptions(data: DataOption = None, json_: JsonOption = False) -> None:
    """The subscriptions there are, and how far each is."""
    with the_store(data) as database, database.read() as connection:
        found = subscriptions.subscriptions(connection)
    if json_:
        typer.echo(json.dumps([_as_json(each) for each in found], ensure_ascii=False, indent=1))
        return
    table = Table("Id", "To", "Events", "State", "Sent to", "To come", box=None)
    for each in found:
        kinds = ", ".join(each.events) or "all"
        table.add_row(each.id, escape(each.url), kinds, _state(each), str(each.position), str(each.behind))
    wide_console().print(table if found else "There are no subscriptions.")


@app.command()
def show(which: Which, data: DataOption = None, json_: JsonOption = False) -> None:
    """One subscription: where it is, what waits and why."""
    with the_store(data) as database, database.read() as connection:
        found = _found(connection, which)
        counts = sent.counts(connection, which)
        waiting = sent.waiting(connection, which, None if json_ else MOST_WAITING_SHOWN)
    if json_:
        told = {**_as_json(found), "counts": counts, "waiting": [_delivery_as_json(each) for each in waiting]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    console = wide_console()
    console.print(
        f"{found.id}  {escape(found.url)}\nEvents: {', '.join(found.events) or 'all'}\nState: {_state(found)}"
    )
    console.print(f"Sent to position {found.position} of {found.position + found.behind}")
    console.print("  ".join(f"{state}: {count}" for state, count in sorted(counts.items())) or "Nothing sent yet.")
    if found.again_at is not None:
        console.print(f"The receiver takes nothing; asked again {moment(found.again_at)}")
    if waiting:
        console.print(_table(waiting))
    if found.state is State.STOPPED:
        console.print(f"When the receiver is mended: klyngeflow webhooks resume {found.id}")


@app.command()
def deliveries(
    which: Which,
    state: Annotated[DeliveryState | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="At most so many, the newest first.")] = 50,
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """What became of each event: waiting, delivered or given up. What was delivered is listed for 30 days."""
    with the_store(data) as database, database.read() as connection:
        _found(connection, which)
        found = sent.deliveries(connection, which, limit, state=state)
    if json_:
        typer.echo(json.dumps([_delivery_as_json(each) for each in found], ensure_ascii=False, indent=1))
        return
    wide_console().print(_table(found) if found else "There are none.")


@app.command()
def replay(
    which: Which,
    from_: Annotated[str, typer.Argument(metavar="FROM", help=f"{FROM} 1 is the log's beginning.")],
    data: DataOption = None,
) -> None:
    """Send the events from there on again, with the ids they had: at once, or when one that is paused is resumed."""
    with the_store(data) as database, database.write() as connection:
        _found(connection, which)
        after = _after(connection, from_)
        try:
            subscriptions.replay(connection, which, after)
        except AheadOfTheLog as ahead:
            raise Refusal(
                f"nothing from there on has been sent yet: it is sent up to position {ahead.sent_to}", 1
            ) from None
        _noted(connection, data, which, "replayed")
    typer.echo(f"{which}: sent again from position {after + 1} on.")


@app.command()
def pause(which: Which, data: DataOption = None) -> None:
    """Send nothing until 'resume'. Nothing is lost: what happens meanwhile is sent then."""
    with _changing(data, which, "paused") as connection:
        subscriptions.pause(connection, which)
    typer.echo(f"{which}: paused.")


@app.command()
def resume(
    which: Which,
    give_up: Annotated[bool, typer.Option("--give-up", help="Leave out the events that were tried and not taken.")] = (
        False
    ),
    data: DataOption = None,
) -> None:
    """Send again, at once, and what fails for another three days."""
    with _changing(data, which, "resumed") as connection:
        given_up = subscriptions.resume(connection, which, give_up=give_up)
    left_out = f"; {given_up} {'event' if given_up == 1 else 'events'} given up" if give_up else ""
    typer.echo(f"{which}: goes on{left_out}.")


@app.command()
def rotate(
    which: Which,
    hours: Annotated[int, typer.Option(min=0, max=24 * 30, help="So long both secrets sign.")] = 24,
    data: DataOption = None,
) -> None:
    """Print a new secret, shown this once. Both sign until the hours are over, so that the receiver can change."""
    with _changing(data, which, "rotated") as connection:
        secret = subscriptions.rotate(connection, keys_for(data), which, _now(), dt.timedelta(hours=hours))
    typer.echo(secret)


@app.command()
def remove(which: Which, data: DataOption = None) -> None:
    """Send nothing to it any more, and forget what was sent."""
    with the_store(data) as database, database.write() as connection:
        _found(connection, which)
        subscriptions.remove(connection, which)
        note(connection, settings_for(data).staff, Deed.WEBHOOK_REMOVED, Subject(about=which))
    typer.echo(f"{which}: removed.")


@contextmanager
def _changing(data: DataOption, which: str, did: str) -> Iterator[Connection]:
    """A transaction in which the subscription there is changes, with its line in the log."""
    with the_store(data) as database, database.write() as connection:
        _found(connection, which)
        yield connection
        _noted(connection, data, which, did)


def _noted(connection: Connection, data: DataOption, which: str, did: str) -> None:
    note(connection, settings_for(data).staff, Deed.WEBHOOK_CHANGED, Subject(about=which, facts={"did": did}))


def _found(connection: Connection, which: str) -> Subscription:
    try:
        return subscriptions.subscription(connection, which)
    except NoSuchSubscription:
        raise Refusal(f"there is no subscription '{which}'; `klyngeflow webhooks list` shows them", 1) from None


def _address(url: str, data: DataOption) -> str:
    try:
        return receiver_url(url, settings_for(data).reach)
    except Unfit as unfit:
        raise Refusal(f"the address {unfit.english}") from None


def _events(given: str) -> list[str]:
    wanted = [name.strip() for name in given.split(",") if name.strip()]
    for name in wanted:
        if name not in EVENT_CLASSES:
            raise Refusal(f"there is no event '{name}'; `klyngeflow webhooks events` lists them")
    return wanted


def _after(connection: Connection, given: str) -> int:
    """The position before the one that is meant. Refusal where it is none."""
    end = last_position(connection)
    if given.isascii() and given.isdigit():
        position = int(given[:19])
        if not 1 <= position <= end + 1:
            raise Refusal(f"the log has positions 1 to {end}")
        return position - 1
    try:
        instant = dt.datetime.fromisoformat(given)
        instant = (instant if instant.tzinfo else instant.replace(tzinfo=COPENHAGEN)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Refusal(f"'{given}' is neither a position nor a day or instant such as 2026-11-01T09:30") from None
    first = subscriptions.first_position_since(connection, instant)
    return end if first is None else first - 1


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _state(subscription: Subscription) -> str:
    return f"{subscription.state} ({subscription.reason})" if subscription.reason else subscription.state.value


def _table(rows: Sequence[Delivery]) -> Table:
    table = Table("Position", "Order", "Event", "State", "Tries", "Last", "Answer", "Next", box=None)
    for each in rows:
        last, again = (moment(at) if at else "" for at in (each.last_at, each.again_at))
        tries = str(each.attempts)
        table.add_row(str(each.position), each.order_id, each.type, each.state, tries, last, each.code, again)
    return table


def _as_json(each: Subscription) -> dict[str, Any]:
    return {
        "subscription": each.id,
        "url": each.url,
        "events": each.events,
        "state": each.state,
        "reason": each.reason or None,
        "position": each.position,
        "behind": each.behind,
        "again_at": each.again_at and each.again_at.isoformat(),
        "made_at": each.made_at.isoformat(),
    }


def _delivery_as_json(each: Delivery) -> dict[str, Any]:
    instants = {"first_at": each.first_at, "last_at": each.last_at, "again_at": each.again_at}
    return {
        "position": each.position,
        "event": each.event_id,
        "order": each.order_id,
        "type": each.type,
        "state": each.state,
        "attempts": each.attempts,
        "code": each.code or None,
        **{name: at and at.isoformat() for name, at in instants.items()},
    }

"""`klyngeflow`: the command line. A command's module, and all it needs, is imported when it is called."""

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NamedTuple, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.main import get_group

from cli.ending import Refusal
from domain.signs import refuse_unstorable
from domain.unfit import Unfit
from storage.outage import DatabaseUnavailable, Outage


class Entry(NamedTuple):
    """A line of the list: the command, where it is, and what it says of itself, which a test compares."""

    name: str
    where: str
    says: str
    panel: str | None = None


PRODUCTION = "Production"
ENTRIES = (
    Entry(
        "demo",
        "demo:demo",
        'Carry one order from "bestilt" to the comparison: real server, real pages, real files; time is skipped.',
    ),
    Entry(
        "up",
        "up:up",
        "Run everything on this machine: Temporal with its pages, worker and web. Ctrl-C stops it cleanly.",
    ),
    Entry(
        "report",
        "report:report",
        "Make a cluster's deck, Word document and results.json from a CSV file of answers. Needs no server.",
    ),
    Entry("orders", "orders:app", "Orders from a terminal."),
    Entry(
        "tasks",
        "tasks:tasks",
        "What needs somebody: tasks of orders, addresses and mail in trouble, and what the system cannot do by itself.",
    ),
    Entry("events", "events:app", "The log of events."),
    Entry("mails", "mails:app", "Mails: which need somebody, and why one went or did not."),
    Entry("people", "people:app", "Doctors and coordinators: who they are, and whether they get mail."),
    Entry("clusters", "clusters:app", "The clusters we know, and putting others in from a file."),
    Entry("package", "package:app", "Packages: what there is, what they ask, whether they hang together."),
    Entry("staff", "staff:app", "KiAP's consultants and operations."),
    Entry("keys", "keys:app", "API keys: made, listed and revoked by name."),
    Entry("webhooks", "webhooks:app", "Who is told of events: subscriptions, deliveries, and sending again."),
    Entry(
        "simulate",
        "simulate:simulate",
        "Live years of a whole country's orders in plain Python: what KiAP must staff for.",
    ),
    Entry("worker", "production:worker", "Run a worker: workflows, activities and mail, until SIGTERM.", PRODUCTION),
    Entry("web", "production:web", "Run the pages and the API, until SIGTERM.", PRODUCTION),
    Entry("migrate", "migrate:migrate", "Bring the database to this version.", PRODUCTION),
    Entry(
        "recover",
        "production:recover",
        "Start a workflow for every order that needs one and has none: after losing Temporal, or on another cluster.",
        PRODUCTION,
    ),
    Entry(
        "rebuild",
        "production:rebuild",
        "Make the read models again from the events, beside the old ones, then switch.",
        PRODUCTION,
    ),
)


class _Lazy(TyperGroup):
    """Lists what the entries say; the command that is called is the real one."""

    def resolve_command(self, *asked: Any) -> Any:  # noqa: ANN401 - the types are Typer's own
        name, _, arguments = super().resolve_command(*asked)
        return name, load(name or ""), arguments


def load(name: str) -> Any:  # noqa: ANN401
    """The command of this name, imported. Raises KeyError."""
    module, _, attribute = {entry.name: entry.where for entry in ENTRIES}[name].partition(":")
    gc.disable()  # what a module makes stays; looking for garbage in it takes a fifth of a start
    try:
        found = getattr(import_module(f"cli.{module}"), attribute)
    finally:
        gc.enable()
    holder = typer.Typer(rich_markup_mode="rich")
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
    return get_group(holder).commands[name]


app = _Lazy(
    name="klyngeflow",
    help="Carries KiAP's cluster packages from order to follow-up.",
    commands=[TyperCommand(entry.name, help=entry.says, rich_help_panel=entry.panel) for entry in ENTRIES],
    no_args_is_help=True,
    rich_markup_mode="rich",
)


def main() -> None:
    """Run, and end as the shell expects: 0 done, 1 no, 2 wrong use or bad input, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a log file shows each line at once; a terminal without our letters, "?"
            stream.reconfigure(line_buffering=True, errors="replace")
    try:
        _refuse_broken_text(sys.argv[1:])
        sys.exit(app(standalone_mode=False))
    except Refusal as refusal:
        _end(str(refusal), refusal.code)
    except DatabaseUnavailable as unavailable:
        _end(str(unavailable), 2 if unavailable.outage is Outage.OUT_OF_REACH else 1)
    except TyperException as wrong_use:
        _end(_one_line(wrong_use), 2)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)


def _refuse_broken_text(arguments: Sequence[str]) -> None:
    """Raises Refusal where a terminal sent bytes that are no UTF-8: nothing of ours could be looked up by them."""
    for place, argument in enumerate(arguments, start=1):
        try:
            refuse_unstorable(argument)
        except Unfit as unfit:
            raise Refusal(f"argument {place} {unfit.english}") from None


def _end(message: str, code: int) -> NoReturn:
    if message:
        typer.echo(f"klyngeflow: {message}", err=True)
    sys.exit(code)


def _one_line(wrong_use: TyperException) -> str:
    """What was wrong, and whose help tells how it is right; nothing where that help was just printed."""
    message = " ".join(wrong_use.format_message().split())
    context = getattr(wrong_use, "ctx", None)
    stop = "" if message.endswith((".", "?")) else "."
    return f"{message}{stop} See '{context.command_path} --help'." if message and context else message

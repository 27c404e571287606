"""`klyngeflow`: the command line."""

import sys
from io import TextIOWrapper
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from worker.commands import events, orders, package, staff
from worker.commands.demo import demo
from worker.commands.ending import Refusal
from worker.commands.production import migrate, rebuild, recover, web, worker
from worker.commands.report import report
from worker.commands.up import up

app = typer.Typer(
    name="klyngeflow",
    help="Carries KiAP's cluster packages from order to follow-up.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for command in (demo, up, report):
    app.command()(command)
for part in (worker, web, migrate, recover, rebuild):
    app.command(rich_help_panel="Production")(part)
app.add_typer(orders.app, name="orders")
app.add_typer(events.app, name="events")
app.add_typer(package.app, name="package")
app.add_typer(staff.app, name="staff")


def main() -> None:
    """Run, and end as the shell expects: 0 done, 1 no, 2 wrong use or bad input, 130 interrupted."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # a log file shows the addresses at once
    try:
        sys.exit(app(standalone_mode=False))
    except Refusal as refusal:
        _end(str(refusal), refusal.code)
    except TyperException as wrong_use:
        _end(_one_line(wrong_use), 2)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)


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

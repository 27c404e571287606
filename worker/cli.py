"""`klyngeflow`: the command line."""

import sys

import click
import typer

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
for command in (worker, web, migrate, recover, rebuild):
    app.command(rich_help_panel="Production")(command)
app.add_typer(orders.app, name="orders")
app.add_typer(events.app, name="events")
app.add_typer(package.app, name="package")
app.add_typer(staff.app, name="staff")


def main() -> None:
    """Run, and end as the shell expects: 0 done, 1 no, 2 wrong use or bad input, 130 interrupted."""
    try:
        app(standalone_mode=False)
    except Refusal as refusal:
        click.echo(f"klyngeflow: {refusal}", err=True)
        sys.exit(refusal.code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.exceptions.Exit as finished:
        sys.exit(finished.exit_code)

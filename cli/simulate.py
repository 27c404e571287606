"""`klyngeflow simulate`: years of a country's orders in plain Python, as a table and as CSV."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.ending import Refusal
from cli.table import wide_console
from demo.questionnaires import with_questionnaires
from demo.simulation import simulate as live
from demo.staffing import days_of, quarters_of
from domain.package import Package
from reporting.deck_check import deck_problems
from storage.packages import PACKAGES, packages_in

FIRST_DAY = dt.date(2027, 1, 1)

COLUMNS = {
    "placed": "Bestilt",
    "open": "I gang",
    "mails_a_day": "Mails om dagen",
    "most_mails_a_day": "flest",
    "calls_a_week": "Opkald om ugen",
    "most_calls_a_week": "flest",
    "decks_a_week": "Materiale at se om ugen",
    "most_decks_a_week": "flest",
    "too_few": "For få svar",
}


def simulate(
    clusters: Annotated[int, typer.Option(min=1, max=2000, help="How many clusters there are.")] = 115,
    packages: Annotated[int, typer.Option(min=1, max=100, help="How many packages they choose from.")] = 12,
    years: Annotated[int, typer.Option(min=1, max=20)] = 3,
    seed: Annotated[int, typer.Option(help="The same seed is the same country.")] = 7,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write a row a day to this file.")] = None,
) -> None:
    """Live years of a whole country's orders in plain Python: what KiAP must staff for.

    It begins with no orders, so the first year is filling up. Where there are
    fewer packages than asked for, some are taken more than once. What people
    do is assumed, see demo/habits.py; what comes of it are the real rules.
    """
    tally = live(_packages(packages), clusters=clusters, begins=FIRST_DAY, years=years, seed=seed)
    days = days_of(tally, FIRST_DAY, years)
    if csv is not None:
        try:
            days.to_csv(csv)
        except OSError as error:
            raise Refusal(f"'{csv}' cannot be written: {error.strerror or error}") from None
    quarters = quarters_of(days)
    table = Table("Fra", *COLUMNS.values(), box=None)
    for begins, *figures in quarters[list(COLUMNS)].itertuples():
        table.add_row(f"{begins:%d.%m.%Y}", *map(_figure, figures))
    wide_console().print(table)
    if tally.refused:
        typer.echo(f"Reglerne sagde nej {tally.refused.total()} gange: {', '.join(sorted(tally.refused))}.")


def _packages(wanted: int) -> list[Package]:
    asked = with_questionnaires(packages_in(deck_problems, PACKAGES).values())
    there_are = sorted(asked, key=lambda package: package.slug)
    return [
        there_are[number % len(there_are)].model_copy(update={"slug": f"package-{number + 1}"})
        for number in range(wanted)
    ]


def _figure(value: float) -> str:
    return f"{value:.1f}".replace(".", ",") if isinstance(value, float) else str(value)

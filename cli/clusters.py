"""`klyngeflow clusters`: the clusters we know, and putting in those that never ordered, from a file of KiAP's."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from cli.acting import note
from cli.clusters_file import ClusterRow, read_clusters
from cli.ending import Refusal
from cli.reading import DataOption, JsonOption, settings_for, the_store
from cli.table import wide_console
from domain.danish import alphabetical, count
from domain.denmark import region_today
from domain.meeting import danish
from storage.audit import Deed, Subject
from storage.clusters import Cluster, clusters, recognise_cluster

app = typer.Typer(help="The clusters we know, and putting others in from a file.", no_args_is_help=True)

TWICE = "Linje {line} er den samme klynge som linje {other}. Slet den ene."


@app.command("list")
def list_clusters(data: DataOption = None, json_: JsonOption = False) -> None:
    """Every cluster that ordered or was put in, A–Å."""
    with the_store(data) as database, database.read() as connection:
        known = sorted(clusters(connection), key=lambda each: alphabetical(each.name))
    if json_:
        told = [
            {"cluster": each.id, "name": each.name, "region": each.region, "number": each.external_id} for each in known
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    table = Table("Id", "Klynge", "Region", "Nummer", box=None)
    for each in known:
        table.add_row(each.id, escape(each.name), _region(each), each.external_id or "")
    wide_console().print(table if known else "Vi kender ingen klynger endnu.")


@app.command("import")
def import_clusters(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV or Excel with the columns navn, region and, if any, nummer.")
    ],
    save: Annotated[bool, typer.Option("--save", help="Put them in; without it you only see what would be.")] = False,
    data: DataOption = None,
) -> None:
    """Put clusters in from a file: all of them or, where a line is wrong, none. Safe to repeat.

    A number is kiap.dk's id for the cluster. What a line has of a cluster that we know, by number or by name and
    region, becomes its name and region; clusters that are not in the file stay.
    """
    with the_store(data) as database:
        today = danish(dt.datetime.now(dt.UTC)).date()
        rows, problems, unused = read_clusters(file, today)
        with database.write() as connection:
            before = {each.id: each for each in clusters(connection)}
            problems += _put(connection, rows) if not problems else []
            after = {each.id: each for each in clusters(connection)}
            new = [each for each in after.values() if each.id not in before]
            changed = [(before[each.id], each) for each in after.values() if before.get(each.id, each) != each]
            if save and not problems and (new or changed):
                facts = {"new": str(len(new)), "changed": str(len(changed))}
                note(connection, settings_for(data).staff, Deed.CLUSTERS_IMPORTED, Subject(facts=facts))
            elif not save or problems:
                connection.rollback()
    if problems:
        for problem in problems:
            typer.echo(problem, err=True)
        raise Refusal(f"{file.name}: {count(len(problems), 'linje', 'linjer')} skal rettes; intet er lagt ind")
    _tell(new, changed, len(rows), unused, save=save)


def _put(connection: Connection, rows: Sequence[ClusterRow]) -> list[str]:
    """Put them in; what is wrong with lines that turn out to be one cluster."""
    seen: dict[str, int] = {}
    problems = []
    for row in rows:
        id_ = recognise_cluster(connection, row.name, row.region, row.number)
        if id_ in seen:
            problems.append(TWICE.format(line=row.line, other=seen[id_]))
        seen.setdefault(id_, row.line)
    return problems


def _tell(
    new: Sequence[Cluster], changed: Sequence[tuple[Cluster, Cluster]], many: int, unused: Sequence[str], *, save: bool
) -> None:
    for each in sorted(new, key=lambda each: alphabetical(each.name)):
        typer.echo(f"ny: {_line(each)}")
    for before, after in sorted(changed, key=lambda pair: alphabetical(pair[1].name)):
        typer.echo(f"rettes: {_line(before)} → {_line(after)}" if not save else f"rettet: {_line(after)}")
    if unused:
        typer.echo(f"Kolonner, vi ikke bruger: {', '.join(unused)}.")
    same = many - len(new) - len(changed)
    told = f"{count(len(new), 'ny klynge', 'nye klynger')}, {len(changed)} rettet, {same} som før."
    typer.echo(told if save else f"{told} Intet er lagt ind endnu: kør igen med --save.")


def _line(cluster: Cluster) -> str:
    return ", ".join([cluster.name, _region(cluster), *([cluster.external_id] if cluster.external_id else [])])


def _region(cluster: Cluster) -> str:
    region = region_today(cluster.region, danish(dt.datetime.now(dt.UTC)).date())
    return region.name if region else cluster.region

"""Answers in the results document: a table and a chart of each question, what changed, and others' figures beside."""

from collections.abc import Sequence

from domain.comparator import SOURCE, WHO, Comparator
from domain.danish import percent, tenths
from domain.model import Round
from domain.package import Item
from reporting.beside import (
    changes_elsewhere,
    ends_beside_others,
    high_ends_beside_others,
    high_ends_of_others,
    of_others,
    references_for,
)
from reporting.document_builder import DocumentBuilder
from reporting.document_charts import chart_means, chart_scale, chart_shares
from reporting.document_words import note_rounding, question_of, with_count
from reporting.facts import change_of
from reporting.figures import (
    TOO_FEW,
    Figures,
    figures,
    reference_text,
)
from reporting.report_context import ReportContext
from reporting.sentences import in_words


def write_degree(paper: DocumentBuilder, report: ReportContext, items: Sequence[Item]) -> None:
    """One question as a row an option; several on one scale as a row a question."""
    paper.heading(question_of(report, items), 3)
    if len(items) == 1:
        _one_degree(paper, report, items[0])
        return
    shown = [(item, figures(report.package, report.results, item.id)) for item in items]
    told = [row for _, row in shown if row is not None]
    if told:
        labels = [option.label for option in report.package.options_of(items[0])]
        rows = [(row.item.chart_label, *(_cell(row, row.count(label)) for label in labels), str(row.n)) for row in told]
        first = 0.34 if len(labels) < 6 else 0.27
        width = (1 - first) / (len(labels) + 1)
        widths = (first, *(width for _ in labels), width)
        chart_scale(paper, told, labels, "Fordeling af svarene")
        paper.table(("", *labels, "Svar"), rows, widths, centred=range(1, 9), small=True)
        note_rounding(paper, [([row.count(label) for label in labels], row.n) for row in told if row.in_per_cent])
    for item, row in shown:
        if row is None:
            paper.text(f"{item.chart_label}: {TOO_FEW.lower()}.", small=True)
    ids = [row.item.id for row in told]
    for line in (*high_ends_of_others(report, ids), *high_ends_beside_others(report, ids)):
        paper.text(f"{line}.", small=True)
    _high_changes(paper, report, items)


def _cell(row: Figures, count: int) -> str:
    return percent(count / row.n) if row.in_per_cent else str(count)


def _one_degree(paper: DocumentBuilder, report: ReportContext, item: Item) -> None:
    now = figures(report.package, report.results, item.id)
    if now is None:
        paper.text(f"{TOO_FEW}.")
        return
    before = figures(report.package, report.baseline, item.id) if report.baseline is not None else None
    rounds = [("Klyngen", now)] if before is None else [("Første runde", before), ("Nu", now)]
    labels = [option.label for option in report.package.options_of(item)]
    rows = [
        (label, *(with_count(shown.count(label), shown.n, shown.in_per_cent) for _, shown in rounds))
        for label in labels
    ]
    counted = [(name, [shown.count(label) for label in labels], shown.n) for name, shown in rounds]
    chart_shares(paper, labels, counted, item.chart_label, in_per_cent=all(each.in_per_cent for _, each in rounds))
    width = 0.5 / len(rounds)
    head = ("Svar", *(f"{name} ({shown.n} svar)" for name, shown in rounds))
    paper.table(head, rows, (0.5, *(width for _ in rounds)), centred=(1, 2))
    in_per_cent = [shown for _, shown in rounds if shown.in_per_cent]
    note_rounding(paper, [([shown.count(label) for label in labels], shown.n) for shown in in_per_cent])
    if report.round is Round.BASELINE:
        for end in ("high", "low"):
            for reference in references_for(report, f"{item.id}.{end}"):
                paper.text(reference_text(reference), small=True)
        for line in ends_beside_others(report, item.id):
            paper.text(f"{line}.", small=True)
    _high_changes(paper, report, [item])


def _high_changes(paper: DocumentBuilder, report: ReportContext, items: Sequence[Item]) -> None:
    """The difference of each question's high end, where both rounds may be shown in per cent."""
    if report.round is not Round.FOLLOW_UP:
        return
    rows, label = [], ""
    for item in items:
        before, after = (figures(report.package, results, item.id) for results in (report.baseline, report.results))
        change = change_of(report, f"{item.id}.high", item.id)
        if change is None or before is None or after is None or not (before.in_per_cent and after.in_per_cent):
            continue
        label = after.scale.high_label if after.scale else ""
        told = in_words(change, in_points=False)
        rows.append(
            (
                item.chart_label,
                before.amount(before.high or 0),
                after.amount(after.high or 0),
                f"{told.size} ({told.interval})",
                told.word,
            )
        )
    if len(rows) == 1:
        _, first, now, difference, verdict = rows[0]
        paper.text(f"»{label}«: {first} i første runde, {now} nu. Forskel i procentpoint: {difference}, {verdict}.")
    elif rows:
        told = paper.text(f"»{label}« før og nu. Forskellen er i procentpoint, med 95 % interval i parentes.")
        told.paragraph_format.keep_with_next = True
        head = ("", "Første runde", "Nu", "Forskel", "")
        paper.table(head, rows, (0.36, 0.13, 0.11, 0.2, 0.2), centred=(1, 2, 3), small=True)
    for line in changes_elsewhere(report, [item.id for item in items]):
        paper.text(f"{line}.", small=True)


def write_choices(paper: DocumentBuilder, report: ReportContext, item: Item) -> None:
    paper.heading(item.text, 3)
    shown = figures(report.package, report.results, item.id)
    if shown is None:
        paper.text(f"{TOO_FEW}.")
        return
    labels = [option.label for option in report.package.options_of(item)]
    ranked = sorted(((label, shown.count(label)) for label in labels), key=lambda pair: -pair[1])
    rows = [(label, with_count(count, shown.n, shown.in_per_cent)) for label, count in ranked]
    counted = ("Klyngen", [count for _, count in ranked], shown.n)
    names = [label for label, _ in ranked]
    chart_shares(paper, names, [counted], item.chart_label, in_per_cent=shown.in_per_cent)
    paper.table(("Forhold", f"Klyngen ({shown.n} svar)"), rows, (0.72, 0.28), centred=(1,))


def write_ratings(paper: DocumentBuilder, report: ReportContext, items: Sequence[Item]) -> None:
    paper.heading(question_of(report, items), 3)
    first = items[0]
    low, high = first.minimum_label.lower(), first.maximum_label.lower()
    scale = paper.text(f"Skala fra {first.minimum} ({low}) til {first.maximum} ({high}).")
    scale.paragraph_format.keep_with_next = True
    shown = [(item, figures(report.package, report.results, item.id)) for item in items]
    told = [row for _, row in shown if row is not None and row.result.mean is not None]
    told.sort(key=lambda row: -(row.result.mean or 0))
    if told:
        chart_means(paper, told, "Gennemsnit for hvert forhold")
        others = [report.comparators.get(row.item.id) for row in told]
        rows = [
            (row.item.chart_label, tenths(row.result.mean or 0), str(row.n), *([of_others(other)] if other else []))
            for row, other in zip(told, others, strict=True)
        ]
        _with_others(paper, rows, [other for other in others if other])
    for item, row in shown:
        if row is None:
            paper.text(f"{item.chart_label}: {TOO_FEW.lower()}.", small=True)


def _with_others(paper: DocumentBuilder, rows: list[tuple[str, ...]], others: Sequence[Comparator]) -> None:
    """Means, and those of KiAP's other clusters in a column of their own where there are any."""
    head = ("Forhold", "Gennemsnit", "Svar")
    if not others:
        paper.table(head, rows, (0.66, 0.2, 0.14), centred=(1, 2))
        return
    filled = [row if len(row) > len(head) else (*row, "–") for row in rows]
    paper.table((*head, WHO), filled, (0.5, 0.18, 0.12, 0.2), centred=(1, 2, 3))
    most = max(others, key=lambda other: other.n)
    paper.text(f"{most.label}. Kilde: {SOURCE}.", small=True)

"""An index in the results document: its bands, what changed, others' figures, and the table of one's own score."""

from domain.index import Index
from domain.model import Round
from reporting.beside import (
    change_elsewhere,
    index_beside_others,
    references_for,
)
from reporting.danish import of
from reporting.document_builder import DocumentBuilder
from reporting.document_charts import chart_shares
from reporting.document_words import note_rounding, with_count
from reporting.facts import change_of
from reporting.figures import (
    TOO_FEW,
    index_in_per_cent,
    index_of,
    mean_points,
    points_of,
    reference_text,
)
from reporting.report_context import ReportContext
from reporting.sentences import in_words
from reporting.slides_index import own_score_rows


def write_index(paper: DocumentBuilder, report: ReportContext, index: Index) -> None:
    found = index_of(report.package, report.results, index.id)
    if found is None:
        if not report.results.suppressed:
            paper.text(f"{TOO_FEW}.")
    else:
        span = f" Laveste score er {found.min}, højeste {found.max}." if found.min is not None else ""
        told = paper.text(
            f"Klyngens gennemsnit på {index.name} er {mean_points(index, found.mean)} point af {index.highest} "
            f"({of(found.n, report.results.members)} har en score).{span}"
        )
        told.paragraph_format.keep_with_next = True
        _index_bands(paper, report, index)
        _index_change(paper, report, index)
        if report.round is Round.BASELINE:
            _index_references(paper, report, index)
    paper.text(index.not_a_diagnosis)
    if report.round is Round.BASELINE:
        _own_score(paper, report, index)


def _index_bands(paper: DocumentBuilder, report: ReportContext, index: Index) -> None:
    rounds = [("Klyngen", index_of(report.package, report.results, index.id))]
    if report.round is Round.FOLLOW_UP:
        rounds = [("Første runde", index_of(report.package, report.baseline, index.id)), ("Nu", rounds[0][1])]
    shown = [(name, found) for name, found in rounds if found is not None]
    rows = [
        (
            band.label,
            points_of(index, band),
            *(
                with_count(found.bands[band.id], found.n, index_in_per_cent(report.package, found))
                for _, found in shown
            ),
        )
        for band in index.bands
    ]
    if shown:
        counted = [(name, [found.bands[band.id] for band in index.bands], found.n) for name, found in shown]
        in_per_cent = all(index_in_per_cent(report.package, found) for _, found in shown)
        labels = [band.label for band in index.bands]
        chart_shares(paper, labels, counted, f"Niveauer for {index.name}", in_per_cent=in_per_cent)
    width = 0.4 / len(shown)
    paper.table(
        ("Niveau", "Point", *(name for name, _ in shown)),
        rows,
        (0.35, 0.25, *(width for _ in shown)),
        centred=range(2, 4),
    )
    told = [found for _, found in shown if index_in_per_cent(report.package, found)]
    note_rounding(paper, [([found.bands[band.id] for band in index.bands], found.n) for found in told])


def _index_change(paper: DocumentBuilder, report: ReportContext, index: Index) -> None:
    if report.round is not Round.FOLLOW_UP:
        return
    before, after = (index_of(report.package, each, index.id) for each in (report.baseline, report.results))
    change = change_of(report, index.id)
    if before is None or after is None:
        paper.text("Der er for få svar i den ene runde til at sammenligne uden at røbe den enkelte.")
    elif change is not None:
        means = [mean_points(index, found.mean) for found in (before, after)]
        paper.text(f"Første runde: {means[0]} point. Nu: {means[1]} point.", bold=True)
        paper.text(" ".join(f"{line.rstrip('.')}." for line in in_words(change, in_points=True).lines))
        for line in change_elsewhere(report, index.id, in_points=True):
            paper.text(f"{line}.", small=True)


def _index_references(paper: DocumentBuilder, report: ReportContext, index: Index) -> None:
    references = references_for(report, index.id)
    if not references:
        return
    paper.heading("Til sammenligning", 3)
    paper.bullets([reference_text(reference) for reference in references])
    for line in index_beside_others(report, index.id):
        paper.text(f"{line}.")
    for note in dict.fromkeys(r.note for r in references if r.note):
        paper.text(note, small=True)


def _own_score(paper: DocumentBuilder, report: ReportContext, index: Index) -> None:
    head, *rows = own_score_rows(report.package, index)
    paper.heading("Regn din egen score ud", 3)
    paper.text("Sæt ring om ét tal i hver linje. Skemaet er dit eget: ingen samler det ind.")
    width = 0.66 / (len(head) - 1)
    paper.table(
        head,
        rows,
        (0.34, *(width for _ in head[1:])),
        centred=range(1, len(head)),
        small=True,
    )
    paper.text(index.own_score.sum, bold=True)

"""A register's measures in the results document: chart, figures, what changed, and a line for one's own number."""

from domain.model import Round
from domain.package import Section
from domain.register import Measure, Spread
from reporting.beside import references_for
from reporting.document_builder import DocumentBuilder
from reporting.facts import change_of
from reporting.report_context import ReportContext
from reporting.sentences import measure_change_in_words
from reporting.spreads import (
    FIRST,
    NOT_A_TARGET,
    NOW,
    SHIFT,
    amount_of,
    both_in_words,
    compared_with,
    definition_of,
    dots_of,
    figure_of,
    in_words,
    lanes_of,
    middle_half,
    reference_in_words,
    spread_of,
)
from reporting.word_dots import DOT_POINTS, add_dots, add_lanes

TOO_FEW_PRACTICES = "Der er tal fra for få praksis til et resultat, der ikke røber den enkelte"
OWN_NUMBER = "Vores eget tal"


def opening_lines(report: ReportContext) -> list[str]:
    """What the document begins with of a register: where its numbers are from, and what is not shown."""
    rules = report.package.disclosure
    lines = [
        "Tallene er trukket i et register, ét for hver praksis, og vises uden navne. Jeres eget tal ser kun I selv.",
        f"Under {rules.at_least} praksis vises intet tal, og under {rules.percentages_from} praksis vises median og "
        "midterste halvdel, ikke en prik for hver praksis. De kan være lig en praksis’ tal, men uden navn.",
        "Medianen er det midterste tal: halvdelen af praksis ligger under, halvdelen over.",
        NOT_A_TARGET,
    ]
    if report.round is Round.FOLLOW_UP:
        lines.append("Tallene er uden navne, så vi følger ikke den enkelte praksis fra den ene runde til den anden.")
    return lines


def write_measures(paper: DocumentBuilder, report: ReportContext, section: Section) -> None:
    """The section's measures of the round, each under its heading; nothing where the round has none of them."""
    measures = [each for each in report.package.measured_in(report.round) if each.id in section.measures]
    if not measures:
        return
    paper.heading(f"{section.measure}: {section.title}" if section.measure else section.title, 2)
    if section.intro:
        paper.text(section.intro)
    for measure in measures:
        paper.heading(measure.title, 3)
        paper.text(definition_of(measure)).paragraph_format.keep_with_next = True
        paper.fill_in(f"{OWN_NUMBER} ({measure.unit})")
        if not report.results.suppressed:
            paper.document.paragraphs[-1].paragraph_format.keep_with_next = True
            _measure(paper, report, measure)


def _measure(paper: DocumentBuilder, report: ReportContext, measure: Measure) -> None:
    found = spread_of(report.package, report.results, measure.id)
    before = spread_of(report.package, report.baseline, measure.id)
    if found is None:
        paper.text(f"{TOO_FEW_PRACTICES}.")
    elif report.round is Round.FOLLOW_UP:
        _both(paper, report, measure, before, found)
    else:
        _one(paper, report, measure, found)


def _one(paper: DocumentBuilder, report: ReportContext, measure: Measure, found: Spread) -> None:
    references = references_for(report, measure.id)
    shown = compared_with(report, references)
    if found.values:
        add_dots(paper, dots_of(measure, found, shown, DOT_POINTS), in_words(measure, found, shown))
    rows = [("Median", amount_of(measure, found.median or 0)), ("Den midterste halvdel", middle_half(measure, found))]
    if found.values:
        ends = f"{figure_of(measure, found.values[0])}–{amount_of(measure, found.values[-1])}"
        rows.append(("Fra laveste til højeste", ends))
    paper.table(("Klyngen", f"{found.n} praksis"), rows, (0.6, 0.4), centred=(1,))
    for reference in references:
        paper.text(f"{reference_in_words(measure, reference).rstrip('.')}.", small=True)
    for note in dict.fromkeys(each.note for each in references if each.note):
        paper.text(note, small=True)


def _both(
    paper: DocumentBuilder, report: ReportContext, measure: Measure, before: Spread | None, after: Spread
) -> None:
    if before is None:
        paper.text("Der er tal fra for få praksis i første runde til at sammenligne uden at røbe den enkelte.")
        return
    if before.values or after.values:
        add_lanes(paper, lanes_of(measure, before, after), both_in_words(measure, before, after))
    rows = [
        (name, amount_of(measure, each.median or 0), middle_half(measure, each), str(each.n))
        for name, each in ((FIRST, before), (NOW, after))
    ]
    paper.table(("", "Median", "Den midterste halvdel", "Praksis"), rows, (0.28, 0.24, 0.32, 0.16), centred=(1, 2, 3))
    change = change_of(report, measure.id)
    if change is None:
        least = report.package.disclosure.percentages_from
        paper.text(f"Med under {least} praksis i en runde kan det ikke afgøres, om tallet har ændret sig.")
        return
    paper.text(" ".join(f"{line.rstrip('.')}." for line in measure_change_in_words(change, measure).lines))
    paper.text(SHIFT, small=True)

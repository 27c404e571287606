"""The results document in Word: what the members read before the meeting, under the same disclosure as the deck."""

from itertools import groupby

from domain.model import Round
from domain.own_questions import is_own
from domain.package import Item, Section
from reporting.danish import of
from reporting.document_answers import write_choices, write_degree, write_ratings
from reporting.document_builder import DocumentBuilder
from reporting.document_help import write_help
from reporting.document_index import write_index
from reporting.document_register import TOO_FEW_PRACTICES, opening_lines, write_measures
from reporting.facts import facts_of, titles_for
from reporting.figures import (
    TOO_FEW,
    answered,
)
from reporting.meeting_lines import check_in_lines, length_line, when_line, where_line
from reporting.report_context import ReportContext, subject_of
from reporting.slides_change import NO_CAUSE

READ_BEFORE = "Læs gerne program og resultater, før I mødes."
SHOWN_KINDS = ("degree", "choices", "rating")
"""Of a package's own items; a choice of one, as "Er du sololæge?", is asked for the questionnaire's sake."""


def make_document(report: ReportContext) -> bytes:
    """The document of the report's round as .docx bytes; the same bytes for the same report."""
    follow_up = report.round is Round.FOLLOW_UP
    name = f"{'Opfølgning' if follow_up else 'Resultater'} {report.cluster}"
    paper = DocumentBuilder(
        name, report.package, report.made_at, subject=subject_of(report.package), part=report.round.value
    )
    paper.title(name, report.title)
    _opening(paper, report)
    if follow_up:
        _last_time(paper, report)
    else:
        _programme(paper, report)
    register = report.package.evidence == "register"
    paper.heading("Klyngens tal" if register else "Klyngens svar", 1)
    if report.results.suppressed:
        paper.text(
            f"{TOO_FEW_PRACTICES if register else TOO_FEW}. På mødet taler I om emnet ud fra jeres egne erfaringer."
        )
    for section in report.package.sections:
        if register:
            write_measures(paper, report, section)
        else:
            _section(paper, report, section)
    write_help(paper, report.where_to_turn)
    if not follow_up:
        _group_work(paper, report)
        _in_their_words(paper, report)
        _homework(paper, report)
    else:
        _to_talk_about(paper, report)
    _sources(paper, report)
    return paper.content()


def _opening(paper: DocumentBuilder, report: ReportContext) -> None:
    if report.meeting:
        paper.text(when_line(report.meeting), bold=True)
        if where := where_line(report.meeting, report.place):
            paper.text(where)
        for line in check_in_lines(report):
            paper.text(line)
    if report.coordinator:
        paper.text(f"Klyngekoordinator: {report.coordinator}")
    paper.text(" ".join(_of_a_register(report) if report.package.evidence == "register" else _of_answers(report)))


def _of_a_register(report: ReportContext) -> list[str]:
    lines = [f"{answered(report.results)}{report.when_now}.", *opening_lines(report)]
    if report.baseline is not None:
        lines.insert(1, f"I første runde{report.when_before} var {of(report.baseline.n, report.baseline.members)} med.")
    return [*lines, NO_CAUSE if report.round is Round.FOLLOW_UP else READ_BEFORE]


def _of_answers(report: ReportContext) -> list[str]:
    rules = report.package.disclosure
    lines = [f"{answered(report.results)} på spørgeskemaet."]
    if report.baseline is not None:
        first = of(report.baseline.n, report.baseline.members)
        lines[0] = f"{answered(report.results)} på spørgeskemaet{report.when_now}."
        lines.append(f"I første runde{report.when_before} svarede {first}.")
    lines += [
        "Svarene er anonyme: det kan ses, at du har svaret – ikke hvad du har svaret.",
        f"Under {rules.at_least} svar vises intet resultat, og under {rules.percentages_from} svar vises antal, "
        "ikke procent.",
    ]
    if report.round is Round.FOLLOW_UP:
        lines += ["Det er ikke nødvendigvis de samme, der har svaret begge gange.", NO_CAUSE]
    else:
        lines.append(READ_BEFORE)
    return lines


def _last_time(paper: DocumentBuilder, report: ReportContext) -> None:
    """What the cluster agreed at the meeting before; nothing where nobody wrote it down."""
    if report.agreed:
        paper.heading("Det aftalte I sidst", 1)
        paper.bullets(report.agreed)
        meeting, *when = report.last_time
        paper.text(f"{meeting} {', '.join(when)}. Hvad blev der af det?", small=True)


def _programme(paper: DocumentBuilder, report: ReportContext) -> None:
    paper.heading("Program", 1)
    rows, headings = list[tuple[str, ...]](), list[int]()
    for block in report.blocks:
        if block.heading:
            headings.append(len(rows))
            rows.append((block.when, block.summed, ""))
        rows += [(part.when, part.title, part.text) for part in block.parts]
    paper.table(("Tid", "Punkt", "Indhold"), rows, (0.16, 0.34, 0.50), headings=headings)
    paper.text(length_line(report), small=True)


def _section(paper: DocumentBuilder, report: ReportContext, section: Section) -> None:
    asked = {item.id for item in report.package.asked_in(report.round)}
    items = [report.package.item(item) for item in section.items if item in asked]
    indices = [index for index in report.package.indices if asked & set(section.items) & set(index.items)]
    if indices:
        _section_heading(paper, section)
        for index in indices:
            write_index(paper, report, index)
            items = [item for item in items if item.id not in index.items]
    elif any(item.kind in SHOWN_KINDS or is_own(item.id) for item in items) and not report.results.suppressed:
        _section_heading(paper, section)
    if report.results.suppressed:
        return
    for _, together in groupby(items, key=lambda item: (item.kind, item.group or item.id, item.scale)):
        group = list(together)
        if group[0].kind == "degree":
            write_degree(paper, report, group)
        elif group[0].kind == "choices" or (group[0].kind == "choice" and is_own(group[0].id)):
            write_choices(paper, report, group[0])
        elif group[0].kind == "text" and is_own(group[0].id):
            _own_text(paper, report, group[0])
        elif group[0].kind == "rating":
            write_ratings(paper, report, group)


def _section_heading(paper: DocumentBuilder, section: Section) -> None:
    paper.heading(f"{section.measure}: {section.title}" if section.measure else section.title, 2)


def _group_work(paper: DocumentBuilder, report: ReportContext) -> None:
    parts = [part for part in report.programme if part.tasks]
    if not parts:
        return
    paper.heading("Spørgsmål til gruppearbejdet", 1)
    for part in parts:
        paper.heading(f"{part.title} ({part.minutes} minutter)", 2)
        if part.part.who_answers:
            paper.text(part.part.who_answers)
        paper.bullets([task.text for task in part.tasks], numbered=len(part.tasks) > 1, together=True)


def _to_talk_about(paper: DocumentBuilder, report: ReportContext) -> None:
    """What the second round's deck asks of groups and of everybody, for those who only read the document."""
    slides = [slide for slide in report.slides if slide.kind in ("group_work", "homework") and slide.body]
    if slides:
        paper.heading("Tal videre om tallene", 1)
    for slide in slides:
        paper.heading(titles_for(slide, facts_of(slide, report))[-1], 2)
        paper.bullets(slide.body, together=True)


def _own_text(paper: DocumentBuilder, report: ReportContext, item: Item) -> None:
    """What was answered in words to a question of the cluster's own."""
    paper.heading(item.text, 3)
    least, written = report.package.disclosure.free_text_from, report.texts_of(item.id)
    if report.results.n < least:
        paper.text(f"Fritekst vises først, når mindst {least} har svaret.")
    elif not written:
        paper.text("Der er ingen svar at vise her.")
    else:
        paper.text("Klyngens egne ord, i tilfældig rækkefølge:")
        paper.bullets([f"»{' '.join(text.split())}«" for text in written])


def _in_their_words(paper: DocumentBuilder, report: ReportContext) -> None:
    """What was answered in words to the package's question, under the heading that its slide has."""
    asked = [item for item in report.package.asked_in(report.round) if item.kind == "text" and not is_own(item.id)]
    if not asked:
        return
    slides = (slide.title for slide in report.slides if slide.kind == "quotes" and slide.items == (asked[0].id,))
    paper.heading(next(slides, asked[0].chart_label), 1)
    least = report.package.disclosure.free_text_from
    if report.results.suppressed or report.results.n < least:
        paper.text(f"Fritekst vises først, når mindst {least} har svaret.")
    elif not report.free_texts:
        paper.text("Der er ingen svar at vise denne gang.")
    else:
        paper.text("Klyngens egne ord, i tilfældig rækkefølge:")
        paper.bullets([f"»{' '.join(text.split())}«" for text in report.free_texts])


def _homework(paper: DocumentBuilder, report: ReportContext) -> None:
    package = report.package
    paper.heading("Hjemmeopgave", 1)
    if package.homework:
        paper.text(package.homework)
    window = package.follow_up
    paper.text(
        f"KiAP kan lave en ny opgørelse {window.from_months}–{window.to_months} måneder efter mødet. "
        "På mødet aftaler I, om I vil det."
    )
    if package.videos:
        paper.heading("Videoer", 2)
        for video in package.videos:
            paper.link(video.title, video.url)


def _sources(paper: DocumentBuilder, report: ReportContext) -> None:
    if report.package.sources:
        paper.heading("Kilder", 1)
        paper.bullets(report.package.sources, small=True, together=True)

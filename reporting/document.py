"""The results document in Word: what the members read before the meeting, under the same disclosure as the deck."""

from collections.abc import Sequence
from itertools import groupby

from domain.comparator import SOURCE, WHO, Comparator
from domain.danish import percent, tenths
from domain.index import Index
from domain.model import Round
from domain.own_questions import is_own
from domain.package import Item, Section
from reporting.beside import (
    change_elsewhere,
    changes_elsewhere,
    ends_beside_others,
    high_ends_beside_others,
    high_ends_of_others,
    index_beside_others,
    of_others,
    references_for,
)
from reporting.danish import of
from reporting.document_builder import DocumentBuilder
from reporting.document_charts import chart_means, chart_scale, chart_shares
from reporting.document_help import write_help
from reporting.document_register import TOO_FEW_PRACTICES, opening_lines, write_measures
from reporting.facts import change_of, facts_of, titles_for
from reporting.figures import (
    TOO_FEW,
    Figures,
    answered,
    figures,
    index_in_per_cent,
    index_of,
    mean_points,
    points_of,
    reference_text,
)
from reporting.meeting_lines import check_in_lines, length_line, when_line, where_line
from reporting.report_context import ReportContext, subject_of
from reporting.sentences import in_words, one_rounding_note, rounded_parts
from reporting.slides_change import NO_CAUSE
from reporting.slides_index import own_score_rows

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
            _index(paper, report, index)
            items = [item for item in items if item.id not in index.items]
    elif any(item.kind in SHOWN_KINDS or is_own(item.id) for item in items) and not report.results.suppressed:
        _section_heading(paper, section)
    if report.results.suppressed:
        return
    for _, together in groupby(items, key=lambda item: (item.kind, item.group or item.id, item.scale)):
        group = list(together)
        if group[0].kind == "degree":
            _degree(paper, report, group)
        elif group[0].kind == "choices" or (group[0].kind == "choice" and is_own(group[0].id)):
            _choices(paper, report, group[0])
        elif group[0].kind == "text" and is_own(group[0].id):
            _own_text(paper, report, group[0])
        elif group[0].kind == "rating":
            _ratings(paper, report, group)


def _section_heading(paper: DocumentBuilder, section: Section) -> None:
    paper.heading(f"{section.measure}: {section.title}" if section.measure else section.title, 2)


def _question(report: ReportContext, items: Sequence[Item]) -> str:
    first = items[0]
    if not first.group:
        return first.text
    group = report.package.group(first.group)
    return f"{group.number}. {group.text}" if group.number else group.text


def _index(paper: DocumentBuilder, report: ReportContext, index: Index) -> None:
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
                _with_count(found.bands[band.id], found.n, index_in_per_cent(report.package, found))
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
    _rounding(paper, [([found.bands[band.id] for band in index.bands], found.n) for found in told])


def _with_count(count: int, base: int, in_per_cent: bool) -> str:
    """ "53 % (18)", or "4 af 9"."""
    return f"{percent(count / base)} ({count})" if in_per_cent else of(count, base)


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


def _degree(paper: DocumentBuilder, report: ReportContext, items: Sequence[Item]) -> None:
    """One question as a row an option; several on one scale as a row a question."""
    paper.heading(_question(report, items), 3)
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
        _rounding(paper, [([row.count(label) for label in labels], row.n) for row in told if row.in_per_cent])
    for item, row in shown:
        if row is None:
            paper.text(f"{item.chart_label}: {TOO_FEW.lower()}.", small=True)
    ids = [row.item.id for row in told]
    for line in (*high_ends_of_others(report, ids), *high_ends_beside_others(report, ids)):
        paper.text(f"{line}.", small=True)
    _high_changes(paper, report, items)


def _rounding(paper: DocumentBuilder, wholes: Sequence[tuple[Sequence[int], int]]) -> None:
    """Says under a table that its figures are rounded, where the parts of a whole are not 100 per cent together."""
    if note := one_rounding_note(rounded_parts(counts, base) for counts, base in wholes):
        paper.text(note, small=True)


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
        (label, *(_with_count(shown.count(label), shown.n, shown.in_per_cent) for _, shown in rounds))
        for label in labels
    ]
    counted = [(name, [shown.count(label) for label in labels], shown.n) for name, shown in rounds]
    chart_shares(paper, labels, counted, item.chart_label, in_per_cent=all(each.in_per_cent for _, each in rounds))
    width = 0.5 / len(rounds)
    head = ("Svar", *(f"{name} ({shown.n} svar)" for name, shown in rounds))
    paper.table(head, rows, (0.5, *(width for _ in rounds)), centred=(1, 2))
    _rounding(paper, [([shown.count(label) for label in labels], shown.n) for _, shown in rounds if shown.in_per_cent])
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


def _choices(paper: DocumentBuilder, report: ReportContext, item: Item) -> None:
    paper.heading(item.text, 3)
    shown = figures(report.package, report.results, item.id)
    if shown is None:
        paper.text(f"{TOO_FEW}.")
        return
    labels = [option.label for option in report.package.options_of(item)]
    ranked = sorted(((label, shown.count(label)) for label in labels), key=lambda pair: -pair[1])
    rows = [(label, _with_count(count, shown.n, shown.in_per_cent)) for label, count in ranked]
    counted = ("Klyngen", [count for _, count in ranked], shown.n)
    names = [label for label, _ in ranked]
    chart_shares(paper, names, [counted], item.chart_label, in_per_cent=shown.in_per_cent)
    paper.table(("Forhold", f"Klyngen ({shown.n} svar)"), rows, (0.72, 0.28), centred=(1,))


def _ratings(paper: DocumentBuilder, report: ReportContext, items: Sequence[Item]) -> None:
    paper.heading(_question(report, items), 3)
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

"""The slides of words: front, agenda, text, how many answered, quotes, national figures, tasks, videos, sources."""

from domain.danish import percent
from domain.model import Round
from domain.own_questions import is_own
from domain.programme import who_answers
from domain.text import is_web_address
from reporting import template, tokens
from reporting.chart_series import Series
from reporting.charts import Bars, count_of, draw_bars
from reporting.danish import day
from reporting.figures import answered, known, reference_text, short_source
from reporting.meeting_lines import before_a_video_meeting, length_line, when_line, where_line
from reporting.slide_context import SlideContext
from reporting.table import fill_table

LARGEST = 32
"""Points a slide of few words may grow to."""
ONE_DECIMAL_PERCENT = "[$-406]0.0\\ %"


def front(make: SlideContext) -> None:
    """Package, cluster, day, and whom the deck is made for."""
    report = make.report
    page = make.page(template.FRONT)
    if report.logo:
        page.picture(template.LOGO, report.logo)
    page.write(template.BODY, report.cluster, smallest=18)
    when = when_line(report.meeting) if report.meeting else ""
    place = "" if is_web_address(report.place) else report.place  # a slide is shown where the meeting is held
    where = where_line(report.meeting, place) if report.meeting else ""
    who = f"Klyngekoordinator: {report.coordinator}" if report.coordinator else ""
    page.write(template.DETAIL, [line for line in (when, where, who) if line] or [f"Lavet {day(report.made_on)}"])
    make.close(page)


def agenda(make: SlideContext) -> None:
    """The programme in short: its blocks with their times, and when the groups work."""
    page = make.page(template.TABLE_PAGE)
    blocks = make.report.blocks
    rows: list[tuple[str, ...]] = [("Tid", "Punkt", "Gruppearbejde")]
    rows += [(block.when, block.title, block.group_work.removeprefix("Gruppearbejde").strip(" :")) for block in blocks]
    fill_table(page, rows, widths=(0.17, 0.58, 0.25), points=22, row_height=42, name="Program")
    make.close(page, base=length_line(make.report), more=before_a_video_meeting(make.report))


def text(make: SlideContext) -> None:
    """Paragraphs, on as many slides as they need."""
    without = () if make.report.has_figures else make.plan.without_figures
    _paragraphs(make, list(without or make.plan.body), largest=LARGEST)


def _paragraphs(make: SlideContext, paragraphs: list[str], smallest: int = 16, largest: int | None = None) -> None:
    left = paragraphs
    while left:
        page = make.page(template.TEXT)
        count = len(left)
        while count > 1 and not page.fits(template.BODY, left[:count], smallest):
            count -= 1
        page.write(template.BODY, left[:count], smallest=smallest, largest=largest)
        left = left[count:]
        make.close(page)


def answers(make: SlideContext) -> None:
    """How many have answered."""
    results = make.report.results
    waiting = max(results.members - results.n, 0)
    if results.suppressed or results.n < make.report.package.disclosure.at_least:
        return make.calm()
    share = (
        f" ({percent(results.n / results.members)})"
        if results.n >= make.report.package.disclosure.percentages_from
        else ""
    )
    shown = f"{answered(results)}{share}."
    page = make.page(template.DIAGRAM)
    draw_bars(
        page,
        template.CHART,
        Bars(
            categories=("Har svaret", "Har ikke svaret"),
            series=(Series("Medlemmer", (results.n, waiting), tokens.TEAL),),
            number_format=count_of(results.members),
            maximum=max(results.members, 1),
            point_colours=(tokens.TEAL, tokens.REFERENCE),
            gap=70,
            name="Svar på spørgeskemaet",
        ),
        shown,
    )
    make.close(
        page,
        shown=shown,
        base=f"{answered(results)} på spørgeskemaet{share}.",
        source="Svarene er anonyme: det kan ses, at du har svaret – ikke hvad du har svaret.",
    )
    return None


def quotes(make: SlideContext) -> None:
    """What was answered in words, as far as the consultant has let it through, in the order it was handed over.

    No slide where there is nothing to read; only a question of the cluster's own has one that says so.
    """
    report = make.report
    item, least = make.plan.items[0], report.package.disclosure.free_text_from
    told = not report.results.suppressed and report.results.n >= least
    written = report.texts_of(item) if told else ()
    if written:
        _paragraphs(make, [f"»{' '.join(words.split())}«" for words in written], largest=LARGEST)
    elif is_own(item):
        make.calm(
            "Der er ingen svar at vise her." if told else f"Svar i ord vises først, når mindst {least} har svaret."
        )


def national(make: SlideContext) -> None:
    """National figures side by side: never stacked, never added, each with year and source. No figure, no slide."""
    package = make.report.package
    by_id = {reference.id: reference for reference in package.references}
    chosen = [by_id[name] for name in make.plan.references]
    shown = known(chosen)
    if not shown:
        return
    told = [reference_text(reference) for reference in shown]
    page = make.page(template.DIAGRAM)
    in_per_cent = all(reference.unit == "%" for reference in shown)
    scale = 100 if in_per_cent else 1
    draw_bars(
        page,
        template.CHART,
        Bars(
            categories=tuple(
                f"{reference.label}{f' ({reference.year})' if reference.year else ''}"[:60] for reference in shown
            ),
            series=(Series("Landstal", tuple((r.value or 0) / scale for r in shown), tokens.BLUE),),
            number_format=ONE_DECIMAL_PERCENT if in_per_cent else "[$-406]0.0",
            maximum=100 / scale,
            gap=70,
            name="Landstal",
        ),
        "; ".join(told),
    )
    notes = list(dict.fromkeys(reference.note for reference in shown if reference.note))
    sources = list(dict.fromkeys(short_source(reference.source) for reference in shown))
    make.close(
        page,
        shown="; ".join(told),
        base=" ".join(notes),
        source=f"Landstal, ikke klyngens egne svar. Kilde: {'; '.join(sources)}.",
        more=notes,
    )


def group_work(make: SlideContext) -> None:
    """The groups' tasks in the programme's words, with its numbers; beside them the time and who answers what."""
    part = make.report.part(make.plan.part) if make.plan.part else None
    tasks, first, how = list(make.plan.body), 1, [make.plan.caption]
    if part and not tasks:
        chosen = [task for task in part.tasks if not make.plan.tasks or task.number in make.plan.tasks]
        tasks, first = [task.text for task in chosen], chosen[0].number
        how = [make.plan.caption, who_answers(tuple(chosen))]
    page = make.page(template.TASK, kicker="Gruppearbejde")
    page.write(template.BODY, tasks, smallest=16, largest=LARGEST)
    page.number_from(template.BODY, first if len(tasks) > 1 else None)
    if part is not None:
        page.write(template.FIGURE, f"{part.minutes} min")
        how = [f"Kl. {part.when}" if part.starts else "", *how]
    if how := [line.rstrip(".") for line in how if line]:
        page.write(template.SIDE, how)
    make.close(page)


def video(make: SlideContext) -> None:
    """The link as a large field to click on; it opens outside the deck."""
    link = make.report.package.videos[(make.plan.video or 1) - 1]
    page = make.page(template.VIDEO, kicker="Video")
    page.write(template.BODY, [link.title, link.url])
    place = page.place(template.BODY)
    place.click_action.hyperlink.address = link.url
    make.close(page, more=[f"Video: {link.title}, {link.url}"])


def homework(make: SlideContext) -> None:
    """What everybody takes home, and the follow-up."""
    package = make.report.package
    lines, again = list(make.plan.body) or [package.homework], ""
    if make.report.round is Round.BASELINE:
        window = package.follow_up
        again = (
            f"KiAP kan lave en ny opgørelse {window.from_months}–{window.to_months} måneder efter mødet. "
            "Aftal i dag, om I vil det."
        )
    page = make.page(template.TASK, kicker="Efter mødet")
    if again:
        page.write(template.SIDE, again)
    page.write(template.BODY, lines, smallest=16, largest=LARGEST, listed="bullets" if len(lines) > 1 else "plain")
    make.close(page)

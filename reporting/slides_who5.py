"""The slides about WHO-5: scores as dots on the bands, how to read them, comparison, bands, one's own score."""

from domain.danish import listing, number
from domain.results import Who5Result
from reporting import template, tokens
from reporting.charts import (
    DOT_PLOT,
    ONE_DECIMAL,
    PERCENT,
    Bars,
    Column,
    Dots,
    Series,
    count_of,
    draw_bars,
    draw_dots,
)
from reporting.danish import of, whole
from reporting.figures import (
    amount,
    known,
    missing_references,
    name_of,
    reference_text,
    references_for,
    short_source,
    who5_in_per_cent,
    who5_of,
)
from reporting.slide_builder import SlideBuilder
from reporting.slide_context import SlideContext
from reporting.slides_items import BIG_PT, OURS
from reporting.table import fill_table

BANDS = (
    ("very_low", "Meget lav trivsel", "0–35 point", tokens.BROWN, "F6E9DC", (-1.5, 35.5)),
    ("low", "Lav trivsel", "36–50 point", tokens.STRAW, "FAF3E1", (35.5, 50.5)),
    ("high", "Høj trivsel", "over 50 point", tokens.TEAL, "E4F3F0", (50.5, 101.5)),
)
"""id, name, points, colour, tint, ends on the axis. Only multiples of 4 occur, so nothing falls on a border."""

READING = {
    "high": "Ikke umiddelbart risiko for depression eller stressbelastning",
    "low": "Risiko for depression eller stressbelastning: vær opmærksom",
    "very_low": "Stor risiko for depression eller stressbelastning: tal med nogen",
}
NOT_A_DIAGNOSIS = "WHO-5 er ikke en diagnose. Det er et øjebliksbillede af de sidste to uger."
AXIS = (0.0, 100.0)


def who5_scores(make: SlideContext) -> None:
    """Everybody's score as a dot on the three bands, with the mean; under ten answers only the mean."""
    who5 = who5_of(make.report.package, make.report.results)
    if who5 is None:
        return make.calm()
    page = make.page(template.DIAGRAM)
    scores = (who5.scores if who5_in_per_cent(make.report.package, who5) else None) or {}
    _, _, across, down = page.box(template.CHART)
    height = max(5, *scores.values(), 0) / 0.8
    room = across * DOT_PLOT[2] / (AXIS[1] - AXIS[0]) * 4 * 0.8, down * DOT_PLOT[3] / height * 0.92
    mean = f"Gennemsnit {whole(who5.mean)}"
    shown = _scores_in_words(who5, told_singly=bool(scores))
    frame = draw_dots(
        page,
        template.CHART,
        Dots(
            series="Svar",
            points=_stacked(scores),
            line="Gennemsnit",
            line_at=round(who5.mean, 1),
            minimum=AXIS[0],
            maximum=AXIS[1],
            height=height,
            dot_points=max(4, min(20, int(min(room)))),
            name="WHO-5: alle scorer" if scores else "WHO-5: gennemsnit",
        ),
        shown,
    )
    _bands_behind(page, frame, who5)
    _mark_mean(page, who5.mean, mean)
    hint = f"{'Hver prik er ét svar. ' if scores else ''}Streg: klyngens gennemsnit."
    make.close(page, shown=shown, base=f"{make.base(who5.n)} {hint}", source=NOT_A_DIAGNOSIS)
    return None


def _stacked(scores: dict[int, int]) -> tuple[tuple[float, float], ...]:
    return tuple((score, place + 0.5) for score, count in sorted(scores.items()) for place in range(count))


def _along(page: SlideBuilder, value: float) -> float:
    """Where a score stands on the page, in points."""
    x, _, across, _ = page.box(template.CHART)
    return x + across * (DOT_PLOT[0] + DOT_PLOT[2] * (value - AXIS[0]) / (AXIS[1] - AXIS[0]))


def _bands_behind(page: SlideBuilder, frame: object, who5: Who5Result) -> None:
    """The three bands as areas behind the dots, named and counted above them."""
    _, y, _, down = page.box(template.CHART)
    for band, name, points, _, pale, (low, high) in BANDS:
        left, right = _along(page, low) + 1, _along(page, high) - 1
        page.rectangle(
            (left, y, right - left, down * (DOT_PLOT[1] + DOT_PLOT[3])), pale, behind=frame, name=f"Bånd: {name}"
        )
        told = of(getattr(who5.bands, band), who5.n)
        page.text(
            (left + 8, y + 4, right - left - 10, down * DOT_PLOT[1] - 2), name, tokens.SMALLEST_PT, bold=True,
            under=(points, told), name=name,
        )  # fmt: skip


def _mark_mean(page: SlideBuilder, mean: float, text: str) -> None:
    """The mean's name beside its line, on the side with more room."""
    _, y, _, down = page.box(template.CHART)
    at, top, on_the_right = _along(page, mean), y + down * DOT_PLOT[1] + 4, mean < 75
    box = (at + 8 if on_the_right else at - 168, top, 160, 24)
    page.text(box, text, 18, bold=True, align="l" if on_the_right else "r", name="Gennemsnit")


def _scores_in_words(who5: Who5Result, *, told_singly: bool) -> str:
    span = f" Laveste {who5.min}, højeste {who5.max}." if who5.min is not None and who5.max is not None else ""
    bands = who5.bands
    return (
        f"{'Alle scorer som prikker. ' if told_singly else ''}Gennemsnit {whole(who5.mean)} af 100 point "
        f"({who5.n} svar).{span} Høj trivsel: {of(bands.high, who5.n)}. Lav trivsel: {of(bands.low, who5.n)}. "
        f"Meget lav trivsel: {of(bands.very_low, who5.n)}."
    )


def who5_reading(make: SlideContext) -> None:
    """What the three bands mean, and what WHO-5 is not."""
    page = make.page(template.TABLE_PAGE)
    rows = [("Point", "Trivsel", "Det betyder")]
    rows += [(points, name, READING[band]) for band, name, points, *_ in reversed(BANDS)]
    fill_table(page, rows, widths=(0.16, 0.24, 0.60), points=24, row_height=70, name="Sådan læses WHO-5")
    make.close(
        page,
        base=NOT_A_DIAGNOSIS,
        source="Scoren går fra 0 til 100 i trin på 4. Inddelingen er den danske (Ergoterapeutforeningen).",
    )


def who5_own_score(make: SlideContext) -> None:
    """The table with which each reckons their own score."""
    package = make.report.package
    items = [package.item(item) for item in package.who5]
    options = package.options_of(items[0])
    page = make.page(template.TABLE_PAGE)
    stem = package.group(items[0].group).text if items[0].group else ""
    rows = [(stem, *(option.label for option in options))]
    rows += [(item.text, *(str(option.value) for option in options)) for item in items]
    width = 0.62 / len(options)
    fill_table(
        page, rows, widths=(0.38, *(width for _ in options)), points=16, row_height=40, centred=True,
        name="Skema til egen WHO-5-score",
    )  # fmt: skip
    make.close(
        page,
        base="Læg dine fem tal sammen, og gang med 4. Så har du din score fra 0 til 100 point.",
        source=f"{NOT_A_DIAGNOSIS} Dit skema er dit eget: ingen samler det ind.",
    )


def who5_comparison(make: SlideContext) -> None:
    """The cluster's mean with its interval beside each reference that has a figure; the notes name the others."""
    who5 = who5_of(make.report.package, make.report.results)
    if who5 is None:
        return make.calm()
    every = references_for(make.report.package, "who5")
    references = known(every)
    labels = (f"{OURS} ({who5.n} svar)", *(name_of(reference) for reference in references))
    others = (None, *(reference.value for reference in references))
    ours = (round(who5.mean, 1), *(None for _ in references))
    errors = ((who5.mean - who5.low, who5.high - who5.mean), *((0.0, 0.0) for _ in references))
    beside = (f"{whole(who5.mean)}\n{number(who5.low)} til {number(who5.high)}", *("" for _ in references))
    page = make.page(template.DIAGRAM)
    shown = "; ".join(
        [
            f"Klyngens gennemsnit {number(who5.mean)} point, 95 % sikkerhedsinterval {number(who5.low)} til "
            f"{number(who5.high)}",
            *(reference_text(reference) for reference in references),
        ]
    )  # fmt: skip
    draw_bars(
        page,
        template.CHART,
        Bars(
            categories=labels,
            series=(Series(OURS, ours, tokens.OURS, errors), Series("Andre", others, tokens.REFERENCE)),
            overlaid=True,
            number_format=ONE_DECIMAL,
            maximum=100,
            column=Column(beside, 150, "Gennemsnit og usikkerhed (95 %)", 280, BIG_PT),
            gap=50,
            name="WHO-5: klyngen og andre",
        ),
        shown,
    )
    span = f" Laveste score {who5.min}, højeste {who5.max}." if who5.min is not None and who5.max is not None else ""
    make.close(
        page,
        shown=shown,
        base=f"{make.base(who5.n)}{span} Streg på søjlen: usikkerheden på gennemsnittet (95 %).",
        source="Kilder: " + "; ".join(dict.fromkeys(short_source(reference.source) for reference in references)) + "."
        if references
        else "Der er ingen reference at sammenligne med.",
        more=[*(reference.note for reference in references if reference.note), *missing_references(every)],
    )
    return None


def who5_bands(make: SlideContext) -> None:
    """How many are in each band, beside the references that exist."""
    who5 = who5_of(make.report.package, make.report.results)
    if who5 is None:
        return make.calm()
    per_cent = who5_in_per_cent(make.report.package, who5)
    order = tuple(reversed(BANDS))
    counts = [getattr(who5.bands, band) for band, *_ in order]
    found = [next(iter(references_for(make.report.package, f"who5.{band}")), None) for band, *_ in order]
    compared = known(found) if per_cent else []
    series = [
        Series(OURS, tuple(c / who5.n if per_cent else c for c in counts), tokens.TEAL),
    ]
    if compared:
        values = tuple(r.value / 100 if r is not None and r.value is not None else None for r in found)
        series.append(Series("Landstal", values, tokens.REFERENCE))
    page = make.page(template.DIAGRAM)
    shown = "; ".join(
        f"{name} ({points}): {amount(count, who5.n, in_per_cent=per_cent)}"
        for (_, name, points, *_), count in zip(order, counts, strict=True)
    )
    draw_bars(
        page,
        template.CHART,
        Bars(
            categories=tuple(f"{name} ({points})" for _, name, points, *_ in order),
            series=tuple(series),
            number_format=PERCENT if per_cent else count_of(who5.n),
            maximum=1.0 if per_cent else who5.n,
            point_colours=None if compared else tuple(colour for *_, colour, _, _ in order),
            legend=((OURS, tokens.TEAL), (listing([name_of(r) for r in compared]), tokens.REFERENCE))
            if compared
            else (),
            name="WHO-5: tre niveauer",
        ),
        shown,
    )
    references = [reference_text(reference) for reference in compared]
    make.close(
        page,
        shown=shown,
        base=make.base(who5.n),
        source="; ".join(short_source(text) for text in references) or NOT_A_DIAGNOSIS,
        more=[*references, *missing_references(found), NOT_A_DIAGNOSIS],
    )
    return None

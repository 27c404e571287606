"""The slides of an index: scores as dots on its bands, how it is read, comparison, bands, one's own score."""

from collections.abc import Iterator

from domain.danish import number
from domain.index import Colour, Index, numbers_of, step_of
from domain.package import Package
from domain.results import IndexResult
from reporting import template, tokens
from reporting.beside import index_beside_others, references_for, shares_beside
from reporting.chart_series import Series
from reporting.charts import ONE_DECIMAL, PERCENT, Bars, Column, count_of, draw_bars
from reporting.danish import of
from reporting.dots import DOT_PLOT, Dots, draw_dots
from reporting.figures import (
    amount,
    index_in_per_cent,
    index_of,
    mean_points,
    name_of,
    points_of,
    reference_text,
    short_source,
)
from reporting.sentences import rounded_parts
from reporting.slide_builder import SlideBuilder
from reporting.slide_context import SlideContext
from reporting.slides_items import BIG_PT, OTHERS, OURS, sources_of
from reporting.table import fill_table

COLOURS: dict[Colour, tuple[str, str]] = {
    "good": (tokens.TEAL, "E4F3F0"),
    "fair": (tokens.MINT, "F0F8F6"),
    "caution": (tokens.STRAW, "FAF3E1"),
    "alarm": (tokens.BROWN, "F6E9DC"),
}
"""A band's colour in charts, and its tint behind the scores."""
BESIDE = 1.5
"""How far a hundredth of the scale's points goes on beyond its ends."""


def index_scores(make: SlideContext) -> None:
    """Everybody's score as a dot on the bands, with the mean; under ten answers only the mean."""
    index = make.index
    found = index_of(make.report.package, make.report.results, index.id)
    if found is None:
        return make.calm()
    page = make.page(template.DIAGRAM)
    scores = (found.scores if index_in_per_cent(make.report.package, found) else None) or {}
    _, _, across, down = page.box(template.CHART)
    height = max(5, *scores.values(), 0) / 0.8
    step = step_of(make.report.package, index)
    room = across * DOT_PLOT[2] / (index.highest - index.lowest) * step * 0.8, down * DOT_PLOT[3] / height * 0.92
    shown = _scores_in_words(index, found, told_singly=bool(scores))
    frame = draw_dots(
        page,
        template.CHART,
        Dots(
            series="Svar",
            points=_stacked(scores),
            line="Gennemsnit",
            line_at=round(found.mean, 1),
            minimum=index.lowest,
            maximum=index.highest,
            height=height,
            dot_points=max(4, min(20, int(min(room)))),
            unit=_unit(index.highest - index.lowest),
            name=f"{index.name}: alle scorer" if scores else f"{index.name}: gennemsnit",
        ),
        shown,
    )
    _bands_behind(page, frame, index, found)
    _mark_mean(page, index, found.mean)
    hint = f"{'Hver prik er ét svar. ' if scores else ''}Streg: klyngens gennemsnit."
    make.close(page, shown=shown, base=f"{make.base(found.n)} {hint}", source=index.not_a_diagnosis)
    return None


def _stacked(scores: dict[int, int]) -> tuple[tuple[float, float], ...]:
    return tuple((score, place + 0.5) for score, count in sorted(scores.items()) for place in range(count))


def _unit(across: int) -> int:
    """How many points from one number on the axis to the next: six parts at most."""
    return next(unit for unit in _units() if unit * 6 >= across)


def _units() -> Iterator[int]:
    ten = 1
    while True:
        yield from (ten, 2 * ten, 5 * ten)
        ten *= 10


def _along(page: SlideBuilder, index: Index, value: float) -> float:
    """Where a score stands on the page, in points."""
    x, _, across, _ = page.box(template.CHART)
    return x + across * (DOT_PLOT[0] + DOT_PLOT[2] * (value - index.lowest) / (index.highest - index.lowest))


def _bands_behind(page: SlideBuilder, frame: object, index: Index, found: IndexResult) -> None:
    """The bands as areas behind the dots, named and counted above them."""
    _, y, _, down = page.box(template.CHART)
    beside = (index.highest - index.lowest) / 100 * BESIDE
    for band in index.bands:
        low = band.from_ - (beside if band is index.bands[-1] else 0.5)
        high = band.to + (beside if band is index.bands[0] else 0.5)
        left, right = _along(page, index, low) + 1, _along(page, index, high) - 1
        page.rectangle(
            (left, y, right - left, down * (DOT_PLOT[1] + DOT_PLOT[3])),
            COLOURS[band.colour][1],
            behind=frame,
            name=f"Bånd: {band.label}",
        )
        page.text(
            (left + 8, y + 4, right - left - 10, down * DOT_PLOT[1] - 2), band.label, tokens.SMALLEST_PT, bold=True,
            under=(points_of(index, band), of(found.bands[band.id], found.n)), name=band.label,
        )  # fmt: skip


def _mark_mean(page: SlideBuilder, index: Index, mean: float) -> None:
    """The mean's name beside its line, on the side with more room."""
    _, y, _, down = page.box(template.CHART)
    at, top = _along(page, index, mean), y + down * DOT_PLOT[1] + 4
    on_the_right = mean - index.lowest < 0.75 * (index.highest - index.lowest)
    box = (at + 8 if on_the_right else at - 168, top, 160, 24)
    text = f"Gennemsnit {mean_points(index, mean)}"
    page.text(box, text, 18, bold=True, align="l" if on_the_right else "r", name="Gennemsnit")


def _scores_in_words(index: Index, found: IndexResult, *, told_singly: bool) -> str:
    span = f" Laveste {found.min}, højeste {found.max}." if found.min is not None and found.max is not None else ""
    bands = " ".join(f"{band.label}: {of(found.bands[band.id], found.n)}." for band in index.bands)
    return (
        f"{'Alle scorer som prikker. ' if told_singly else ''}Gennemsnit {mean_points(index, found.mean)} af "
        f"{index.highest} point ({found.n} svar).{span} {bands}"
    )


def index_reading(make: SlideContext) -> None:
    """What the bands mean, and what the index is not."""
    index = make.index
    page = make.page(template.TABLE_PAGE)
    rows = [("Point", "Niveau", "Det betyder")]
    rows += [(points_of(index, band), band.label, band.means) for band in index.bands]
    fill_table(page, rows, widths=(0.20, 0.22, 0.58), points=24, row_height=70, name=f"Sådan læses {index.name}")
    step = step_of(make.report.package, index)
    steps = f" i trin på {step}" if step > 1 else ""
    make.close(
        page,
        base=index.not_a_diagnosis,
        source=f"Scoren går fra {index.lowest} til {index.highest}{steps}. {index.source}",
    )


def index_own_score(make: SlideContext) -> None:
    """The table with which each reckons their own score."""
    package, index = make.report.package, make.index
    rows = own_score_rows(package, index)
    width = 0.62 / (len(rows[0]) - 1)
    page = make.page(template.TABLE_PAGE)
    fill_table(
        page, rows, widths=(0.38, *(width for _ in rows[0][1:])), points=16, row_height=40, centred=True,
        name=f"Skema til egen {index.name}-score",
    )  # fmt: skip
    make.close(
        page,
        base=index.own_score.reckon,
        source=f"{index.not_a_diagnosis} Dit skema er dit eget: ingen samler det ind.",
    )


def index_comparison(make: SlideContext) -> None:
    """The cluster's mean with its interval beside each reference that has a figure, and KiAP's other clusters."""
    index = make.index
    found = index_of(make.report.package, make.report.results, index.id)
    if found is None:
        return make.calm()
    references = references_for(make.report, index.id)
    labels = (f"{OURS} ({found.n} svar)", *(name_of(reference) for reference in references))
    others = (None, *(reference.value for reference in references))
    ours = (round(found.mean, 1), *(None for _ in references))
    errors = ((found.mean - found.low, found.high - found.mean), *((0.0, 0.0) for _ in references))
    interval = f"{mean_points(index, found.mean)}\n{number(found.low)} til {number(found.high)}"
    beside = (interval, *("" for _ in references))
    page = make.page(template.DIAGRAM)
    shown = "; ".join(
        [
            f"Klyngens gennemsnit {number(found.mean)} point, 95 % sikkerhedsinterval {number(found.low)} til "
            f"{number(found.high)}",
            *(reference_text(reference) for reference in references),
        ]
    )  # fmt: skip
    draw_bars(
        page,
        template.CHART,
        Bars(
            categories=labels,
            series=(
                Series(f"{index.name}, gennemsnit", ours, tokens.OURS, errors),
                Series("Andres gennemsnit", others, tokens.REFERENCE),
            ),
            overlaid=True,
            number_format=ONE_DECIMAL,
            maximum=index.highest,
            column=Column(beside, 150, "Gennemsnit og usikkerhed (95 %)", 280, BIG_PT),
            gap=50,
            name=f"{index.name}: klyngen og andre",
        ),
        shown,
    )
    span = (
        f" Laveste score {found.min}, højeste {found.max}." if found.min is not None and found.max is not None else ""
    )
    make.close(
        page,
        shown=shown,
        base=f"{make.base(found.n)}{span} Streg på søjlen: usikkerheden på gennemsnittet (95 %).",
        source="Kilder: " + "; ".join(dict.fromkeys(short_source(reference.source) for reference in references)) + "."
        if references
        else "Der er ingen reference at sammenligne med.",
        more=[
            *index_beside_others(make.report, index.id),
            *(reference.note for reference in references if reference.note),
        ],
    )
    return None


def index_bands(make: SlideContext) -> None:
    """How many are in each band, beside the references that exist."""
    package, index = make.report.package, make.index
    found = index_of(package, make.report.results, index.id)
    if found is None:
        return make.calm()
    per_cent = index_in_per_cent(package, found)
    counts = [found.bands[band.id] for band in index.bands]
    compared = shares_beside(make.report, [f"{index.id}.{band.id}" for band in index.bands]) if per_cent else []
    series = [Series(OURS, tuple(c / found.n if per_cent else c for c in counts), tokens.TEAL)]
    series += [Series(row.name, row.values, colour) for row, colour in zip(compared, OTHERS, strict=False)]
    page = make.page(template.DIAGRAM)
    names = tuple(f"{band.label} ({points_of(index, band)})" for band in index.bands)
    shown = "; ".join(
        f"{name}: {amount(count, found.n, in_per_cent=per_cent)}" for name, count in zip(names, counts, strict=True)
    )
    draw_bars(
        page,
        template.CHART,
        Bars(
            categories=names,
            series=tuple(series),
            number_format=PERCENT if per_cent else count_of(found.n),
            maximum=1.0 if per_cent else found.n,
            point_colours=None if compared else tuple(COLOURS[band.colour][0] for band in index.bands),
            legend=((OURS, tokens.TEAL), *((r.legend, colour) for r, colour in zip(compared, OTHERS, strict=False)))
            if compared
            else (),
            name=f"{index.name}: niveauer",
        ),
        shown,
    )
    references = [reference_text(reference) for row in compared for reference in row.references]
    rounded = rounded_parts(counts, found.n) if per_cent else ""
    make.close(
        page,
        shown=shown,
        base=make.base(found.n),
        source=f"{sources_of(compared) or index.not_a_diagnosis} {rounded}",
        more=[*references, index.not_a_diagnosis],
    )
    return None


def own_score_rows(package: Package, index: Index) -> list[tuple[str, ...]]:
    """The table with which each reckons their own score: the stem and the answers, then a row of numbers an item."""
    items = [package.item(item) for item in index.items]
    stem = package.group(items[0].group).text if items[0].group else ""
    options = package.options_of(items[0])
    head = tuple(option.label for option in options) or tuple(str(each) for each in numbers_of(package, items[0]))
    return [(stem, *head), *((item.text, *map(str, numbers_of(package, item))) for item in items)]

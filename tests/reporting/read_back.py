"""A deck read back as its audience reads it, and every sentence on it held against the numbers beside it.

Nothing here knows how the deck was made: numbers are those printed, formulas are SciPy's and statsmodels'.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from docx import Document
from pptx import Presentation
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

NUMBER = r"[+−-]?\d+(?:,\d+)?"
INTERVAL = re.compile(rf"({NUMBER}) til ({NUMBER})")
ANSWERED = re.compile(r"(\d+) af (\d+) har svaret")
PERCENT = re.compile(r"(\d+) %")
WINNER = re.compile(r"\b(oftest|flest|mest|højest|færrest|lavest)", re.IGNORECASE)
QUOTED = re.compile(r"»(.+?)«")
RISES, FALLS = re.compile("steget|Flere har .* i første runde"), re.compile("faldet|Færre har .* i første runde")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def value(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ".").replace("+", ""))


def half_up(number: float) -> int:
    return int(round(number, 7) + 0.5)


@dataclass(frozen=True)
class Chart:
    """A chart of bars. `kind` is what its figures are: "%" (of proportions), "n" (counts) or "x" (other numbers)."""

    name: str
    alt: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    kind: str
    stacked: bool
    dots: tuple[tuple[str, tuple[float, ...]], ...] = ()
    """Of a chart of dots: where each series' dots lie along its axis."""

    def printed(self) -> set[int]:
        """Every whole per cent that can be read from its bars."""
        if self.kind != "%":
            return set()
        return {half_up(v * 100) for _, values in self.series for v in values if v is not None}


@dataclass(frozen=True)
class Slide:
    number: int
    title: str
    words: str
    notes: str
    texts: tuple[tuple[str, str], ...]
    charts: tuple[Chart, ...]

    @property
    def n(self) -> int:
        found = ANSWERED.search(self.words)
        assert found, self.words
        shown = re.search(r"Figuren bygger på (\d+) svar\.", self.words)
        return int(shown[1] if shown else found[1])

    @property
    def beside(self) -> list[str]:
        """The column beside the bars, a text a row."""
        return [text for name, text in self.texts if name.startswith("Ved siden af")]

    @property
    def says_rounded(self) -> bool:
        return "afrundet" in self.words


def read_slides(deck: bytes) -> list[Slide]:
    return [_slide(number, slide) for number, slide in enumerate(Presentation(BytesIO(deck)).slides, 1)]


def _slide(number: int, slide: Any) -> Slide:
    texts = [(shape.name, plain(shape.text_frame.text)) for shape in slide.shapes if shape.has_text_frame]
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    cells = [plain(cell.text) for table in tables for row in table.rows for cell in row.cells]
    title = plain(slide.shapes.title.text_frame.text)
    return Slide(
        number,
        title,
        "\n".join([*(text for _, text in texts if text != title), *cells]),
        plain(slide.notes_slide.notes_text_frame.text),
        tuple(texts),
        tuple(_chart(shape) for shape in slide.shapes if shape.has_chart),
    )


def _chart(shape: Any) -> Chart:
    plot = shape.chart.plots[0]
    grouping = plot._element.find("{*}grouping")
    formats = {element.get("formatCode") for element in plot._element.iter("{*}numFmt")}
    values = [v for series in plot.series for v in series.values if v is not None]
    shares = any("%" in code for code in formats) or (not formats and max(values, default=2) <= 1)
    kind = "%" if shares else "n" if any('" af ' in code or code == "0;;" for code in formats) else "x"
    return Chart(
        name=shape.name,
        alt=plain(shape._element.nvGraphicFramePr.cNvPr.get("descr", "")),
        categories=tuple(str(category) for category in plot.categories),
        series=tuple((series.name, tuple(series.values)) for series in plot.series),
        kind=kind,
        stacked=grouping is not None and grouping.get("val") in ("stacked", "percentStacked"),
        dots=tuple((series.name, _along(series)) for series in plot.series),
    )


def _along(series: Any) -> tuple[float, ...]:
    values = series._element.find("{*}xVal")
    return () if values is None else tuple(float(each.text) for each in values.iter("{*}v"))


def contradictions(deck: bytes) -> Iterator[str]:
    """Every sentence that a reader could hold against the numbers beside it."""
    slides = read_slides(deck)
    for slide in slides:
        for check in (_shares_in_titles, _winners, _changes, _wholes, _columns, _how_many, _against, _over_a_hundred,
                      _spreads, _lanes):  # fmt: skip
            yield from (f"slide {slide.number} »{slide.title}«: {problem}" for problem in check(slide))
    yield from _counted_changes(slides)
    yield from _invitations(slides)


def _shares_in_titles(slide: Slide) -> Iterator[str]:
    """A share in a title stands beside it, or is the sum of parts that do."""
    beside = {int(found) for found in PERCENT.findall(slide.words)}
    for chart in slide.charts:
        beside |= chart.printed()
        for row in _rows(chart) if chart.stacked else [_first_series(chart)]:
            parts = [half_up(v * 100) for v in row] if chart.kind == "%" else []
            for start in range(len(parts)):
                for end in range(start + 2, len(parts) + 1):
                    beside |= {sum(parts[start:end])}
                    beside |= {sum(parts[start:end]) + off for off in (-2, -1, 1, 2)} if slide.says_rounded else set()
    yield from (f"{share} % stands nowhere" for share in map(int, PERCENT.findall(slide.title)) if share not in beside)


def _rows(chart: Chart) -> list[list[float]]:
    return [[values[place] or 0 for _, values in chart.series] for place in range(len(chart.categories))]


def _first_series(chart: Chart) -> list[float]:
    return [value or 0 for value in chart.series[0][1]]


def _winners(slide: Slide) -> Iterator[str]:
    """Who is named as most or least is so, and beyond chance; several together are told apart from the rest alone."""
    if not (WINNER.search(slide.title) and QUOTED.search(slide.title) and slide.charts):
        return
    chart = slide.charts[0]
    rows = _standing(slide, chart)
    low = re.search(r"\b(færrest|lavest)", slide.title, re.IGNORECASE)
    for place, named in enumerate(QUOTED.findall(slide.title)):
        if named not in rows:
            continue
        others = [other for name, other in rows.items() if name != named]
        if "kan de ikke skelnes" in slide.title:
            together = QUOTED.findall(slide.title)
            if any(rows[name].size > rows[named].size for name in rows if name not in together):
                yield f"»{named}« is not in front"
        elif low and place == len(QUOTED.findall(slide.title)) - 1:
            yield from (f"»{named}« is not certainly least" for other in others if not other.above(rows[named]))
        else:
            yield from (f"»{named}« is not certainly most" for other in others if not rows[named].above(other))


@dataclass(frozen=True)
class Standing:
    """A row's figure and what tells whether it is above another's beyond chance."""

    size: float
    n: int
    kind: str
    sd: float = 0.0

    def above(self, other: "Standing") -> bool:
        if self.kind == "options":  # of one question: those who chose just one of the two
            mine, theirs = round(self.size * self.n), round(other.size * other.n)
            return mine + theirs > 0 and proportion_confint(mine, mine + theirs, method="wilson")[0] > 0.4995
        if self.kind == "questions":
            mine, theirs = round(self.size * self.n), round(other.size * other.n)
            return bool(confint_proportions_2indep(mine, self.n, theirs, other.n, method="newcomb")[0] > 0)
        if self.sd == other.sd == 0:
            return self.size > other.size
        test = stats.ttest_ind_from_stats(self.size, self.sd, self.n, other.size, other.sd, other.n, equal_var=False)
        return bool(test.statistic > 0 and test.pvalue < 0.055)  # means and spreads are printed with one decimal


def _standing(slide: Slide, chart: Chart) -> dict[str, Standing]:
    if chart.stacked:
        counts = {name: int(n) for name, n in re.findall(r"([^;]+?) \((\d+) svar\):", chart.alt)}
        found = {}
        for name, text in zip(chart.categories, slide.beside, strict=True):
            n = counts[next(key for key in counts if key.strip() == name)]
            share = PERCENT.search(text)
            size = int(share[1]) / 100 if share else int(text.split(" af ")[0]) / n
            found[name] = Standing(size, n, "questions")
        return found
    values = dict(zip(chart.categories, _first_series(chart), strict=True))
    if chart.kind == "x":
        spread = {name: value(sd) for name, sd in re.findall(r"(.+): standardafvigelse (\d+(?:,\d)?)", slide.notes)}
        return {name: Standing(size, slide.n, "means", spread[name]) for name, size in values.items()}
    n = slide.n
    return {name: Standing(size if chart.kind == "%" else size / n, n, "options") for name, size in values.items()}


def _changes(slide: Slide) -> Iterator[str]:
    """A change goes with an interval on its side of 0, and one that can't be told with an interval that holds 0."""
    rises, falls = RISES.search(slide.title), FALLS.search(slide.title)
    if (rises or falls) and not re.search(r"\d+ af \d+", slide.title):
        intervals = [(value(low), value(high)) for low, high in INTERVAL.findall(f"{slide.title}\n{slide.words}")]
        if not any(low > 0 if rises else high < 0 for low, high in intervals):
            yield "a change without an interval that says so"
    for text in slide.beside:
        found = re.fullmatch(rf"({NUMBER}), (steget|faldet|kan ikke afgøres)\n({NUMBER}) til ({NUMBER})", text)
        if "afgøres" in text or "steget" in text or "faldet" in text:
            if not found:
                yield f"'{text}' has no interval"
                continue
            size, low, high = value(found[1]), value(found[3]), value(found[4])
            seen = "steget" if low > 0 else "faldet" if high < 0 else "kan ikke afgøres"
            if seen != found[2] or not low <= size <= high:
                yield f"'{text}' contradicts itself"
    if "Intervallet rummer 0" in slide.words and not any(
        value(low) <= 0 <= value(high) for low, high in INTERVAL.findall(slide.words)
    ):
        yield "an interval that is said to hold 0 does not"


def _counted_changes(slides: Sequence[Slide]) -> Iterator[str]:
    """ "2 af 8 områder er steget" is what the rows of it and its continuation say."""
    for place, slide in enumerate(slides):
        rises = re.search(r"(\d+) af (\d+)(?: \w+)? er steget", slide.title)
        falls = re.search(r"(\d+)(?: af \d+)?(?: \w+)? er faldet", slide.title)
        if not (rises or falls or "ingen ændring kan afgøres" in slide.title):
            continue
        rows = list(slide.beside)
        rows += [text for later in slides[place + 1 :] if later.title.endswith("(fortsat)") for text in later.beside]
        own = len(slide.beside) + sum(
            len(later.beside) for later in slides[place + 1 : place + 2] if later.title.endswith("(fortsat)")
        )
        for found, word in ((rises, "steget"), (falls, "faldet")):
            if sum(word in text for text in rows[:own]) != (int(found[1]) if found else 0):
                yield f"slide {slide.number} »{slide.title}«: not what its rows say of {word}"


def _columns(slide: Slide) -> Iterator[str]:
    """The share beside a stack is the sum of the parts from its left end, or it is said that they are rounded."""
    for chart in slide.charts:
        if not chart.stacked or chart.kind != "%" or slide.says_rounded:
            continue
        for parts, text in zip(_rows(chart), slide.beside, strict=bool(slide.beside)):
            printed = [half_up(part * 100) for part in parts]
            if int(text.split(" ")[0]) not in (sum(printed[:many]) for many in range(1, len(printed))):
                yield f"{text} is no sum of {printed}"


def _wholes(slide: Slide) -> Iterator[str]:
    """Parts of a whole are 100 per cent together, or it is said that they are rounded."""
    for chart in slide.charts:
        if chart.kind != "%" or slide.says_rounded or "Hver kunne vælge" in slide.words:
            continue
        wholes = _rows(chart) if chart.stacked else []
        one = _first_series(chart)
        wholes += [one] if not chart.stacked and abs(sum(one) - 1) < 1e-6 else []
        yield from (
            f"{chart.name}: {[half_up(v * 100) for v in parts]} are not 100"
            for parts in wholes
            if sum(half_up(v * 100) for v in parts) != 100
        )


def _how_many(slide: Slide) -> Iterator[str]:
    answered = ANSWERED.search(slide.words)
    if answered is None:
        return
    n, members = int(answered[1]), int(answered[2])
    if "Alle i klyngen" in slide.title and n != members:
        yield "not all"
    if "Under halvdelen" in slide.title and 2 * n >= members:
        yield "not under half"
    if "mindst halvdelen" in slide.title:
        bands = [text.split("\n") for name, text in slide.texts if "point" in text and name.endswith("trivsel")]
        below = sum(int(lines[2].split(" af ")[0]) for lines in bands if not lines[1].startswith("over"))
        total = int(bands[0][2].split(" af ")[1])
        if 2 * below < total:
            yield "not half"


def _against(slide: Slide) -> Iterator[str]:
    """A mean that is said to lie above or below others does, with all of its interval."""
    if "I kan sammenligne med" not in slide.title:
        return
    low, high = map(value, INTERVAL.findall("\n".join(slide.beside))[0])
    others = [v for _, values in slide.charts[0].series[1:] for v in values if v is not None]
    if "ligger over" in slide.title and low <= max(others):
        yield "not above"
    if "ligger under" in slide.title and high >= min(others):
        yield "not below"
    if "kan ikke skelnes" in slide.title and not all(low <= other <= high for other in others):
        yield "can be told apart"


def _spreads(slide: Slide) -> Iterator[str]:
    """A register's median and quartiles are those of its dots, and a title compares with a reference as they allow."""
    for chart in slide.charts:
        told = dict(chart.dots)
        if not chart.name.endswith(": spredning") or "Praksis" not in told:
            continue
        values = np.array(told["Praksis"])
        yield from _not_the_middle(values, told["Median"][0], slide.words)
        ends = int(stats.binom.ppf(0.025, len(values), 0.5))
        low, high = values[ends - 1], values[len(values) - ends]
        for found in re.finditer("median er .+?(over|under|kan ikke skelnes fra) ", slide.title):
            (reference,) = [at[0] for name, at in chart.dots if name not in ("Praksis", "Median")]
            place = "over" if low > reference else "under" if high < reference else "kan ikke skelnes fra"
            if found[1] != place:
                yield f"{low} to {high} against {reference} is not '{found[1]}'"


def _lanes(slide: Slide) -> Iterator[str]:
    """Both rounds' medians are those of their dots, and the difference is the middle of all differences."""
    for chart in slide.charts:
        told = dict(chart.dots)
        if not chart.name.endswith("før og nu") or "Nu, median" not in told:
            continue
        for name in ("Første runde", "Nu"):
            label = next(text for shape, text in slide.texts if shape == name)
            if name in told:
                yield from _not_the_middle(np.array(told[name]), told[f"{name}, median"][0], label)
        figure = next((text for shape, text in slide.texts if shape == "Nøgletal"), "")
        if ("Første runde" in told and "Nu" in told) is not bool(figure):
            yield "a difference is told where there are no dots, or is not where there are"
        elif figure:
            middle = np.median([after - before for before in told["Første runde"] for after in told["Nu"]])
            whole = all(each % 1 == 0 for each in (*told["Første runde"], *told["Nu"]))
            if abs(value(re.findall(NUMBER, figure)[0]) - middle) > (0.5001 if whole else 0.0501):
                yield f"{figure} is not {middle}"


def _not_the_middle(values: Any, median: float, words: str) -> Iterator[str]:
    lower, middle, upper = np.quantile(values, [0.25, 0.5, 0.75])
    halves = re.search(r"(?:ligger på|midterste halvdel) ([\d,.]+)–([\d,.]+)", words)
    if halves is None:
        yield f"the middle half is not told in '{words}'"
        return
    step = 10.0 ** -(1 if any("," in each for each in halves.groups()) or (values % 1).any() else 0)
    said = [median, *(float(each.replace(".", "").replace(",", ".")) for each in halves.groups())]
    for found, reckoned in zip(said, (middle, lower, upper), strict=True):
        if abs(found - reckoned) > step / 2 + 1e-6:
            yield f"{reckoned} is not {found}"


def _over_a_hundred(slide: Slide) -> Iterator[str]:
    if "giver mere end 100 %" in slide.words and sum(_first_series(slide.charts[0])) <= 1 + 1e-6:
        yield "not over 100 %"


def _invitations(slides: Sequence[Slide]) -> Iterator[str]:
    """Nobody is promised figures that are not there."""
    if any(slide.charts and ANSWERED.search(slide.words) for slide in slides):
        return
    promise = re.compile(r"I ser klyngens[^.]*|ser I, hvordan klyngens|sammenligner klyngen før|(?<!klyngens )egne tal")
    for slide in slides:
        if found := promise.search(f"{slide.title}\n{slide.words}"):
            yield f"slide {slide.number}: '{found[0]}' where there are no figures"


def document_contradictions(document: bytes) -> Iterator[str]:
    """The same of a Word document: its verdicts, and its tables of parts."""
    read = Document(BytesIO(document))
    paragraphs = [plain(paragraph.text) for paragraph in read.paragraphs]
    told = re.compile(rf"procentpoint: ({NUMBER}) \(({NUMBER}) til ({NUMBER})\), (steget|faldet|kan ikke afgøres)")
    for text in paragraphs:
        for found in told.finditer(text):
            yield from _verdict(value(found[1]), value(found[2]), value(found[3]), found[4])
        if "Hele intervallet ligger over 0" in text or "under 0" in text or "rummer 0" in text:
            low, high = map(value, INTERVAL.findall(text)[-1])
            seen = "over 0" if low > 0 else "under 0" if high < 0 else "rummer 0"
            if seen not in text:
                yield f"'{text}' contradicts itself"
    for table in read.tables:
        rows = [[plain(cell.text) for cell in row.cells] for row in table.rows]
        if rows[0][-2:-1] == ["Forskel"]:
            for row in rows[1:]:
                size, low, high = map(value, re.findall(NUMBER, row[3]))
                yield from _verdict(size, low, high, row[4])
        for column in range(1, len(rows[0])):
            parts = [re.fullmatch(r"(\d+) % \((\d+)\)", row[column]) for row in rows[1:]]
            if parts and all(parts) and "Forhold" not in rows[0][0]:
                together = sum(int(part[1]) for part in parts if part)
                if together != 100 and not any("afrundet" in text for text in paragraphs):
                    yield f"{rows[0]}: {together} % together"


def _verdict(size: float, low: float, high: float, word: str) -> Iterator[str]:
    seen = "steget" if low > 0 else "faldet" if high < 0 else "kan ikke afgøres"
    if seen != word or not low <= size <= high:
        yield f"{size} ({low} til {high}): {word}"

"""The results document's charts: the figures of the table below each, on the deck's scale and in its colours."""

from collections.abc import Sequence

from domain.danish import percent, tenths
from reporting import tokens
from reporting.chart_series import Series
from reporting.charts import COUNT_WHERE_ANY, ONE_DECIMAL, PERCENT, PERCENT_WHERE_ROOM, count_of
from reporting.document_builder import DocumentBuilder
from reporting.figures import Figures
from reporting.word_chart import WordBars, add_chart

Round = tuple[str, Sequence[int], int]
"""What a round is called, its counts in the order of the labels, and how many they are of."""
COLOURS = (tokens.REFERENCE, tokens.TEAL)
"""The first round's, and now's."""
MOST_LABEL = 60


def chart_shares(
    paper: DocumentBuilder, labels: Sequence[str], rounds: Sequence[Round], name: str, *, in_per_cent: bool
) -> None:
    """A bar for each label and round: shares on a scale to 100 %, or counts where shares may not be shown."""
    colours = COLOURS[-len(rounds) :]
    series = tuple(
        Series(told, tuple(count / base if in_per_cent else count for count in counts), colour)
        for (told, counts, base), colour in zip(rounds, colours, strict=True)
    )
    base = max(base for _, _, base in rounds)
    one_base = len({base for _, _, base in rounds}) == 1
    counted = count_of(base) if one_base else "0"
    bars = WordBars(
        categories=tuple(label[:MOST_LABEL] for label in labels),
        series=series,
        number_format=PERCENT if in_per_cent else counted,
        maximum=1.0 if in_per_cent else base,
    )
    add_chart(paper, bars, name, _told(name, labels, rounds, in_per_cent=in_per_cent))


def _told(name: str, labels: Sequence[str], rounds: Sequence[Round], *, in_per_cent: bool) -> str:
    lines = []
    for told, counts, base in rounds:
        amounts = (
            f"{label}: {percent(count / base)}" if in_per_cent else f"{label}: {count} af {base}"
            for label, count in zip(labels, counts, strict=True)
        )
        lines.append(f"{told}: {'; '.join(amounts)}." if len(rounds) > 1 else f"{'; '.join(amounts)}.")
    return f"{name}. {' '.join(lines)}"


def chart_scale(paper: DocumentBuilder, rows: Sequence[Figures], options: Sequence[str], name: str) -> None:
    """A stacked bar for each question over one ordered scale."""
    in_per_cent = all(row.in_per_cent for row in rows)
    series = tuple(
        Series(label, tuple(row.count(label) / row.n if in_per_cent else row.count(label) for row in rows), colour)
        for label, colour in zip(options, tokens.palette(len(options)), strict=True)
    )
    bars = WordBars(
        categories=tuple(row.item.chart_label[:MOST_LABEL] for row in rows),
        series=series,
        number_format=PERCENT_WHERE_ROOM if in_per_cent else COUNT_WHERE_ANY,
        maximum=1.0 if in_per_cent else max(row.n for row in rows),
        stacked="hundred" if in_per_cent else "sum",
    )
    told = "; ".join(
        f"{row.item.chart_label}: {', '.join(f'{label} {row.amount(row.count(label))}' for label in options)}"
        for row in rows
    )
    add_chart(paper, bars, name, f"{name}. {told}.")


def chart_means(paper: DocumentBuilder, rows: Sequence[Figures], name: str) -> None:
    """A bar for each mean, on the scale that was answered."""
    means = tuple(row.result.mean or 0.0 for row in rows)
    item = rows[0].item
    bars = WordBars(
        categories=tuple(row.item.chart_label[:MOST_LABEL] for row in rows),
        series=(Series("Gennemsnit", means, tokens.TEAL),),
        number_format=ONE_DECIMAL,
        maximum=float(item.maximum or 10),
        minimum=float(item.minimum or 0),
    )
    told = "; ".join(f"{row.item.chart_label}: {tenths(mean)}" for row, mean in zip(rows, means, strict=True))
    add_chart(paper, bars, name, f"{name}. {told}.")

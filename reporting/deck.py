"""A report in, a PowerPoint out: each slide generated on the template, charts native, the same bytes every time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pptx import Presentation

from domain.deck_plan import SlidePlan
from reporting import (
    slides_change,
    slides_help,
    slides_index,
    slides_items,
    slides_last_time,
    slides_register,
    slides_words,
)
from reporting.report_context import ReportContext, subject_of
from reporting.slide_builder import Layouts
from reporting.slide_context import SlideContext
from reporting.slide_kinds import KINDS
from reporting.slide_times import slide_times
from reporting.steady import number_parts, steady_pptx
from reporting.template import TEMPLATE

Maker = Callable[[SlideContext], None]

MAKERS: Mapping[str, Maker] = {
    "title": slides_words.front,
    "agenda": slides_words.agenda,
    "text": slides_words.text,
    "last_time": slides_last_time.last_time,
    "answers": slides_words.answers,
    "index_scores": slides_index.index_scores,
    "index_reading": slides_index.index_reading,
    "index_own_score": slides_index.index_own_score,
    "index_comparison": slides_index.index_comparison,
    "index_bands": slides_index.index_bands,
    "degree": slides_items.degree,
    "two_sides": slides_items.two_sides,
    "top": slides_items.top,
    "ranking": slides_items.ranking,
    "ratings": slides_items.ratings,
    "likert": slides_items.likert,
    "quotes": slides_words.quotes,
    "national": slides_words.national,
    "group_work": slides_words.group_work,
    "video": slides_words.video,
    "help": slides_help.where_to_turn,
    "homework": slides_words.homework,
    "register_measures": slides_register.register_measures,
    "register_spread": slides_register.register_spread,
    "before_after_register": slides_register.before_after_register,
    "before_after_index": slides_change.before_after_index,
    "before_after_bands": slides_change.before_after_bands,
    "before_after_degree": slides_change.before_after_degree,
    "before_after_shares": slides_change.before_after_shares,
}
"""What draws each of `reporting/slide_kinds.py`."""


def make_deck(report: ReportContext) -> bytes:
    """The deck of the report's round as .pptx bytes. Raises ValueError where the package has no slides for it."""
    plans = report.slides
    if not plans:
        msg = f"{report.package.slug} has no slides for {report.round.value}: see its deck.yaml"
        raise ValueError(msg)
    deck = Presentation(str(TEMPLATE))
    number_parts(deck)
    layouts = Layouts(deck)
    made = list(_made(plans, silenced=report.results.suppressed))
    for plan, time in zip(made, slide_times(made, report.programme), strict=True):
        context = SlideContext(layouts, report, plan, time)
        if KINDS[plan.kind].answers and report.results.suppressed:
            context.calm()
        else:
            MAKERS[plan.kind](context)
    _set_properties(deck, report)
    return steady_pptx(deck)


def _made(plans: Sequence[SlidePlan], *, silenced: bool) -> Iterator[SlidePlan]:
    """Of a round that may not be told, the first slide of answers stands for all of them."""
    told = False
    for plan in plans:
        if silenced and KINDS[plan.kind].answers:
            if told:
                continue
            told = True
        yield plan


def _set_properties(deck: Any, report: ReportContext) -> None:  # noqa: ANN401 - python-pptx has no types
    properties = deck.core_properties
    properties.title = f"{report.title} – {report.cluster}"
    properties.subject = subject_of(report.package)
    properties.author = properties.last_modified_by = "KiAP"
    properties.category = "Klyngepakke"
    properties.keywords = "; ".join(filter(None, (str(report.package.slug), report.mark)))
    properties.comments = ""
    properties.content_status = "Færdig"
    properties.identifier = f"{report.package.slug} {report.package.version} {report.round.value}"
    properties.language = "da-DK"
    properties.revision = 1
    properties.version = str(report.package.version)
    properties.created = properties.modified = properties.last_printed = report.made_at

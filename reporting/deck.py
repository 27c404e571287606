"""A brief in, a PowerPoint out: each slide generated on the template, charts native, the same bytes every time."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from pptx import Presentation

from domain.deck_plan import SlideKind
from reporting import slides_change, slides_items, slides_who5, slides_words
from reporting.brief import Brief
from reporting.making import Making
from reporting.steady import steady_pptx
from reporting.template import TEMPLATE

Maker = Callable[[Making], None]

KINDS: dict[SlideKind, Maker] = {
    "title": slides_words.front,
    "agenda": slides_words.agenda,
    "text": slides_words.text,
    "answers": slides_words.answers,
    "who5_scores": slides_who5.who5_scores,
    "who5_reading": slides_who5.who5_reading,
    "who5_own_score": slides_who5.who5_own_score,
    "who5_comparison": slides_who5.who5_comparison,
    "who5_bands": slides_who5.who5_bands,
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
    "homework": slides_words.homework,
    "sources": slides_words.sources,
    "method": slides_words.method,
    "before_after_who5": slides_change.before_after_who5,
    "before_after_bands": slides_change.before_after_bands,
    "before_after_degree": slides_change.before_after_degree,
    "before_after_shares": slides_change.before_after_shares,
}

RESULTS: frozenset[SlideKind] = frozenset({
    "answers", "who5_scores", "who5_comparison", "who5_bands", "degree", "two_sides", "top", "ranking", "ratings",
    "likert", "quotes", "before_after_who5", "before_after_bands", "before_after_degree", "before_after_shares",
})  # fmt: skip
"""The kinds that show answers. When a whole round may not be told, one calm slide stands for all of them."""


def make_deck(brief: Brief) -> bytes:
    """The deck of the brief's round as .pptx bytes. Raises ValueError where the package has no slides for it."""
    plans = [slide for slide in brief.package.deck.slides if brief.round.value in slide.rounds]
    if not plans:
        msg = f"{brief.package.slug} has no slides for {brief.round.value}: see its deck.yaml"
        raise ValueError(msg)
    deck = Presentation(str(TEMPLATE))
    silenced = False
    for plan in plans:
        making = Making(deck, brief, plan)
        if plan.kind in RESULTS and brief.results.suppressed:
            if not silenced:
                making.calm()
                silenced = True
            continue
        KINDS[plan.kind](making)
    _set_properties(deck, brief)
    buffer = BytesIO()
    deck.save(buffer)
    return steady_pptx(buffer.getvalue(), brief.made_at)


def _set_properties(deck: Any, brief: Brief) -> None:  # noqa: ANN401 - python-pptx has no types
    properties = deck.core_properties
    properties.title = f"{brief.title} – {brief.cluster}"
    properties.subject = "Klyngens svar til klyngemødet"
    properties.author = properties.last_modified_by = "KiAP"
    properties.category = "Klyngepakke"
    properties.keywords = str(brief.package.slug)
    properties.comments = ""
    properties.content_status = "Færdig"
    properties.identifier = f"{brief.package.slug} {brief.package.version} {brief.round.value}"
    properties.language = "da-DK"
    properties.revision = 1
    properties.version = str(brief.package.version)
    properties.created = properties.modified = properties.last_printed = brief.made_at

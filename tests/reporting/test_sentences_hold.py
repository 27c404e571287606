"""Whatever a cluster answers, no sentence in its deck or document contradicts a number beside it."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.disclosure import disclose
from domain.model import Round
from domain.package import NOT_RELEVANT, Answers, Item, Package
from domain.register import Extract
from domain.results import Results
from domain.tabulation import tabulate_extract
from reporting.deck import make_deck
from reporting.document import make_document
from reporting.report_context import ReportContext
from tests.a_register import REGISTER
from tests.reporting.clusters import MADE_ON, PACKAGES, a_baseline, a_follow_up, a_round
from tests.reporting.read_back import contradictions, document_contradictions
from tests.reporting.reading import deck_text, document_text
from tests.the_packages import POLYFARMACI

STYLES = ("flat", "skewed", "high", "low", "split", "one_each")


@st.composite
def answered(draw: st.DrawFn, package: Package, round_: Round) -> tuple[list[Answers], int]:
    """So many answers of a style, and how many were asked."""
    n = draw(st.one_of(st.sampled_from([0, 4, 5, 7, 9, 10, 34, 73]), st.integers(0, 73)))
    style = draw(st.sampled_from(STYLES))
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311
    drawn = [{item.id: _answer(package, item, style, chance) for item in package.asked_in(round_)} for _ in range(n)]
    rows: list[Answers] = [{item: given for item, given in row.items() if given is not None} for row in drawn]
    return rows, n + draw(st.integers(0, 12))


def _answer(package: Package, item: Item, style: str, chance: random.Random) -> Any:
    if chance.random() < 0.05:
        return NOT_RELEVANT if item.may_be_not_relevant else None
    options = [option.value if item.kind == "score" else option.id for option in package.options_of(item)]
    if item.kind == "text":
        return "Vi holder pausen."
    if item.kind == "rating":
        options = list(range(item.minimum or 0, (item.maximum or 0) + 1))
    if item.kind == "choices":
        most = min(item.at_most or 4, len(options))
        many = 1 if style == "one_each" else chance.randint(1, most)
        weights = [0.5**place if style == "skewed" else 1.0 for place in range(len(options))]
        return tuple(dict.fromkeys(chance.choices(options, weights, k=many)))
    places = {
        "flat": chance.randrange(len(options)),
        "skewed": min(int(chance.expovariate(0.9)), len(options) - 1),
        "high": 0,
        "low": len(options) - 1,
        "split": chance.choice((0, len(options) - 1)),
        "one_each": chance.randrange(min(2, len(options))),
    }
    return options[places[style]]


@st.composite
def reports(draw: st.DrawFn) -> ReportContext:
    """A baseline, or a follow-up with both rounds."""
    package = draw(st.sampled_from(PACKAGES))
    rows, members = draw(answered(package, Round.BASELINE))
    first = a_round(package, rows, max(members, 1))
    if draw(st.booleans()):
        return replace(a_baseline(package, 12), results=first)
    rows, members = draw(answered(package, Round.FOLLOW_UP))
    return a_follow_up(package, first, a_round(package, rows, max(members, 1), Round.FOLLOW_UP))


@st.composite
def registers(draw: st.DrawFn) -> ReportContext:
    """A register's first round, or a follow-up with both: so many practices, alike, apart or split in two."""

    package = draw(st.sampled_from((REGISTER, POLYFARMACI)))

    def a_spread(round_: Round) -> Results:
        n = draw(st.one_of(st.sampled_from([0, 4, 5, 9, 10, 40]), st.integers(0, 40)))
        chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311
        middle, apart = draw(st.integers(0, 60)), draw(st.sampled_from([0, 0.1, 3, 20]))
        rows = {
            f"Hemmelig praksis {place}": {
                measure.id: measure.rounded(min(max(chance.gauss(middle, apart), 0), measure.maximum))
                for measure in package.measured_in(round_)
                if chance.random() > 0.1
            }
            for place in range(n)
        }
        return disclose(tabulate_extract(package, round_, n + 2, Extract(rows)), package.disclosure)

    first = a_spread(Round.BASELINE)
    if draw(st.booleans()):
        return ReportContext(package=package, results=first, cluster="Klynge Aalborg Øst", made_on=MADE_ON)
    return a_follow_up(package, first, a_spread(Round.FOLLOW_UP))


@settings(max_examples=50, deadline=None)
@given(registers())
def test_no_sentence_of_a_registers_deck_or_document_contradicts_a_number_beside_it(report: ReportContext) -> None:
    deck, document = make_deck(report), make_document(report)
    assert [*contradictions(deck), *document_contradictions(document)] == []
    assert "Hemmelig" not in deck_text(deck) + document_text(document)


@settings(max_examples=60, deadline=None)
@given(reports())
def test_no_sentence_of_a_deck_contradicts_a_number_beside_it(report: ReportContext) -> None:
    assert list(contradictions(make_deck(report))) == []


@settings(max_examples=40, deadline=None)
@given(reports())
def test_no_sentence_of_a_document_contradicts_a_number_beside_it(report: ReportContext) -> None:
    assert list(document_contradictions(make_document(report))) == []


def test_the_source_documents_follow_up_contradicts_nothing(retreat_deck: bytes, retreat_document: bytes) -> None:
    assert list(contradictions(retreat_deck)) == []
    assert list(document_contradictions(retreat_document)) == []

"""A deck's texts and dots fit their places, whatever the cluster is called and however many answer."""

from dataclasses import replace
from io import BytesIO

import pytest
from pptx import Presentation

from reporting import template
from reporting.deck import make_deck
from tests.gallery.cases import LONG
from tests.reporting.clusters import a_baseline, a_round, some_answers
from tests.reporting.conftest import DeckOf
from tests.reporting.slides import SPOTS, overflows, room_taken, slides_of, the_chart, title_of, words_of
from tests.the_packages import TRIVSEL


@pytest.mark.parametrize("title", ["Hvad sætter tallene i gang hos jer?", "Det tager vi med hjem"])
def test_few_words_grow_until_they_fill_most_of_their_slide(retreat_deck: bytes, title: str) -> None:
    slide = next(slide for slide in slides_of(retreat_deck) if title_of(slide) == title)
    body = next(shape for shape in slide.placeholders if shape.placeholder_format.idx == template.BODY)
    assert all(run.font.size.pt >= 28 for paragraph in body.text_frame.paragraphs for run in paragraph.runs)
    assert room_taken(body, SPOTS[slide.slide_layout.name][template.BODY]) > 0.55 * body.height / 12700


def test_the_longest_cluster_name_stands_whole_on_the_front() -> None:
    (front, *_) = slides_of(make_deck(a_baseline(TRIVSEL, 4, cluster=LONG)))
    assert LONG in words_of(front)


def test_the_reckoning_of_room_notices_a_text_that_is_too_long(deck_of: DeckOf) -> None:
    deck = Presentation(BytesIO(deck_of("trivsel", 34)))
    deck.slides[2].shapes.title.text_frame.text = "Tre linjer er for meget til en titel. " * 5
    buffer = BytesIO()
    deck.save(buffer)
    assert [problem for problem in overflows(buffer.getvalue()) if problem.startswith("slide 3, Titel")]


def test_seventy_three_doctors_who_all_answer_alike_still_fit_in_the_dots() -> None:
    rows = some_answers(TRIVSEL, 73)
    for row in rows:
        row.update({f"who5_{number}": 3 for number in range(1, 6)})
    report = a_baseline(TRIVSEL, 73)
    deck = make_deck(replace(report, results=a_round(TRIVSEL, rows, 73)))
    chart = the_chart(deck, "WHO-5: alle scorer")
    assert len(chart.series["Svar"]) == 73
    assert max(y for _, y in chart.series["Svar"]) < chart.series["Gennemsnit"][1][1]

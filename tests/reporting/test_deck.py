"""A deck's words: titles, notes and alt texts in Danish; and the same answers make the same file."""

from dataclasses import replace
from io import BytesIO

import pytest
from pptx import Presentation

from reporting.deck import make_deck
from reporting.reading import read_chart_data
from tests.reporting.clusters import a_baseline, the_retreat
from tests.reporting.conftest import DeckOf
from tests.reporting.slides import (
    overflows,
    slide_with,
    slides_of,
    the_slide,
    titles_of,
    words_of,
)
from tests.the_packages import SAMARBEJDE, TRIVSEL

# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_every_chart_of_answers_tells_n_and_members_and_has_an_alt_text(deck_of: DeckOf, package: str) -> None:
    for chart in read_chart_data(deck_of(package, 34)):
        slide = slide_with(deck_of(package, 34), chart)
        assert len(chart.alt) > 20
        assert chart.name == "Landstal" or "34 af 38 har svaret" in words_of(slide)


def test_slides_are_numbered_and_carry_the_cluster(deck_of: DeckOf) -> None:
    for slide in slides_of(deck_of("trivsel", 34)):
        if slide.slide_layout.name in ("Forside", "Video"):
            continue
        assert slide._element.xpath('.//a:fld[@type="slidenum"]')
        assert "Klynge Aalborg Øst · Trivsel og arbejdsglæde" in words_of(slide)


def test_good_experiences_keep_their_signs(deck_of: DeckOf) -> None:
    slide = the_slide(deck_of("trivsel", 34), "Gåtur i frokostpausen")
    assert "»Gåtur i frokostpausen & telefonen slukket – mindre end <5 minutter er nok.«" in words_of(slide)


def test_many_good_experiences_take_more_slides_and_lose_none() -> None:
    report = a_baseline(TRIVSEL, 34)
    many = tuple(f"Erfaring nummer {number}: {'vi hjælper hinanden, når det brænder på, ' * 4}" for number in range(30))
    deck = make_deck(replace(report, free_texts=many))
    words = "".join(words_of(slide) for slide in slides_of(deck))
    assert all(f"Erfaring nummer {number}:" in words for number in range(30))
    assert list(overflows(deck)) == []


def test_the_agenda_has_clock_times_only_where_the_start_is_known() -> None:
    report = a_baseline(SAMARBEJDE, 12)
    timed = the_slide(make_deck(report), "Pause")
    untimed = the_slide(make_deck(replace(report, meeting=None)), "Pause")
    assert "18.15–18.30" in words_of(timed)
    assert "18.15" not in words_of(untimed)
    assert "I alt 2,5 timer." in words_of(timed)


def test_no_two_slides_say_the_same(deck_of: DeckOf) -> None:
    titles = titles_of(deck_of("trivsel", 34))
    assert len(set(titles)) == len(titles)
    about_joy = [title for title in titles if "arbejdsglæde" in title.lower()]
    assert len([title for title in about_joy if "høj arbejdsglæde" in title]) == 1


# --- the file -------------------------------------------------------------------------------------------------------


def test_the_properties_tell_what_the_file_is(deck_of: DeckOf) -> None:
    properties = Presentation(BytesIO(deck_of("trivsel", 34))).core_properties
    assert properties.title == "Trivsel og arbejdsglæde – Klynge Aalborg Øst"
    assert properties.author == "KiAP"
    assert properties.language == "da-DK"
    assert properties.created.date() == a_baseline(TRIVSEL, 34).made_on


def test_the_same_report_gives_the_same_bytes(deck_of: DeckOf, retreat_deck: bytes) -> None:
    assert make_deck(a_baseline(TRIVSEL, 34)) == deck_of("trivsel", 34)
    assert make_deck(the_retreat()) == retreat_deck


def test_another_answer_gives_another_deck(deck_of: DeckOf) -> None:
    assert make_deck(a_baseline(TRIVSEL, 33)) != deck_of("trivsel", 34)


def test_a_package_without_slides_for_the_round_is_refused_by_name() -> None:
    report = a_baseline(TRIVSEL, 12)
    bare = TRIVSEL.model_copy(update={"deck": TRIVSEL.deck.model_copy(update={"slides": ()})})
    with pytest.raises(ValueError, match="trivsel-og-arbejdsglaede has no slides for baseline"):
        make_deck(replace(report, package=bare))

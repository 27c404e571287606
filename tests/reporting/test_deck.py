"""What stands in a deck: figures, bases, titles, notes, and the looks that can be reckoned."""

import re
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from pptx import Presentation

from domain.model import Round
from domain.package import Package
from reporting import template
from reporting.deck import make_deck
from reporting.reading import ChartData, read_chart_data
from tests.reporting.clusters import PACKAGES, a_baseline, a_follow_up, some_answers, the_retreat
from tests.reporting.clusters import a_round as counted
from tests.reporting.conftest import DeckOf
from tests.reporting.slides import (
    SPOTS,
    notes_of,
    overflows,
    parts_of,
    room_taken,
    runs_without_danish,
    slides_of,
    the_slide,
    title_of,
    titles_of,
    words_of,
)
from tests.the_packages import SAMARBEJDE, TRIVSEL

LONGEST_NAME = (
    "Klyngen af praktiserende læger i Vejle, Fredericia, Middelfart, Kolding, Billund, Hedensted og omegn, Øst"
)


def the_chart(deck: bytes, name: str) -> ChartData:
    return next(chart for chart in read_chart_data(deck) if chart.name == name)


# --- figures --------------------------------------------------------------------------------------------------------


def test_the_source_documents_figures_are_read_back_out_of_the_follow_up_deck(retreat_deck: bytes) -> None:
    means = the_chart(retreat_deck, "WHO-5 før og nu")
    bands = the_chart(retreat_deck, "WHO-5-niveauer før og nu")
    joy = the_chart(retreat_deck, "Arbejdsglæde før og nu")
    assert [round(mean) for mean in means.series["WHO-5, gennemsnit"]] == [58, 63]
    assert means.categories == ("Første runde (38 svar)", "Nu (34 svar)")
    assert [round(values[1] * 34) for values in bands.series.values()] == [26, 5, 3]
    assert [round(values[1] * 100) for values in joy.series.values()] == [15, 38, 35, 12, 0]


def test_a_difference_inside_the_uncertainty_is_never_called_a_rise(retreat_deck: bytes) -> None:
    slide = the_slide(retreat_deck, "WHO-5 går fra 0 til 100 point")
    assert title_of(slide) == "Fra 58 til 63 point: forskellen er inden for usikkerheden"
    assert "Forskel: +5,1 point" in words_of(slide)
    assert "Intervallet rummer 0" in words_of(slide)
    assert "steget" not in "".join(titles_of(retreat_deck))


def test_a_follow_up_says_that_answers_are_unpaired_and_that_nothing_shows_a_cause(retreat_deck: bytes) -> None:
    compared = [slide for slide in slides_of(retreat_deck) if "Første runde: 38 af 42 svarede" in words_of(slide)]
    assert len(compared) == 3
    for slide in compared:
        assert "ikke parret person for person" in words_of(slide)
        assert "Tallene kan ikke vise, hvad en forskel skyldes." in notes_of(slide)


@pytest.mark.parametrize(("steps", "word"), [((1, 4), "steget"), ((4, 1), "faldet")])
def test_a_difference_beyond_the_uncertainty_is_told_as_what_it_is(steps: tuple[int, int], word: str) -> None:
    def everybody(step: int, round_: Round) -> object:
        rows = [{**{f"who5_{k}": step for k in range(1, 6)}, "arbejdsglaede": "nogen"} for _ in range(30)]
        for place in range(6):
            rows[place]["who5_1"] = 5 if step == 1 else 0
        return counted(TRIVSEL, rows, 40, round_)  # type: ignore[arg-type]

    before, after = everybody(steps[0], Round.BASELINE), everybody(steps[1], Round.FOLLOW_UP)
    deck = make_deck(a_follow_up(TRIVSEL, before, after))  # type: ignore[arg-type]
    assert any(title.startswith(f"Trivslen er {word} fra") for title in titles_of(deck))


def test_dots_stand_for_everybody_and_the_line_for_the_mean(deck_of: DeckOf) -> None:
    report = a_baseline(TRIVSEL, 34)
    chart = the_chart(deck_of("trivsel", 34), "WHO-5: alle scorer")
    scores = sorted(x for x, _ in chart.series["Svar"])
    assert report.results.who5 is not None
    assert report.results.who5.scores is not None
    assert scores == sorted(score for score, count in report.results.who5.scores.items() for _ in range(count))
    assert {x for x, _ in chart.series["Gennemsnit"]} == {round(report.results.who5.mean, 1)}


def test_every_measuring_point_of_trivsel_has_its_native_chart(deck_of: DeckOf) -> None:
    names = [chart.name for chart in read_chart_data(deck_of("trivsel", 34))]
    assert names == [
        "Landstal",
        "Svar på spørgeskemaet",
        "WHO-5: alle scorer",
        "WHO-5: klyngen og andre",
        "WHO-5: tre niveauer",
        "Arbejdsglæde",
        "De to ender",
        "Positiv indflydelse på arbejdsglæden",
        "Positiv indflydelse på arbejdsglæden",
        "Belastninger",
        "Sådan håndterer vi arbejdspres",
    ]


def test_every_question_of_samarbejde_is_in_a_chart(deck_of: DeckOf) -> None:
    shown = {category for chart in read_chart_data(deck_of("samarbejde", 34)) for category in chart.categories}
    asked = {item.chart_label for item in SAMARBEJDE.items if item.kind == "degree"}
    assert asked <= shown


def test_burdens_are_drawn_on_their_own_scale_and_no_line_goes_past_its_ends(deck_of: DeckOf) -> None:
    slide = the_slide(deck_of("trivsel", 34), "Streg: spredningen")
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    assert (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) == (1, 10)
    assert chart.value_axis.visible
    means = chart.plots[0].series[0].values
    sides = {name: chart._chartSpace.findall(f".//{{*}}errBars/{{*}}{name}//{{*}}v") for name in ("plus", "minus")}
    assert len(sides["plus"]) == len(sides["minus"]) == len(means)
    assert all(mean + float(up.text) <= 10 for mean, up in zip(means, sides["plus"], strict=True))
    assert all(mean - float(down.text) >= 1 for mean, down in zip(means, sides["minus"], strict=True))


def test_a_line_that_stops_at_the_end_of_its_scale_is_said_to() -> None:
    def burdened(*steps: int) -> bytes:
        rows = some_answers(TRIVSEL, 34)
        for place, row in enumerate(rows):
            row.update({item.id: steps[place % len(steps)] for item in TRIVSEL.items if item.kind == "rating"})
        return make_deck(replace(a_baseline(TRIVSEL, 34), results=counted(TRIVSEL, rows, 40)))

    assert "højst til skalaens ender" in words_of(the_slide(burdened(10, 10, 5), "Streg: spredningen"))
    assert "højst til skalaens ender" not in words_of(the_slide(burdened(5, 6), "Streg: spredningen"))


def test_burdens_stand_sorted_with_all_thirteen_means(deck_of: DeckOf) -> None:
    chart = the_chart(deck_of("trivsel", 34), "Belastninger")
    means = chart.series["Gennemsnit"]
    expected = {
        i.chart_label: a_baseline(TRIVSEL, 34).results.items[i.id].mean for i in TRIVSEL.items if i.kind == "rating"
    }
    assert len(means) == 13
    assert list(means) == sorted(means, reverse=True)
    assert dict(zip(chart.categories, means, strict=True)) == {
        label: pytest.approx(mean, abs=0.051) for label, mean in expected.items()
    }


def test_a_ranking_is_sorted_and_the_top_is_its_beginning(deck_of: DeckOf) -> None:
    top, whole = (c for c in read_chart_data(deck_of("trivsel", 34)) if c.name.startswith("Positiv"))
    values = whole.series["Svar"]
    assert list(values) == sorted(values, reverse=True)
    assert len(values) == 14
    assert 5 <= len(top.categories) <= 7
    assert whole.categories[: len(top.categories)] == top.categories


def test_the_two_ends_leave_the_middle_out_but_keep_it_in_the_base(deck_of: DeckOf) -> None:
    counts = a_baseline(TRIVSEL, 34).results.items["arbejdsglaede"].counts
    chart = the_chart(deck_of("trivsel", 34), "De to ender")
    high, low = chart.series["Jeres klynge"]
    assert high == pytest.approx((counts["I meget høj grad"] + counts["I høj grad"]) / 34)
    assert low == pytest.approx((counts["I ringe grad"] + counts["Slet ikke"]) / 34)
    assert "midten er udeladt af søjlerne, men med i grundlaget" in words_of(
        slides_of(deck_of("trivsel", 34))[chart.slide - 1]
    )


def test_the_two_ends_carry_their_uncertainty(deck_of: DeckOf) -> None:
    share = a_baseline(TRIVSEL, 34).results.items["arbejdsglaede"].share
    slide = the_slide(deck_of("trivsel", 34), "midten er udeladt")
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    ups = [float(up.text) for up in chart._chartSpace.findall(".//{*}errBars/{*}plus//{*}v")]
    assert share is not None
    assert ups == pytest.approx([share[end].high - share[end].value for end in ("high", "low")], abs=1e-5)
    assert "Streg: usikkerheden (95 %)" in words_of(slide)


def test_the_whole_list_lets_what_was_just_seen_stand_back(deck_of: DeckOf) -> None:
    charts = [c for c in read_chart_data(deck_of("trivsel", 34)) if c.name.startswith("Positiv")]
    top, whole = charts
    slide = slides_of(deck_of("trivsel", 34))[whole.slide - 1]
    points = next(shape.chart for shape in slide.shapes if shape.has_chart).plots[0].series[0].points
    pale = [points[place].format.fill.fore_color.theme_color for place in range(len(whole.categories))]
    grey = [label for label, colour in zip(whole.categories, pale, strict=True) if colour == pale[0]]
    assert grey == list(top.categories)
    assert "Grå søjler: dem, I lige har set." in words_of(slide)


def test_a_list_without_the_most_frequent_before_it_stands_in_one_colour(deck_of: DeckOf) -> None:
    chart = the_chart(deck_of("trivsel", 34), "Sådan håndterer vi arbejdspres")
    assert "Grå søjler" not in words_of(slides_of(deck_of("trivsel", 34))[chart.slide - 1])


def test_the_workbook_in_the_deck_has_the_same_figures_as_the_chart(deck_of: DeckOf) -> None:
    books = parts_of(deck_of("trivsel", 34), ".xlsx")
    sheets = [ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml").decode() for book in books.values()]
    mean = the_chart(deck_of("trivsel", 34), "WHO-5: klyngen og andre").series["WHO-5, gennemsnit"][0]
    assert any(f"<v>{mean}</v>" in sheet for sheet in sheets)
    assert len(sheets) == len(read_chart_data(deck_of("trivsel", 34)))


# --- references -----------------------------------------------------------------------------------------------------


def test_only_references_with_a_figure_are_drawn(deck_of: DeckOf) -> None:
    chart = the_chart(deck_of("trivsel", 34), "WHO-5: klyngen og andre")
    values = dict(zip(chart.categories[1:], chart.series["WHO-5, gennemsnit"][1:], strict=True))
    assert values == {"Rask population, Danmark": 68, "Falck Sundhedsbarometeret 2023": 58.1}


@pytest.mark.parametrize("n", [9, 34])
def test_a_missing_reference_stands_in_the_notes_and_never_before_the_doctors(deck_of: DeckOf, n: int) -> None:
    slides = slides_of(deck_of("trivsel", n))
    assert not [title_of(slide) for slide in slides if "mangler" in words_of(slide)]
    noted = "\n".join(notes_of(slide) for slide in slides)
    for label in ("Praktiserende læger, PLO", "Meget lav trivsel", "Høj arbejdsglæde", "Lav arbejdsglæde"):
        assert re.search(f"{label}.*: reference mangler", noted)


def test_national_figures_of_which_none_is_known_make_no_slide() -> None:
    report = a_baseline(TRIVSEL, 34)
    unknown = tuple(reference.model_copy(update={"value": None}) for reference in TRIVSEL.references)
    deck = make_deck(replace(report, package=TRIVSEL.model_copy(update={"references": unknown})))
    assert "Landstal" not in [chart.name for chart in read_chart_data(deck)]
    assert not [slide for slide in slides_of(deck) if "mangler" in words_of(slide)]


def test_a_comparison_names_its_sources(deck_of: DeckOf) -> None:
    slide = the_slide(deck_of("trivsel", 34), "Kilder: ")
    assert "Ergoterapeutforeningen" in words_of(slide)
    assert "Falck" in words_of(slide)


@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_the_severely_burnt_out_are_never_added_to_those_they_are_part_of(deck_of: DeckOf, package: str) -> None:
    chart = the_chart(deck_of(package, 34), "Landstal")
    assert chart.series == {"Landstal": (pytest.approx(0.482), pytest.approx(0.143))}
    slide = slides_of(deck_of(package, 34))[chart.slide - 1]
    drawn = next(shape.chart for shape in slide.shapes if shape.has_chart)
    assert drawn.chart_type.name == "BAR_CLUSTERED"
    assert "talt med i de 48,2 %" in words_of(slide)
    assert "62,5" not in words_of(slide)


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_every_slide_has_a_title_and_notes_in_danish(deck_of: DeckOf, package: str) -> None:
    for slide in slides_of(deck_of(package, 34)):
        assert title_of(slide)
        assert len(notes_of(slide)) > 20


@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_every_chart_of_answers_tells_n_and_members_and_has_an_alt_text(deck_of: DeckOf, package: str) -> None:
    for chart in read_chart_data(deck_of(package, 34)):
        slide = slides_of(deck_of(package, 34))[chart.slide - 1]
        assert len(chart.alt) > 20
        assert chart.name == "Landstal" or "34 af 38 har svaret" in words_of(slide)


@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_every_table_has_an_alt_text_and_every_bare_area_is_decorative(deck_of: DeckOf, package: str) -> None:
    for slide in slides_of(deck_of(package, 34)):
        for shape in slide.shapes:
            properties = shape._element.xpath(".//p:cNvPr")[0]
            if shape.has_table or shape.has_chart:
                assert properties.get("descr")
            elif shape.has_text_frame and not shape.text_frame.text:
                assert "decorative" in " ".join(element.tag for element in properties.iter())


def test_slides_are_numbered_and_carry_the_cluster(deck_of: DeckOf) -> None:
    for slide in slides_of(deck_of("trivsel", 34)):
        if slide.slide_layout.name in ("Forside", "Video"):
            continue
        assert slide._element.xpath('.//a:fld[@type="slidenum"]')
        assert "Klynge Aalborg Øst · Trivsel og arbejdsglæde" in words_of(slide)


def test_no_place_is_left_empty(deck_of: DeckOf) -> None:
    for slide in slides_of(deck_of("samarbejde", 34)):
        for shape in slide.placeholders:
            assert not shape.has_text_frame or shape.text_frame.text.strip(), (title_of(slide), shape.name)


@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_all_text_is_marked_as_danish(deck_of: DeckOf, package: str) -> None:
    assert runs_without_danish(deck_of(package, 34)) == []


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
    assert "I alt 150 minutter." in words_of(timed)


def test_the_properties_tell_what_the_file_is(deck_of: DeckOf) -> None:
    properties = Presentation(BytesIO(deck_of("trivsel", 34))).core_properties
    assert properties.title == "Trivsel og arbejdsglæde – Klynge Aalborg Øst"
    assert properties.author == "KiAP"
    assert properties.language == "da-DK"
    assert properties.created.date() == a_baseline(TRIVSEL, 34).made_on


def test_no_two_slides_say_the_same(deck_of: DeckOf) -> None:
    titles = titles_of(deck_of("trivsel", 34))
    assert len(set(titles)) == len(titles)
    about_joy = [title for title in titles if "arbejdsglæde" in title.lower()]
    assert len([title for title in about_joy if "høj arbejdsglæde" in title]) == 1


# --- room -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [4, 9, 10, 34, 73])
@pytest.mark.parametrize("package", ["trivsel", "samarbejde"])
def test_all_text_fits_its_place(deck_of: DeckOf, package: str, n: int) -> None:
    assert list(overflows(deck_of(package, n))) == []


def test_the_follow_up_decks_fit_too(retreat_deck: bytes, samarbejde_follow_up_deck: bytes) -> None:
    assert list(overflows(retreat_deck)) == []
    assert list(overflows(samarbejde_follow_up_deck)) == []


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.slug)
def test_a_very_long_cluster_name_fits_everywhere(package: Package) -> None:
    deck = make_deck(a_baseline(package, 34, cluster=LONGEST_NAME))
    assert list(overflows(deck)) == []
    assert LONGEST_NAME in words_of(slides_of(deck)[0])


@pytest.mark.parametrize(
    "title", ["Hvad sætter tallene i gang hos jer?", "Det tager vi med hjem", "Sådan er tallene lavet"]
)
def test_few_words_grow_until_they_fill_most_of_their_slide(retreat_deck: bytes, title: str) -> None:
    slide = next(slide for slide in slides_of(retreat_deck) if title_of(slide) == title)
    body = next(shape for shape in slide.placeholders if shape.placeholder_format.idx == template.BODY)
    assert all(run.font.size.pt >= 28 for paragraph in body.text_frame.paragraphs for run in paragraph.runs)
    assert room_taken(body, SPOTS[slide.slide_layout.name][template.BODY]) > 0.55 * body.height / 12700


def test_the_reckoning_of_room_notices_a_text_that_is_too_long(deck_of: DeckOf) -> None:
    deck = Presentation(BytesIO(deck_of("trivsel", 34)))
    deck.slides[2].shapes.title.text_frame.text = "Tre linjer er for meget til en titel. " * 5
    buffer = BytesIO()
    deck.save(buffer)
    assert [problem for problem in overflows(buffer.getvalue()) if problem.startswith("slide 3, Titel")]


# --- the same again -------------------------------------------------------------------------------------------------


def test_the_same_brief_gives_the_same_bytes(deck_of: DeckOf, retreat_deck: bytes) -> None:
    assert make_deck(a_baseline(TRIVSEL, 34)) == deck_of("trivsel", 34)
    assert make_deck(the_retreat()) == retreat_deck


def test_another_answer_gives_another_deck(deck_of: DeckOf) -> None:
    assert make_deck(a_baseline(TRIVSEL, 33)) != deck_of("trivsel", 34)


def test_a_package_without_slides_for_the_round_is_refused_by_name() -> None:
    report = a_baseline(TRIVSEL, 12)
    bare = TRIVSEL.model_copy(update={"deck": TRIVSEL.deck.model_copy(update={"slides": ()})})
    with pytest.raises(ValueError, match="trivsel-og-arbejdsglaede has no slides for baseline"):
        make_deck(replace(report, package=bare))


def test_seventy_three_doctors_who_all_answer_alike_still_fit_in_the_dots() -> None:
    rows = some_answers(TRIVSEL, 73)
    for row in rows:
        row.update({f"who5_{number}": 3 for number in range(1, 6)})
    report = a_baseline(TRIVSEL, 73)
    deck = make_deck(replace(report, results=counted(TRIVSEL, rows, 73)))
    chart = the_chart(deck, "WHO-5: alle scorer")
    assert len(chart.series["Svar"]) == 73
    assert max(y for _, y in chart.series["Svar"]) < chart.series["Gennemsnit"][1][1]

"""A cluster's own questions: asked until the questionnaire is sent, and then counted and shown like any item."""

from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from domain import commands as do
from domain import events as ev
from domain.answers import read_answers
from domain.comparison import compare
from domain.disclosure import disclose, disclose_texts
from domain.first_rounds import FirstRound, batch_of_first_rounds
from domain.house_scales import DEGREE, HOUSE, IN_ENGLISH, OFTEN
from domain.length import minutes_to_answer
from domain.model import ClusterId, Rejected, Round, ScaleId, TextId
from domain.national import Pair, batch_of
from domain.own_package import AskedQuestion, scales_to_choose, with_own_questions
from domain.own_questions import LONGEST_QUESTION, MOST_QUESTIONS, OwnKind, OwnQuestion, is_own, item_id
from domain.package import Answers, Package
from domain.stages import Stage
from domain.tabulation import tabulate
from domain.text import answer_label, question_text
from domain.translation import in_english
from domain.unfit import Unfit
from reporting.deck_check import deck_problems
from tests.domain.story import PAST, given, life_at
from tests.the_packages import SAMARBEJDE, TRIVSEL

ONE, OTHER = TextId("tekst-1"), TextId("tekst-2")
YES_NO = OwnQuestion(kind="yes_no", text=ONE)
ASK = do.AskOwnQuestions(questions=(YES_NO,))
DROP = do.DropOwnQuestions()

FIVE = (
    AskedQuestion("degree", "Har I tid nok til de unge?", scale="grad", repeated=True),
    AskedQuestion("yes_no", "Holder I pause sammen hver dag?", repeated=True),
    AskedQuestion("choice", "Hvad vil du helst tale om?", options=("Telefonen", "Vagterne", "Noget tredje")),
    AskedQuestion("text", "Hvad skal klyngen tage op næste gang?"),
    AskedQuestion("degree", "Når du det, du vil nå?", scale="grad"),
)


# --- asking ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [Stage.ORDERED, Stage.PLANNED])
def test_they_are_asked_changed_and_taken_out_until_the_questionnaire_is_sent(stage: Stage) -> None:
    asked = given(stage).when(ASK).then(ev.OwnQuestionsAsked(at=PAST, questions=ASK.questions))
    assert asked.order.own_questions == (YES_NO,)
    given(stage, ASK).when(ASK).then_nothing()
    changed = do.AskOwnQuestions(questions=(OwnQuestion(kind="text", text=OTHER), YES_NO))
    given(stage, ASK).when(changed).then(ev.OwnQuestionsAsked(at=PAST, questions=changed.questions))
    assert given(stage, ASK).when(DROP).then(ev.OwnQuestionsDropped(at=PAST)).order.own_questions == ()
    given(stage).when(DROP).then_nothing()


@pytest.mark.parametrize("command", [ASK, DROP], ids=["ask", "drop"])
@pytest.mark.parametrize("stage", [Stage.SURVEY_OPEN, Stage.IN_REVIEW, Stage.QUIET, Stage.FOLLOW_UP_OPEN])
def test_from_the_first_invitation_on_they_stand_as_they_are(command: do.AnyCommand, stage: Stage) -> None:
    with pytest.raises(Rejected) as refused:
        life_at(stage).ask(command)
    assert refused.value.code == "own_questions_are_sent"
    assert refused.value.message == "Spørgeskemaet er sendt ud, så spørgsmålene kan ikke ændres mere."


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (OwnQuestion(kind="choice", text=ONE), "Spørgsmål 2: Skriv 2 til 7 svar"),
        (OwnQuestion(kind="choice", text=ONE, options=(ONE,)), "Spørgsmål 2: Skriv 2 til 7 svar"),
        (OwnQuestion(kind="choice", text=ONE, options=(ONE,) * 8), "Spørgsmål 2: Skriv 2 til 7 svar"),
        (OwnQuestion(kind="text", text=ONE, options=(ONE, OTHER)), "Spørgsmål 2: Kun et spørgsmål med ét valg"),
        (OwnQuestion(kind="degree", text=ONE), "Spørgsmål 2: Vælg den skala, der svares på."),
        (OwnQuestion(kind="yes_no", text=ONE, scale=ScaleId("grad")), "Spørgsmål 2: Kun et spørgsmål om grad"),
    ],
)
def test_a_question_has_what_goes_with_its_kind_and_nothing_else(question: OwnQuestion, says: str) -> None:
    command = do.AskOwnQuestions(questions=(YES_NO, question))
    refusal = given(Stage.ORDERED).when(command).then_rejected("own_question_does_not_fit", question=2)
    assert refusal.message.startswith(says)


@pytest.mark.parametrize(
    "question",
    [
        OwnQuestion(kind="choice", text=ONE, options=(ONE, OTHER)),
        OwnQuestion(kind="choice", text=ONE, options=(ONE,) * 7),
        OwnQuestion(kind="degree", text=ONE, scale=ScaleId("grad")),
        OwnQuestion(kind="agreement", text=ONE),
        OwnQuestion(kind="text", text=ONE, repeated=True),
    ],
)
def test_a_whole_question_of_any_kind_is_taken(question: OwnQuestion) -> None:
    command = do.AskOwnQuestions(questions=(question,))
    given(Stage.ORDERED).when(command).then(ev.OwnQuestionsAsked(at=PAST, questions=(question,)))


def test_there_are_five_at_most() -> None:
    do.AskOwnQuestions(questions=(YES_NO,) * 5)
    for wrong in ((), (YES_NO,) * 6):
        with pytest.raises(ValueError, match="questions"):
            do.AskOwnQuestions(questions=wrong)


def test_nobody_is_written_to_about_them() -> None:
    life = life_at(Stage.PLANNED).with_letters_gone()
    before = dict(life.order.pending_letters)
    assert life.does(ASK).order.pending_letters == before


@pytest.mark.parametrize(
    "text", ["", "  ", "...", "x" * (LONGEST_QUESTION + 1), "To\nlinjer?", "Hvad\N{ZERO WIDTH SPACE} nu?"]
)
def test_a_question_is_one_readable_line(text: str) -> None:
    with pytest.raises(Unfit):
        question_text(text)


@pytest.mark.parametrize("label", ["", "–", "a; b", "Ikke relevant", "ikke relevant", "x" * 61])
def test_an_answer_is_a_short_label_of_its_own(label: str) -> None:
    with pytest.raises(Unfit):
        answer_label(label)
    assert answer_label("  1–2   gange ") == "1–2 gange"


# --- the package with them ------------------------------------------------------------------------------------------


def test_they_are_asked_last_in_a_chapter_of_their_own() -> None:
    package = with_own_questions(TRIVSEL, FIVE)
    asked = [item.id for item in package.asked_in(Round.BASELINE)]
    assert asked[-5:] == ["egen_1", "egen_2", "egen_3", "egen_5", "egen_4"], "what is to be written in comes last"
    assert {section.title for section in package.sections[-2:]} == {"Klyngens egne spørgsmål"}
    assert "Skriv ikke noget, der kan genkendes" in package.sections[-1].intro
    two = with_own_questions(TRIVSEL, [AskedQuestion("text", "Hvad?"), AskedQuestion("text", "Hvorfor?")])
    assert [section.items for section in two.sections[-2:]] == [("egen_1",), ("egen_2",)], "each says it"
    assert [item.kind for item in package.items if is_own(item.id)] == ["degree", "degree", "choice", "text", "degree"]
    assert minutes_to_answer(package, Round.BASELINE) > minutes_to_answer(TRIVSEL, Round.BASELINE)


@pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE], ids=lambda package: package.slug)
def test_the_follow_up_asks_again_those_that_are_to_be_repeated_and_nothing_else_more(package: Package) -> None:
    scale = next(iter(scales_to_choose(package)))
    questions = tuple(
        AskedQuestion(each.kind, each.text, scale if each.scale else "", each.options, each.repeated) for each in FIVE
    )
    before = [item.id for item in package.asked_in(Round.FOLLOW_UP)]
    asked = [item.id for item in with_own_questions(package, questions).asked_in(Round.FOLLOW_UP)]
    assert asked == [*before, "egen_1", "egen_2"]


def test_the_english_questionnaire_has_them_in_danish_and_says_so_with_the_scales_in_english() -> None:
    english = in_english(with_own_questions(TRIVSEL, FIVE))
    assert english.sections[-1].title == "Your cluster’s own questions"
    assert "in Danish" in english.sections[-1].intro
    assert english.item("egen_2").text == "Holder I pause sammen hver dag?"
    assert [option.label for option in english.options_of(english.item("egen_2"))] == ["Yes", "No"]
    assert english.options_of(english.item("egen_1"))[0].label == "To a very high degree"
    assert english.options_of(english.item("egen_3"))[0].label == "Telefonen"
    assert set(IN_ENGLISH) == set(HOUSE)
    for name, scale in HOUSE.items():
        assert list(IN_ENGLISH[name].options) == [option.id for option in scale.options]


def test_degrees_are_answered_on_the_packages_scales_or_the_houses_where_those_differ() -> None:
    assert list(scales_to_choose(TRIVSEL)) == ["grad", OFTEN]
    assert DEGREE not in scales_to_choose(SAMARBEJDE)
    assert list(scales_to_choose(with_own_questions(TRIVSEL, FIVE))) == ["grad", OFTEN]
    bare = TRIVSEL.model_copy(update={"items": tuple(item for item in TRIVSEL.items if item.kind != "degree")})
    assert list(scales_to_choose(bare)) == [DEGREE, OFTEN]


def test_slides_of_one_scale_stand_together_and_all_of_them_before_the_homework() -> None:
    slides = with_own_questions(TRIVSEL, FIVE).deck.slides
    baseline = [slide for slide in slides if "baseline" in slide.rounds]
    own = [slide for slide in baseline if any(is_own(item) for item in slide.items)]
    assert [(slide.kind, slide.items) for slide in own] == [
        ("likert", ("egen_1", "egen_5")),
        ("degree", ("egen_2",)),
        ("ranking", ("egen_3",)),
        ("quotes", ("egen_4",)),
    ]
    place = baseline.index(own[-1])
    assert baseline[place + 1].kind == "homework"
    again = [slide for slide in slides if "follow_up" in slide.rounds and any(is_own(item) for item in slide.items)]
    assert [(slide.kind, slide.items) for slide in again] == [
        ("before_after_degree", ("egen_1",)),
        ("before_after_degree", ("egen_2",)),
    ]


def test_what_changed_on_a_scale_without_a_better_end_has_a_slide_each() -> None:
    often = [AskedQuestion("degree", text, scale="hvor_ofte", repeated=True) for text in ("Går I ture?", "Synger I?")]
    slides = with_own_questions(SAMARBEJDE, often).deck.slides
    assert [(slide.kind, slide.items) for slide in slides if any(is_own(item) for item in slide.items)] == [
        ("likert", ("egen_1", "egen_2")),
        ("before_after_degree", ("egen_1",)),
        ("before_after_degree", ("egen_2",)),
    ]


def test_signs_that_titles_would_read_as_facts_stand_as_they_were_written() -> None:
    package = with_own_questions(TRIVSEL, [AskedQuestion("yes_no", "Er {mean} en god {klynge}?")])
    assert list(deck_problems(package)) == []


KINDS: list[OwnKind] = ["degree", "agreement", "yes_no", "choice", "text"]
letters = st.text(st.characters(categories=("L", "N", "P", "Zs"), max_codepoint=0x17F), min_size=1, max_size=200)


@st.composite
def questions(draw: st.DrawFn, package: Package) -> AskedQuestion:
    kind = draw(st.sampled_from(KINDS))
    text = draw(letters.map(lambda raw: f"Q {raw}"[:LONGEST_QUESTION]))
    labels = st.integers(0, 999).map(lambda number: f"Svar nummer {number}")
    options = draw(st.lists(labels, min_size=2, max_size=7, unique=True)) if kind == "choice" else []
    scale = draw(st.sampled_from(sorted(scales_to_choose(package)))) if kind == "degree" else ""
    return AskedQuestion(kind, text, scale, tuple(options), draw(st.booleans()))


@pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE], ids=lambda package: package.slug)
@settings(deadline=None, max_examples=40)
@any_of(data=st.data())
def test_any_questions_make_a_package_that_hangs_together_but_for_their_ids(
    data: st.DataObject, package: Package
) -> None:
    asked = data.draw(st.lists(questions(package), min_size=1, max_size=MOST_QUESTIONS))
    extended = with_own_questions(package, asked)
    assert list(deck_problems(extended)) == []
    assert [item.text for item in extended.items if is_own(item.id)] == [each.text for each in asked]
    assert all(len(item.chart_label) <= 60 for item in extended.items)
    for item in extended.items:
        assert not item.scale or item.scale in extended.scales
    if extended.english:
        assert len(in_english(extended).items) == len(extended.items)
    again = [item.id for item in extended.asked_in(Round.FOLLOW_UP) if is_own(item.id)]
    assert sorted(again) == [item_id(number) for number, each in enumerate(asked, 1) if each.repeated]


def test_nothing_asked_is_the_package_itself() -> None:
    assert with_own_questions(TRIVSEL, ()) is TRIVSEL


def test_a_package_may_not_take_the_ids_of_clusters_own_questions() -> None:
    content = TRIVSEL.model_dump(mode="json", by_alias=True)
    content["items"][5]["id"] = "egen_1"
    with pytest.raises(ValueError, match="ids that begin so are those of clusters' own questions"):
        Package.model_validate(content)


# --- counted and told like any item ---------------------------------------------------------------------------------


def rows(n: int) -> list[Answers]:
    package = with_own_questions(TRIVSEL, FIVE)
    people: list[Any] = [
        {
            "egen_1": ["hoej" if number % 2 else "ringe"],
            "egen_2": ["ja" if number % 3 else "nej"],
            "egen_3": ["svar_1"],
            "egen_4": [f"Nummer {number}"],
        }
        for number in range(n)
    ]
    return [read_answers(package, Round.BASELINE, person) for person in people]


@pytest.mark.parametrize("n", [4, 5, 9, 12])
def test_the_same_rules_hold_for_their_answers(n: int) -> None:
    package = with_own_questions(TRIVSEL, FIVE)
    counted = tabulate(package, Round.BASELINE, 20, rows(n), list.reverse)
    results = disclose(counted, package.disclosure)
    if n < 5:
        assert results.items == {}
        return
    yes_no = results.items["egen_2"]
    assert yes_no.counts == {"Ja": n - len(range(0, n, 3)), "Nej": len(range(0, n, 3))}
    assert (yes_no.share is None) == (n < 10)
    assert results.items["egen_3"].counts == {"Telefonen": n, "Vagterne": 0, "Noget tredje": 0}
    assert ("egen_4" in disclose_texts(counted, package.disclosure)) == (n >= 10)
    assert results.items["egen_5"].suppressed


def test_before_and_after_treat_a_repeated_one_as_any_item() -> None:
    package = with_own_questions(TRIVSEL, FIVE)
    first = disclose(tabulate(package, Round.BASELINE, 20, rows(12), list.reverse), package.disclosure)
    later: list[Answers] = [{"egen_1": "hoej", "egen_2": "ja"}] * 12
    second = disclose(tabulate(package, Round.FOLLOW_UP, 20, later, list.reverse), package.disclosure)
    changes = compare(first, second, package)
    assert {"egen_1.high", "egen_1.low", "egen_2.high", "egen_2.low"} <= changes.keys()
    assert changes["egen_1.high"].verdict == "up"


def test_the_country_never_counts_them() -> None:
    package = with_own_questions(TRIVSEL, FIVE)
    many: list[Answers] = [{"egen_1": "hoej", "egen_2": "ja", "arbejdsglaede": "hoej"}] * 40
    pairs = [
        Pair(
            ClusterId(f"c{number}"),
            *(
                disclose(tabulate(package, round_, 50, many, list.reverse), package.disclosure)
                for round_ in (Round.BASELINE, Round.FOLLOW_UP)
            ),
        )
        for number in range(6)
    ]
    batch = batch_of(pairs, TRIVSEL)
    assert batch is not None
    assert set(batch.changes) == {"arbejdsglaede.high", "arbejdsglaede.low"}
    rounds = [FirstRound(pair.cluster, "nordjylland", 2027, pair.before) for pair in pairs]
    first = batch_of_first_rounds(rounds, TRIVSEL)
    assert first is not None
    assert set(first.items) == {"arbejdsglaede"}
    assert "egen" not in first.model_dump_json()
    assert "egen" not in batch.model_dump_json()

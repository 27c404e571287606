"""What people write and what is taken."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.answers import InvalidAnswer, InvalidAnswers, read_answer, read_answers
from domain.model import Round
from domain.package import Answer, Item, Package
from domain.text import LONGEST_ANSWER
from tests.the_packages import SAMARBEJDE, TRIVSEL


def answer(package: Package, item_id: str, *tokens: str) -> Answer | None:
    return read_answer(package, package.item(item_id), tokens)


def refused(package: Package, item_id: str, *tokens: str) -> InvalidAnswer:
    with pytest.raises(InvalidAnswer) as caught:
        answer(package, item_id, *tokens)
    assert caught.value.item == item_id
    return caught.value


@pytest.mark.parametrize("token", ["3", " 3 ", "3.0", "3,0", "over_halvdelen", "lidt mere end halvdelen af tiden"])
def test_a_score_is_read_from_number_id_or_label(token: str) -> None:
    assert answer(TRIVSEL, "who5_1", token) == 3


@pytest.mark.parametrize("token", ["6", "-1", "3.5", "3,5", "tre", "1e0", "٣", "999999999999999999"])
def test_a_score_outside_its_scale_is_refused(token: str) -> None:
    assert refused(TRIVSEL, "who5_1", token).reason in ("out_of_range", "not_a_number")


@pytest.mark.parametrize(("token", "value"), [("1", 1), ("10", 10)])
def test_a_rating_takes_both_ends(token: str, value: int) -> None:
    assert answer(TRIVSEL, "belastning_07", token) == value


@pytest.mark.parametrize("token", ["0", "11"])
def test_a_rating_beyond_its_ends_is_refused_with_the_range(token: str) -> None:
    problem = refused(TRIVSEL, "belastning_07", token)
    assert problem.reason == "out_of_range"
    assert problem.message == "Skriv et helt tal fra 1 til 10."


@pytest.mark.parametrize(
    "token", ["hoej", "HOEJ", "I høj grad", "  i HØJ   grad ", unicodedata.normalize("NFD", "I høj grad")]
)
def test_a_degree_is_read_from_id_or_label_in_any_case(token: str) -> None:
    assert answer(TRIVSEL, "arbejdsglaede", token) == "hoej"


def test_one_answer_given_twice_is_one_answer_but_two_are_not() -> None:
    assert answer(TRIVSEL, "arbejdsglaede", "hoej", "hoej") == "hoej"
    assert refused(TRIVSEL, "arbejdsglaede", "hoej", "ringe").reason == "several"


def test_choices_come_in_the_order_of_the_questionnaire_and_once_each() -> None:
    assert answer(TRIVSEL, "haandtering", "fritid", "færre pauser", "fritid") == ("faerre_pauser", "fritid")


def test_choosing_a_fourth_of_three_is_refused() -> None:
    three = ("oekonomi", "balance", "struktur")
    assert answer(TRIVSEL, "positive", *three) == ("struktur", "balance", "oekonomi")
    problem = refused(TRIVSEL, "positive", *three, "god_tone")
    assert problem.message == "Vælg højst 3. Du har valgt 4."


def test_not_relevant_is_an_answer_only_where_the_item_has_it() -> None:
    assert answer(SAMARBEJDE, "q7_tone", "Ikke relevant") == "ikke_relevant"
    assert answer(SAMARBEJDE, "q7_tone", "ikke_relevant") == "ikke_relevant"
    assert refused(TRIVSEL, "arbejdsglaede", "ikke_relevant").reason == "not_relevant"
    assert refused(SAMARBEJDE, "q7_tone", "ikke_relevant", "enig").reason == "several"


@pytest.mark.parametrize("raw", [(), ("",), ("  ", "\t")])
@pytest.mark.parametrize("item_id", ["who5_1", "arbejdsglaede", "positive", "belastning_01", "gode_erfaringer"])
def test_blank_means_not_answered(item_id: str, raw: tuple[str, ...]) -> None:
    assert answer(TRIVSEL, item_id, *raw) is None


def test_free_text_keeps_its_lines_and_is_read_by_the_door_of_all_texts() -> None:
    given_text = "  Vi går en tur.\r\nHver dag \u202e😀\u202c\r\r\n\n\n\nTak\u2028du  "
    assert refused(TRIVSEL, "gode_erfaringer", given_text).message == (
        "Der er et usynligt tegn (RIGHT-TO-LEFT OVERRIDE) efter tegn 9 i linje 2. Slet det, eller skriv ordet igen."
    )
    given_text = given_text.replace("\u202e", "")
    assert answer(TRIVSEL, "gode_erfaringer", given_text) == "Vi går en tur.\nHver dag 😀\n\nTak\ndu"
    assert answer(TRIVSEL, "who5_1", "\ufeff3\u200b") == 3


def test_free_text_may_be_as_long_as_a_slide_can_hold_and_no_longer() -> None:
    assert answer(TRIVSEL, "gode_erfaringer", "æ" * LONGEST_ANSWER) == "æ" * LONGEST_ANSWER
    assert "3 tegn for lang" in refused(TRIVSEL, "gode_erfaringer", "æ" * (LONGEST_ANSWER + 3)).message


def test_the_words_not_relevant_are_just_words_in_a_free_text() -> None:
    assert answer(TRIVSEL, "gode_erfaringer", "Ikke relevant") == "Ikke relevant"


def test_a_half_answered_who5_is_taken() -> None:
    assert read_answers(TRIVSEL, Round.BASELINE, {"who5_1": ["4"], "who5_2": ["4"]}) == {"who5_1": 4, "who5_2": 4}


def test_the_follow_up_takes_only_what_it_repeats() -> None:
    raw = {"arbejdsglaede": ["hoej"], "belastning_01": ["7"]}
    assert read_answers(TRIVSEL, Round.FOLLOW_UP, raw) == {"arbejdsglaede": "hoej"}


def test_a_solo_doctor_is_not_asked_about_partners() -> None:
    raw = {"solo": ["ja"], "q1": ["hoej"], "q3": ["hoej"], "q4_korte": ["ugentligt"], "q5_korte": ["dagligt"]}
    assert read_answers(SAMARBEJDE, Round.BASELINE, raw) == {"solo": "ja", "q1": "hoej", "q5_korte": "dagligt"}
    with_partners = read_answers(SAMARBEJDE, Round.BASELINE, raw | {"solo": ["nej"]})
    assert with_partners["q3"] == "hoej"
    assert with_partners["q4_korte"] == "ugentligt"


def test_without_an_answer_on_solo_nothing_written_is_thrown_away() -> None:
    assert read_answers(SAMARBEJDE, Round.BASELINE, {"q3": ["hoej"]}) == {"q3": "hoej"}


def test_a_wrong_answer_to_a_question_not_asked_is_no_problem() -> None:
    assert read_answers(SAMARBEJDE, Round.BASELINE, {"solo": ["ja"], "q3": ["måske"]}) == {"solo": "ja"}


def test_all_problems_are_told_at_once_in_the_order_of_the_questionnaire() -> None:
    raw = {"belastning_02": ["77"], "who5_3": ["9"], "arbejdsglaede": ["hoej"]}
    with pytest.raises(InvalidAnswers) as caught:
        read_answers(TRIVSEL, Round.BASELINE, raw)
    assert [problem.item for problem in caught.value.problems] == ["who5_3", "belastning_02"]


def test_sending_nothing_is_not_answering_unless_a_file_is_read() -> None:
    with pytest.raises(InvalidAnswers) as caught:
        read_answers(TRIVSEL, Round.BASELINE, {"csrf": ["x"]})
    (problem,) = caught.value.problems
    assert (problem.item, problem.message) == ("", "Du har ikke svaret på noget endnu.")
    assert read_answers(TRIVSEL, Round.BASELINE, {}, complete=False) == {}


def test_a_required_question_must_be_answered_by_those_who_are_asked_it() -> None:
    items = tuple(item.model_copy(update={"required": item.id in ("solo", "q3")}) for item in SAMARBEJDE.items)
    package = SAMARBEJDE.model_copy(update={"items": items})
    with pytest.raises(InvalidAnswers) as caught:
        read_answers(package, Round.BASELINE, {"q1": ["hoej"]})
    assert [problem.reason for problem in caught.value.problems] == ["required", "required"]
    assert read_answers(package, Round.BASELINE, {"solo": ["ja"]}) == {"solo": "ja"}


def test_words_that_look_like_a_number_stay_words() -> None:
    answers = read_answers(TRIVSEL, Round.BASELINE, {"who5_1": ["5"], "gode_erfaringer": ["5"]})
    assert answers == {"who5_1": 5, "gode_erfaringer": "5"}


@given(st.lists(st.text(max_size=30), max_size=4), st.sampled_from([*TRIVSEL.items, *SAMARBEJDE.items[:10]]))
def test_whatever_is_sent_is_read_or_refused_in_danish(tokens: list[str], item: Item) -> None:
    package = TRIVSEL if item in TRIVSEL.items else SAMARBEJDE
    try:
        first = read_answer(package, item, tokens)
    except InvalidAnswer as problem:
        message = problem.message
    else:
        message = "."
        again = [str(part) for part in first] if isinstance(first, tuple) else [] if first is None else [str(first)]
        assert read_answer(package, item, again) == first
    assert message.endswith(".")

"""A package's English: everything the questionnaire says or nothing, and the same ids."""

import pytest

from domain.model import Round
from domain.package import Package, PackageProblems
from domain.translation import English, in_english
from tests.the_packages import SAMARBEJDE, TRIVSEL


def test_the_english_package_asks_the_same_with_other_words() -> None:
    english = in_english(TRIVSEL)
    assert english.asked_in(Round.FOLLOW_UP)[0].text == "I have felt cheerful and in good spirits"
    for danish, other in zip(TRIVSEL.items, english.items, strict=True):
        assert (danish.id, danish.kind, danish.at_most) == (other.id, other.kind, other.at_most)
        mine, theirs = TRIVSEL.options_of(danish), english.options_of(other)
        assert [(option.id, option.value) for option in mine] == [(option.id, option.value) for option in theirs]
        assert danish.text != other.text
        assert all(a.label != b.label for a, b in zip(mine, theirs, strict=True))


def test_the_english_who5_is_the_official_one() -> None:
    english = in_english(TRIVSEL)
    five = [english.item(each) for each in english.index("who5").items]
    assert [item.text for item in five] == [
        "I have felt cheerful and in good spirits",
        "I have felt calm and relaxed",
        "I have felt active and vigorous",
        "I woke up feeling fresh and rested",
        "My daily life has been filled with things that interest me",
    ]
    assert [(option.label, option.value) for option in english.options_of(five[0])] == [
        ("All of the time", 5), ("Most of the time", 4), ("More than half of the time", 3),
        ("Less than half of the time", 2), ("Some of the time", 1), ("At no time", 0),
    ]  # fmt: skip
    assert TRIVSEL.english is not None
    assert all(TRIVSEL.english.items[each].source.startswith("WHO-5") for each in english.index("who5").items)


def test_a_package_without_english_has_none() -> None:
    assert SAMARBEJDE.english is None
    with pytest.raises(ValueError, match="has no English"):
        in_english(SAMARBEJDE)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("items", "who5_1"), None, "'who5_1' is missing"),
        (("items", "q99"), {"text": "What?"}, "'q99' is not in the Danish"),
        (("items", "positive", "options", "balance"), None, "'balance' is missing"),
        (("items", "belastning_01", "minimum_label"), "", "must be there in both languages or in neither"),
        (("scales", "who5", "options", "aldrig"), None, "'aldrig' is missing"),
        (("scales", "who5", "options", "tit"), "Often", "'tit' is not in the Danish"),
        (("scales", "grad"), None, "'grad' is missing"),
        (("groups", "who5"), None, "'who5' is missing"),
        (("sections", "positive"), None, "'positive' is missing"),
        (("sections", "trivsel", "intro"), "", "must be there in both languages or in neither"),
        (("title_follow_up",), "", "must be there in both languages or in neither"),
    ],
)
def test_english_that_is_not_whole_is_refused(path: tuple[str, ...], value: object, says: str) -> None:
    assert TRIVSEL.english is not None
    content = TRIVSEL.english.model_dump()
    *way, last = path
    there = content
    for step in way:
        there = there[step]
    if value is None:
        del there[last]
    else:
        there[last] = value
    broken = {**TRIVSEL.model_dump(), "english": English.model_validate(content)}
    with pytest.raises(ValueError) as caught:
        Package.model_validate(broken)
    (error,) = caught.value.errors()  # type: ignore[attr-defined]
    cause = error["ctx"]["error"]
    assert isinstance(cause, PackageProblems)
    assert [problem.what for problem in cause.problems] == [says]
    assert cause.problems[0].where[0] == "english"

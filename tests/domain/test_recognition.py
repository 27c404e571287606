"""Who on a list is whom: one doctor stays one, and two who share a mailbox stay two."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model import PersonId, PracticeId
from domain.recognition import Described, Known, address_key, name_key, recognise

TORVET, HAVNEN = PracticeId("praksis-torvet"), PracticeId("praksis-havnen")
METTE = Known(PersonId("mette"), "Mette Holm", "mette@torvet.example", TORVET)
BO = Known(PersonId("bo"), "Bo Ek", "bo@torvet.example", TORVET)
SHARED = "laegerne@torvet.example"


def known_as(person: str, name: str, email: str = SHARED, practice: PracticeId | None = TORVET) -> Known:
    return Known(PersonId(person), name, email, practice)


def line(name: str, email: str = SHARED, practice: PracticeId = TORVET) -> Described:
    return Described(name, email, practice)


# --- the same doctor ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "described",
    [
        line("Mette Holm", "mette@torvet.example"),
        line("METTE HOLM", "Mette@Torvet.example "),
        line("Holm, Mette", "mette@torvet.example"),
        line("dr. Mette Holm", "mette@torvet.example"),
        line("overlæge, ph.d. Mette Holm", "mette@torvet.example"),
        line("Mette Holm Jensen", "mette@torvet.example"),  # has married
        line("Mette", "mette@torvet.example"),
        line("Mette Holm", "mette@torvet.example", HAVNEN),  # has another practice
        line("Mette Holm", "mette.holm@mail.example"),  # another address
        line("Mette Holm", "mette@havnen.example", HAVNEN),  # another address and practice
    ],
)
def test_a_doctor_is_known_again_whatever_one_thing_or_two_has_changed(described: Described) -> None:
    assert recognise([METTE, BO], [described]) == [METTE.person]


def test_a_list_that_names_nobody_known_is_of_newcomers() -> None:
    assert recognise([METTE, BO], [line("Nora Ny", "nora@torvet.example"), line("Ole Ny", "ole@havnen.example")]) == [
        None,
        None,
    ]
    assert recognise([], [line("Mette Holm")]) == [None]


def test_nobody_is_two_lines_of_a_list() -> None:
    twice = [line("Mette Holm", "mette@torvet.example"), line("Mette Holm", "mette@mail.example")]
    assert recognise([METTE], twice) == [METTE.person, None]


def test_of_two_lines_that_fit_as_well_neither_is_taken_for_the_doctor() -> None:
    both = [line("Mette Holm", "en@mail.example", HAVNEN), line("Mette Holm", "to@mail.example", HAVNEN)]
    assert recognise([METTE], both) == [None, None]


def test_of_two_known_who_bear_the_name_the_nearer_is_meant_or_nobody() -> None:
    namesake = known_as("mette-havnen", "Mette Holm", "mette@havnen.example", HAVNEN)
    assert recognise([METTE, namesake], [line("Mette Holm", "ny@mail.example", HAVNEN)]) == [namesake.person]
    assert recognise([METTE, namesake], [line("Mette Holm", "ny@mail.example", PracticeId("tredje"))]) == [None]


# --- a mailbox in common --------------------------------------------------------------------------------------------


def test_two_doctors_who_share_an_address_remain_two() -> None:
    colleagues = [known_as("mette", "Mette Holm"), known_as("bo", "Bo Ek")]
    for lines in itertools.permutations([line("Mette Holm"), line("Bo Ek")]):
        found = recognise(colleagues, lines)
        assert found == ["mette" if each.name == "Mette Holm" else "bo" for each in lines]


def test_a_new_doctor_with_a_colleagues_address_is_not_the_colleague() -> None:
    assert recognise([known_as("mette", "Mette Holm")], [line("Mette Holm"), line("Bo Ek")]) == ["mette", None]
    assert recognise([known_as("mette", "Mette Holm")], [line("Bo Ek")]) == [None]


def test_two_known_of_one_first_name_and_address_are_not_guessed_between() -> None:
    sisters = [known_as("mette-1", "Mette Holm"), known_as("mette-2", "Mette Bech")]
    assert recognise(sisters, [line("Mette")]) == [None]
    assert recognise(sisters, [line("Mette Bech"), line("Mette Holm")]) == ["mette-2", "mette-1"]


# --- keys -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["Mette Holm", "mette holm", "Holm, Mette", "HOLM, Mette", "Dr. Mette Holm", "Mette Holm, læge", "Mette  Holm"],
)
def test_a_name_is_found_again_however_it_is_written(written: str) -> None:
    assert name_key(written) == "mette holm"


@pytest.mark.parametrize("other", ["Mette Holme", "Mette Holm Bech", "Mette", "Holm", "Anne-Mette Holm"])
def test_another_name_is_another(other: str) -> None:
    assert name_key(other) != "mette holm"


def test_an_address_is_found_again_in_capitals_and_with_spaces_around_it() -> None:
    assert address_key(" Mette@Torvet.Example ") == address_key("mette@torvet.example")


names = st.sampled_from(["Mette Holm", "Holm, Mette", "Mette", "Bo Ek", "Bo Ek Holm", "Nora Ny"])
emails = st.sampled_from([SHARED, "mette@torvet.example", "bo@torvet.example"])
practices = st.sampled_from([TORVET, HAVNEN])


@given(
    st.lists(st.builds(line, names, emails, practices), max_size=6),
    st.lists(st.tuples(names, emails, practices), max_size=5),
)
def test_whatever_the_list_each_known_doctor_is_one_line_at_most(
    lines: list[Described], people: list[tuple[str, str, PracticeId]]
) -> None:
    known = [Known(PersonId(f"person-{n}"), *each) for n, each in enumerate(people)]
    found = recognise(known, lines)
    assert len(found) == len(lines)
    someone = [each for each in found if each is not None]
    assert len(set(someone)) == len(someone)
    assert set(someone) <= {each.person for each in known}


@given(st.lists(st.tuples(names, emails, practices), max_size=5, unique_by=lambda each: (name_key(each[0]), each[1])))
def test_a_list_sent_again_as_it_was_is_the_same_people(people: list[tuple[str, str, PracticeId]]) -> None:
    known = [Known(PersonId(f"person-{n}"), *each) for n, each in enumerate(people)]
    lines = [line(*each) for each in people]
    assert recognise(known, lines) == [each.person for each in known]

"""Where to turn: the region's unit by its name, the krisekorps as the office has told, and nothing that nobody told."""

import datetime as dt

import pytest

from domain.help import CrisisCorps, Help, help_for, way_to
from domain.package import AS_KEPT, Package
from domain.translation import in_english
from tests.the_packages import POLYFARMACI, SAMARBEJDE, TRIVSEL, UDDELEGERING

IN_2026, IN_2027 = dt.date(2026, 12, 1), dt.date(2027, 1, 4)
UNTOLD = CrisisCorps()


def told(region: str = "nordjylland", day: dt.date = IN_2026, corps: CrisisCorps = UNTOLD) -> Help:
    found = help_for(TRIVSEL.help, region, day, corps)
    assert found is not None
    return found


def who(found: Help) -> list[str]:
    return [place.who for place in found.places]


@pytest.mark.parametrize("package", [TRIVSEL, SAMARBEJDE, UDDELEGERING, POLYFARMACI], ids=lambda package: package.slug)
def test_every_package_names_krisekorps_own_doctor_and_the_regions_unit(package: Package) -> None:
    assert package.help is not None
    assert [place.id for place in package.help.places] == ["krisekorps", "egen_laege", "kvalitetsenhed"]
    assert all(place.source for place in package.help.places)


def test_the_regions_unit_is_named_where_we_know_its_name() -> None:
    assert who(told("midtjylland"))[2] == "Den regionale kvalitetsenhed (MidtKraft)"
    assert who(told("syddanmark"))[2] == "Den regionale kvalitetsenhed"


def test_a_merged_regions_old_unit_is_named_no_longer() -> None:
    assert who(told("hovedstaden", IN_2026))[2] == "Den regionale kvalitetsenhed (KAP-H)"
    assert who(told("hovedstaden", IN_2027))[2] == "Den regionale kvalitetsenhed"


def test_without_number_or_page_it_says_where_to_look_and_makes_none_up() -> None:
    found = told()
    assert way_to(found.places[0]) == "Søg på »krisekorps« på laeger.dk, eller spørg PLO."
    assert not any(character.isdigit() for place in found.places for character in way_to(place))


def test_what_the_office_has_told_of_the_krisekorps_comes_before_where_to_look() -> None:
    found = told(corps=CrisisCorps("12 34 56 78", "https://plo.example/krisekorps"))
    assert way_to(found.places[0]) == "Ring på 12 34 56 78. Læs mere på https://plo.example/krisekorps"
    assert way_to(told(corps=CrisisCorps("12 34 56 78")).places[0]) == "Ring på 12 34 56 78."


def test_a_package_without_help_is_refused_and_one_that_was_kept_is_read() -> None:
    content = TRIVSEL.model_dump(mode="json") | {"help": None, "english": None}
    with pytest.raises(ValueError, match="help is missing"):
        Package.model_validate(content)
    kept = Package.model_validate(content, context=AS_KEPT)
    assert kept.help is None
    assert help_for(kept.help, "nordjylland", IN_2026, UNTOLD) is None


@pytest.mark.parametrize("left_out", ["krisekorps", "egen_laege", "kvalitetsenhed"])
def test_help_that_leaves_somebody_out_is_refused(left_out: str) -> None:
    content = TRIVSEL.model_dump(mode="json") | {"english": None}
    content["help"]["places"] = [place for place in content["help"]["places"] if place["id"] != left_out]
    with pytest.raises(ValueError, match=f"'{left_out}' is missing"):
        Package.model_validate(content)


def test_a_place_told_twice_is_refused() -> None:
    content = TRIVSEL.model_dump(mode="json") | {"english": None}
    content["help"]["places"].append(content["help"]["places"][0])
    with pytest.raises(ValueError, match="place 'krisekorps' stands twice"):
        Package.model_validate(content)


def test_english_help_keeps_who_is_meant_and_is_whole_or_refused() -> None:
    english = in_english(TRIVSEL).help
    assert english is not None
    assert english.title == "If you would like to talk to somebody"
    assert [place.id for place in english.places] == ["krisekorps", "egen_laege", "kvalitetsenhed"]
    content = TRIVSEL.model_dump(mode="json")
    del content["english"]["help"]["places"]["egen_laege"]
    with pytest.raises(ValueError, match="'egen_laege' is missing"):
        Package.model_validate(content)
    content["english"]["help"] = None
    with pytest.raises(ValueError, match="must be there in both languages"):
        Package.model_validate(content)

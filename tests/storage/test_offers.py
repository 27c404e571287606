"""The file of offers: what comes along, and faults told with file, line and field."""

from pathlib import Path

import pytest

from storage.offers import FILE, OffersError, offers_that_come_with_the_system, read_offers

GOOD = "offers:\n  - id: a\n    giver: kiap\n    title: A\n    source: en kilde\n"


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    (tmp_path / "faelles").mkdir()
    return tmp_path


def faults(packages: Path, content: str) -> list[str]:
    (packages / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(OffersError) as told:
        read_offers(packages)
    return str(told.value).splitlines()


def test_the_offers_that_come_along_are_read_each_with_its_source() -> None:
    offers = offers_that_come_with_the_system().offers
    assert {offer.giver for offer in offers} == {"region", "plo_e", "kiap"}
    assert all(offer.source for offer in offers)


def test_a_folder_without_the_file_has_no_offers(packages: Path) -> None:
    assert read_offers(packages).offers == ()


def test_a_good_file_is_read(packages: Path) -> None:
    (packages / FILE).write_text(GOOD, encoding="utf-8")
    assert [offer.id for offer in read_offers(packages).offers] == ["a"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (GOOD.replace("kiap", "kommunen"), "faelles/offers.yaml:3: offers[1].giver (a): Input should be"),
        (GOOD.replace("    source: en kilde\n", ""), "faelles/offers.yaml:2: offers[1].source (a): is missing"),
        (GOOD + "    pris: 3\n", "faelles/offers.yaml:6: offers[1].pris (a): is not a field we know"),
        (GOOD + "    url: www.kiap.dk\n", "faelles/offers.yaml:6: offers[1].url (a): "),
        (GOOD + "    since: i morgen\n", "faelles/offers.yaml:6: offers[1].since (a): "),
        ("offers: [\n", "faelles/offers.yaml:"),
        (GOOD.replace("title: A", 'title: "A\u200bB"'), "faelles/offers.yaml:4: offers[1].title (a): "),
    ],
)
def test_a_fault_names_file_line_and_field(packages: Path, content: str, fault: str) -> None:
    assert faults(packages, content)[0].startswith(fault)

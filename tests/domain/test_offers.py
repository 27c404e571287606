"""Offers are dated and belong to regions: what a cluster has on a day, and what KiAP has yet to find out."""

import datetime as dt

import pytest

from domain.model import PackageSlug
from domain.offers import Offer, Offers, missing_anywhere, offers_for

DAY = dt.date(2026, 11, 25)
TRIVSEL = PackageSlug("trivsel-og-arbejdsglaede")


def an_offer(id_: str, **changes: object) -> Offer:
    return Offer.model_validate({"id": id_, "giver": "kiap", "title": id_, "source": "en kilde", **changes})


def ids(offers: tuple[Offer, ...], region: str = "nordjylland", day: dt.date = DAY) -> list[str]:
    return [offer.id for offer in offers_for(Offers(offers=offers), region, TRIVSEL, day).offers]


def test_a_regions_own_come_first_then_plo_e_then_kiap() -> None:
    offers = (an_offer("tre"), an_offer("to", giver="plo_e"), an_offer("en", giver="region"))
    assert ids(offers) == ["en", "to", "tre"]


def test_an_offer_is_there_from_its_first_day_to_its_last() -> None:
    offers = (an_offer("a", since="2026-11-25", until="2026-11-25"),)
    assert ids(offers) == ["a"]
    for day in (dt.date(2026, 11, 24), dt.date(2026, 11, 26)):
        assert ids(offers, day=day) == []


def test_another_regions_and_another_packages_offers_are_left_out() -> None:
    nord = an_offer("nord", giver="region", regions=["nordjylland"])
    samarbejde = an_offer("samarbejde", packages=["samarbejde-og-faellesskab"])
    assert ids((nord, samarbejde)) == ["nord"]
    assert ids((nord, samarbejde), region="midtjylland") == []


def test_a_merged_regions_offers_are_those_of_both_its_names() -> None:
    offers = (
        an_offer("h", giver="region", regions=["hovedstaden"]),
        an_offer("o", giver="region", regions=["oestdanmark"]),
    )
    assert ids(offers, "hovedstaden", dt.date(2027, 2, 1)) == ["h", "o"]
    assert ids(offers, "oestdanmark", dt.date(2027, 2, 1)) == ["h", "o"]
    assert ids(offers, "syddanmark", dt.date(2027, 2, 1)) == []


def test_what_is_missing_is_told_a_line_each() -> None:
    offers = Offers(offers=(an_offer("a"), an_offer("b", url="https://b.example")))
    here = offers_for(offers, "syddanmark", TRIVSEL, DAY)
    assert list(here.missing()) == [
        "Navnet på kvalitetsenheden i Region Syddanmark",
        "De tilbud, som Region Syddanmark selv har",
        "Link til »a«",
    ]


def test_nothing_is_missing_where_everything_is_known() -> None:
    nord = an_offer("nord", giver="region", regions=["nordjylland"], url="https://nord.example")
    assert list(offers_for(Offers(offers=(nord,)), "nordjylland", TRIVSEL, DAY).missing()) == []


def test_what_is_missing_anywhere_is_told_once_regions_before_links() -> None:
    offers = Offers(
        offers=(
            an_offer("a"),
            an_offer("nord", giver="region", regions=["nordjylland"]),
            an_offer("b", packages=["samarbejde-og-faellesskab"]),
            an_offer("c", until="2026-11-24"),
        )
    )
    told = missing_anywhere(offers, [TRIVSEL, "uddelegering-og-arbejdsglaede"], DAY)
    assert told == (
        "De tilbud, som Region Hovedstaden selv har",
        "De tilbud, som Region Sjælland selv har",
        "De tilbud, som Region Midtjylland selv har",
        "Navnet på kvalitetsenheden i Region Syddanmark",
        "De tilbud, som Region Syddanmark selv har",
        "Link til »a«",
        "Link til »nord«",
    )
    assert "Link til »b«" in missing_anywhere(offers, ["samarbejde-og-faellesskab"], DAY)
    assert "Navnet på kvalitetsenheden i Region Østdanmark" in missing_anywhere(offers, [TRIVSEL], dt.date(2027, 1, 1))
    assert missing_anywhere(offers, [], DAY) == ()


def test_a_region_that_is_unknown_has_what_all_have_and_says_so() -> None:
    here = offers_for(Offers(offers=(an_offer("a", url="https://a.example"),)), "skåne", TRIVSEL, DAY)
    assert [offer.id for offer in here.offers] == ["a"]
    assert "Navnet på kvalitetsenheden i klyngens region" in list(here.missing())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"giver": "region", "regions": ["skåne"]}, "'skåne' is no region"),
        ({"regions": ["nordjylland"]}, "only a region's offer names regions"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "until must not come before since"),
    ],
)
def test_an_offer_that_does_not_hang_together_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        an_offer("a", **changes)


def test_an_offer_told_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="offer 'a' stands twice"):
        Offers(offers=(an_offer("a"), an_offer("a")))

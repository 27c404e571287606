"""Colleagues in the console: added, changed, given a role and a link, and gone; by an administrator, in the log."""

import pytest

from domain import commands as do
from domain.by import operations
from domain.model import StaffId
from storage import accounts, staff
from storage.audit import Deed
from storage.staff import OFFICE, Staff, StaffRole
from tests.web.application import Web
from tests.web.console.office import Colleague, add, browser, log_of, signed_in, with_password
from tests.web.reading import Shown

COLLEAGUES = "/drift/kolleger"
NEW = {"navn": "Niels Nord", "mail": "niels@kiap.example", "rolle": "consultant"}


def everybody(web: Web) -> set[tuple[str, str, StaffRole]]:
    with web.database.read() as connection:
        return {(each.name, each.email, each.role) for each in staff.everybody(connection)}


def person(web: Web, staff_id: str) -> Staff:
    with web.database.read() as connection:
        return staff.staff(connection, StaffId(staff_id))


def added(asta: Colleague, **changes: str) -> str:
    """A colleague made through the page; the id."""
    answer = asta.post(COLLEAGUES, {**NEW, **changes})
    assert answer.status_code == 303, Shown(answer).words
    return answer.headers["location"].rpartition("/")[2].partition("?")[0]


def test_a_colleague_is_added_and_chooses_a_password_by_a_link_that_is_shown_once(web: Web) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        niels = added(asta)
        link = Shown(asta.press(f"{COLLEAGUES}/{niels}/link", hvorfor="ny kollega")).tree.xpath("//code/text()")[0]
        assert not Shown(asta.get(f"{COLLEAGUES}/{niels}")).tree.xpath("//code")
        second = Shown(asta.press(f"{COLLEAGUES}/{niels}/link")).tree.xpath("//code/text()")[0]
    with browser(web) as http:
        assert Shown(http.get(link)).heading == "Linket virker ikke mere", "a newer one has taken its place"
        assert Shown(http.get(second)).heading == "Velkommen, Niels Nord"
    told = [(line.deed, line.about, line.why) for line in log_of(web)]
    assert told == [(Deed.STAFF_ADDED, niels, ""), (Deed.LINK_MADE, niels, "ny kollega"), (Deed.LINK_MADE, niels, "")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"navn": "  "}, "navn"),
        ({"mail": "niels"}, "mail"),
        ({"mail": "ASTA@kiap.example"}, "Asta Krog har allerede den mailadresse."),
        ({"rolle": "direktør"}, "Vælg en af mulighederne."),
    ],
)
def test_a_colleague_who_cannot_be_added_is_not_and_what_was_written_stays(
    web: Web, changes: dict[str, str], said: str
) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        before = everybody(web)
        answer = asta.post(COLLEAGUES, {**NEW, **changes})
    shown = Shown(answer)
    assert answer.status_code == 422
    assert said in shown.words
    assert shown.fields()["navn"] == [changes.get("navn", NEW["navn"])]
    assert everybody(web) == before
    assert log_of(web) == []


def test_what_is_wrong_is_told_with_the_name_of_its_field(web: Web) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        shown = Shown(asta.post(COLLEAGUES, {**NEW, "navn": "", "mail": ""}))
    told = [line.text_content() for line in shown.tree.xpath("//*[@class='problems']//li")]
    assert told == ["Navn: Feltet må ikke være tomt.", "Arbejdsmail: Feltet må ikke være tomt."]


def test_another_name_and_address_are_for_mails_from_then_on(web: Web) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        niels = added(asta)
        asta.post(f"{COLLEAGUES}/{niels}/ret", navn="Niels Syd", mail="syd@kiap.example")
        asta.post(f"{COLLEAGUES}/{niels}/ret", navn="Niels Syd", mail="syd@kiap.example")
        taken = asta.post(f"{COLLEAGUES}/{niels}/ret", navn="Niels Syd", mail="asta@kiap.example")
    assert (person(web, niels).name, person(web, niels).email) == ("Niels Syd", "syd@kiap.example")
    assert taken.status_code == 422
    assert [line.deed for line in log_of(web)] == [Deed.STAFF_ADDED, Deed.STAFF_CHANGED], "no change is no line"


def test_another_role_signs_out_where_somebody_is_signed_in(web: Web) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta, signed_in(web, StaffRole.CONSULTANT) as karen:
        assert karen.get("/drift").status_code == 200
        asta.post(f"{COLLEAGUES}/{karen.id}/rolle", rolle="consultant")
        assert karen.get("/drift").status_code == 200, "the same role is no change"
        asta.post(f"{COLLEAGUES}/{karen.id}/rolle", rolle="operations")
        assert karen.get("/drift").status_code == 303
    (line,) = log_of(web)
    assert (line.deed, line.facts) == (Deed.ROLE_CHANGED, {"from": "consultant", "to": "operations"})


def test_the_last_administrator_stays_one(web: Web) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        own = f"{COLLEAGUES}/{asta.id}"
        assert asta.post(f"{own}/rolle", rolle="consultant").status_code == 422
        refused = asta.post(f"{own}/holdt-op", sikker="ja")
        assert "den sidste administrator" in Shown(refused).words
        other = added(asta, rolle="administrator")
        assert asta.post(f"{COLLEAGUES}/{other}/rolle", rolle="operations").status_code == 303
        asta.post(f"{COLLEAGUES}/{other}/rolle", rolle="administrator")
        assert asta.post(f"{own}/rolle", rolle="consultant").status_code == 303
        assert asta.get(COLLEAGUES).status_code == 303
    assert person(web, asta.id).role is StaffRole.CONSULTANT


def test_who_has_left_is_signed_out_and_erased_once_their_orders_are_anothers(web: Web) -> None:
    karen = with_password(web, StaffRole.CONSULTANT)
    order = web.place()
    web.orders.give(order, do.AssignConsultant(consultant=karen), by=operations(OFFICE))
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta, signed_in(web, staff_id=karen) as there:
        page = f"{COLLEAGUES}/{karen}/holdt-op"
        assert asta.post(page).status_code == 422, "without the tick"
        assert f"Giv først {order} til en anden konsulent." in Shown(asta.post(page, sikker="ja")).words
        assert there.get("/drift").status_code == 200
        other = add(web, StaffRole.CONSULTANT, "Lone Lind", "lone@kiap.example")
        web.orders.give(order, do.AssignConsultant(consultant=other), by=operations(OFFICE))
        assert asta.post(page, sikker="ja").headers["location"] == f"{COLLEAGUES}?gjort=holdt-op"
        assert there.get("/drift").status_code == 303
        assert asta.get(f"{COLLEAGUES}/{karen}").status_code == 404
        assert asta.post(f"{COLLEAGUES}/{karen}/ret", navn="X Y", mail="x@kiap.example").status_code == 404
    assert person(web, karen).name == ""
    with web.database.read() as connection:
        assert accounts.account_of(connection, karen) is None
    assert log_of(web)[-1].deed is Deed.STAFF_LEFT


def test_a_telephone_number_is_added_changed_and_taken_away(web: Web) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        niels = added(asta, telefon="20 30 40 50")
        assert person(web, niels).phone == "20 30 40 50"
        page = Shown(asta.post(f"{COLLEAGUES}/{niels}/ret", {**NEW, "telefon": "12"}))
        assert "Skriv telefonnummeret med mindst 8 cifre" in page.described_by("telefon")
        assert person(web, niels).phone == "20 30 40 50"
        asta.post(f"{COLLEAGUES}/{niels}/ret", {**NEW, "telefon": "+45 7196 8844"})
        assert person(web, niels).phone == "+45 7196 8844"
        asta.post(f"{COLLEAGUES}/{niels}/ret", NEW)
    assert person(web, niels).phone == ""

"""A coordinator with nothing but a browser: from the front page to a page of their own, and operations who see it."""

import pytest

from storage.staff import StaffRole
from tests.days.conftest import DESK, KEYBOARD, MOUSE, PHONE, WITHOUT_SCRIPTS, Somebody
from tests.days.portal import NAMES, Portal

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

LIST = "\n".join(f"{name}; laege{at}@example.dk; Praksis {at // 2}" for at, name in enumerate(NAMES[:5]))
WISH = "Helst en onsdag i maj."


@pytest.mark.parametrize("how", [MOUSE, KEYBOARD, WITHOUT_SCRIPTS])
def test_an_order_by_the_form_leads_its_coordinator_to_their_own_page_and_operations_to_a_call(
    portal: Portal, somebody: Somebody, how: str
) -> None:
    portal.colleague(StaffRole.OPERATIONS, "Ole Bach", "ole@kiap.example")

    mette = somebody(PHONE, how)
    mette.open("/")
    mette.press("Bestil en klyngepakke")
    mette.choose("Trivsel og arbejdsglæde")
    mette.write("Klyngens navn eller nummer", "Aalborg Øst")
    mette.write("Dit navn", "Mette Holm")
    mette.write("Din mailadresse", "mette.holm@example.dk")
    mette.write("Dit telefonnummer", "20 30 40 50")
    mette.write("Ønsker til datoer (kan undværes)", WISH)
    mette.write("Klyngens medlemmer", LIST)
    mette.press("Bestil pakken")
    assert mette.heading == "Bestil en klyngepakke"
    assert "Vi kender ikke klyngen Aalborg Øst" in mette.words
    mette.pick("Region", "Region Nordjylland")
    mette.press("Bestil pakken")
    assert mette.heading == "Tak for bestillingen"
    mette.page.reload()
    assert mette.heading == "Tak for bestillingen"

    receipt = portal.wait_for_mail("order_received")
    assert receipt.to == "mette.holm@example.dk"
    by_when = "senest mandag den 10. marts"
    assert f"En konsulent fra KiAP ringer til dig {by_when}." in " ".join(receipt.text.split())
    mette.open(portal.link(receipt, "/bestilling/"))
    assert mette.heading == "Trivsel og arbejdsglæde – Aalborg Øst"
    assert by_when in mette.words
    mette.press("Se og ret listen med 5 medlemmer")
    mette.press("Ret", within=mette.page.locator("li").filter(has_text="Bent Kvist"))
    mette.write("Den rigtige mailadresse", "bent@example.dk")
    mette.press("Gem rettelsen")
    assert "bent@example.dk" in mette.words

    ole = somebody(DESK, how)
    ole.sign_in("ole@kiap.example")
    ole.press("Aalborg Øst", within=ole.row("Aalborg Øst"))
    assert ole.heading == "Trivsel og arbejdsglæde – Aalborg Øst"
    for told in ("Mette Holm", "20 30 40 50", WISH, "Klyngen stod ikke på listen", "bent@example.dk"):
        assert told in ole.words, told
    assert {mail.to for mail in portal.system.mails()} == {"mette.holm@example.dk"}, "members hear nothing yet"
    assert len(portal.system.mails("order_received")) == 1

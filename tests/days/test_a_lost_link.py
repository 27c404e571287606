"""A coordinator's link in the wrong hands: KiAP closes it, and its holder asks for another on a phone and gets it."""

import pytest

from storage.staff import StaffRole
from tests.days.conftest import DESK, KEYBOARD, MOUSE, PHONE, WITHOUT_SCRIPTS, Somebody
from tests.days.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.temporal]


@pytest.mark.parametrize("how", [MOUSE, KEYBOARD, WITHOUT_SCRIPTS])
def test_a_link_that_kiap_closes_is_dead_and_its_holder_gets_another_by_mail(
    portal: Portal, somebody: Somebody, how: str
) -> None:
    portal.colleague(StaffRole.OPERATIONS, "Ole Bach", "ole@kiap.example")
    order = portal.order()
    received = portal.link(portal.mail("order_received"), "/bestilling/")

    mette = somebody(PHONE, how)
    mette.open(received)
    assert mette.heading == "Trivsel og arbejdsglæde – Aalborg Øst"

    ole = somebody(DESK, how)
    ole.sign_in("ole@kiap.example")
    ole.open(f"/drift/forloeb/{order}")
    ole.press("Luk et link")
    ole.pick("Hvis link skal lukkes?", "Mette Holm (koordinator)")
    ole.press("Luk linket")
    assert "Linket virker ikke mere." in ole.words

    mette.open(received)
    assert mette.heading == "Linket virker ikke"
    assert "KiAP har lukket dit link." in mette.words
    assert portal.system.mails("new_link") == []
    mette.press("Send mig et nyt link")
    mette.write("Din mailadresse", "mette.holm@example.dk")
    mette.press("Send mig linket")
    assert mette.heading == "Se i din mail"

    mail = portal.wait_for_mail("new_link")
    assert mail.to == "mette.holm@example.dk"
    mette.open(portal.link(mail, "/bestilling/"))
    assert mette.heading == "Trivsel og arbejdsglæde – Aalborg Øst"
    mette.press("Se og ret listen med 12 medlemmer")
    assert "Anna Kvist" in mette.words
    mette.open(received)
    assert mette.heading == "Linket virker ikke"

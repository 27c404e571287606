"""API keys in the console: shown once when made, listed with what they may, closed for good."""

import pytest

from domain.by import Scope
from storage import api_keys
from storage.audit import Deed
from storage.staff import StaffRole
from tests.web.application import Web
from tests.web.console.office import log_of, signed_in
from tests.web.reading import Shown

KEYS = "/drift/noegler"


def names(web: Web) -> dict[str, bool]:
    """Each key and whether it works."""
    with web.database.read() as connection:
        return {key.name: key.revoked_at is None for key in api_keys.api_keys(connection)}


def test_a_key_is_shown_once_works_and_is_closed(web: Web) -> None:
    order = web.place()
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        key = Shown(asta.press(KEYS, navn="journal", maa="read_orders")).tree.xpath("//code/text()")[0]
        listed = Shown(asta.get(KEYS))
        assert key not in listed.text
        assert "Læse forløb, med koordinatorens navn" in listed.words
        with web.client(key) as http:
            assert http.get(f"/api/v1/orders/{order}").status_code == 200
            assert asta.post(f"{KEYS}/journal/luk").headers["location"] == f"{KEYS}?gjort=lukket"
            assert http.get(f"/api/v1/orders/{order}").status_code == 401
        asta.post(f"{KEYS}/journal/luk")
        again = asta.post(KEYS, navn="journal", maa="read_orders")
    assert (again.status_code, "Vælg et andet" in Shown(again).words) == (422, True)
    told = [(line.deed, line.about) for line in log_of(web) if line.about == "journal"]
    assert told == [(Deed.KEY_MADE, "journal"), (Deed.KEY_REVOKED, "journal")], "closed once is closed"


def test_a_key_has_all_the_scopes_that_were_ticked_and_no_other(web: Web) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        asta.post(KEYS, {"navn": "kiap-dk-2", "maa": ["place_orders", "give_commands", "alt"]})
    with web.database.read() as connection:
        (key,) = (each for each in api_keys.api_keys(connection) if each.name == "kiap-dk-2")
    assert key.scopes == {Scope.PLACE_ORDERS, Scope.GIVE_COMMANDS}


@pytest.mark.parametrize(
    "form", [{"navn": "", "maa": "read_orders"}, {"navn": "Store Bogstaver", "maa": "read_orders"}, {"navn": "journal"}]
)
def test_a_key_without_a_name_or_a_use_is_not_made(web: Web, form: dict[str, str]) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        answer = asta.post(KEYS, form)
    assert answer.status_code == 422
    assert Shown(answer).tree.xpath("//p[@class='problem']")
    assert not Shown(answer).tree.xpath("//code")
    assert names(web) == {}

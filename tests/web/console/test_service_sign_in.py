"""Signing in at the office's own service, over HTTP: who gets in, in which role, and every answer that is refused."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey

from storage.audit import Deed
from storage.database import Database
from storage.staff import StaffRole, everybody, staff_left
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import NO_TLS, Web, running_web
from tests.web.console.office import add, browser, cookie_of, log_of, signed_in
from tests.web.console.provider import CLIENT, SECRET, Provider, running_provider
from tests.web.reading import Shown
from web.console.admission import ANOTHERS, NO_ADDRESS, NO_ROLE
from web.console.oidc import SignInService
from web.console.service_sign_in import ON_ITS_WAY

OLE = {"sub": "ole-1", "email": "ole@kiap.example", "email_verified": True, "name": "Ole Bach", "roles": ["kiap-drift"]}
ROLES = {
    "kiap-konsulent": StaffRole.CONSULTANT,
    "kiap-drift": StaffRole.OPERATIONS,
    "kiap-admin": StaffRole.ADMINISTRATOR,
}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Web, Provider]]:
    """A web whose people sign in at a service of their office's."""
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    with running_web(database) as web, running_provider(web.wall) as provider:
        service = SignInService(
            issuer=provider.address,
            client_id=CLIENT,
            client_secret=SECRET,
            role_claim="roles",
            roles=ROLES,
            redirect_uri=f"{web.address}/drift/log-ind/svar",
            home=f"{web.address}/drift/log-ind",
        )
        object.__setattr__(web.services, "sign_in_service", service)
        provider.person = dict(OLE)
        yield web, provider
    database.close()


def leave(web: Web, to: str = "/drift/log") -> tuple[str, str]:
    """Off to the service: the cookie of whoever is on their way, and the address there."""
    with browser(web) as http:
        answer = http.get("/drift/log-ind/tjeneste", params={"naeste": to})
    assert answer.status_code == 303
    name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
    assert name == ON_ITS_WAY
    return value, answer.headers["location"]


def there(address: str) -> str:
    """Signing in at the service: the address it sends back to."""
    with httpx.Client(verify=NO_TLS) as http:
        return str(http.get(address).headers["location"])


def back(web: Web, cookie: str, address: str) -> httpx.Response:
    with browser(web) as http:
        http.headers["Cookie"] = f"{ON_ITS_WAY}={cookie}"
        return http.get(address)


def sign_in(web: Web, to: str = "/drift/log") -> httpx.Response:
    cookie, address = leave(web, to)
    return back(web, cookie, there(address))


def names(web: Web) -> list[tuple[str, str, StaffRole]]:
    with web.database.read() as connection:
        return [(each.name, each.email, each.role) for each in everybody(connection)]


def test_somebody_new_is_added_in_the_role_of_the_claims_and_led_to_where_they_wanted(
    served: tuple[Web, Provider],
) -> None:
    web, provider = served
    answer = sign_in(web)
    assert (answer.status_code, answer.headers["location"]) == (303, "/drift/log")
    assert names(web) == [("Ole Bach", "ole@kiap.example", StaffRole.OPERATIONS)]
    with browser(web, cookie_of(answer)) as http:
        assert "Ole Bach" in http.get("/drift").text
    assert [line.deed for line in log_of(web)] == [Deed.STAFF_ADDED, Deed.SIGNED_IN]
    (asked,) = provider.asked
    assert (asked["response_type"], asked["scope"], asked["code_challenge_method"]) == (
        "code", "openid profile email", "S256",
    )  # fmt: skip
    assert len(asked["code_challenge"]) == 43


def test_who_is_there_is_known_by_a_verified_address_and_then_by_the_services_id(served: tuple[Web, Provider]) -> None:
    web, provider = served
    add(web, StaffRole.OPERATIONS, name="Ole B.", email="OLE@kiap.example")
    assert sign_in(web).status_code == 303
    provider.person |= {"email": "ole.bach@kiap.example", "email_verified": False}
    assert sign_in(web).status_code == 303
    assert names(web) == [("Ole B.", "OLE@kiap.example", StaffRole.OPERATIONS)]


def test_the_role_is_the_claims_at_each_signing_in_and_the_most_there_is(served: tuple[Web, Provider]) -> None:
    web, provider = served
    earlier = cookie_of(sign_in(web))
    provider.person["roles"] = ["alle", "kiap-konsulent", "kiap-admin", "kiap-drift"]
    assert sign_in(web).status_code == 303
    assert [role for *_, role in names(web)] == [StaffRole.ADMINISTRATOR]
    with browser(web, earlier) as http:
        assert http.get("/drift").status_code == 303, "sessions of the earlier role are over"
    (changed,) = [line for line in log_of(web) if line.deed is Deed.ROLE_CHANGED]
    assert changed.facts == {"from": "operations", "to": "administrator"}
    provider.person["roles"] = "kiap-konsulent"
    assert sign_in(web).status_code == 303
    assert [role for *_, role in names(web)] == [StaffRole.CONSULTANT]


@pytest.mark.parametrize("roles", [[], ["noget-andet"], None, [7], "kiap"])
def test_without_a_role_there_is_a_clear_no(served: tuple[Web, Provider], roles: object) -> None:
    web, provider = served
    provider.person["roles"] = roles
    answer = sign_in(web)
    assert (answer.status_code, cookie_of(answer)) == (403, "")
    assert NO_ROLE in Shown(answer).words
    assert names(web) == []


@pytest.mark.parametrize(
    "changes", [{"email_verified": False}, {"email_verified": None}, {"email": "ole"}, {"email": 1}]
)
def test_an_address_that_is_not_verified_is_nobodys(served: tuple[Web, Provider], changes: dict[str, object]) -> None:
    web, provider = served
    add(web)
    provider.person |= changes
    answer = sign_in(web)
    assert answer.status_code == 403
    assert NO_ADDRESS in Shown(answer).words
    assert len(names(web)) == 1


def test_an_address_that_went_to_somebody_else_at_the_service_opens_no_other_account(
    served: tuple[Web, Provider],
) -> None:
    web, provider = served
    assert sign_in(web).status_code == 303
    provider.person |= {"sub": "ole-2"}
    answer = sign_in(web)
    assert (answer.status_code, ANOTHERS in Shown(answer).words) == (403, True)


def test_who_has_left_is_not_let_in_as_who_they_were(served: tuple[Web, Provider]) -> None:
    web, _ = served
    assert sign_in(web).status_code == 303
    with web.database.write() as connection:
        (ole,) = everybody(connection)
        staff_left(connection, ole.id, web.clock.instant)
    assert sign_in(web).status_code == 303
    with web.database.read() as connection:
        (again,) = everybody(connection)
    assert again.id != ole.id


REFUSED = "Gå til loginsiden, og prøv igen."


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": "another", "azp": CLIENT},
        {"aud": None},
        {"aud": [CLIENT, "another"]},
        {"azp": "another"},
        {"iss": "https://ond.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"iat": 9_999_999_999},
        {"nbf": 9_999_999_999},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_now_signs_nobody_in(served: tuple[Web, Provider], wrong: dict[str, object]) -> None:
    web, provider = served
    provider.wrong = wrong
    answer = sign_in(web)
    assert (answer.status_code, cookie_of(answer), names(web)) == (403, "", [])
    assert REFUSED in Shown(answer).words


@pytest.mark.parametrize(
    "usual", [{"aud": [CLIENT]}, {"azp": CLIENT}, {"aud": [CLIENT, "another"], "azp": CLIENT}], ids=str
)
def test_other_ways_to_say_that_it_is_for_us_are_taken(served: tuple[Web, Provider], usual: dict[str, object]) -> None:
    web, provider = served
    provider.wrong = usual
    assert sign_in(web).status_code == 303


def test_a_token_signed_by_anybody_else_signs_nobody_in(served: tuple[Web, Provider]) -> None:
    web, provider = served
    provider.signs_with = ECKey.generate_key("P-256", {"kid": "1"})
    assert sign_in(web).status_code == 403


def test_new_keys_of_the_service_are_found(served: tuple[Web, Provider]) -> None:
    web, provider = served
    assert sign_in(web).status_code == 303
    provider.key = ECKey.generate_key("P-256", {"kid": "1"})
    assert sign_in(web).status_code == 303


def test_an_answer_with_another_state_or_in_another_browser_is_refused(served: tuple[Web, Provider]) -> None:
    web, _ = served
    cookie, address = leave(web)
    answer = there(address)
    other, _ = leave(web)
    for sent in (other, "", "x", f"{cookie}x", cookie.replace(".", "..", 1)):
        assert back(web, sent, answer).status_code == 403
    code = parse_qs(urlsplit(answer).query)["code"][0]
    for state in ("", "x"):
        assert back(web, cookie, f"/drift/log-ind/svar?code={code}&state={state}").status_code == 403
    assert names(web) == []
    assert back(web, cookie, answer).status_code == 303


def test_a_code_works_once_and_within_ten_minutes(served: tuple[Web, Provider]) -> None:
    web, _ = served
    cookie, address = leave(web)
    answer = there(address)
    assert back(web, cookie, answer).status_code == 303
    assert back(web, cookie, answer).status_code == 403
    cookie, address = leave(web)
    answer = there(address)
    web.wall.instant += dt.timedelta(minutes=10, seconds=1)
    assert back(web, cookie, answer).status_code == 403


def test_a_no_of_the_service_is_one_here(served: tuple[Web, Provider]) -> None:
    web, provider = served
    provider.says_no = True
    answer = sign_in(web)
    assert (answer.status_code, REFUSED in answer.text) == (403, True)
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_a_service_that_cannot_be_reached_is_told_so(served: tuple[Web, Provider]) -> None:
    web, provider = served
    service = web.services.sign_in_service
    assert service is not None
    for issuer in (f"{provider.address}/another", "http://127.0.0.1:9", f"{provider.address}/"):
        object.__setattr__(web.services, "sign_in_service", replace(service, issuer=issuer))
        with browser(web) as http:
            answer = http.get("/drift/log-ind/tjeneste")
        assert (answer.status_code, "Vent et øjeblik" in answer.text) == (503, True)


def test_passwords_are_off(served: tuple[Web, Provider]) -> None:
    web, _ = served
    with browser(web) as http:
        page = Shown(http.get("/drift/log-ind?naeste=/drift/log"))
        assert page.tree.xpath("//input") == []
        assert "/drift/log-ind/tjeneste?naeste=%2Fdrift%2Flog" in page.links()
        assert (
            http.post("/drift/log-ind", data={"mail": "x", "adgangskode": "y"}).headers["location"] == "/drift/log-ind"
        )
        assert http.get("/drift/velkommen/x").status_code == http.post("/drift/velkommen/x").status_code == 404
    with signed_in(web) as ole:
        assert "Skift adgangskode" not in ole.get("/drift/min-side").text
        assert ole.post("/drift/min-side/adgangskode", nu="x").status_code == 404


def test_signing_out_shows_the_way_out_of_the_service(served: tuple[Web, Provider]) -> None:
    web, provider = served
    with signed_in(web) as ole:
        shown = Shown(ole.http.get(ole.post("/drift/log-ud").headers["location"]))
    (out,) = [link for link in shown.links() if link.startswith(provider.address)]
    assert parse_qs(urlsplit(out).query) == {
        "client_id": [CLIENT],
        "post_logout_redirect_uri": [f"{web.address}/drift/log-ind"],
    }


def test_where_there_is_no_service_its_addresses_lead_to_the_form(web: Web) -> None:
    with browser(web) as http:
        for path in ("/drift/log-ind/tjeneste", "/drift/log-ind/svar?code=x&state=y"):
            assert http.get(path).headers["location"] == "/drift/log-ind"

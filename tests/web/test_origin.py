"""From where a request comes: the caller's address, a household's part of a long one, and what a proxy may say."""

import pytest
from starlette.requests import Request

from storage.audit import Edge, Origin
from tests.web.application import Web
from tests.web.console.office import log_of
from web.console.guard import NotFromHere, refuse_other_sites
from web.origin import api_origin, network_of, page_origin


def request(client: str | None, **headers: str) -> Request:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": sent, "client": (client, 1) if client is not None else None})


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::1", "::1"),
        ("testclient", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_network_is_an_address_or_a_households_part_of_it(client: str | None, network: str) -> None:
    assert network_of(request(client)) == network


def test_a_page_and_the_api_are_told_apart() -> None:
    assert page_origin(request("192.0.2.7")) == Origin(Edge.PAGE, "192.0.2.7")
    assert api_origin(request("192.0.2.7")) == Origin(Edge.API, "192.0.2.7")


def test_a_callers_own_word_on_their_address_is_taken_from_this_machine_alone(web: Web) -> None:
    """uvicorn's own check, on loopback where the tests are: the proxy that the settings name is believed."""
    order = web.place()
    with web.client(web.site_key) as http:
        http.headers["X-Forwarded-For"] = "198.51.100.9, 203.0.113.5"
        http.post(f"/api/v1/orders/{order}/commands", json={"type": "cancel_order"})
    assert log_of(web)[-1].origin.network == "203.0.113.5", "the one that the proxy itself saw"


@pytest.mark.parametrize("origin", ["null", "", "file://", "http://"])
def test_without_a_host_no_sender_is_ours(origin: str) -> None:
    with pytest.raises(NotFromHere):
        refuse_other_sites(request("192.0.2.7", origin=origin), "")


def test_the_public_address_is_ours_where_a_proxy_names_another_host() -> None:
    sent = request("192.0.2.7", origin="https://klynge.example.dk", host="web:8080")
    refuse_other_sites(sent, "https://klynge.example.dk")
    with pytest.raises(NotFromHere):
        refuse_other_sites(sent, "https://another.example.dk")

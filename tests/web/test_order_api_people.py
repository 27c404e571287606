"""The people of an order over the API: members, the coordinator and the consultant."""

from collections.abc import Callable

import pytest

from storage import people
from storage.staff import StaffRole, add_staff, staff_left
from tests.web.application import SAMARBEJDE, Web
from tests.web.order_api import told_to_temporal

# --- members --------------------------------------------------------------------------------------------------------


def test_a_member_joins_and_gets_a_new_address_by_name_and_mail(web: Web) -> None:
    order = web.place()
    joins = {"type": "add_member", "name": "Ida Skov", "email": "ida@example.dk", "practice": "praksis 0"}
    assert web.command(order, **joins, role="ansat læge").status_code == 200
    new = list(web.order(order).members)[-1]
    with web.client(web.site_key) as http:
        listed = {each["name"]: each for each in http.get(f"/api/v1/orders/{order}/people").json()}
    assert listed["Ida Skov"]["person"] == new
    assert listed["Ida Skov"]["practice"] == listed["Mette Holm"]["practice"] == "Praksis 0"
    assert listed["Ida Skov"]["role"] == "ansat_laege"
    assert web.command(order, type="readdress_member", member=new, email="ida.skov@example.dk").status_code == 200
    with web.database.read() as connection:
        ida = people.person(connection, new)
    assert (ida.name, ida.email, ida.address) == ("Ida Skov", "ida.skov@example.dk", 2)
    assert web.order(order).members[new].address == 2
    assert "Ida" not in told_to_temporal(web)
    assert "example.dk" not in told_to_temporal(web)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "praksispersonale"}, "not_surveyed"),
        ({"name": "dr. Holm, Mette", "email": "LAEGE0@example.dk", "practice": "Praksis 0"}, "member_already_there"),
        ({"name": "Mette Holm", "practice": "Praksis 0"}, "member_already_there"),
    ],
)
def test_a_member_who_cannot_join_is_refused(web: Web, changes: dict[str, str], code: str) -> None:
    order = web.place()
    joins = {"type": "add_member", "name": "Ida", "email": "ida@example.dk", "practice": "P", "role": "ejerlæge"}
    answer = web.command(order, **{**joins, **changes})
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert web.order(order).version == 1


# --- coordinator and consultant -------------------------------------------------------------------------------------


def test_a_replaced_coordinators_link_is_dead_and_the_new_ones_works(web: Web) -> None:
    order = web.place()
    old = web.page_of(order)
    web.command(order, type="replace_coordinator", name="Ny Koordinator", email="ny@example.dk")
    with web.client() as http:
        assert http.get(old).status_code == 404
        assert http.get(web.page_of(order)).status_code == 200


def staff(web: Web, role: StaffRole = StaffRole.CONSULTANT, *, left: bool = False) -> str:
    with web.database.write() as connection:
        id_ = add_staff(connection, "Karen Lund", "karen@kiap.dk", role)
        if left:
            staff_left(connection, id_, web.clock.instant)
    return id_


def test_a_consultant_who_is_there_gets_the_order_and_may_get_it_again(web: Web) -> None:
    order, karen = web.place(), staff(web)
    for _ in range(2):
        assert web.command(order, type="assign_consultant", consultant=karen).status_code == 200
    assert web.order(order).consultant == karen
    assert web.order(order).version == 2


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (lambda _web: "nobody", "Ingen hos KiAP har dette id nu."),
        (lambda web: staff(web, left=True), "Ingen hos KiAP har dette id nu."),
        (lambda web: staff(web, StaffRole.OPERATIONS), "Denne medarbejder er ikke konsulent"),
        (
            lambda web: web.order(web.place("bestilling-0002", package=SAMARBEJDE)).coordinator,
            "Ingen hos KiAP har dette id",
        ),
    ],
    ids=["unknown", "left", "operations", "a person"],
)
def test_an_id_that_names_no_consultant_gets_no_order(web: Web, who: Callable[[Web], str], said: str) -> None:
    order = web.place()
    answer = web.command(order, type="assign_consultant", consultant=who(web))
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "consultant"
    assert error["detail"].startswith(said)
    assert web.order(order).version == 1

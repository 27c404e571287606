"""A register's numbers: the cluster's without names, a practice's own for its doctors alone, on their own page."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from domain import commands as do
from domain.by import coordinator
from domain.events import Joined
from domain.model import OrderId, PersonId, Role, Round
from storage import register_rows
from storage.database import Database
from storage.order_links import order_link
from storage.staff import OFFICE, StaffRole
from tests.a_register import EXTRACT
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import OPERATIONS, Web
from tests.web.console.office import signed_in
from tests.web.reading import Shown
from tests.web.register_orders import (
    EXTRACT_ALL,
    OWN,
    PRACTICES,
    awaited,
    by_practice,
    delivered,
    give,
    page_of_member,
    placed,
    register_web,
    tabulated,
)
from web.app import create_app
from web.console.router import routes_of


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    with register_web(database) as running:
        yield running
    database.close()


@pytest.fixture
def order(web: Web) -> str:
    return placed(web)


def own_of(page: Shown) -> list[str]:
    """The practice's own numbers on a member's page, in the package's order."""
    return [
        str(each.text_content()) for each in page.tree.xpath("//section[starts-with(@aria-labelledby, 'eget')]//strong")
    ]


def test_an_extract_is_matched_by_number_or_name_given_and_tabulated_without_either(web: Web, order: str) -> None:
    awaited(web, order)
    answer = give(web, order, EXTRACT_ALL)
    assert answer.status_code == 200, answer.text
    tabulated(web, order)
    survey = web.order(order).baseline
    assert survey is not None
    assert (survey.answers, survey.invited, survey.closed_why, survey.tabulated) == (7, 7, "extract", True)


def test_after_the_delivery_a_doctor_sees_their_own_practice_beside_the_cluster(
    web: Web, http: httpx.Client, order: str
) -> None:
    delivered(web, order)
    for practice, people in by_practice(web, order).items():
        for person in people:
            page = Shown(http.get(page_of_member(web, order, person)))
            if practice in OWN:
                assert own_of(page)[0].replace("\xa0", " ") == f"{OWN[practice]} %"
            assert "Kun lægerne i din praksis kan se jeres egne tal." in page.words or practice == "Klinikken ved Åen"


def test_a_practice_that_the_register_had_nothing_of_is_told_so(web: Web, http: httpx.Client, order: str) -> None:
    delivered(web, order)
    [person] = by_practice(web, order)["Klinikken ved Åen"]
    page = Shown(http.get(page_of_member(web, order, person)))
    assert own_of(page) == []
    assert "Registret har ingen tal for din praksis. Klyngens tal står i resultaterne." in page.words


def test_nobody_sees_a_number_before_the_material_is_delivered(web: Web, http: httpx.Client, order: str) -> None:
    awaited(web, order)
    give(web, order)
    tabulated(web, order)
    web.make_deck(order, kinds=("deck", "document"))
    for people in by_practice(web, order).values():
        for person in people:
            assert own_of(Shown(http.get(page_of_member(web, order, person)))) == []


def test_the_follow_up_has_its_own_and_the_first_stays(web: Web, http: httpx.Client, order: str) -> None:
    delivered(web, order)
    meeting = web.order(order).meeting
    assert meeting is not None
    web.clock.instant = meeting.ends_at
    answer = web.command(order, type="record_meeting", attended=8, absent=0, follow_up="later")
    assert answer.status_code == 200, answer.text
    agreed = web.command(order, type="agree_follow_up", opens="2026-11-03")
    assert agreed.status_code == 200, agreed.text
    again = EXTRACT.replace("31,4", "29,9")
    delivered(web, order, again, Round.FOLLOW_UP)
    mine = page_of_member(web, order, by_practice(web, order)["012345"][0])
    assert "29,9" not in http.get(mine).text, "the coordinator has the comparison, the members not yet"
    web.orders.give(order, do.ShareComparison(), by=coordinator(web.order(order).coordinator))
    page = Shown(http.get(mine))
    numbers = [each.replace("\xa0", " ") for each in own_of(page)]
    assert numbers[0] == "29,9 %"
    assert "31,4 %" in numbers
    assert "Din praksis ved opfølgningen" in page.words


def test_staff_of_a_practice_are_no_doctors_and_see_none_of_its_numbers(web: Web, http: httpx.Client) -> None:
    order = placed(web)
    delivered(web, order)
    [doctor, _] = by_practice(web, order)["012345"]
    secretary = Joined(
        person=PersonId("en-sekretaer"), practice=web.order(order).members[doctor].practice, role=Role.STAFF
    )
    web.orders.give(order, do.AddMember(joined=secretary), by=OPERATIONS)
    assert own_of(Shown(http.get(page_of_member(web, order, doctor))))
    assert own_of(Shown(http.get(page_of_member(web, order, secretary.person)))) == []


def test_whoever_has_left_the_list_sees_none(web: Web, http: httpx.Client, order: str) -> None:
    delivered(web, order)
    person = by_practice(web, order)["012345"][0]
    web.orders.give(order, do.RemoveMember(member=person), by=OPERATIONS)
    assert http.get(page_of_member(web, order, person)).status_code == 404


LATER = "Din praksis’ egne tal vises kun for dem, der stod på klyngens liste fra praksissen"


def test_whoever_joins_a_practice_after_the_extract_was_given_sees_none(
    web: Web, http: httpx.Client, order: str
) -> None:
    delivered(web, order)
    [doctor, *_] = by_practice(web, order)["034567"]
    before = set(web.order(order).active_members)
    joined = web.command(
        order, type="add_member", name="Karin Koordinator", email="min-egen@example.dk",
        practice="034567", role="ejerlæge",
    )  # fmt: skip
    assert joined.status_code == 200, joined.text
    [newcomer] = set(web.order(order).active_members) - before
    assert own_of(Shown(http.get(page_of_member(web, order, doctor))))
    page = Shown(http.get(page_of_member(web, order, newcomer)))
    assert own_of(page) == []
    assert LATER in page.words


def test_another_address_than_when_the_extract_was_given_opens_none(web: Web, http: httpx.Client, order: str) -> None:
    delivered(web, order)
    [doctor, *_] = by_practice(web, order)["034567"]
    changed = web.command(order, type="readdress_member", member=doctor, email="min-egen@example.dk")
    assert changed.status_code == 200, changed.text
    page = Shown(http.get(page_of_member(web, order, doctor)))
    assert own_of(page) == []
    assert LATER in page.words


def test_a_cancelled_order_keeps_no_practices_numbers(web: Web, http: httpx.Client, order: str) -> None:
    delivered(web, order)
    person = by_practice(web, order)["012345"][0]
    web.orders.give(order, do.CancelOrder(reason="other"), by=OPERATIONS)
    with web.database.read() as connection:
        assert not register_rows.extract_of(connection, web.services.keys, OrderId(order), Round.BASELINE).rows
    assert own_of(Shown(http.get(page_of_member(web, order, person)))) == []


# --- the attack: every route, everybody, and nobody else's number --------------------------------------------------

SECRET = "77,7"
"""One practice's number, as no other has it: it is in a response only where that practice's doctors ask."""
WRITTEN = re.compile(r"77[,.]7")


def _filled(path: str, known: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: known.get(str(found[1]), "ingen"), path)


def every_path(web: Web, order: str, link: str, meeting: str) -> list[str]:
    """Each GET route of the application with the most that a stranger to the practice has."""
    stands_for = {"order": order, "file": "alle.zip", "form": "registertal", "slug": "registertal", "number": "1"}
    paths = set[str]()
    for route in routes_of(create_app(web.services)):
        if "GET" in route.methods:
            for secret in (link, meeting):
                paths.add(_filled(route.path, {**stands_for, "link": secret}))
    return sorted(paths)


def test_another_practices_number_is_in_no_response_of_any_route_whoever_asks(web: Web) -> None:
    """Six numbers of a measure are told to the cluster without names only from ten practices: here nobody gets them."""
    order = placed(web)
    delivered(web, order, EXTRACT.replace("24,0", SECRET))
    practices = by_practice(web, order)
    [owner], [other, *_] = practices["023456"], practices["012345"]
    found = web.order(order)
    keys = web.services.keys
    coordinators = order_link(keys, found.id, found.coordinator)
    office = order_link(keys, found.id, OFFICE)
    others = page_of_member(web, order, other).removeprefix("/moede/")
    asked = 0
    with web.client() as http:
        own = http.get(page_of_member(web, order, owner))
        assert WRITTEN.search(own.text), "the practice itself is told"
        for link, meeting in ((coordinators, others), (office, others)):
            for path in every_path(web, order, link, meeting):
                answer = http.get(path)
                asked += 1
                assert not WRITTEN.search(answer.text), path
        http.headers["Authorization"] = f"Bearer {web.site_key}"
        for path in every_path(web, order, coordinators, others):
            assert not WRITTEN.search(http.get(path).text), path
    for role in StaffRole:
        with signed_in(web, role) as colleague:
            for path in every_path(web, order, office, others):
                assert not WRITTEN.search(colleague.get(path).text), path
    assert asked > 100


def test_the_database_has_no_practices_number_in_clear(web: Web, tmp_path: Path, order: str) -> None:
    delivered(web, order, EXTRACT.replace("24,0", SECRET))
    web.database.close()
    content = b"".join(file.read_bytes() for file in tmp_path.glob("klyngeflow.db*"))
    assert b"77.7" not in re.sub(rb'"fem_midler":\{[^}]*\}', b"", content)
    assert b"023456" in content, "the list has the practice, not its number"
    assert len(PRACTICES) == 7

"""Links of person and order over HTTP: renewed and revoked, and what a dead one says to whom."""

import httpx
import pytest

from domain.commands import CancelOrder, RemoveMember, RenewLink, ReplaceCoordinator, RevokeLink
from domain.model import OrderId, PersonId
from storage import people
from storage.order_links import calendar_path, meeting_link, order_link
from storage.staff import StaffRole, change_staff
from tests.web.application import OPERATIONS, Web
from tests.web.console.office import log_of, signed_in
from tests.web.reading import Shown, Visitor

OFFICE_IS_TOLD = "Ring til KiAP på 7196 8844"
KAREN_IS_TOLD = "Ring til Karen Lund (KiAP) på 20 30 40 50"


@pytest.fixture
def order(web: Web, planned: str) -> str:
    """One with a consultant who has a telephone of her own."""
    web.consultant(planned)
    consultant = web.order(planned).consultant
    assert consultant is not None
    with web.database.write() as connection:
        change_staff(connection, consultant, "Karen Lund", "karen@kiap.dk", "20 30 40 50")
    return planned


def pages_of(web: Web, order: str, issue: int = 1) -> dict[str, str]:
    """The coordinator's page, a member's, and the member's calendar; by an issue of their links."""
    found, keys = web.order(order), web.services.keys
    member = first(web, order)
    return {
        "order": f"/bestilling/{order_link(keys, found.id, found.coordinator, issue)}",
        "meeting": f"/moede/{meeting_link(keys, found.id, member, issue)}",
        "calendar": calendar_path(keys, found.id, member, issue),
    }


def first(web: Web, order: str) -> PersonId:
    return next(iter(web.order(order).active_members))


def statuses(http: httpx.Client, paths: dict[str, str]) -> dict[str, int]:
    return {name: http.get(path).status_code for name, path in paths.items()}


def test_a_renewed_link_is_good_and_every_earlier_one_dead(web: Web, http: httpx.Client, order: str) -> None:
    one, two = pages_of(web, order), pages_of(web, order, 2)
    assert statuses(http, one) == dict.fromkeys(one, 200)
    assert statuses(http, two) == dict.fromkeys(two, 404), "nobody has had it yet"
    for holder in (web.order(order).coordinator, first(web, order)):
        web.orders.give(order, RenewLink(holder=holder), by=OPERATIONS)
    assert statuses(http, one) == dict.fromkeys(one, 404)
    assert statuses(http, two) == dict.fromkeys(two, 200)
    assert http.post(f"{one['order']}/aflys", data={"reason": "other"}).status_code == 404
    assert web.order(order).ended is None
    for name in ("order", "meeting"):
        page = Shown(http.get(one[name]))
        assert "Du har fået et nyere link på mail" in page.words
        assert KAREN_IS_TOLD in page.words
        assert "/nyt-link" in page.links()


def test_a_revoked_link_says_so_and_leads_to_another(web: Web, http: httpx.Client, order: str) -> None:
    paths = pages_of(web, order)
    for holder in (web.order(order).coordinator, first(web, order)):
        web.orders.give(order, RevokeLink(holder=holder), by=OPERATIONS)
    assert statuses(http, paths) == dict.fromkeys(paths, 404)
    assert statuses(http, pages_of(web, order, 2)) == dict.fromkeys(paths, 404)
    for name in ("order", "meeting"):
        page = Shown(http.get(paths[name]))
        assert "KiAP har lukket dit link. Du kan få linket på mail." in page.words
        assert (KAREN_IS_TOLD in page.words, "/nyt-link" in page.links()) == (True, True)
    assert KAREN_IS_TOLD in Shown(http.get(paths["calendar"])).words
    with web.client(web.site_key) as api:
        assert api.get(f"/api/v1/orders/{order}").json()["links"]["page"] is None


def test_one_persons_link_is_none_of_the_others(web: Web, http: httpx.Client, order: str) -> None:
    web.orders.give(order, RevokeLink(holder=first(web, order)), by=OPERATIONS)
    other = list(web.order(order).active_members)[1]
    assert http.get(pages_of(web, order)["order"]).status_code == 200
    assert http.get(f"/moede/{meeting_link(web.services.keys, OrderId(order), other)}").status_code == 200


def test_who_is_replaced_or_has_left_is_told_that_and_whom_to_ring(web: Web, http: httpx.Client, order: str) -> None:
    paths = pages_of(web, order)
    web.command(order, type="replace_coordinator", name="Ny Koordinator", email="ny@example.dk")
    web.orders.give(order, RemoveMember(member=first(web, order)), by=OPERATIONS)
    replaced, left = Shown(http.get(paths["order"])), Shown(http.get(paths["meeting"]))
    assert "Klyngen har fået en ny koordinator, og derfor er dit link lukket." in replaced.words
    assert "Du står ikke længere på klyngens liste." in left.words
    for page in (replaced, left):
        assert (KAREN_IS_TOLD in page.words, "/nyt-link" in page.links()) == (True, False)


def test_a_link_that_never_was_tells_nothing_of_the_order_it_names(web: Web, http: httpx.Client, order: str) -> None:
    for path in (f"/bestilling/{order}.x", f"/moede/{order}.x", f"/kalender/{order}.x/klyngemoede.ics"):
        of_an_order, of_none = http.get(path), http.get(path.replace(order, "ingen"))
        assert (of_an_order.status_code, of_an_order.text) == (404, of_none.text)
        assert (OFFICE_IS_TOLD in Shown(of_an_order).words, "Karen" in of_an_order.text) == (True, False)


def test_every_link_is_dead_once_the_order_is_erased(web: Web, http: httpx.Client, order: str) -> None:
    paths = {**pages_of(web, order), "consultant": web.consultant(order)}
    web.orders.give(order, CancelOrder(), by=OPERATIONS)
    assert statuses(http, paths) == dict.fromkeys(paths, 200), "an order that has ended is still there to see"
    with web.database.write() as connection:
        people.release_from_order(connection, OrderId(order), web.clock.instant)
    assert statuses(http, paths) == dict.fromkeys(paths, 404)
    assert statuses(http, {"members": f"{paths['order']}/medlemmer", "form": f"{paths['order']}/flyt"}) == {
        "members": 404,
        "form": 404,
    }
    for name in ("order", "meeting"):
        page = Shown(http.get(paths[name]))
        assert "Bestillingen er slut for længe siden" in page.words
        assert (OFFICE_IS_TOLD in page.words, "/nyt-link" in page.links()) == (True, False)


def test_no_other_link_is_offered_once_the_order_has_ended(web: Web, http: httpx.Client, order: str) -> None:
    paths = pages_of(web, order)
    for holder in (web.order(order).coordinator, first(web, order)):
        web.orders.give(order, RenewLink(holder=holder), by=OPERATIONS)
    web.orders.give(order, CancelOrder(), by=OPERATIONS)
    for name in ("order", "meeting"):
        page = Shown(http.get(paths[name]))
        assert "Du har fået et nyere link på mail" in page.words
        assert ("Du kan få linket" in page.words, "/nyt-link" in page.links()) == (False, False)
        assert KAREN_IS_TOLD in page.words


def test_a_coordinator_renews_a_link_and_their_own_leads_to_the_mail(web: Web, http: httpx.Client, order: str) -> None:
    mine = web.page_of(order)
    visitor = Visitor(http, f"{mine}/nyt-link")
    options = [str(each) for each in visitor.page.tree.xpath("//select/option/@value")]
    assert options[:2] == ["", web.order(order).coordinator]
    assert set(options[2:]) == set(web.order(order).active_members)
    page = visitor.send(holder=first(web, order))
    assert "Det nye link er på vej på mail" in page.words
    assert web.order(order).link_of(first(web, order)).issue == 2
    coordinator = web.order(order).coordinator
    page = Visitor(http, f"{mine}/nyt-link").send(holder=coordinator)
    assert (page.status, page.heading) == (200, "Dit nye link er på vej")
    assert http.get(mine).status_code == 404
    again = http.post(f"{mine}/nyt-link", data={"holder": coordinator})
    assert again.status_code == 404, "a page that is loaded again sends the form of a link that is dead"
    assert web.order(order).link_of(coordinator).issue == 2


def test_a_coordinator_revokes_nobodys_link(web: Web, http: httpx.Client, order: str) -> None:
    mine = web.page_of(order)
    answer = http.post(f"{mine}/luk-link", data={"holder": first(web, order)})
    assert (answer.status_code, answer.headers["location"]) == (303, mine)
    assert not web.order(order).links


def test_kiaps_own_renew_and_revoke_in_the_console_and_the_log_says_who(
    web: Web, http: httpx.Client, order: str
) -> None:
    coordinator, path = web.order(order).coordinator, web.page_of(order)
    with signed_in(web, StaffRole.OPERATIONS) as ole:
        form = Shown(ole.get(f"/drift/forloeb/{order}/luk-link"))
        assert "Hvis link skal lukkes?" in form.words
        answer = ole.post(f"/drift/forloeb/{order}/luk-link", {"holder": coordinator})
        assert answer.status_code == 303, Shown(answer).words
        assert http.get(path).status_code == 404
        assert ole.post(f"/drift/forloeb/{order}/nyt-link", {"holder": coordinator}).status_code == 303
        assert ole.post(f"/drift/forloeb/{order}/nyt-link", {"holder": "ingen"}).status_code == 409
        page = Shown(ole.get(f"/drift/forloeb/{order}"))
        assert "Et link blev lukket" in page.words
        assert "Et nyt link blev lavet, og det gamle virker ikke mere" in page.words
        new = order_link(web.services.keys, OrderId(order), coordinator, 2)
        assert new not in page.text, "the link is its holder's, not KiAP's"
    assert [line.facts.get("command") for line in log_of(web)][-2:] == ["revoke_link", "renew_link"]


def test_a_new_coordinators_link_is_not_the_old_ones_and_coming_back_opens_the_old_one_no_wider(
    web: Web, http: httpx.Client, order: str
) -> None:
    old = web.order(order).coordinator
    before = web.page_of(order)
    web.orders.give(order, RevokeLink(holder=old), by=OPERATIONS)
    other = first(web, order)
    web.orders.give(order, ReplaceCoordinator(coordinator=other), by=OPERATIONS)
    web.orders.give(order, ReplaceCoordinator(coordinator=old), by=OPERATIONS)
    assert http.get(before).status_code == 404, "revoked is revoked"


def test_a_questionnaires_link_that_is_dead_says_whom_to_ring(web: Web, http: httpx.Client, order: str) -> None:
    links = web.open_survey(order)
    web.orders.give(order, RemoveMember(member=first(web, order)), by=OPERATIONS)
    assert KAREN_IS_TOLD in Shown(http.get(links[0])).words
    assert OFFICE_IS_TOLD in Shown(http.get("/svar/x")).words
    web.orders.give(order, CancelOrder(), by=OPERATIONS)
    assert KAREN_IS_TOLD in Shown(http.get(links[1])).words


def test_a_document_that_is_gone_says_whom_to_ring(web: Web, http: httpx.Client, order: str) -> None:
    web.answered_by_all(order)
    (deck,) = web.make_deck(order)
    assert KAREN_IS_TOLD in Shown(http.get(deck)).words
    assert OFFICE_IS_TOLD in Shown(http.get("/d/x")).words

"""A member's link to the meeting: when and where and what, the results once they are released, or that it is off."""

import httpx
import pytest

from domain.commands import CancelOrder, ReleaseDeck, RemoveMember
from domain.fitting import usual
from domain.model import OrderId
from domain.programme_times import in_blocks, on_the_clock
from storage.order_links import meeting_link, order_link
from tests.web.application import OPERATIONS, Web, fill_in
from tests.web.reading import Shown


def link_of(web: Web, order: str, number: int = 0) -> str:
    """The path of a member's meeting page."""
    person = list(web.order(order).members)[number]
    return f"/moede/{meeting_link(web.services.keys, OrderId(order), person)}"


def results(answer: httpx.Response) -> list[str]:
    """Where the links to files of ours lead, the meeting's own entry aside."""
    return [link for link in Shown(answer).links() if link.startswith("/d/")]


def test_the_meeting_is_told_with_its_programme_on_the_clock(web: Web, http: httpx.Client, planned: str) -> None:
    page = Shown(http.get(link_of(web, planned)))
    assert page.heading == "Klyngemøde: Trivsel og arbejdsglæde"
    assert "Onsdag den 25. marts 2026 kl. 17.00" in page.words
    assert "Lægehuset Torvet, mødelokale 2" in page.words
    package = web.services.packages.of(web.order(planned))
    blocks = in_blocks(on_the_clock(usual(package.programme), None))
    times = [each.text for each in page.tree.xpath("//ol[contains(@class, 'programme')]/li/time")]
    assert (len(times), times[0], times[-1]) == (len(blocks), "kl. 17.00 til 17.10", "kl. 18.55 til 19.00")
    for part in usual(package.programme):
        assert all(word in page.words for word in (part.title, part.text, *(task.text for task in part.tasks)))
    assert http.head(link_of(web, planned)).status_code == 200


def test_a_member_sees_whom_to_ring(web: Web, http: httpx.Client, planned: str) -> None:
    page = http.get(link_of(web, planned))
    assert "Ring eller skriv til KiAP: 7196 8844" in " ".join(Shown(page).tree.text_content().split())
    web.consultant(planned)
    page = http.get(link_of(web, planned))
    assert "Ring eller skriv til Karen Lund (KiAP): 7196 8844" in " ".join(Shown(page).tree.text_content().split())


def test_before_the_call_there_is_no_meeting_to_see_yet(web: Web, http: httpx.Client) -> None:
    assert "Mødet er ikke aftalt endnu." in Shown(http.get(link_of(web, web.place()))).words


def test_a_meeting_that_moved_is_seen_by_the_link_from_before(web: Web, http: httpx.Client, planned: str) -> None:
    link = link_of(web, planned)
    web.command(planned, type="move_meeting", to="2026-04-15T16:30")
    web.command(planned, type="change_meeting", format="video", place_text="https://video.example/rum", minutes=180)
    words = Shown(http.get(link)).words
    assert "Onsdag den 15. april 2026 kl. 16.30" in words
    assert ("Videomøde" in words, "https://video.example/rum" in words, "3 timer" in words) == (True, True, True)
    assert "Torvet" not in words


def test_results_are_there_once_released_and_nothing_of_the_deck_before(
    web: Web, http: httpx.Client, planned: str
) -> None:
    web.answered_by_all(planned)
    deck, document = web.make_deck(planned, kinds=("deck", "document"))
    assert results(http.get(link_of(web, planned))) == []
    web.orders.give(planned, ReleaseDeck(), by=OPERATIONS)
    assert results(http.get(link_of(web, planned))) == [document], "the deck is the coordinator's to show"
    assert http.get(document).status_code == 200
    assert deck not in http.get(link_of(web, planned)).text


@pytest.mark.parametrize("part", ["page", "meeting", "questionnaire", "thanks", "deck in review", "form"])
def test_a_cancelled_order_is_told_of_by_every_page_and_link(
    web: Web, http: httpx.Client, planned: str, part: str
) -> None:
    answered, *_ = links = web.open_survey(planned)
    fill_in(http, answered, arbejdsglaede="hoej")
    deck = ""
    if part == "deck in review":
        for each in links[1:]:
            fill_in(http, each, arbejdsglaede="hoej")
        web.close_survey(planned)
        (deck,) = web.make_deck(planned)
    web.orders.give(planned, CancelOrder(reason="cluster_withdrew"), by=OPERATIONS)
    path = {
        "page": web.page_of(planned),
        "meeting": link_of(web, planned),
        "questionnaire": links[1],
        "thanks": f"{answered}/tak",
        "deck in review": deck,
        "form": f"{web.page_of(planned)}/flyt",
    }[part]
    page = Shown(http.get(path, follow_redirects=True))
    assert "aflyst" in page.words
    assert "Svarfristen" not in page.words
    assert "fristen er gået" not in page.words
    sent = fill_in(http, links[1], arbejdsglaede="hoej")
    assert (sent.status_code, Shown(sent).heading) == (410, "Klyngens bestilling er aflyst")


def test_a_meeting_called_off_is_named_and_one_that_was_held_is_not_called_off(
    web: Web, http: httpx.Client, planned: str
) -> None:
    link = link_of(web, planned)
    web.orders.give(planned, CancelOrder(reason="cluster_withdrew"), by=OPERATIONS)
    assert (
        "Mødet onsdag den 25. marts 2026 kl. 17.00 er aflyst. Du skal ikke gøre noget." in Shown(http.get(link)).words
    )
    other = web.place("bestilling-0002", cluster={"name": "Hjørring", "region": "nordjylland"})
    web.plan(other)
    web.open_survey(other)
    web.hold_meeting(other)
    web.orders.give(other, CancelOrder(reason="cluster_withdrew"), by=OPERATIONS)
    words = Shown(http.get(link_of(web, other))).words
    assert "Klyngens bestilling blev aflyst torsdag den 26. marts 2026, efter at mødet var begyndt." in words
    assert "Onsdag den 25. marts 2026 kl. 17.00" in words


def test_a_form_that_was_open_while_the_order_was_cancelled_says_so(web: Web, http: httpx.Client, planned: str) -> None:
    web.orders.give(planned, CancelOrder(reason="cluster_withdrew"), by=OPERATIONS)
    answer = http.post(f"{web.page_of(planned)}/rammer", data={"minutes": "180"})
    assert answer.status_code == 409
    assert "Bestillingen blev aflyst den 5. januar 2026" in Shown(answer).words


@pytest.mark.parametrize("path", ["x", "x.y", "%00.y", "ææ.øø"])
def test_a_wrong_link_is_a_kind_404(http: httpx.Client, path: str) -> None:
    answer = http.get(f"/moede/{path}")
    assert (answer.status_code, Shown(answer).heading) == (404, "Linket virker ikke")


def test_only_a_members_own_link_leads_there(web: Web, http: httpx.Client, planned: str) -> None:
    order, found = OrderId(planned), web.order(planned)
    member, other = list(found.members)[:2]
    link, others = link_of(web, planned), link_of(web, planned, 1)
    as_page = order_link(web.services.keys, order, member)
    assert http.get(f"/moede/{as_page}").status_code == 404, "an order page's key is another"
    assert http.get(f"/bestilling/{link.rpartition('/')[2]}").status_code == 404
    web.orders.give(planned, RemoveMember(member=other), by=OPERATIONS)
    assert [http.get(path).status_code for path in (link, others)] == [200, 404]

"""The comparison goes to the coordinator first, and to the members' page and mail when somebody sends it on."""

from typing import Any, NamedTuple

import httpx
import pytest

from domain import commands as do
from domain.model import OrderId, Round
from storage import result_repository
from storage.documents import DocumentKind
from tests.reporting.clusters import some_results
from tests.the_packages import TRIVSEL
from tests.web.application import OPERATIONS, Web, fill_in
from tests.web.order_page import offered, order_page, visit, waiting
from tests.web.papers.deliveries import member_page, words_of
from tests.web.reading import Shown, Visitor

KINDS: tuple[DocumentKind, ...] = ("deck", "document")
LABEL = "Send resultatet til medlemmerne"


class Compared(NamedTuple):
    """An order whose comparison is with the coordinator, and where its two results documents are."""

    order: str
    before: str
    after: str


@pytest.fixture
def compared(web: Web, http: httpx.Client, planned: str) -> Compared:
    web.answered_by_all(planned)
    web.make_deck(planned, kinds=KINDS)
    _, before = web.make_deck(planned, kinds=KINDS)  # another version, so that the rounds' files differ
    web.orders.give(planned, do.ReleaseDeck())
    meeting = web.order(planned).meeting
    assert meeting is not None
    web.clock.instant = meeting.ends_at
    record: dict[str, Any] = {"attended": 6, "absent": 2, "agreed_text": "Frokost kl. 12, alle"}
    web.command(planned, type="record_meeting", **record, follow_up="agreed", follow_up_opens="2027-01-18")
    assert "Frokost" not in plan_of(http, web, planned), "the first plan is of the meeting that was"
    for link in web.open_survey(planned, Round.FOLLOW_UP):
        fill_in(http, link, arbejdsglaede="hoej")
    web.close_survey(planned, Round.FOLLOW_UP)
    _, after = web.make_deck(planned, Round.FOLLOW_UP, kinds=KINDS)
    web.orders.give(planned, do.ReleaseDeck())
    for round_ in Round:
        count(web, planned, round_, 8)
    return Compared(planned, before, after)


def count(web: Web, order: str, round_: Round, answers: int) -> None:
    """The results of so many, as a worker stores them."""
    with web.database.write() as connection:
        results = some_results(TRIVSEL, answers, round_)
        result_repository.store(connection, OrderId(order), results, [], web.clock.instant)


def plan_of(http: httpx.Client, web: Web, order: str) -> str:
    """The words of the implementation plan behind a member's page."""
    return words_of(http.get(f"{member_page(web, order)}/papirer/implementeringsplan.docx"))


def results_on(page: Shown) -> list[tuple[str, str]]:
    """The documents on a member's page: what they are called and where they lead."""
    links = page.tree.xpath("//section[@aria-labelledby='materiale']//a[starts-with(@href, '/d/')]")
    return [(each.text_content(), str(each.get("href"))) for each in links]


def test_it_waits_for_the_coordinator_who_is_told_to_how_many_and_until_when(
    web: Web, http: httpx.Client, compared: Compared
) -> None:
    page = order_page(web, http, compared.order)
    assert waiting(page) == [f"{web.page_of(compared.order)}/send-resultat"]
    assert "Opfølgning: før og efter er leveret" in page.words
    words = visit(web, http, compared.order, "send-resultat").page.words
    assert "Mailen går til klyngens 8 medlemmer." in words
    assert "Du kan sende det til og med" in words


def test_one_press_sends_it_once_and_it_is_not_offered_again(web: Web, http: httpx.Client, compared: Compared) -> None:
    visitor = visit(web, http, compared.order, "send-resultat")
    page = visitor.send(sikker="ja")
    assert "Resultatet er på vej til medlemmerne." in page.words
    assert "Resultatet af opfølgningen blev givet fri til medlemmerne" in page.words
    assert list(web.order(compared.order).pending_letters)[-1] == "comparison/follow_up/"
    assert LABEL not in offered(page)
    assert waiting(page) == []
    visitor.send(sikker="ja")
    events = [event.type for event in web.services.store.load(web.order(compared.order).id)]
    assert events.count("comparison_shared") == 1


def test_a_program_that_presses_the_button_alone_sends_nothing(
    web: Web, http: httpx.Client, compared: Compared
) -> None:
    page = visit(web, http, compared.order, "send-resultat").send()
    assert "Sæt flueben, hvis du er sikker." in page.words
    assert web.order(compared.order).awaits_sharing


def test_the_consultant_may_send_it_on_the_coordinators_behalf(
    web: Web, http: httpx.Client, compared: Compared
) -> None:
    consultants = web.consultant(compared.order)
    assert LABEL in offered(Shown(http.get(consultants)))
    Visitor(http, f"{consultants}/send-resultat").send(sikker="ja")
    assert not web.order(compared.order).awaits_sharing


def test_a_member_sees_nothing_of_the_second_round_before_and_both_rounds_after(
    web: Web, http: httpx.Client, compared: Compared
) -> None:
    link = member_page(web, compared.order)
    page = http.get(link)
    assert results_on(Shown(page)) == [("Resultater og program i Word", compared.before)]
    assert "Før og efter" not in Shown(page).words
    assert "Resultater som PDF" in Shown(page).words
    web.orders.give(compared.order, do.ShareComparison(), by=OPERATIONS)
    page = http.get(link)
    assert results_on(Shown(page)) == [
        ("Før og efter i Word", compared.after),
        ("Resultater og program i Word", compared.before),
    ]
    assert "Klyngen har fulgt op." in Shown(page).words
    assert "Før og efter som PDF" in Shown(page).words
    assert "Implementeringsplan" in Shown(page).words
    assert http.get(compared.after).status_code == 200


def test_the_second_plan_begins_with_what_was_agreed_and_names_no_meeting_that_is_over(
    web: Web, http: httpx.Client, compared: Compared
) -> None:
    words = plan_of(http, web, compared.order)
    assert "Det aftalte klyngen den 25. marts 2026" in words
    assert "Frokost kl. 12, alle" in words
    assert "Klyngemøde den 25. marts" not in words


def test_a_members_files_are_of_the_round_that_they_may_see(web: Web, http: httpx.Client, compared: Compared) -> None:
    file = f"{member_page(web, compared.order)}/papirer/resultater.docx"
    first, second = http.get(compared.before).content, http.get(compared.after).content
    assert first != second
    assert http.get(file).content == first
    web.orders.give(compared.order, do.ShareComparison(), by=OPERATIONS)
    assert http.get(file).content == second


def test_before_there_is_a_comparison_nobody_is_offered_to_send_it(web: Web, http: httpx.Client, planned: str) -> None:
    assert LABEL not in offered(order_page(web, http, planned))
    answer = web.command(planned, type="share_comparison")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_comparison_yet")


def test_a_member_is_promised_no_comparison_where_a_round_was_too_small(
    web: Web, http: httpx.Client, compared: Compared
) -> None:
    count(web, compared.order, Round.BASELINE, 4)
    web.orders.give(compared.order, do.ShareComparison(), by=OPERATIONS)
    words = Shown(http.get(member_page(web, compared.order))).words
    assert "Klyngen har fulgt op." not in words
    assert "Før og efter som PDF" not in words

"""A mail scanner follows every link and presses every button: nothing changes, and a doctor can still answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from lxml import html
from sqlalchemy import select

from domain.commands import RevokeLink
from domain.model import OrderId, Round
from storage import survey_roll
from storage.ballot_box import ballot_table
from storage.order_links import meeting_link
from storage.survey_roll import invitation_table
from tests.web.application import OPERATIONS, Web, fill_in
from tests.web.reading import fields_in

FILES = (".pdf", ".docx", ".pptx", ".zip")
MOST_ALIKE = 3
"""Of one page with other and other queries, such as groups that are drawn again and again, so many are followed."""


@dataclass
class Scanner:
    """Gets, heads and posts whatever it finds from an address on: every form bare, as it stands, and by each button.

    Papers, decks and archives are made when they are asked for: one file of a kind stands for all.
    """

    http: httpx.Client
    seen: set[str] = field(default_factory=set)
    posted: int = 0

    def scan(self, path: str) -> None:
        place = urlsplit(path).path
        alike = sum(urlsplit(seen).path == place for seen in self.seen)
        kind = PurePosixPath(place).suffix if place.endswith(FILES) else ""
        is_another_file = bool(kind) and any(urlsplit(seen).path.endswith(kind) for seen in self.seen)
        if path in self.seen or alike >= MOST_ALIKE or is_another_file:
            return
        self.seen.add(path)
        self.http.head(path)
        answer = self.http.get(path)
        self.http.post(path)
        if "text/html" not in answer.headers.get("content-type", ""):
            return
        tree = html.fromstring(answer.text)
        for form in tree.xpath("//form"):
            self._press(urljoin(path, form.get("action") or path), form)
        for link in tree.xpath("//@href"):
            there = urlsplit(urljoin(path, link))
            if not there.netloc and there.scheme in ("", "http") and there.path:
                self.scan(there.path + ("?" + there.query if there.query else ""))

    def _press(self, action: str, form: Any) -> None:
        hidden = {each.get("name"): each.get("value", "") for each in form.xpath(".//input[@type='hidden'][@name]")}
        buttons = [(each.get("name"), each.get("value", "")) for each in form.xpath(".//button[@name]")]
        as_it_stands: dict[str, Any] = fields_in(form)
        pressed = [{**fields, name: value} for fields in (hidden, as_it_stands) for name, value in buttons]
        for sent in (hidden, {}, as_it_stands, *pressed, dict(buttons)):
            if form.get("method", "get").lower() == "post":
                self.http.post(action, data=sent)
                self.posted += 1


def state(web: Web) -> list[Any]:
    """The roll, the box and every event."""

    def rows() -> Iterator[Any]:
        with web.database.read() as connection:
            yield from connection.execute(select(invitation_table).order_by(invitation_table.c.id))
            yield from connection.execute(select(ballot_table))
        for order in set(web.orders.started):
            yield web.order(order)

    return list(rows())


def test_a_scanner_that_presses_everything_answers_for_nobody(web: Web) -> None:
    order = web.place()
    web.plan(order)
    links = web.open_survey(order)
    before = state(web)
    with web.client() as http:
        scanner = Scanner(http)
        for link in links:
            scanner.scan(link)
            scanner.scan(link + "/tak")
        assert scanner.posted >= 2 * len(links)
        assert state(web) == before
        assert all(fill_in(http, link, arbejdsglaede="hoej").status_code == 303 for link in links)


def test_a_scanner_of_the_meetings_page_changes_nothing(web: Web) -> None:
    order = web.place()
    web.plan(order)
    web.open_survey(order)
    before = state(web)
    found = web.order(order)
    with web.client() as http:
        for member in found.active_members:
            Scanner(http).scan(f"/moede/{meeting_link(web.services.keys, OrderId(order), member)}")
    assert state(web) == before
    with web.database.read() as connection:
        assert survey_roll.count(connection, OrderId(order), Round.BASELINE).answers == 0


def in_review(web: Web, order: str) -> None:
    web.answered_by_all(order)
    web.make_deck(order, free_texts=8)


def being_made_anew(web: Web, order: str) -> None:
    """All that can be done with the deck is to hold it: one choice, which nobody has made."""
    in_review(web, order)
    web.command(order, type="remake_deck")


def too_few(web: Web, order: str) -> None:
    web.open_survey(order)
    web.close_survey(order)


def met(web: Web, order: str) -> None:
    web.open_survey(order)
    web.hold_meeting(order)
    web.ask_for_the_record(order)


def recorded(web: Web, order: str) -> None:
    met(web, order)
    web.command(order, type="record_meeting", attended=6, absent=2, follow_up="agreed", follow_up_opens="2027-01-18")
    web.clock.set("2026-12-01")


@pytest.mark.parametrize("lived", [Web.open_survey, in_review, being_made_anew, too_few, met, recorded])
@pytest.mark.parametrize("whose", ["coordinator", "consultant"])
def test_a_scanner_of_an_orders_page_changes_nothing(web: Web, whose: str, lived: Callable[[Web, str], object]) -> None:
    order = web.place()
    web.plan(order)
    consultant = web.consultant(order)
    lived(web, order)
    before = state(web)
    with web.client() as http:
        scanner = Scanner(http)
        scanner.scan(web.page_of(order) if whose == "coordinator" else consultant)
        assert scanner.posted > 10
        assert len(scanner.seen) > 10
    assert state(web) == before


def test_a_scanner_of_a_dead_links_page_asks_for_no_other(web: Web) -> None:
    order = web.place()
    page = web.page_of(order)
    web.orders.give(order, RevokeLink(holder=web.order(order).coordinator), by=OPERATIONS)
    before = state(web)
    with web.client() as http:
        scanner = Scanner(http)
        scanner.scan(page)
        assert "/nyt-link" in scanner.seen
    assert state(web) == before
    assert not web.orders.seen


@pytest.mark.parametrize(
    "path",
    [
        "/svar/x",
        "/moede/x.y",
        "/bestilling/x.y",
        "/d/x",
        "/findes-ikke",
        "/kalender/x.y/klyngemoede.ics",
        "/bestilling/x.y/medlemmer",
        "/bestilling/x.y/program",
    ],
)
def test_every_link_that_does_not_work_says_whom_to_ring(web: Web, path: str) -> None:
    office = web.services.office
    with web.client() as http:
        answer = http.get(path)
        assert answer.status_code == 404
        page = html.fromstring(answer.text)
    assert f"Ring til {office.name} på {office.phone}" in " ".join(page.text_content().split())
    links = [link for link in page.xpath("//main//a/@href") if link != "/nyt-link"]
    assert links == [f"tel:{office.phone.replace(' ', '')}", f"mailto:{office.address}"]

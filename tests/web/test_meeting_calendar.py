"""The meeting in one's own calendar: by a link that opens nothing else, and as the meeting is now."""

from typing import Any

import httpx
import pytest
from icalendar import Calendar

from domain.commands import CancelOrder, RemoveMember
from domain.model import OrderId
from storage.order_links import calendar_path, meeting_link
from tests.web.application import OPERATIONS, Web
from tests.web.reading import Shown


def entry(answer: httpx.Response) -> Any:
    assert answer.status_code == 200
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    return event


def links(web: Web, http: httpx.Client, page: str) -> tuple[str, str]:
    """The file, and the subscription to it."""
    found = Shown(http.get(page)).links()
    (file,) = [link for link in found if link.startswith("/kalender/")]
    (subscription,) = [link for link in found if link.startswith("webcal://")]
    assert subscription == f"webcal://{web.address.removeprefix('http://')}{file}"
    return file, subscription


def member_page(web: Web, order: str) -> str:
    member = next(iter(web.order(order).active_members))
    return f"/moede/{meeting_link(web.services.keys, OrderId(order), member)}"


@pytest.mark.parametrize("whose", ["coordinator", "member", "consultant"])
def test_whoever_sees_the_meeting_gets_its_entry(web: Web, http: httpx.Client, planned: str, whose: str) -> None:
    page = {
        "coordinator": web.page_of,
        "member": lambda order: member_page(web, order),
        "consultant": web.consultant,
    }[whose](planned)
    file, _ = links(web, http, page)
    answer = http.get(file)
    assert answer.headers["content-type"] == "text/calendar; method=PUBLISH; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="klyngemoede.ics"'
    found = entry(answer)
    assert (str(found["summary"]), str(found["uid"])) == (
        "Klyngemøde: Trivsel og arbejdsglæde",
        f"{planned}@klyngeflow",
    )
    assert found["dtstart"].dt.strftime("%Y-%m-%d %H:%M") == "2026-03-25 17:00"
    assert str(found["location"]) == "Lægehuset Torvet, mødelokale 2"
    assert "attendee" not in found


def test_a_calendar_that_looks_again_has_the_meeting_moved_and_called_off(
    web: Web, http: httpx.Client, planned: str
) -> None:
    file, _ = links(web, http, web.page_of(planned))
    before = entry(http.get(file))["sequence"]
    web.command(planned, type="move_meeting", to="2026-04-15T16:30")
    moved = entry(http.get(file))
    assert moved["dtstart"].dt.strftime("%Y-%m-%d %H:%M") == "2026-04-15 16:30"
    assert moved["sequence"] > before
    web.orders.give(planned, CancelOrder(reason="cluster_withdrew"), by=OPERATIONS)
    off = entry(http.get(file))
    assert (str(off["status"]), off["sequence"] > moved["sequence"]) == ("CANCELLED", True)
    assert not [link for link in Shown(http.get(web.page_of(planned))).links() if "kalender" in link]


def test_a_calendars_link_opens_no_page_and_no_page_is_opened_by_it(web: Web, http: httpx.Client, planned: str) -> None:
    """Calendars are read by other people's servers: whoever has this link can move and cancel nothing."""
    file, _ = links(web, http, web.page_of(planned))
    secret = file.split("/")[2]
    assert [http.get(f"/{page}/{secret}").status_code for page in ("bestilling", "moede")] == [404, 404]
    for page in (web.page_of(planned), member_page(web, planned)):
        assert http.get(f"/kalender/{page.split('/')[2]}/klyngemoede.ics").status_code == 404


def test_the_link_is_dead_when_its_holders_is(web: Web, http: httpx.Client, planned: str) -> None:
    page = member_page(web, planned)
    theirs, _ = links(web, http, page)
    mine, _ = links(web, http, web.page_of(planned))
    web.orders.give(planned, RemoveMember(member=next(iter(web.order(planned).active_members))), by=OPERATIONS)
    web.command(planned, type="replace_coordinator", name="Ny Koordinator", email="ny@example.dk")
    assert [http.get(path).status_code for path in (theirs, mine)] == [404, 404]
    assert "Ring til KiAP på 7196 8844" in Shown(http.get(mine)).words


def test_before_the_call_there_is_nothing_to_put_in_a_calendar(web: Web, http: httpx.Client) -> None:
    order = web.place()
    path = calendar_path(web.services.keys, OrderId(order), web.order(order).coordinator)
    assert http.get(path).status_code == 404
    assert not [link for link in Shown(http.get(web.page_of(order))).links() if "kalender" in link]

"""The coordinator's page of groups: drawn from the list as it is, without whoever is ticked, and kept nowhere."""

from urllib.parse import parse_qs, urlsplit

import httpx

from domain.model import PersonId
from tests.web.application import NAMES, Web
from tests.web.papers.deliveries import agreed, member_page, words_of
from tests.web.reading import Shown, fields_in


def groups_in(page: Shown) -> list[list[str]]:
    found = page.tree.xpath("//dl[contains(@class, 'pairs')]/dd")
    return [[line.partition(",")[0].strip() for line in each.itertext() if line.strip()] for each in found]


def test_everybody_on_the_list_is_in_a_group_in_both_rounds(web: Web, http: httpx.Client) -> None:
    page = Shown(http.get(f"{web.page_of(agreed(web))}/grupper"))
    groups = groups_in(page)
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    for part in (groups[:2], groups[2:]):
        assert sorted(name for group in part for name in group) == sorted(NAMES)
    assert "Ingen sidder sammen med en kollega fra egen praksis." in page.words


def press_for_another_draw(http: httpx.Client, page: Shown) -> str:
    """The address that the button leads on to."""
    (form,) = page.tree.xpath("//form[.//button[text()='Træk grupperne om']]")
    answer = http.post(form.get("action"), data=fields_in(form))
    assert answer.status_code == 303
    return answer.headers["location"]


def test_the_same_address_draws_the_same_and_the_button_leads_to_other_groups(web: Web, http: httpx.Client) -> None:
    address = f"{web.page_of(agreed(web))}/grupper"
    first = Shown(http.get(address))
    assert groups_in(Shown(http.get(address))) == groups_in(first)
    again = press_for_another_draw(http, first)
    assert parse_qs(urlsplit(again).query) == {"traek": ["2"]}
    assert groups_in(Shown(http.get(again))) != groups_in(first)
    last = Shown(http.get(f"{address}?traek=999"))
    assert parse_qs(urlsplit(press_for_another_draw(http, last)).query) == {"traek": ["1"]}


def test_whoever_follows_links_finds_no_other_draw(web: Web, http: httpx.Client) -> None:
    page = Shown(http.get(f"{web.page_of(agreed(web))}/grupper?traek=7"))
    draws = [parse_qs(urlsplit(link).query).get("traek") for link in page.tree.xpath("//main//a/@href")]
    assert [draw for draw in draws if draw not in (None, ["7"])] == []


def test_another_draw_is_without_the_same_people_and_takes_nobody_up_that_is_not_on_the_list(
    web: Web, http: httpx.Client
) -> None:
    page = f"{web.page_of(agreed(web))}/grupper"
    (gone,) = Shown(http.get(page)).tree.xpath("//label[contains(., 'Jens Krogh')]/input/@value")
    again = press_for_another_draw(http, Shown(http.get(page, params={"uden": gone, "traek": "3"})))
    assert parse_qs(urlsplit(again).query) == {"traek": ["4"], "uden": [gone]}
    sent = http.post(page, data={"traek": "x" * 5000, "uden": ["nogen", gone, "<script>"]})
    assert parse_qs(urlsplit(sent.headers["location"]).query) == {"traek": ["2"], "uden": [gone]}


def test_whoever_is_ticked_is_in_no_group_and_the_file_is_of_the_same_draw(web: Web, http: httpx.Client) -> None:
    order = agreed(web)
    page = web.page_of(order)
    everybody = Shown(http.get(f"{page}/grupper"))
    (gone,) = everybody.tree.xpath("//label[contains(., 'Jens Krogh')]/input/@value")
    shown = Shown(http.get(f"{page}/grupper", params={"uden": gone, "traek": "3"}))
    assert sorted(name for group in groups_in(shown)[:2] for name in group) == sorted(set(NAMES) - {"Jens Krogh"})
    assert shown.tree.xpath("//input[@checked]/@value") == [gone]
    (file,) = shown.tree.xpath("//a[text()='Hent grupperne i Word']/@href")
    words = words_of(http.get(file))
    assert "Jens Krogh" not in words
    for group in groups_in(shown):
        assert any(all(name in cell for name in group) for cell in words.split("Gruppe "))


def test_an_address_with_nonsense_in_it_is_the_first_draw_of_everybody(web: Web, http: httpx.Client) -> None:
    page = f"{web.page_of(agreed(web))}/grupper"
    usual = groups_in(Shown(http.get(page)))
    for nonsense in (
        "traek=x",
        "traek=0",
        "traek=99999",
        "traek=%C2%B2",
        "traek=0001" + "9" * 5000,
        "uden=nogen",
        "uden=<script>",
    ):
        assert groups_in(Shown(http.get(f"{page}?{nonsense}"))) == usual


def test_a_removed_member_is_drawn_no_more(web: Web, http: httpx.Client) -> None:
    order = agreed(web)
    member = next(person for person in web.order(order).active_members if person != web.order(order).coordinator)
    assert web.command(order, type="remove_member", member=PersonId(member)).status_code == 200
    groups = groups_in(Shown(http.get(f"{web.page_of(order)}/grupper")))
    assert sum(len(group) for group in groups) == 2 * (len(NAMES) - 1)


def test_before_a_meeting_is_agreed_the_page_leads_back_and_a_member_has_none(web: Web, http: httpx.Client) -> None:
    order = web.place()
    answer = http.get(f"{web.page_of(order)}/grupper")
    assert (answer.status_code, answer.headers["location"]) == (303, web.page_of(order))
    assert http.get(f"{member_page(web, order)}/grupper").status_code == 404
    assert http.post(f"{member_page(web, order)}/grupper").status_code in (404, 405)


def test_a_video_meeting_is_told_of_breakout_rooms(web: Web, http: httpx.Client) -> None:
    order = web.place()
    planned = web.command(order, type="agree_plan", meeting={"starts": "2026-03-25T17:00", "format": "video"})
    assert planned.status_code == 200, planned.text
    page = web.page_of(order)
    assert "Grupperum 1" in Shown(http.get(f"{page}/grupper")).words
    assert "breakout rooms" in words_of(http.get(f"{page}/papirer/grupper.docx"))

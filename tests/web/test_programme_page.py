"""The programme as a page for the coordinator, on the clock."""

import httpx

from domain.fitting import usual
from domain.programme_times import in_blocks, on_the_clock
from tests.web.application import Web
from tests.web.reading import Shown


def test_the_programme_is_on_the_clock_with_where_to_go(web: Web, http: httpx.Client, planned: str) -> None:
    path = f"{web.page_of(planned)}/program"
    assert path in Shown(http.get(web.page_of(planned))).links()
    page = Shown(http.get(path))
    assert page.heading == "Program: Trivsel og arbejdsglæde"
    blocks = in_blocks(on_the_clock(usual(web.services.packages.of(web.order(planned)).programme), None))
    times = [each.text for each in page.tree.xpath("//ol[contains(@class, 'programme')]/li/time")]
    assert (len(times), times[0], times[-1]) == (len(blocks), "kl. 17.00 til 17.10", "kl. 18.55 til 19.00")
    headings = [
        line
        for block in blocks
        for line in (block.summed if block.heading else "", *(part.title for part in block.parts))
        if line
    ]
    assert [each.text for each in page.tree.xpath("//ol//strong")] == headings
    assert "Lægehuset Torvet, mødelokale 2" in page.words


def test_a_video_meetings_place_is_a_link(web: Web, http: httpx.Client, planned: str) -> None:
    room = "https://video.example/rum"
    web.command(planned, type="change_meeting", format="video", place_text=room)
    for path in (web.page_of(planned), f"{web.page_of(planned)}/program"):
        assert room in Shown(http.get(path)).links()


def test_before_the_call_there_is_no_programme_to_see(web: Web, http: httpx.Client) -> None:
    page = web.page_of(web.place())
    answer = http.get(f"{page}/program")
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert f"{page}/program" not in Shown(http.get(page)).links()

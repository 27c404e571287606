"""A meeting on video: its check-in, whom to ring and the facilitator's guide, on the pages of who needs them."""

import httpx

from storage import texts
from tests.web.application import Web
from tests.web.console.office import signed_in
from tests.web.reading import Shown
from tests.web.test_meeting_page import link_of

GUIDE = "Guide til Zoom for den, der leder mødet"


def on_video(web: Web, order: str, **more: str) -> httpx.Response:
    return web.command(order, type="change_meeting", format="video", **more)


def test_without_anybody_else_the_coordinator_is_the_one_to_ring(web: Web, http: httpx.Client, planned: str) -> None:
    assert on_video(web, planned).status_code == 200
    words = Shown(http.get(link_of(web, planned))).words
    assert "Fra kl. 16.30, så lyd og billede er på plads" in words
    assert "Kan du ikke logge på?" in words
    assert GUIDE not in words, "the guide is for whoever runs the meeting"
    for path in (web.page_of(planned), f"{web.page_of(planned)}/program"):
        assert GUIDE in Shown(http.get(path)).words


def test_who_was_agreed_on_is_named_and_is_a_row_that_is_erased(web: Web, http: httpx.Client, planned: str) -> None:
    answer = on_video(web, planned, ring_name_text="Bo Teknik", ring_phone_text="20 30 40 50")
    assert answer.status_code == 200, answer.text
    page = http.get(link_of(web, planned))
    assert "Bo Teknik" in page.text
    assert "tel:20304050" in page.text
    form = Shown(http.get(f"{web.page_of(planned)}/rammer")).fields()
    assert (form["ring_name_text"], form["ring_phone_text"]) == (["Bo Teknik"], ["20 30 40 50"])
    events = "".join(event.model_dump_json() for event in web.services.store.load(web.order(planned).id))
    assert "Bo Teknik" not in events
    assert "20 30 40 50" not in events
    with web.database.write() as connection:
        texts.erase_texts(connection, web.order(planned).id, web.clock.instant)
    assert "Bo Teknik" not in http.get(link_of(web, planned)).text


def test_a_name_without_a_number_is_refused(web: Web, planned: str) -> None:
    answer = on_video(web, planned, ring_name_text="Bo Teknik")
    assert answer.status_code == 409
    assert "Skriv både navn og telefonnummer" in answer.text


def test_a_meeting_in_a_room_has_neither_check_in_nor_guide(web: Web, http: httpx.Client, planned: str) -> None:
    for path in (link_of(web, planned), web.page_of(planned), f"{web.page_of(planned)}/program"):
        words = Shown(http.get(path)).words
        assert not any(word in words for word in ("Check-in", "logge på", GUIDE))


def test_the_form_says_what_became_of_an_edited_programme(web: Web, planned: str) -> None:
    form = f"/drift/forloeb/{planned}/ret-program"
    with signed_in(web) as me:
        fields = Shown(me.get(form)).fields() | {"kommando": "change_programme", "parts-1-title": "Kaffe hos os"}
        assert me.post(form, fields).status_code == 303
        web.command(planned, type="change_meeting", minutes=180)
        longer = Shown(me.get(form))
        assert "Vi har tilpasset det rettede program til den nye længde" in longer.words
        assert "Kaffe hos os" in longer.tree.xpath("//input/@value")
        on_video(web, planned)
        other = Shown(me.get(form))
        assert "så indtil videre gælder pakkens eget program" in other.words
        assert "Kaffe hos os" not in other.tree.xpath("//input/@value")
        assert me.post(form, other.fields() | {"kommando": "change_programme"}).status_code == 303
        assert "Vi har tilpasset" not in Shown(me.get(form)).words
    assert web.order(planned).programme == (), "what is saved as the package has it is the package's"
    assert web.order(planned).programme_outgrown_at is None

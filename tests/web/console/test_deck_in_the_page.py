"""The consultant's look at the deck: pictures in the page, the free texts, hold and release; documents by right."""

import asyncio
import shutil
import threading

import pytest
from sqlalchemy import Connection, insert

from domain.model import OrderId, Round
from reporting.slide_pictures import NoPictures
from storage import documents, result_repository
from storage.result_repository import free_text_table
from storage.staff import StaffRole
from tests.web.application import Web
from tests.web.console.decks import deck_with, in_review
from tests.web.console.office import signed_in
from tests.web.reading import Shown
from web.console.order.picture_shelf import DECKS, PictureShelf


@pytest.fixture
def order(web: Web) -> str:
    """Answered, counted, and waiting for its deck."""
    placed = web.place()
    web.plan(placed)
    web.answered_by_all(placed)
    return placed


def test_a_deck_is_downloaded_by_the_consoles_own_right_released_or_not(web: Web, order: str) -> None:
    content = deck_with("Trivsel")
    document = in_review(web, order, content)
    address = f"/drift/forloeb/{order}/dokumenter/{document}"
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        page = Shown(karen.get(f"/drift/forloeb/{order}"))
        got = karen.get(address)
        again = in_review_again(web, order)
        versions = Shown(karen.get(f"/drift/forloeb/{order}"))
        other = karen.get(f"/drift/forloeb/ingen/dokumenter/{document}")
        missing = karen.get(f"/drift/forloeb/{order}/dokumenter/ingen")
        old = karen.get(address)
    assert address in page.links()
    assert (got.content, got.headers["content-disposition"].startswith("attachment")) == (content, True)
    assert "til gennemsyn" in page.words
    assert "tidligere udgave" in versions.words
    assert again != document
    assert (old.content, other.status_code, missing.status_code) == (content, 404, 404)


def in_review_again(web: Web, order: str) -> str:
    web.command(order, type="remake_deck")
    return in_review(web, order, deck_with("Ny"))


def test_the_forms_of_the_review_have_the_slides_before_them(web: Web, order: str) -> None:
    document = in_review(web, order)
    with signed_in(web) as me:
        shown = Shown(me.get(f"/drift/forloeb/{order}/gennemsyn"))
        sides = Shown(me.get(f"/drift/forloeb/{order}/dokumenter/{document}/sider"))
    for page in (shown, sides):
        assert "2 sider" in page.words
        assert "Sig velkommen." in page.words
        assert f"/drift/forloeb/{order}/dokumenter/{document}" in page.links()
    alts = sides.tree.xpath("//img/@alt")
    assert alts in (["Side 1: Trivsel", "Side 2: Næste"], []), "none where no program makes them"


def test_the_deck_is_held_with_a_reason_and_then_released(web: Web, order: str) -> None:
    in_review(web, order)
    address = f"/drift/forloeb/{order}"
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        held = karen.post(f"{address}/gennemsyn", kommando="hold_deck", reason_text="Et tal ser skævt ud")
        page = Shown(karen.get(address))
        assert held.status_code == 303
        survey = web.order(order).baseline
        assert survey is not None
        assert survey.held
        released = karen.post(f"{address}/gennemsyn", kommando="release_deck")
        assert released.status_code == 303
    assert "Et tal ser skævt ud" in page.words
    assert "Karen Lund" in page.words
    survey = web.order(order).baseline
    assert survey is not None
    assert survey.released_at is not None


def test_free_texts_are_struck_in_the_frame(web: Web, order: str) -> None:
    in_review(web, order, free_texts=2)
    with web.database.write() as connection:
        put_texts(connection, OrderId(order), Round.BASELINE)
        kept = result_repository.free_texts(connection, OrderId(order), Round.BASELINE)
    with signed_in(web) as me:
        form = Shown(me.get(f"/drift/forloeb/{order}/egne-ord"))
        assert all(text.text in form.words for text in kept)
        assert me.post(f"/drift/forloeb/{order}/egne-ord", strike=kept[0].id).status_code == 303
    survey = web.order(order).baseline
    assert survey is not None
    assert survey.struck_texts == {kept[0].id}


def put_texts(connection: Connection, order: OrderId, round_: Round) -> None:
    rows = [
        {"id": f"t{number}", "order_id": order, "round": round_.value, "item": "gode_erfaringer", "text": text}
        for number, text in enumerate(("En god gåtur", "Fru Jensen hjalp"))
    ]
    connection.execute(insert(free_text_table), rows)


def test_what_is_no_deck_is_offered_as_a_download(web: Web, order: str) -> None:
    document = in_review(web, order, b"PK not a deck")
    with signed_in(web) as me:
        shown = Shown(me.get(f"/drift/forloeb/{order}/dokumenter/{document}/sider"))
    assert "Filen kan ikke læses som en præsentation." in shown.words
    assert not shown.tree.xpath("//img")


def test_where_no_program_makes_pictures_titles_and_notes_stand_instead(
    web: Web, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = in_review(web, order)
    monkeypatch.setenv("PATH", "")
    with signed_in(web) as me:
        shown = Shown(me.get(f"/drift/forloeb/{order}/dokumenter/{document}/sider"))
        picture = me.get(f"/drift/forloeb/{order}/dokumenter/{document}/sider/1")
    assert "1. Trivsel" in shown.words
    assert not shown.tree.xpath("//img")
    assert picture.status_code == 404


@pytest.mark.office
@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftoppm")), reason="no LibreOffice here")
def test_each_slide_is_a_picture_and_an_erased_deck_has_none(web: Web, order: str) -> None:
    document = in_review(web, order)
    address = f"/drift/forloeb/{order}/dokumenter/{document}/sider"
    with signed_in(web) as me:
        me.http.timeout = 120
        pictures = [me.get(f"{address}/{number}") for number in (1, 2)]
        beyond = [me.get(f"{address}/{number}").status_code for number in ("3", "0", "x", "-1")]
        with web.database.write() as connection:
            documents.erase(connection, OrderId(order))
        gone = me.get(f"{address}/1")
    assert all(picture.content.startswith(b"\x89PNG") for picture in pictures)
    assert pictures[0].content != pictures[1].content
    assert (beyond, gone.status_code) == ([404] * 4, 404)


async def test_pictures_are_made_once_however_many_ask_and_a_few_decks_are_kept() -> None:
    made: list[bytes] = []

    def make(deck: bytes) -> list[bytes]:
        made.append(deck)
        return [deck]

    shelf = PictureShelf(make)
    answers = await asyncio.gather(*(shelf.pictures("a", b"a") for _ in range(5)))
    assert (answers, made) == ([[b"a"]] * 5, [b"a"])
    for number in range(DECKS):
        await shelf.pictures(f"d{number}", b"x")
    await shelf.pictures("a", b"a")
    assert made.count(b"a") == 2


async def test_one_deck_is_made_at_a_time_and_a_failure_is_tried_again() -> None:
    at_work, most, fails = 0, 0, True
    lock = threading.Lock()

    def make(deck: bytes) -> list[bytes]:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        with lock:
            at_work -= 1
        if deck == b"bad" and fails:
            raise NoPictures("soffice ended with 1")
        return [deck]

    shelf = PictureShelf(make)
    await asyncio.gather(*(shelf.pictures(f"{number}", b"x") for number in range(4)))
    assert most == 1
    with pytest.raises(NoPictures):
        await shelf.pictures("bad", b"bad")
    fails = False
    assert await shelf.pictures("bad", b"bad") == [b"bad"]

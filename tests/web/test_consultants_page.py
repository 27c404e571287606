"""The consultant's page of an order: the plan, and the deck to look through before it is delivered."""

from typing import Any

import httpx
import pytest

from domain.stages import Stage
from tests.web.application import Web
from tests.web.order_page import offered
from tests.web.reading import Shown, Visitor


def test_the_consultants_link_has_the_consultants_forms(web: Web, http: httpx.Client) -> None:
    order = web.place()
    link = web.consultant(order)
    page = Visitor(http, f"{link}/aftale").send(
        **{"meeting-starts-dato": "2026-03-25", "meeting-starts-tid": "17:00", "place_text": "Lægehuset"}
    )
    assert "Onsdag den 25. marts 2026 kl. 17.00" in page.words
    assert web.order(order).stage is Stage.PLANNED
    web.answered_by_all(order)
    (document,) = web.make_deck(order)
    (theirs,) = (each for each in Shown(http.get(link)).links() if each.startswith(document))
    assert http.get(theirs).content == b"PK deck"
    assert http.get(document).status_code == 404
    assert http.get(theirs[:-1]).status_code == 404
    form = Visitor(http, f"{link}/gennemsyn")
    assert "sammenligningstal" not in form.page.words
    form.send(kommando="hold_deck", reason_text="Ser nærmere på slide 8.")
    survey = web.order(order).baseline
    assert survey is not None
    assert survey.held


@pytest.fixture
def in_review(web: Web, planned: str) -> str:
    """The consultant's page of an order whose first deck is made."""
    link = web.consultant(planned)
    web.answered_by_all(planned)
    web.make_deck(planned)
    return link


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (({"type": "move_meeting", "to": "2026-04-15T17:00"},), "mødets tid eller rammer er ændret."),
        (({"type": "change_meeting", "minutes": 180},), "mødets tid eller rammer er ændret."),
        (({"type": "remake_deck"},), "du bad om det."),
        (
            ({"type": "remake_deck"}, {"type": "move_meeting", "to": "2026-04-15T17:00"}),
            "du bad om det og mødets tid eller rammer er ændret.",
        ),
    ],
)
def test_the_review_page_says_what_has_changed_since_the_version_before(
    web: Web, http: httpx.Client, planned: str, in_review: str, changes: tuple[dict[str, Any], ...], says: str
) -> None:
    assert "lavet på ny" not in Shown(http.get(f"{in_review}/gennemsyn")).words
    for change in changes:
        assert web.command(planned, **change).status_code == 200
    web.make_deck(planned)
    assert f"Det er udgave 2. Den er lavet på ny, fordi {says}" in Shown(http.get(f"{in_review}/gennemsyn")).words


def test_while_the_deck_is_made_again_the_review_page_says_that_it_is_on_its_way(
    web: Web, http: httpx.Client, planned: str, in_review: str
) -> None:
    web.command(planned, type="change_meeting", minutes=180)
    words = Shown(http.get(f"{in_review}/gennemsyn")).words
    assert "En ny udgave er på vej, fordi mødets tid eller rammer er ændret." in words
    page = Visitor(http, f"{in_review}/gennemsyn").send(kommando="release_deck")
    assert page.status in (409, 422)


def test_a_deck_that_is_held_or_released_is_not_offered_to_be_so_again(http: httpx.Client, in_review: str) -> None:
    Visitor(http, f"{in_review}/gennemsyn").send(kommando="hold_deck")
    held = Visitor(http, f"{in_review}/gennemsyn")
    assert "Hold materialet tilbage" not in held.page.words
    assert "Materialet holdes tilbage." in held.page.words
    held.send(kommando="release_deck")
    assert "Gennemgå præsentationen" not in offered(Shown(http.get(in_review)))

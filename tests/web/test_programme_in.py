"""A meeting's own programme through the form: what is wrong stands beside its field, the rest on all pages."""

import httpx
import pytest

from domain.fitting import spread
from domain.programme import MeetingPart
from storage import texts
from tests.web.application import Web
from tests.web.console.office import signed_in
from tests.web.reading import Shown


def parts_of(web: Web, order: str) -> tuple[MeetingPart, ...]:
    """All parts of the package's programme, as long as the meeting."""
    meeting = web.order(order).meeting
    assert meeting is not None
    return spread(web.services.packages.of(web.order(order)).programme.of(meeting.format), meeting.minutes)


def filled(web: Web, order: str, **changes: str) -> dict[str, str]:
    """The form with the package's own programme, and these changes."""
    own = parts_of(web, order)
    fields = {"kommando": "change_programme"}
    for number, part in enumerate(own, start=1):
        fields |= {
            f"parts-{number}-minutes": str(part.minutes),
            f"parts-{number}-title": part.title,
            f"parts-{number}-text": part.text,
        }
    return fields | {name.replace("_", "-"): value for name, value in changes.items()}


def test_times_and_words_are_changed_for_this_meeting_and_stand_on_everybodys_pages(
    web: Web, http: httpx.Client, planned: str
) -> None:
    own = parts_of(web, planned)
    sent = filled(web, planned, parts_1_minutes="15", parts_7_minutes="5", parts_1_title="Kaffe og velkomst")
    with signed_in(web) as me:
        form = f"/drift/forloeb/{planned}/ret-program"
        assert own[0].title in Shown(me.get(form)).tree.xpath("//input/@value")
        assert me.post(form, sent).status_code == 303
        again = Shown(me.get(form))
        changed = web.order(planned)
        assert me.post(form, sent).status_code == 303
    assert web.order(planned).programme == changed.programme, "the same again is no change"
    assert web.order(planned).version == changed.version
    assert "Kaffe og velkomst" in again.tree.xpath("//input/@value")
    assert "Brug pakkens eget program igen" in again.words
    assert [part.title is not None for part in changed.programme] == [True] + [False] * (len(own) - 1)
    assert not any(part.text for part in changed.programme), "what is as in the package has no words of its own"
    page = Shown(http.get(f"{web.page_of(planned)}/program"))
    assert page.tree.xpath("//ol//time")[0].text == "kl. 17.00 til 17.15"
    assert page.tree.xpath("//ol//strong")[0].text == "Kaffe og velkomst"


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"parts_1_minutes": "11"}, "parts", "Punkterne varer 121 minutter i alt, men mødet er aftalt til 120."),
        ({"parts_2_minutes": "ti"}, "parts-2-minutes", "Skriv et helt tal fra 0 til 480."),
        ({"parts_2_minutes": "-1"}, "parts-2-minutes", "Skriv et helt tal fra 0 til 480."),
    ],
)
def test_what_does_not_add_up_is_refused_beside_its_field_and_kept(
    web: Web, planned: str, changes: dict[str, str], field: str, says: str
) -> None:
    before = web.order(planned)
    with signed_in(web) as me:
        answer = me.post(
            f"/drift/forloeb/{planned}/ret-program", filled(web, planned, parts_1_title="Velkomst", **changes)
        )
    shown = Shown(answer)
    assert answer.status_code in (409, 422)
    assert says in shown.tree.xpath(f"string(//*[@id='fejl-{field}'])")
    assert "Velkomst" in shown.tree.xpath("//input/@value")
    assert web.order(planned) == before


def test_a_heading_too_long_for_a_slide_is_refused(web: Web, planned: str) -> None:
    with signed_in(web) as me:
        answer = me.post(f"/drift/forloeb/{planned}/ret-program", filled(web, planned, parts_1_title="Velkomst " * 9))
    assert answer.status_code == 409
    assert "kan højst være på 70 tegn" in Shown(answer).words


def test_another_number_of_parts_is_refused(web: Web, planned: str) -> None:
    with signed_in(web) as me:
        answer = me.post(
            f"/drift/forloeb/{planned}/ret-program", {"kommando": "change_programme", "parts-1-minutes": "150"}
        )
    assert answer.status_code == 409
    assert "men her er 1." in Shown(answer).words


def test_it_is_the_packages_again_by_choice_or_by_writing_it_so(web: Web, http: httpx.Client, planned: str) -> None:
    own = parts_of(web, planned)
    with signed_in(web) as me:
        form = f"/drift/forloeb/{planned}/ret-program"
        for undo in ({"kommando": "restore_programme"}, filled(web, planned)):
            assert me.post(form, filled(web, planned, parts_1_title="Velkomst")).status_code == 303
            assert web.order(planned).programme
            assert me.post(form, undo).status_code == 303
            assert web.order(planned).programme == ()
    page = Shown(http.get(f"{web.page_of(planned)}/program"))
    assert page.tree.xpath("//ol//strong")[0].text == own[0].title


def test_once_the_words_are_erased_the_packages_own_stand_there(web: Web, http: httpx.Client, planned: str) -> None:
    with signed_in(web) as me:
        me.post(f"/drift/forloeb/{planned}/ret-program", filled(web, planned, parts_1_title="Hos Karen i stuen"))
    with web.database.write() as connection:
        texts.erase_texts(connection, web.order(planned).id, web.clock.instant)
    page = http.get(f"{web.page_of(planned)}/program")
    assert "Hos Karen" not in page.text
    assert parts_of(web, planned)[0].title in Shown(page).words


def test_a_coordinator_has_no_such_form(web: Web, http: httpx.Client, planned: str) -> None:
    page = web.page_of(planned)
    assert f"{page}/ret-program" not in Shown(http.get(page)).links()
    assert http.get(f"{page}/ret-program").status_code == 303

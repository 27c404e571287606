"""Dates as programs and people send them: read, or refused with the possible ones, and never an error of ours."""

import datetime as dt
import re
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.web.application import Web
from tests.web.reading import Shown, Visitor


@pytest.fixture(scope="module")
def standing(shared_web: Web) -> dict[str, str]:
    """Three orders that nothing here changes: planned, with an open survey, and with a meeting held."""
    orders = [
        shared_web.place(f"bestilling-{number:04}", cluster={"name": f"Klynge {number}", "region": "nordjylland"})
        for number in range(3)
    ]
    for order in orders:
        shared_web.plan(order)
    for order in orders[1:]:
        shared_web.open_survey(order)
    shared_web.hold_meeting(orders[2])
    shared_web.ask_for_the_record(orders[2])
    shared_web.clock.set("2026-03-06")
    return dict(zip(("planned", "open", "held"), orders, strict=True))


def problems(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["detail"] for error in answer.json()["errors"]}


def starts(web: Web, order: str) -> str:
    meeting = web.order(order).meeting
    assert meeting is not None
    return f"{meeting.starts:%Y-%m-%d %H:%M}"


# --- over the API ---


def test_a_meeting_without_a_time_is_not_at_midnight(shared_web: Web, standing: dict[str, str]) -> None:
    said = "Klokkeslættet mangler. Skriv dato og tid, fx 2026-11-25T17:00."
    assert problems(shared_web.command(standing["planned"], type="move_meeting", to="2026-04-15")) == {"to": said}
    answer = shared_web.command(standing["planned"], type="agree_plan", meeting={"starts": "2026-04-15"})
    assert problems(answer) == {"meeting.starts": said}
    assert starts(shared_web, standing["planned"]) == "2026-03-25 17:00"


DIGITS = (1776265200, 1776265200000, 1776265200.0, "1776265200", "1776265200000", "20260415", 0, True)
DATED: dict[str, dict[str, Any]] = {
    "closes": {"type": "extend_survey"},
    "opens": {"type": "agree_follow_up"},
    "follow_up_opens": {"type": "record_meeting", "attended": 5, "follow_up": "agreed"},
    "survey_opens": {"type": "agree_plan", "meeting": {"starts": "2026-04-15T17:00"}},
    "survey_closes": {"type": "agree_plan", "meeting": {"starts": "2026-04-15T17:00"}},
}
"""Every date of a command, with what stands beside it."""


@pytest.mark.parametrize("digits", DIGITS)
def test_digits_are_not_seconds_since_1970(shared_web: Web, standing: dict[str, str], digits: object) -> None:
    order = standing["planned"]
    assert list(problems(shared_web.command(order, type="move_meeting", to=digits))) == ["to"]
    assert list(problems(shared_web.command(order, type="move_follow_up", opens=digits))) == ["opens"]
    assert list(problems(shared_web.command(order, type="agree_plan", meeting={"starts": digits}))) == [
        "meeting.starts"
    ]
    for field, beside in DATED.items():
        asked = {**beside, field: digits}
        assert problems(shared_web.command(order, **asked)) == {field: "Feltet skal være en dato, fx 2026-11-25."}


@pytest.mark.parametrize("moment", ["2026-04-15T00:00", "2026-04-15T00:00:00Z", "2026-04-15 00:00:00"])
def test_a_moment_is_no_date(shared_web: Web, standing: dict[str, str], moment: str) -> None:
    for field, beside in DATED.items():
        assert problems(shared_web.command(standing["planned"], **beside, **{field: moment})) == {
            field: "Skriv datoen uden klokkeslæt, fx 2026-11-25."
        }


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("2026-03-29T02:30", "Kl. 2.30 findes ikke den 29. marts 2026"),
        ("2026-10-25T02:30", "Kl. 2.30 kommer to gange den 25. oktober 2026"),
        ("2026-10-25T00:30:00Z", "Kl. 2.30 kommer to gange den 25. oktober 2026"),
        ("0001-01-01T00:00:00+02:00", "Årstallet skal ligge fra 2000 til 2099."),
        ("9999-12-31T23:59", "Årstallet skal ligge fra 2000 til 2099."),
        ("2026-02-31T17:00", "I februar 2026 er der 28 dage."),
        ("2026-04-15T17:60", "Feltet skal være dato og tid, fx 2026-11-25T17:00."),
    ],
)
def test_a_moment_that_cannot_be_meant_is_told_why(
    shared_web: Web, standing: dict[str, str], moment: str, says: str
) -> None:
    assert problems(shared_web.command(standing["planned"], type="move_meeting", to=moment))["to"].startswith(says)


ABSURD = (
    "0001-01-01",
    "1899-12-31",
    "2000-01-01",
    "2026-01-04",
    "2026-02-31",
    "2099-12-31",
    "2126-01-05",
    "9999-12-31",
)


@pytest.mark.parametrize("day", ABSURD)
def test_every_date_that_is_mistyped_over_the_api_is_answered_with_possible_ones(
    shared_web: Web, standing: dict[str, str], day: str
) -> None:
    moved: dict[str, Any] = {"type": "move_meeting", "to": f"{day}T17:00", "on_a_day_off": True}
    for asked in (moved, *({**beside, field: day} for field, beside in DATED.items())):
        answer = shared_web.command(standing["open"], **asked)
        assert answer.status_code in (409, 422), (asked, answer.text)
        assert answer.json()["detail"]
    detail = shared_web.command(standing["open"], **moved).json()["detail"]
    assert re.search("20[0-9][0-9]", detail), "it names the possible ones"


# --- on the pages ---


@pytest.mark.parametrize(
    "dato", ["15.4.2026", "15/4-2026", "15/4 2026", "15-04-26", "15. april 2026", "den 15. apr. 2026"]
)
@pytest.mark.parametrize("tid", ["18", "18.00", "kl. 18", "1800"])
def test_a_form_reads_dates_and_times_as_danes_write_them(
    web: Web, http: httpx.Client, planned: str, dato: str, tid: str
) -> None:
    Visitor(http, f"{web.page_of(planned)}/flyt").send(**{"to-dato": dato, "to-tid": tid})
    assert starts(web, planned) == "2026-04-15 18:00"


@pytest.mark.parametrize(
    ("dato", "tid", "field", "says"),
    [
        ("31.2.2026", "17", "to-dato", "I februar 2026 er der 28 dage."),
        ("4/25/2026", "17", "to-dato", "Skriv dagen først"),
        ("15.4", "17", "to-dato", "Skriv også årstallet"),
        ("1776265200", "17", "to-dato", "Skriv en dato, fx 25.11.2026."),
        ("20260415", "17", "to-dato", "Skriv en dato, fx 25.11.2026."),
        ("0001-01-01", "17", "to-dato", "Årstallet skal ligge fra 2000 til 2099."),
        ("31.12.9999", "17", "to-dato", "Årstallet skal ligge fra 2000 til 2099."),
        ("tirsdag den 15. april 2026", "17", "to-dato", "Den dag er en onsdag."),
        ("2026-04-15", "", "to-tid", "Skriv et klokkeslæt, fx 17.00."),
        ("2026-04-15", "25", "to-tid", "Skriv et klokkeslæt, fx 17.00."),
        ("29.3.2026", "2.30", "to-tid", "Kl. 2.30 findes ikke den 29. marts 2026"),
    ],
)
def test_a_form_says_at_the_field_what_a_date_or_time_should_be(
    shared_web: Web, standing: dict[str, str], dato: str, tid: str, field: str, says: str
) -> None:
    with shared_web.client() as http:
        page = Visitor(http, f"{shared_web.page_of(standing['planned'])}/flyt").send(**{"to-dato": dato, "to-tid": tid})
    assert page.status == 422
    assert says in page.described_by(field)
    assert page.fields()["to-dato"] == [dato]
    assert starts(shared_web, standing["planned"]) == "2026-03-25 17:00"


FORMS: dict[str, tuple[str, str, dict[str, str]]] = {
    "flyt": ("open", "to-dato", {"to-tid": "17.00"}),
    "forlaeng": ("open", "closes", {}),
    "opfoelgning": ("held", "opens", {"kommando": "agree_follow_up"}),
    "referat": ("held", "follow_up_opens", {"attended": "0", "follow_up": "agreed"}),
}
ABSURD_DAYS = st.one_of(
    st.sampled_from(ABSURD),
    st.dates(max_value=dt.date(2025, 12, 31)).map(str),
    st.dates(min_value=dt.date(2029, 1, 1)).map(str),
    st.text(max_size=12),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(slug="flyt", day="\0")
@given(slug=st.sampled_from(sorted(FORMS)), day=ABSURD_DAYS)
def test_no_date_in_a_form_is_an_error_of_ours(shared_web: Web, standing: dict[str, str], slug: str, day: str) -> None:
    which, field, beside = FORMS[slug]
    with shared_web.client() as http:
        answer = http.post(f"{shared_web.page_of(standing[which])}/{slug}", data={**beside, field: day, "fridag": day})
    assert answer.status_code in (409, 422), (slug, day)
    page = Shown(answer)
    assert page.heading == "Vi kunne ikke læse det, du sendte" if "\0" in day else page.described_by(field)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    field=st.sampled_from([*DATED, "to", "meeting"]), day=ABSURD_DAYS, time=st.sampled_from(["", "T17:00", "T00:00Z"])
)
def test_no_date_over_the_api_is_an_error_of_ours(
    shared_web: Web, standing: dict[str, str], field: str, day: str, time: str
) -> None:
    order = standing["held"] if field in ("opens", "follow_up_opens") else standing["open"]
    asked: dict[str, Any]
    if field == "to":
        asked = {"type": "move_meeting", "to": day + time, "on_a_day_off": True}
    elif field == "meeting":
        order = standing["planned"]
        asked = {"type": "agree_plan", "meeting": {"starts": day + time}, "on_a_day_off": True}
    else:
        asked = {**DATED[field], field: day + time}
    answer = shared_web.command(order, **asked)
    assert answer.status_code in (409, 422), (asked, answer.text)


# --- a meeting on a day off ---

SUNDAY, WHIT_MONDAY, SATURDAY = "2026-06-07", "2026-05-25", "2026-06-06"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (SUNDAY, "søndag den 7. juni 2026"),
        (WHIT_MONDAY, "mandag den 25. maj 2026"),
        (SATURDAY, "lørdag den 6. juni 2026"),
    ],
)
def test_a_meeting_on_a_day_off_is_asked_about_once_over_the_api(web: Web, planned: str, day: str, said: str) -> None:
    answer = web.command(planned, type="move_meeting", to=f"{day}T10:00")
    assert (answer.status_code, answer.json()["code"]) == (409, "meeting_on_a_day_off")
    assert answer.json()["detail"].startswith(f"Er det rigtigt, at mødet er {said}?")
    assert answer.json()["facts"] == {"day": day}
    assert web.command(planned, type="move_meeting", to=f"{day}T10:00", on_a_day_off=True).status_code == 200
    assert starts(web, planned) == f"{day} 10:00"
    assert web.command(planned, type="move_meeting", to=f"{day}T11:00").status_code == 200, "it is agreed already"


def test_a_plan_for_a_day_off_is_asked_about_too_and_leaves_nothing_behind(web: Web) -> None:
    order = web.place()
    asked: dict[str, Any] = {"type": "agree_plan", "meeting": {"starts": f"{SUNDAY}T10:00"}, "place_text": "Lægehuset"}
    answer = web.command(order, **asked)
    assert (answer.status_code, answer.json()["code"]) == (409, "meeting_on_a_day_off")
    assert web.order(order).meeting is None
    assert web.command(order, **asked, on_a_day_off=True).status_code == 200
    assert starts(web, order) == f"{SUNDAY} 10:00"


def test_the_same_plan_told_twice_is_not_asked_about_again(web: Web) -> None:
    order = web.place()
    asked: dict[str, Any] = {"type": "agree_plan", "meeting": {"starts": f"{SUNDAY}T10:00"}}
    assert web.command(order, **asked, on_a_day_off=True).status_code == 200
    assert web.command(order, **asked).status_code == 200


def test_a_day_off_that_is_impossible_anyway_is_not_asked_about(web: Web, planned: str) -> None:
    answer = web.command(planned, type="move_meeting", to="2026-01-10T17:00")
    assert (answer.status_code, answer.json()["code"]) == (409, "meeting_too_early")


def test_the_page_asks_with_a_box_that_only_stands_there_then(web: Web, http: httpx.Client, planned: str) -> None:
    visitor = Visitor(http, f"{web.page_of(planned)}/flyt")
    assert not visitor.page.tree.xpath("//input[@name='fridag']")
    asked = visitor.send(**{"to-dato": "7. juni 2026", "to-tid": "10"})
    assert asked.status == 409
    assert "Er det rigtigt, at mødet er søndag den 7. juni 2026?" in asked.described_by("fridag")
    assert starts(web, planned) == "2026-03-25 17:00"
    (box,) = asked.tree.xpath("//input[@name='fridag']")
    assert box.get("checked") is None
    visitor.send(**{"to-dato": "7. juni 2026", "to-tid": "10"}, fridag=box.get("value"))
    assert starts(web, planned) == "2026-06-07 10:00"


def test_a_box_ticked_for_one_day_does_not_answer_for_another(web: Web, http: httpx.Client, planned: str) -> None:
    visitor = Visitor(http, f"{web.page_of(planned)}/flyt")
    asked = visitor.send(**{"to-dato": "2026-06-07", "to-tid": "10"}, fridag="2026-06-07")
    assert asked.status == 200
    again = Visitor(http, f"{web.page_of(planned)}/flyt").send(
        **{"to-dato": "2026-06-14", "to-tid": "10"}, fridag="2026-06-07"
    )
    assert again.status == 409
    assert "søndag den 14. juni 2026" in again.described_by("fridag")
    assert not again.chosen()


def test_the_tick_stays_while_something_else_is_mended(web: Web, http: httpx.Client) -> None:
    order = web.place()
    link = web.consultant(order)
    visitor = Visitor(http, f"{link}/aftale")
    day = {"meeting-starts-dato": "2026-06-07", "meeting-starts-tid": "10"}
    visitor.send(**day)
    page = visitor.send(**day, fridag="2026-06-07", **{"meeting-minutes": "1"})
    assert page.status == 409
    assert page.described_by("meeting-minutes")
    assert "fridag" in page.chosen()
    visitor.send(**{"meeting-minutes": "150"})
    assert starts(web, order) == "2026-06-07 10:00"


def test_a_working_day_is_not_asked_about(web: Web, planned: str) -> None:
    assert web.command(planned, type="move_meeting", to="2026-06-08T10:00").status_code == 200

"""The coordinator's page: where the order stands in counts, and forms that keep what was written."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from domain.commands import COMMAND
from domain.meeting import at
from domain.model import Round
from domain.order import FollowUpStatus
from domain.stages import Stage
from storage import people, texts
from storage.texts import text_table
from tests.web.application import NAMES, Web
from tests.web.reading import Shown, Visitor
from web.words import document_title


@pytest.fixture
def http(web: Web) -> Iterator[httpx.Client]:
    with web.client() as client:
        yield client


@pytest.fixture
def planned(web: Web) -> str:
    order = web.place()
    web.plan(order)
    return order


@pytest.fixture
def met(web: Web, planned: str) -> str:
    """The morning after the meeting, the coordinator asked for the record."""
    web.open_survey(planned)
    web.hold_meeting(planned)
    web.ask_for_the_record(planned)
    return planned


def labels(page: Shown) -> list[str]:
    return [each.text_content() for each in page.tree.xpath("//section[@aria-labelledby='goer']//a")]


def visit(web: Web, http: httpx.Client, order: str, slug: str) -> Visitor:
    return Visitor(http, f"{web.page_of(order)}/{slug}")


@pytest.mark.parametrize(
    ("kind", "round_", "title"),
    [
        ("deck", Round.BASELINE, "PowerPoint til mødet"),
        ("deck", Round.FOLLOW_UP, "PowerPoint med før og efter"),
        ("document", Round.FOLLOW_UP, "Før og efter i Word"),
        ("document", Round.BASELINE, "Resultater og program i Word"),
    ],
)
def test_a_document_is_called_by_what_it_is_for(kind: str, round_: Round | None, title: str) -> None:
    assert document_title(kind, round_) == title


def test_a_new_order_says_who_calls_by_when(web: Web, http: httpx.Client) -> None:
    page = Shown(http.get(web.page_of(web.place())))
    assert page.heading == "Trivsel og arbejdsglæde – Aalborg Øst"
    assert "Bestilt – afventer opkald" in page.words
    assert "ringer til dig senest mandag den 12. januar 2026" in page.words


def test_a_call_that_is_late_is_not_promised_for_a_day_that_has_passed(web: Web, http: httpx.Client) -> None:
    order = web.place()
    web.clock.set("2026-01-13")
    page = Shown(http.get(web.page_of(order)))
    assert "skulle have ringet til dig senest mandag den 12. januar 2026" in page.words
    assert "ringer til dig senest" not in page.words


def test_answers_are_told_in_counts_and_no_member_is_named(web_on_both: Web) -> None:
    web = web_on_both
    order = web.place()
    web.plan(order)
    links = web.open_survey(order)
    with web.client() as http:
        for link in links[:3]:
            http.post(link, data={"go": "send", "arbejdsglaede": "hoej"})
        page = Shown(http.get(web.page_of(order)))
    assert "3 af 8 har svaret" in page.words
    assert "kan ingen se" not in page.words
    assert "Kun den, der driver systemet og har nøglen, kan bryde seglet inden da." in page.words
    assert not any(name in page.text for name in NAMES)


def test_a_deck_in_review_is_not_the_coordinators_to_see_and_a_delivered_one_is(
    web: Web, http: httpx.Client, planned: str
) -> None:
    links = web.open_survey(planned)
    for link in links:
        http.post(link, data={"go": "send", "arbejdsglaede": "hoej"})
    web.close_survey(planned)
    (document,) = web.make_deck(planned)
    assert not any(link.startswith(document) for link in Shown(http.get(web.page_of(planned))).links())
    assert http.get(document).status_code == 404
    web.command(planned, type="release_deck")
    page = Shown(http.get(web.page_of(planned)))
    assert document in page.links()
    assert http.get(document).content == b"PK deck"


def test_the_meeting_is_moved_and_the_page_says_so(web: Web, http: httpx.Client, planned: str) -> None:
    page = visit(web, http, planned, "flyt").send(**{"to-dato": "2026-04-15", "to-tid": "18:30"})
    assert page.tree.xpath("//*[@role='status']")[0].text.startswith("Mødet er flyttet")
    assert "Onsdag den 15. april 2026 kl. 18.30" in page.words


def test_a_date_written_the_danish_way_is_read(web: Web, http: httpx.Client, planned: str) -> None:
    visit(web, http, planned, "flyt").send(**{"to-dato": "15.4.2026", "to-tid": "18.30"})
    meeting = web.order(planned).meeting
    assert meeting is not None
    assert f"{meeting.starts:%Y-%m-%d %H:%M}" == "2026-04-15 18:30"


def test_the_domains_no_stands_at_its_field_with_what_was_written_kept(
    web: Web, http: httpx.Client, planned: str
) -> None:
    page = visit(web, http, planned, "flyt").send(**{"to-dato": "2026-01-09", "to-tid": "18:30"})
    assert page.status == 409
    assert "kan tidligst ligge" in page.described_by("to-dato")
    assert page.fields()["to-dato"] == ["2026-01-09"]
    assert page.fields()["to-tid"] == ["18:30"]
    (summary,) = page.tree.xpath("//*[@role='alert']")
    assert summary.xpath(".//a/@href") == ["#to-dato"]


@pytest.mark.parametrize(("dato", "tid", "field"), [("", "17:00", "to-dato"), ("2026-04-15", "25:00", "to-tid")])
def test_a_field_that_cannot_be_read_is_said_in_place(
    web: Web, http: httpx.Client, planned: str, dato: str, tid: str, field: str
) -> None:
    before = web.order(planned)
    page = visit(web, http, planned, "flyt").send(**{"to-dato": dato, "to-tid": tid})
    assert page.status == 422
    assert page.described_by(field)
    assert web.order(planned) == before


def test_pressing_twice_is_one_command(web: Web, http: httpx.Client, planned: str) -> None:
    visitor = visit(web, http, planned, "rammer")
    fields = {**visitor.page.fields(), "minutes": "180", "place_text": "Et andet sted"}
    for _ in range(2):
        assert http.post(visitor.path, data=fields).status_code == 303
    assert web.order(planned).version == 3
    with web.database.read() as connection:
        texts = connection.execute(text_table.select()).all()
    assert sorted(text.content for text in texts) == ["Et andet sted", "Lægehuset Torvet, mødelokale 2"]


def test_length_and_form_change_without_a_new_text_where_the_place_stays(
    web: Web, http: httpx.Client, planned: str
) -> None:
    page = visit(web, http, planned, "rammer").send(minutes="180", format="video")
    assert "3 timer" in page.words
    assert "Videomøde" in page.words
    assert "Lægehuset Torvet, mødelokale 2" in page.words
    with web.database.read() as connection:
        assert len(connection.execute(text_table.select()).all()) == 1


def test_too_few_answers_wait_for_a_decision_and_can_be_given_more_time(
    web: Web, http: httpx.Client, planned: str
) -> None:
    web.open_survey(planned)
    web.close_survey(planned)
    page = Shown(http.get(web.page_of(planned)))
    assert "Det venter på dig" in page.words
    assert {"Giv mere tid til at svare", "Gå videre uden resultater"} <= set(labels(page))
    visit(web, http, planned, "forlaeng").send(closes="2026-03-18")
    assert web.order(planned).stage is Stage.SURVEY_OPEN


def test_the_form_for_more_time_says_which_days_are_possible_and_takes_the_first_and_the_last(
    web: Web, http: httpx.Client, planned: str
) -> None:
    web.open_survey(planned)
    form = visit(web, http, planned, "forlaeng")
    assert "Den nye frist kan ligge fra den 16. marts 2026 til den 23. marts 2026." in form.page.words
    assert [form.send(closes=day).status for day in ("2026-03-24", "2026-03-15")] == [409, 409]
    assert form.send(closes="2026-03-23").status == 200
    assert http.get(f"{web.page_of(planned)}/forlaeng").status_code == 303, "there is no later day"


def test_too_few_answers_are_told_with_what_can_be_done_and_what_comes_by_itself(
    web: Web, http: httpx.Client, planned: str
) -> None:
    links = web.open_survey(planned)
    http.post(links[0], data={"go": "send", "arbejdsglaede": "hoej"})
    web.close_survey(planned)
    page = Shown(http.get(web.page_of(planned)))
    assert "1 af 8 har svaret, og der skal være mindst 5 svar til en opgørelse." in page.words
    assert "Klyngen kan få mere tid eller gå videre uden egne tal." in page.words
    assert "Gerne senest onsdag den 18. marts 2026. Sker der ikke noget inden da" in page.words
    waits = [str(link) for link in page.tree.xpath("//section[@aria-labelledby='nu']//a/@href")]
    assert waits == [f"{web.page_of(planned)}/forlaeng", f"{web.page_of(planned)}/uden-resultater"]


def test_where_there_is_no_time_left_to_give_the_page_leads_on_without_results(
    web: Web, http: httpx.Client, planned: str
) -> None:
    web.open_survey(planned)
    web.close_survey(planned)
    web.clock.set("2026-03-24")
    page = Shown(http.get(web.page_of(planned)))
    assert "Giv mere tid til at svare" not in labels(page)
    assert "Mødet er for tæt på til, at fristen kan rykkes." in page.words
    waits = [str(link) for link in page.tree.xpath("//section[@aria-labelledby='nu']//a/@href")]
    assert waits == [f"{web.page_of(planned)}/uden-resultater"]


def test_going_on_without_results(web: Web, http: httpx.Client, planned: str) -> None:
    web.open_survey(planned)
    web.close_survey(planned)
    visit(web, http, planned, "uden-resultater").send()
    survey = web.order(planned).baseline
    assert survey is not None
    assert survey.without_results


def test_the_meeting_is_recorded_by_number(web: Web, http: httpx.Client, met: str) -> None:
    assert "Det venter på dig" in Shown(http.get(web.page_of(met))).words
    page = visit(web, http, met, "referat").send(
        attended="6", ideas_text="Fælles frokost.\nSupervision.", follow_up="agreed", follow_up_opens="2027-01-18"
    )
    assert "Mødet blev noteret: 6 var med" in page.words
    order = web.order(met)
    assert order.record is not None
    assert (order.record.attended, order.record.absent) == (6, 2)
    assert str(order.follow_up.opens) == "2027-01-18"
    assert "frokost" not in "".join(COMMAND.dump_json(command).decode() for _, command in web.orders.seen)


def test_the_meeting_is_recorded_by_names(web: Web, http: httpx.Client, met: str) -> None:
    visitor = visit(web, http, met, "referat")
    names = [each.text_content() for each in visitor.page.tree.xpath("//label[starts-with(@for, 'attendance-')]")]
    assert names == [
        "Aisha Nour", "Bo Ågesen", "Jens Krogh", "Lis Frost", "Mette Holm", "Ole Bach", "Søren Øst", "Åse Ærø",
    ]  # fmt: skip
    members = visitor.page.tree.xpath("//input[@name='attendance']/@value")
    visitor.send(attendance=members[:5], follow_up="declined")
    record = web.order(met).record
    assert record is not None
    assert (record.attended, record.absent) == (5, 3)
    with web.database.read() as connection:
        attendance = texts.attendance(connection, web.order(met).id)
    assert {member for member, came in attendance.items() if came} == set(members[:5])


def test_a_record_that_does_not_add_up_keeps_everything_that_was_written(
    web: Web, http: httpx.Client, met: str
) -> None:
    visitor = visit(web, http, met, "referat")
    members = visitor.page.tree.xpath("//input[@name='attendance']/@value")
    page = visitor.send(attendance=members[:5], attended="6", ideas_text="Frokost", follow_up="agreed")
    assert page.status == 409
    assert "sat navn på 5, men skrevet, at 6 var med" in page.described_by("attended")
    page = visitor.send(attended="5")
    assert page.status == 409
    assert page.described_by("follow_up_opens").endswith("Fejl: Skriv, hvornår opfølgningen skal begynde.")
    assert page.fields()["ideas_text"] == ["Frokost"]
    assert len(page.fields()["attendance"]) == 5
    assert page.tree.xpath("//details[@open]")
    assert web.order(met).record is None


def test_a_record_that_tells_nobody_who_came_is_asked_for_the_number(web: Web, http: httpx.Client, met: str) -> None:
    page = visit(web, http, met, "referat").send(ideas_text="Frokost")
    assert page.status == 409
    assert "Skriv, hvor mange medlemmer der var med." in page.described_by("attended")
    assert web.order(met).record is None


def test_a_follow_up_outside_its_window_is_refused_at_the_date(web: Web, http: httpx.Client, met: str) -> None:
    page = visit(web, http, met, "referat").send(attended="6", follow_up="agreed", follow_up_opens="2026-05-01")
    assert page.status == 409
    assert "Opfølgningen kan begynde" in page.described_by("follow_up_opens")
    assert web.order(met).record is None


def test_the_follow_up_is_agreed_moved_started_or_declined(web: Web, http: httpx.Client, met: str) -> None:
    web.command(met, type="record_meeting", attended=6, absent=2)
    visit(web, http, met, "opfoelgning").send(kommando="agree_follow_up", opens="2027-01-18")
    visit(web, http, met, "opfoelgning").send(kommando="move_follow_up", opens="2027-02-01")
    assert str(web.order(met).follow_up.opens) == "2027-02-01"
    web.clock.set("2026-12-01")
    assert "Sæt opfølgningen i gang nu" in visit(web, http, met, "opfoelgning").page.words
    page = visit(web, http, met, "opfoelgning").send(kommando="start_follow_up")
    assert "Opfølgningen blev sat i gang" in page.words


def test_the_follow_up_can_be_agreed_on_just_after_midnight_too(web: Web, http: httpx.Client, met: str) -> None:
    """In Denmark it is the 20th already, and by UTC still the 19th."""
    web.command(met, type="record_meeting", attended=6, absent=2)
    web.clock.instant = at(dt.date(2027, 1, 20), dt.time(0, 30))
    words = visit(web, http, met, "opfoelgning").page.words
    assert "Aftal en dato for opfølgningen" in words


def test_declining_the_follow_up(web: Web, http: httpx.Client, met: str) -> None:
    web.command(met, type="record_meeting", attended=6, absent=2)
    page = visit(web, http, met, "opfoelgning").send(kommando="decline_follow_up")
    assert "Klyngen sagde nej tak til opfølgning" in page.words
    assert "Tag stilling til opfølgning" not in labels(page)
    assert web.order(met).follow_up.status is FollowUpStatus.DECLINED


def test_cancelling_is_confirmed_on_a_page_of_its_own(web: Web, http: httpx.Client, planned: str) -> None:
    form = visit(web, http, planned, "aflys")
    assert "Det kan ikke fortrydes" in form.page.words
    assert web.order(planned).ended is None
    assert form.send().status == 422
    page = form.send(reason="cluster_withdrew")
    assert "Bestillingen er aflyst" in page.words
    assert labels(page) == []
    assert web.order(planned).stage is Stage.CANCELLED


def test_what_cannot_be_done_now_is_neither_offered_nor_shown(web: Web, http: httpx.Client) -> None:
    order = web.place()
    assert labels(Shown(http.get(web.page_of(order)))) == [
        "Tilføj et medlem",
        "Ret et medlems navn eller mailadresse",
        "Fjern et medlem",
        "Skift koordinator",
        "Aflys bestillingen",
    ]
    for slug in ("flyt", "referat", "opfoelgning", "forlaeng", "aftale", "egne-ord", "gennemsyn", "findes-ikke"):
        answer = http.get(f"{web.page_of(order)}/{slug}")
        assert (answer.status_code, answer.headers["location"]) == (303, web.page_of(order))


def test_a_coordinator_cannot_send_the_consultants_forms(web: Web, http: httpx.Client, planned: str) -> None:
    before = web.order(planned)
    for slug in ("aftale", "egne-ord", "gennemsyn"):
        answer = http.post(f"{web.page_of(planned)}/{slug}", data={"kommando": "release_deck"})
        assert answer.status_code == 303
    assert web.order(planned) == before


def test_out_of_reach_keeps_what_was_written(web: Web, http: httpx.Client, met: str) -> None:
    web.orders.reachable = False
    page = visit(web, http, met, "referat").send(attended="6", ideas_text="Frokost", follow_up="later")
    assert page.status == 503
    assert "Vi kan ikke gemme lige nu" in page.words
    assert page.fields()["ideas_text"] == ["Frokost"]


def test_the_consultants_link_has_the_consultants_forms(web: Web, http: httpx.Client) -> None:
    order = web.place()
    link = web.consultant(order)
    page = Visitor(http, f"{link}/aftale").send(
        **{"meeting-starts-dato": "2026-03-25", "meeting-starts-tid": "17:00", "place_text": "Lægehuset"}
    )
    assert "Onsdag den 25. marts 2026 kl. 17.00" in page.words
    assert web.order(order).stage is Stage.PLANNED
    for each in web.open_survey(order):
        http.post(each, data={"go": "send", "arbejdsglaede": "hoej"})
    web.close_survey(order)
    (document,) = web.make_deck(order)
    (in_review,) = (each for each in Shown(http.get(link)).links() if each.startswith(document))
    assert http.get(in_review).content == b"PK deck"
    assert http.get(document).status_code == 404
    assert http.get(in_review[:-1]).status_code == 404
    form = Visitor(http, f"{link}/gennemsyn")
    assert "4 sammenligningstal mangler" in form.page.words
    assert "Praktiserende læger, PLO (2019): Tallet er ikke slået op i rapporten endnu." in form.page.words
    form.send(kommando="hold_deck", reason_text="Ser nærmere på slide 8.")
    survey = web.order(order).baseline
    assert survey is not None
    assert survey.held


def in_review(web: Web, order: str) -> str:
    """The consultant's page of an order whose first deck is made."""
    link = web.consultant(order)
    web.answered_by_all(order)
    web.make_deck(order)
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
    web: Web, http: httpx.Client, planned: str, changes: tuple[dict[str, Any], ...], says: str
) -> None:
    link = in_review(web, planned)
    assert "lavet på ny" not in Shown(http.get(f"{link}/gennemsyn")).words
    for change in changes:
        assert web.command(planned, **change).status_code == 200
    web.make_deck(planned)
    assert f"Det er udgave 2. Den er lavet på ny, fordi {says}" in Shown(http.get(f"{link}/gennemsyn")).words


def test_while_the_deck_is_made_again_the_review_page_says_that_it_is_on_its_way(
    web: Web, http: httpx.Client, planned: str
) -> None:
    link = in_review(web, planned)
    web.command(planned, type="change_meeting", minutes=180)
    words = Shown(http.get(f"{link}/gennemsyn")).words
    assert "En ny udgave er på vej, fordi mødets tid eller rammer er ændret." in words
    page = Visitor(http, f"{link}/gennemsyn").send(kommando="release_deck")
    assert page.status in (409, 422)


def test_a_deck_that_is_held_or_released_is_not_offered_to_be_so_again(
    web: Web, http: httpx.Client, planned: str
) -> None:
    link = in_review(web, planned)
    Visitor(http, f"{link}/gennemsyn").send(kommando="hold_deck")
    held = Visitor(http, f"{link}/gennemsyn")
    assert "Hold materialet tilbage" not in held.page.words
    assert "Materialet holdes tilbage." in held.page.words
    held.send(kommando="release_deck")
    assert "Gennemgå præsentationen" not in labels(Shown(http.get(link)))


def test_a_role_that_the_package_does_not_ask_is_not_offered(web: Web, http: httpx.Client) -> None:
    roles = visit(web, http, web.place(), "nyt-medlem").page.tree.xpath("//input[@name='role']/@value")
    assert "ejerlaege" in roles
    assert "praksispersonale" not in roles


def test_a_name_is_corrected_without_the_address_being_written_again(web: Web, http: httpx.Client) -> None:
    order = web.place()
    member, *_ = web.order(order).members
    form = visit(web, http, order, "ret-medlem")
    asked = form.send(member=member)
    assert asked.status == 422
    assert "Skriv den rigtige mailadresse, det rigtige navn eller begge dele." in asked.described_by("email")
    with web.database.read() as connection:
        before = people.person(connection, member)
    assert form.send(name="Bodil Krogh").status == 200
    with web.database.read() as connection:
        after = people.person(connection, member)
    assert (after.name, after.email, after.address) == ("Bodil Krogh", before.email, 1)


def test_a_cancellation_tells_of_the_answers_as_they_are(web: Web, http: httpx.Client, planned: str) -> None:
    web.open_survey(planned)
    web.command(planned, type="cancel_order")
    words = Shown(http.get(web.page_of(planned))).words
    assert "Svar, der var kommet, bliver slettet uden at være læst." in words
    assert "Lukket, fordi bestillingen er aflyst." in words


def test_a_cancellation_after_the_delivery_says_nothing_of_answers_that_are_in_the_material(
    web: Web, http: httpx.Client, planned: str
) -> None:
    web.answered_by_all(planned)
    web.make_deck(planned)
    web.command(planned, type="release_deck")
    web.command(planned, type="cancel_order")
    words = Shown(http.get(web.page_of(planned))).words
    assert "Bestillingen er aflyst." in words
    assert "slettet uden at være læst" not in words
    assert "Lukket. Svarfristen var fredag den 13. marts 2026." in words


@pytest.mark.parametrize("path", ["x", "x.y", "%00.y", "ææ.øø"])
def test_a_wrong_link_is_a_kind_404(http: httpx.Client, path: str) -> None:
    answer = http.get(f"/bestilling/{path}")
    assert (answer.status_code, Shown(answer).heading) == (404, "Linket virker ikke")


def test_another_orders_link_does_not_open_this_one(web: Web, http: httpx.Client) -> None:
    one = web.place()
    other = web.place("bestilling-0002", cluster={"name": "Hjørring", "region": "nordjylland"})
    secret = web.page_of(one).partition(".")[2]
    assert http.get(f"/bestilling/{other}.{secret}").status_code == 404

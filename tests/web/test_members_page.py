"""The coordinator's list of members: who they are, what is wrong with an address, and each form with its member."""

import httpx

from domain.commands import RemoveMember
from domain.model import OrderId, PersonId
from storage import people, suppressions
from storage.outbox import MailState
from storage.suppressions import Mailbox, Suppressed
from tests.web.application import NAMES, OPERATIONS, Web, fill_in
from tests.web.console.outgoing import REMINDER, put
from tests.web.reading import Shown, Visitor


def names(page: Shown) -> list[str]:
    return [each.text_content() for each in page.tree.xpath("//ul[@class='people']//h2")]


def called(web: Web, order: str, name: str) -> people.Person:
    with web.database.read() as connection:
        known = people.people(connection, list(web.order(order).members))
    return next(each for each in known.values() if each.name == name)


def suppress(web: Web, person: people.Person, why: Suppressed) -> None:
    with web.database.write() as connection:
        mailbox = Mailbox(person.name, person.email)
        suppressions.suppress(connection, web.services.keys, mailbox, why, web.clock.instant)


def test_the_members_stand_by_name_with_role_practice_and_address(web: Web, http: httpx.Client, planned: str) -> None:
    page = Shown(http.get(f"{web.page_of(planned)}/medlemmer"))
    assert names(page) == ["Aisha Nour", "Bo Ågesen", "Jens Krogh", "Lis Frost", "Mette Holm", "Ole Bach", "Søren Øst",
                           "Åse Ærø"]  # fmt: skip
    assert set(names(page)) == set(NAMES)
    assert "8 medlemmer på listen" in page.words
    assert "Ejerlæge, Praksis 1laege2@example.dk" in page.words
    assert f"{web.page_of(planned)}/medlemmer" in Shown(http.get(web.page_of(planned))).links()


def test_the_list_is_the_same_whoever_has_answered(web: Web, http: httpx.Client, planned: str) -> None:
    links = web.open_survey(planned)
    path = f"{web.page_of(planned)}/medlemmer"
    before = http.get(path).text
    for link in links[:3]:
        fill_in(http, link, arbejdsglaede="hoej")
    assert http.get(path).text == before


def test_each_form_of_the_list_knows_its_member_and_leads_back_to_the_list(
    web: Web, http: httpx.Client, planned: str
) -> None:
    aisha, path = called(web, planned, "Aisha Nour"), web.page_of(planned)
    assert f"{path}/ret-medlem?medlem={aisha.id}" in Shown(http.get(f"{path}/medlemmer")).links()
    form = Visitor(http, f"{path}/ret-medlem?medlem={aisha.id}")
    assert form.page.fields()["member"] == [aisha.id]
    page = form.send(email="aisha.nour@example.dk")
    assert page.heading == "Medlemmer"
    assert "Det er rettet." in page.words
    assert "aisha.nour@example.dk" in page.words
    page = Visitor(http, f"{path}/fjern-medlem?medlem={aisha.id}").send(**SURE)
    assert "Aisha Nour" not in names(page)
    assert len(web.order(planned).active_members) == 7


def test_somebody_elses_id_is_no_member_of_the_form(web: Web, http: httpx.Client, planned: str) -> None:
    form = Shown(http.get(f"{web.page_of(planned)}/ret-medlem?medlem=ingen"))
    assert form.fields()["member"] == [""]


def test_an_address_that_takes_no_mail_is_told_and_a_wish_for_none_is_not(
    web: Web, http: httpx.Client, planned: str
) -> None:
    path = f"{web.page_of(planned)}/medlemmer"
    suppress(web, called(web, planned, "Ole Bach"), Suppressed.OPTED_OUT)
    assert "tager ikke imod mails" not in Shown(http.get(path)).words
    suppress(web, called(web, planned, "Lis Frost"), Suppressed.BOUNCED)
    (note,) = Shown(http.get(path)).tree.xpath("//p[@class='note']")
    assert note.text_content() == "Mailadressen tager ikke imod mails. Ret den, så får Lis Frost sine mails."


def test_a_reminder_that_did_not_arrive_tells_the_coordinator_nothing(
    web: Web, http: httpx.Client, planned: str
) -> None:
    """Reminders go to those who have not answered."""
    web.open_survey(planned)
    path = f"{web.page_of(planned)}/medlemmer"
    before = http.get(path).text
    member = next(iter(web.order(planned).members))
    with web.database.read() as connection:
        person = people.people(connection, [member])[member]
    put(web, planned, MailState.BOUNCED, REMINDER)
    suppress(web, person, Suppressed.BOUNCED)
    assert http.get(path).text == before
    put(web, planned, MailState.SKIPPED, "programme//")
    assert "Mailadressen tager ikke imod mails." in Shown(http.get(path)).words


def test_a_member_who_has_left_and_an_order_that_is_over_are_told_as_they_are(
    web: Web, http: httpx.Client, planned: str
) -> None:
    path = f"{web.page_of(planned)}/medlemmer"
    gone = PersonId(called(web, planned, "Ole Bach").id)
    web.orders.give(planned, RemoveMember(member=gone), by=OPERATIONS)
    assert "Ole Bach" not in names(Shown(http.get(path)))
    web.command(planned, type="cancel_order")
    page = Shown(http.get(path))
    assert (len(names(page)), page.links()) == (7, [web.page_of(planned)])
    with web.database.write() as connection:
        people.release_from_order(connection, OrderId(planned), web.clock.instant)
    answer = http.get(path)
    assert not any(name in answer.text for name in NAMES)


def test_another_orders_link_shows_no_members(web: Web, http: httpx.Client, planned: str) -> None:
    assert http.get(f"/bestilling/{planned}.x/medlemmer").status_code == 404
    assert http.get("/bestilling/x/program").status_code == 404


SURE = {"sikker": "ja"}

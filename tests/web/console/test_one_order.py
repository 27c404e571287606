"""One order in the console: where it stands, who did what, what comes, its notes; and what is never told."""

import datetime as dt
import re
from collections.abc import Callable

import pytest

from domain.commands import STAFF, Command
from domain.model import OrderId, Round
from storage import outbox, people, suppressions, texts
from storage.outbox import MailState, To
from storage.staff import StaffRole
from storage.suppressions import Mailbox, Suppressed
from tests.web.application import Web, fill_in
from tests.web.console.office import signed_in
from tests.web.console.outgoing import INVITATION, put
from tests.web.reading import Shown
from web.order_page import pages
from web.requests.catalogue import FOR_PEOPLE


def section(shown: Shown, heading: str) -> str:
    """The words of one section."""
    (found,) = shown.tree.xpath(f"//section[@aria-labelledby='{heading}']")
    return " ".join(found.text_content().split())


def member_rows(shown: Shown) -> dict[str, str]:
    rows = shown.tree.xpath("//section[@aria-labelledby='medlemmer']//tbody/tr")
    return {row.xpath("./th")[0].text_content().strip(): " ".join(row.text_content().split()) for row in rows}


@pytest.fixture
def order(web: Web) -> str:
    return web.place()


def test_a_new_order_says_what_waits_and_leads_to_the_form_that_does_it(web: Web, order: str) -> None:
    with signed_in(web) as me:
        shown = Shown(me.get(f"/drift/forloeb/{order}"))
    assert shown.heading == "Trivsel og arbejdsglæde – Aalborg Øst"
    assert "Giv bestillingen en konsulent" in section(shown, "venter")
    assert f"/drift/forloeb/{order}/konsulent" in shown.links()
    assert f"/drift/forloeb/{order}/opkald" in shown.links()
    assert "Mette Holm" in section(shown, "plan")
    assert "20 30 40 50" in section(shown, "plan")
    assert "nøglen kiap-dk" in section(shown, "sket")
    assert len(member_rows(shown)) == 8


@pytest.mark.parametrize(("region", "name"), [("sjaelland", "Sjælland"), ("nordjylland", "Nordjylland")])
def test_a_region_stands_as_danes_write_it(web: Web, region: str, name: str) -> None:
    order = web.place(cluster={"name": "Lejre", "region": region})
    with signed_in(web) as me:
        shown = Shown(me.get(f"/drift/forloeb/{order}"))
    (term,) = shown.tree.xpath("//section[@aria-labelledby='plan']//dt[.='Region']/following-sibling::dd[1]")
    assert term.text_content() == name


def test_the_next_is_told_in_plain_words(web: Web, order: str) -> None:
    web.plan(order)
    web.open_survey(order)
    with signed_in(web) as me:
        shown = Shown(me.get(f"/drift/forloeb/{order}"))
    told = section(shown, "kommer")
    assert re.search(r"Påmindelse 2 går \w+dag den \d+\. marts kl\. 8\.30 til dem, der ikke har svaret", told)


def test_every_command_of_kiaps_own_has_its_form_here() -> None:
    own = {name for name, command in FOR_PEOPLE.items() if command.BY & STAFF}
    assert own == {name for page in pages.PAGES for name in page.commands}
    assert all(issubclass(FOR_PEOPLE[name], Command) for name in own)


def test_what_is_done_says_so_and_by_whom(web: Web, order: str) -> None:
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        answer = karen.post(f"/drift/forloeb/{order}/opkald", outcome="no_answer", note_text="Fri om onsdagen")
        shown = Shown(karen.get(answer.headers["location"]))
    assert "Opkaldet er noteret." in shown.words
    assert "Ringet 1 gang" in section(shown, "venter")
    assert "Fri om onsdagen" in section(shown, "venter")
    assert "Karen Lund" in section(shown, "sket")


def test_a_note_is_kept_for_kiap_and_erased_with_the_orders_texts(web: Web, order: str) -> None:
    with signed_in(web) as me, web.client() as http:
        me.post(f"/drift/forloeb/{order}/note", note_text="Første linje\nanden <b>linje</b>")
        shown = Shown(me.get(f"/drift/forloeb/{order}"))
        theirs = http.get(web.page_of(order)).text
        with web.database.write() as connection:
            texts.erase_texts(connection, OrderId(order), web.clock.instant)
        erased = Shown(me.get(f"/drift/forloeb/{order}"))
    assert "Første linje" in section(shown, "noter")
    assert "<b>linje</b>" in section(shown, "noter"), "as it was written, and no markup"
    assert "Første" not in theirs
    assert "note til KiAP" not in theirs
    assert "Ingen noter endnu." in section(erased, "noter")


def test_a_task_is_put_off_with_its_reason_and_taken_up_again(web: Web, order: str) -> None:
    address = f"/drift/forloeb/{order}"
    with signed_in(web) as me:
        me.post(
            f"{address}/udsaet", kommando="postpone_task", task="hold_the_call", until="2026-01-09", why_text="Ferie"
        )
        put_off = Shown(me.get(address))
        form = Shown(me.get(f"{address}/udsaet"))
        me.post(f"{address}/udsaet", kommando="resume_task", task="hold_the_call")
        again = Shown(me.get(address))
    assert "Udsat til fredag den 9. januar 2026" in section(put_off, "venter")
    assert "Ferie" in section(put_off, "venter")
    assert "Tag en udsat opgave frem igen" in form.words
    assert "Udsat til" not in section(again, "venter")


@pytest.mark.parametrize(
    ("form", "sent", "field", "line"),
    [
        (
            "aftale",
            {
                "meeting-starts-dato": "",
                "meeting-starts-tid": "17",
                "meeting-format": "fysisk",
                "meeting-facilitator": "koordinator",
                "follow_up_wanted": "ja",
            },
            "meeting-starts-dato",
            "Vælg en dato.",
        ),
        ("konsulent", {"consultant": ""}, "consultant", "Vælg en fra listen."),
        ("note", {"note_text": " "}, "note_text", "Feltet må ikke være tomt."),
        ("nyt-medlem", {"name": "A", "email": "x", "practice": "1", "role": "ejerlaege"}, "email", "navn@klinik.dk"),
        (
            "udsaet",
            {"kommando": "postpone_task", "task": "hold_the_call", "until": "2026-01-05", "why_text": "x"},
            "until",
            "tidligst udsættes til den 6. januar 2026",
        ),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_what_was_written(
    web: Web, order: str, form: str, sent: dict[str, str], field: str, line: str
) -> None:
    before = web.order(order).version
    with signed_in(web) as me:
        shown = Shown(me.post(f"/drift/forloeb/{order}/{form}", sent))
    assert shown.status in (409, 422)
    assert line in shown.described_by(field)
    assert shown.tree.xpath("//div[@class='problems']//a/@href") == [f"#{field}"]
    assert web.order(order).version == before


def test_a_form_pressed_twice_is_done_once(web: Web, order: str) -> None:
    address = f"/drift/forloeb/{order}/note"
    with signed_in(web) as me:
        fields = {name: values[0] for name, values in Shown(me.get(address)).fields().items()}
        for _ in range(2):
            assert me.post(address, {**fields, "note_text": "Husk parkering"}).status_code == 303
        shown = Shown(me.get(f"/drift/forloeb/{order}"))
    assert section(shown, "noter").count("Husk parkering") == 1


def test_a_member_is_chosen_beforehand_where_one_comes_from_their_row(web: Web, order: str) -> None:
    with signed_in(web) as me:
        (first, *_rest) = Shown(me.get(f"/drift/forloeb/{order}")).tree.xpath("//td[@class='fix']/a/@href")
        form = Shown(me.get(first))
    assert form.fields()["member"] == [first.rpartition("=")[2]]


def test_a_form_that_is_none_or_not_now_leads_back(web: Web, order: str) -> None:
    with signed_in(web) as me:
        for form in ("findes-ikke", "gennemsyn"):
            assert me.get(f"/drift/forloeb/{order}/{form}").headers["location"] == f"/drift/forloeb/{order}"
        assert me.post(f"/drift/forloeb/{order}/findes-ikke").status_code == 303
        assert me.get("/drift/forloeb/ingen/note").status_code == 404
        assert me.post("/drift/forloeb/ingen/note").status_code == 404


# --- members and their mail -----------------------------------------------------------------------------------------


def test_a_member_has_what_became_of_their_mail(web: Web, order: str) -> None:
    put(web, order, MailState.SENT, INVITATION, 0)
    put(web, order, MailState.BOUNCED, "programme//", 1)
    first, second, *_ = list(web.order(order).members)
    with web.database.write() as connection:
        known = people.people(connection, [first, second])
        box = Mailbox(known[second].name, known[second].email)
        suppressions.suppress(connection, web.services.keys, box, Suppressed.BOUNCED, web.clock.instant)
    with signed_in(web) as me:
        shown = Shown(me.get(f"/drift/forloeb/{order}"))
    rows = member_rows(shown)
    assert "Invitation: sendt 05.01.2026" in rows[known[first].name]
    assert "afvist 05.01.2026 (mailserveren svarede 550)" in rows[known[second].name]
    assert "Adressen tager ikke imod mails" in rows[known[second].name]
    assert "1 mail kræver nogen." in shown.words


@pytest.mark.parametrize("state", MailState)
@pytest.mark.parametrize("letter", ["reminder/baseline/2026-03-09", "survey_extended/baseline/1"])
def test_no_reminder_stands_with_a_name_whatever_became_of_it(
    web: Web, order: str, state: MailState, letter: str
) -> None:
    without = page_text(web, order)
    put(web, order, state, letter)
    assert page_text(web, order) == without


def page_text(web: Web, order: str) -> dict[str, str]:
    with signed_in(web) as me:
        return member_rows(Shown(me.get(f"/drift/forloeb/{order}")))


def test_who_has_answered_shows_in_no_row_also_after_an_address_is_corrected(web: Web, order: str) -> None:
    """Whoever has answered gets no new invitation: that one lacks would tell."""
    web.plan(order)
    links = web.open_survey(order)
    members = list(web.order(order).active_members)
    for number in range(2):
        put(web, order, MailState.SENT, INVITATION, number)
    with web.client() as http:
        fill_in(http, links[0], arbejdsglaede="hoej")
    for number in range(2):
        answer = web.command(order, type="readdress_member", member=members[number], email=f"ny{number}@example.dk")
        assert answer.status_code == 200
    with web.database.write() as connection:  # as the sender does: only whose answer is waited for
        (mail,) = outbox.queue(connection, OrderId(order), INVITATION, [To(members[1], 2)], web.clock.instant)
        outbox.claim(connection, mail.id, web.clock.instant)
        outbox.mark_sent(connection, mail.id, None, web.clock.instant)
        names = [people.person(connection, member).name for member in members[:2]]
    rows = page_text(web, order)
    told = [row.partition("example.dk ")[2] for row in (rows[names[0]], rows[names[1]])]
    assert told[0].replace(names[0], "X") == told[1].replace(names[1], "X")
    assert "siges ikke" in told[0]


def test_a_page_asks_the_database_no_more_for_more_members(web: Web) -> None:
    few = order_with(web, "bestilling-few", 6)
    many = order_with(web, "bestilling-many", 40)
    with signed_in(web) as me:
        me.get(f"/drift/forloeb/{few}")
        assert statements_of(web, lambda: me.get(f"/drift/forloeb/{few}")) == statements_of(
            web, lambda: me.get(f"/drift/forloeb/{many}")
        )


def order_with(web: Web, key: str, count: int) -> str:
    members = [
        {"name": f"Læge {chr(65 + number // 26)}{chr(97 + number % 26)}", "email": f"{key}{number}@example.dk",
         "practice": f"Praksis {number}", "role": "ejerlæge"}
        for number in range(count)
    ]  # fmt: skip
    return web.place(key, members=members, cluster={"name": key, "region": "nordjylland"})


def statements_of(web: Web, ask: Callable[[], object]) -> int:
    from sqlalchemy import event

    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(web.database._quick, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(web.database._quick, "before_cursor_execute", note)
    assert said
    return len(said)


# --- mails ----------------------------------------------------------------------------------------------------------


def test_a_mail_is_shown_as_it_was_sent_without_its_readers_own_link(web: Web, order: str) -> None:
    web.plan(order)
    links = web.open_survey(order)
    mail = put(web, order, MailState.SENT, INVITATION, 0)
    web.clock.instant += dt.timedelta(days=3)
    web.command(order, type="move_meeting", to="2026-04-15T17:00")
    with signed_in(web) as me:
        shown = Shown(me.get(f"/drift/forloeb/{order}/mails/{mail}"))
    assert "Spørgeskema før klyngemødet" in shown.heading
    assert "Kære " in shown.words
    assert "onsdag den 25. marts" in shown.words, "the meeting as it was when the mail left"
    assert "/svar/skjult" in shown.words
    assert not any(link.rpartition("/")[2] in shown.text for link in links)


def test_no_mail_shown_has_a_link_that_opens_anything(web: Web, order: str) -> None:
    web.plan(order)
    web.answered_by_all(order)
    web.make_deck(order)
    web.command(order, type="release_deck")
    letters = ("order_received//", "plan_agreed//1", "deck_delivered/baseline/", "results/baseline/", "programme//")
    ids = []
    for letter in letters:
        reader = (
            "coordinator" if letter.partition("/")[0] in ("order_received", "plan_agreed", "deck_delivered") else ""
        )
        ids.append(put_to(web, order, letter, web.order(order).coordinator if reader else ""))
    with signed_in(web) as me, web.client() as http:
        for mail in ids:
            shown = Shown(me.get(f"/drift/forloeb/{order}/mails/{mail}"))
            assert shown.status == 200
            for path in re.findall(rf"{web.address}(/(?:svar|bestilling|moede|d)/[^\s]+)", shown.text):
                assert "skjult" in path
                assert http.get(path).status_code == 404


def put_to(web: Web, order: str, letter: str, reader: str) -> str:
    member = reader or next(iter(web.order(order).members))
    with web.database.write() as connection:
        (mail,) = outbox.queue(connection, OrderId(order), letter, [To(member)], web.clock.instant)
        outbox.claim(connection, mail.id, web.clock.instant)
        outbox.mark_sent(connection, mail.id, None, web.clock.instant)
    return mail.id


def test_a_reminder_is_shown_without_its_reader(web: Web, order: str) -> None:
    web.plan(order)
    web.open_survey(order)
    mail = put(web, order, MailState.SENT, "reminder/baseline/2026-03-09")
    with web.database.read() as connection:
        names = [each.name for each in people.people(connection, list(web.order(order).members)).values()]
    with signed_in(web, StaffRole.ADMINISTRATOR) as me:
        shown = Shown(me.get(f"/drift/forloeb/{order}/mails/{mail}"))
    assert "Påmindelse" in shown.heading
    assert "siges ikke" in shown.words
    assert not any(name in shown.text or f"Kære {name.split()[0]}" in shown.text for name in names)


def test_a_mail_whose_reader_is_erased_says_so_and_one_of_another_order_is_none(web: Web, order: str) -> None:
    mail = put(web, order, MailState.SENT, "programme//")
    web.plan(order)
    other = web.place("bestilling-0002", cluster={"name": "Ribe", "region": "syddanmark"})
    with signed_in(web) as me:
        assert me.get(f"/drift/forloeb/{other}/mails/{mail}").status_code == 404
        assert me.get(f"/drift/forloeb/{order}/mails/ingen").status_code == 404
        with web.database.write() as connection:
            people.release_from_order(connection, OrderId(order), web.clock.instant)
        shown = Shown(me.get(f"/drift/forloeb/{order}/mails/{mail}"))
        page = Shown(me.get(f"/drift/forloeb/{order}"))
    assert shown.heading == "Mailen kan ikke vises mere"
    assert "navnet er slettet" in section(page, "plan")


def test_counts_are_shown_and_a_round_that_closed_says_why(web: Web, order: str) -> None:
    web.plan(order)
    web.answered_by_all(order)
    with signed_in(web) as me:
        shown = Shown(me.get(f"/drift/forloeb/{order}"))
    assert "8 af 8 har svaret" in section(shown, "svar")
    assert "Lukket." in section(shown, "svar")
    assert web.order(order).survey(Round.BASELINE) is not None

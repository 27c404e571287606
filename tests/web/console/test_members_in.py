"""A whole list of members into an order: looked through line by line; nothing kept before, half, or twice."""

import io

import httpx
import pytest
import xlsxwriter

from domain.model import PersonId
from storage import people
from storage.audit import Deed
from storage.people import Person
from tests.web.application import NAMES, Web
from tests.web.console.office import Colleague, log_of, signed_in
from tests.web.reading import Shown
from web.console.guard import FORM_TOKEN

LIST = """Navn;Mail;Praksis;Rolle
Mette Holm;laege0@example.dk;Praksis 0;Ejerlæge
Jens Krogh;jens.ny@example.dk;Praksis 0;Ejerlæge
Karla Ny;karla@example.dk;012345;Uddannelseslæge
Ude Af Sig;ude@;012345;Ejerlæge
Karla Ny;karla@example.dk;12345;
Sekretær Sif;sif@example.dk;Praksis 1;Praksispersonale
"""


def people_now(web: Web, order: str) -> dict[str, Person]:
    active = list(web.order(order).active_members)
    with web.database.read() as connection:
        return {each.name: each for each in people.people(connection, active).values()}


def look(me: Colleague, order: str, text: str = LIST, **more: str) -> Shown:
    return Shown(me.post(f"/drift/forloeb/{order}/medlemmer", {"liste": text, "rolle": "ejerlaege", **more}))


def said(shown: Shown) -> list[str]:
    return [" ".join(each.text_content().split()) for each in shown.tree.xpath("//tbody/tr/td[last()]")]


def say_yes(me: Colleague, order: str, shown: Shown) -> Shown:
    fields = shown.fields()
    sent = {name: fields[name][0] for name in ("liste", "numre", "anmodning")}
    return Shown(me.post(f"/drift/forloeb/{order}/medlemmer/gem", sent))


@pytest.fixture
def order(web: Web) -> str:
    return web.place()


def test_each_line_says_what_it_would_change_and_nothing_is_kept(web: Web, order: str) -> None:
    before = web.order(order).version
    with signed_in(web) as me:
        shown = look(me, order)
    assert said(shown) == [
        "Står der allerede",
        "Ny mailadresse. Før: laege1@example.dk",
        "Nyt medlem",
        "Springes over. Mail: Mailadressen er ikke gyldig. Skriv den som navn@klinik.dk.",
        "Springes over. Står også på linje 4.",
        "Springes over. Pakken er ikke for praksispersonale.",
    ]
    assert "2 linjer ændrer noget." in shown.words
    assert web.order(order).version == before
    with web.database.read() as connection:
        assert people.find(connection, "Karla") == []


def test_a_line_has_its_number_from_where_it_came_before_and_after_the_yes(web: Web, order: str) -> None:
    listed = "Ribe\n\nNavn;Mail;Praksis\n\nKarla Ny;karla@example.dk;1\n\nPia Ny;pia@;1\nKarla Ny;karla@example.dk;1\n"
    with signed_in(web) as me:
        shown = look(me, order, listed)
        done = say_yes(me, order, shown)
    for page in (shown, done):
        assert page.tree.xpath("//tbody/tr/th/span/text()") == ["linje 5", "linje 7", "linje 8"]
        assert said(page)[2].endswith("Står også på linje 5.")


def test_doctors_on_one_line_are_each_their_own(web: Web, order: str) -> None:
    with signed_in(web) as me:
        shown = look(
            me, order, "Karla Ny <karla@example.dk>, Pia Ny <pia@x>, Åse Ærø <aase.ny@example.dk>", praksis="Praksis 2"
        )
    assert [line.partition(".")[0] for line in said(shown)] == ["Nyt medlem", "Springes over", "Ny mailadresse"]


def test_a_line_says_that_practice_and_role_stay_as_they_were(web: Web, order: str) -> None:
    listed = "Navn;Mail;Praksis;Rolle\nMette Holm;laege0@example.dk;En helt anden;Ansat læge"
    with signed_in(web) as me:
        shown = Shown(me.post(f"/drift/forloeb/{order}/medlemmer", {"liste": listed}))
    assert said(shown) == ["Står der allerede. Praksis og rolle rettes ikke med en liste, og de er som før."]


def test_yes_makes_the_sound_lines_so_and_tells_which_came_to_nothing(web: Web, order: str) -> None:
    with signed_in(web) as me:
        done = say_yes(me, order, look(me, order))
        given = [line for line in log_of(web) if line.deed is Deed.COMMAND and line.by.who == me.id]
    results = said(done)
    assert results[:3] == ["Stod der allerede", "Mailadressen er rettet. Før: laege1@example.dk", "Kom med"]
    assert all(line.startswith("Blev ikke til noget. ") for line in results[3:])
    assert "3 linjer blev ikke til noget. Resten er på plads." in done.words
    now = people_now(web, order)
    assert set(now) == {*NAMES, "Karla Ny"}
    assert now["Jens Krogh"].email == "jens.ny@example.dk"
    assert [line.facts["command"] for line in given] == ["readdress_member", "add_member"]


def test_pressed_twice_nothing_happens_twice(web: Web, order: str) -> None:
    with signed_in(web) as me:
        shown = look(me, order)
        say_yes(me, order, shown)
        version = web.order(order).version
        again = say_yes(me, order, shown)
    assert web.order(order).version == version
    assert said(again)[:3] == ["Stod der allerede"] * 3


def test_two_presses_at_the_same_moment_are_one(web: Web, order: str) -> None:
    """The second is planned before the first is done, and finds its own request."""
    import threading

    with signed_in(web) as me:
        shown = look(me, order)
        presses = [threading.Thread(target=say_yes, args=(me, order, shown)) for _ in range(2)]
        for press in presses:
            press.start()
        for press in presses:
            press.join()
    assert len(people_now(web, order)) == len(NAMES) + 1
    assert web.order(order).version == 3


def test_an_old_page_pressed_again_brings_nobody_back_who_was_removed_since(web: Web, order: str) -> None:
    with signed_in(web) as me:
        shown = look(me, order, "Karla Ny;karla@example.dk;Praksis 0")
        say_yes(me, order, shown)
        web.command(order, type="remove_member", member=people_now(web, order)["Karla Ny"].id)
        say_yes(me, order, shown)
    assert "Karla Ny" not in people_now(web, order)


def test_while_orders_cannot_be_reached_what_is_left_waits_and_is_tried_again(web: Web, order: str) -> None:
    with signed_in(web) as me:
        shown = look(me, order)
        web.orders.reachable = False
        waits = say_yes(me, order, shown)
        web.orders.reachable = True
        done = say_yes(me, order, waits)
    assert waits.status == 503
    assert said(waits)[1:3] == ["Mangler endnu"] * 2
    assert said(done)[1:3] == ["Mailadressen er rettet. Før: laege1@example.dk", "Kom med"]


def test_a_workbook_is_read_as_it_was_sent(web: Web, order: str) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([("Mail", "Ydernr.", "Navn"), ("karla@example.dk", 12345, "Karla Ny")]):
            sheet.write_row(line, 0, row)
    with signed_in(web) as me:
        answer = send_file(me, order, content.getvalue())
        done = say_yes(me, order, Shown(answer))
    assert said(done) == ["Kom med"]
    assert "Karla Ny" in people_now(web, order)


def send_file(me: Colleague, order: str, content: bytes) -> httpx.Response:
    return me.http.post(
        f"/drift/forloeb/{order}/medlemmer",
        data={FORM_TOKEN: me.form_token, "liste": "", "rolle": "ejerlaege"},
        files={"fil": ("medlemmer.xlsx", content)},
    )


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing", b"\xd0\xcf\x11\xe0", b"\x00\x01"])
def test_a_file_that_is_none_is_refused_beside_its_field(web: Web, order: str, content: bytes) -> None:
    with signed_in(web) as me:
        shown = Shown(send_file(me, order, content))
    assert shown.status == 422
    assert shown.tree.xpath("//p[@id='fejl-liste']")


@pytest.mark.parametrize("text", ["", "  \n ", "\n\n"])
def test_an_empty_list_says_what_to_do(web: Web, order: str, text: str) -> None:
    with signed_in(web) as me:
        shown = look(me, order, text)
    assert shown.status == 422
    assert "Sæt en liste ind, eller vælg en fil." in shown.described_by("liste")


@pytest.mark.parametrize(
    "sent", [{}, {"liste": "", "anmodning": "0" * 32}, {"liste": LIST}, {"liste": LIST, "anmodning": "x"}]
)
def test_a_yes_without_its_list_changes_nothing(web: Web, order: str, sent: dict[str, str]) -> None:
    before = web.order(order).version
    with signed_in(web) as me:
        answer = me.post(f"/drift/forloeb/{order}/medlemmer/gem", sent)
    assert answer.status_code == 422
    assert web.order(order).version == before


def test_a_list_without_practices_takes_the_one_that_was_said(web: Web, order: str) -> None:
    with signed_in(web) as me:
        without = look(me, order, "Karla Ny <karla@example.dk>")
        with_it = look(me, order, "Karla Ny <karla@example.dk>", praksis="Praksis 0")
    assert said(without) == ["Springes over. Praksis: mangler."]
    assert said(with_it) == ["Nyt medlem"]


def test_a_wrong_list_can_be_corrected_where_it_is_shown(web: Web, order: str) -> None:
    with signed_in(web) as me:
        shown = look(me, order, "Karla Ny;karla@;Praksis 0")
        text = shown.fields()["liste"][0].replace("karla@", "karla@example.dk")
        again = look(me, order, text)
    assert said(again) == ["Nyt medlem"]


def test_an_order_that_has_ended_refuses_each_line_in_the_domains_words(web: Web, order: str) -> None:
    with signed_in(web) as me:
        shown = look(me, order)
        web.command(order, type="cancel_order")
        done = say_yes(me, order, shown)
        unknown = me.post("/drift/forloeb/ingen/medlemmer/gem")
    assert "Bestillingen blev aflyst den" in said(done)[2]
    assert len(web.order(order).members) == len(NAMES)
    assert unknown.status_code == 404


def test_a_known_doctor_of_the_cluster_is_that_doctor(web: Web, order: str) -> None:
    gone = people_now(web, order)["Åse Ærø"].id
    web.command(order, type="remove_member", member=gone)
    with signed_in(web) as me:
        say_yes(me, order, look(me, order, "Åse Ærø;laege5@example.dk;Praksis 2"))
    assert PersonId(gone) in web.order(order).active_members

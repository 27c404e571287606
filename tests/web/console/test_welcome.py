"""The one-time link: who may choose a password by it, once, and what is refused in one line."""

import datetime as dt

import pytest

from domain.model import StaffId
from storage import account_links, accounts
from storage.audit import Deed
from storage.staff import StaffRole, everybody, staff_left
from tests.web.application import Web
from tests.web.console.office import PASSWORD, add, browser, cookie_of, log_of, signed_in, with_password
from tests.web.reading import Shown

DEAD = "Linket virker ikke mere"


def link_for(web: Web, staff_id: StaffId | None = None) -> str:
    with web.database.write() as connection:
        return f"/drift/velkommen/{account_links.make_link(connection, staff_id, web.wall.instant)}"


def chosen(password: str = PASSWORD, again: str | None = None, **more: str) -> dict[str, str]:
    return {"ny": password, "igen": password if again is None else again, **more}


ASTA = {"navn": "Asta Krog", "mail": "asta@kiap.example"}


def test_the_first_of_all_says_who_they_are_and_is_administrator(web_on_both: Web) -> None:
    web = web_on_both
    link = link_for(web)
    with browser(web) as http:
        assert "så du bliver administrator" in http.get(link).text
        answer = http.post(link, data=chosen(**ASTA))
    assert (answer.status_code, answer.headers["location"]) == (303, "/drift")
    with web.database.read() as connection:
        (asta,) = everybody(connection)
    assert (asta.name, asta.email, asta.role) == ("Asta Krog", "asta@kiap.example", StaffRole.ADMINISTRATOR)
    with browser(web, cookie_of(answer)) as http:
        assert "Administrator" in http.get("/drift").text
        assert "Blev den første administrator" in http.get("/drift/log").text
    assert [line.deed for line in log_of(web)] == [Deed.STAFF_ADDED, Deed.PASSWORD_CHOSEN, Deed.SIGNED_IN]


def test_a_link_works_once(web: Web) -> None:
    link = link_for(web, add(web))
    with browser(web) as http:
        assert http.post(link, data=chosen()).status_code == 303
        for answer in (http.get(link), http.post(link, data=chosen("en helt anden sætning"))):
            assert answer.status_code == 404
            assert Shown(answer).heading == DEAD
        signs_in = http.post("/drift/log-ind", data={"mail": "ole@kiap.example", "adgangskode": PASSWORD})
    assert signs_in.status_code == 303


def test_following_a_link_uses_nothing_up(web: Web) -> None:
    link = link_for(web, add(web))
    with browser(web) as http:
        for _ in range(3):
            assert Shown(http.get(link)).heading == "Velkommen, Ole Bach"
        assert http.head(link).status_code == 200
        assert http.post(link, data=chosen()).status_code == 303


def test_a_link_is_dead_after_three_days(web: Web) -> None:
    link = link_for(web, add(web))
    web.wall.instant += dt.timedelta(hours=71, minutes=59)
    with browser(web) as http:
        assert http.get(link).status_code == 200
        web.wall.instant += dt.timedelta(minutes=1)
        assert http.post(link, data=chosen()).status_code == 404


def test_a_newer_link_ends_the_earlier_one_of_the_same_person_alone(web: Web) -> None:
    ole = add(web)
    older, other, newer = link_for(web, ole), link_for(web, add(web, StaffRole.CONSULTANT)), link_for(web, ole)
    with browser(web) as http:
        assert [http.get(link).status_code for link in (older, other, newer)] == [404, 200, 200]


def test_a_link_of_somebody_who_has_left_is_dead(web: Web) -> None:
    ole = add(web)
    link = link_for(web, ole)
    with web.database.write() as connection:
        staff_left(connection, ole, web.clock.instant)
    with browser(web) as http:
        assert http.get(link).status_code == 404


def test_the_first_ones_link_is_dead_once_somebody_can_sign_in(web: Web) -> None:
    first, own = link_for(web), link_for(web, add(web))
    with browser(web) as http:
        assert http.post(own, data=chosen()).status_code == 303
        assert [http.get(first).status_code, http.post(first, data=chosen(**ASTA)).status_code] == [404, 404]
    with web.database.read() as connection:
        assert len(everybody(connection)) == 1


def test_the_first_ones_link_is_dead_also_where_an_account_came_by_another_way(web: Web) -> None:
    first = link_for(web)
    with_password(web)
    with browser(web) as http:
        assert [http.get(first).status_code, http.post(first, data=chosen(**ASTA)).status_code] == [404, 404]


def test_a_new_password_ends_every_session_there_was(web: Web) -> None:
    ole = with_password(web)
    with signed_in(web, staff_id=ole) as earlier:
        with browser(web) as http:
            assert http.post(link_for(web, ole), data=chosen("en helt ny sætning")).status_code == 303
        assert earlier.get("/drift").status_code == 303


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("kort", "Adgangskoden skal have mindst 12 tegn. En sætning, du kan huske, er god."),
        ("elleve tegn"[:11], "Adgangskoden skal have mindst 12 tegn."),
        ("", "Adgangskoden skal have mindst 12 tegn."),
        ("OLE@KIAP.EXAMPLE", "Adgangskoden må ikke være dit navn eller din mailadresse."),
        ("en sætning\u202emed vending", "usynligt tegn"),
        ("å" * 201, "Teksten må højst fylde 200 tegn."),
    ],
)
def test_what_is_no_password_is_refused_in_one_line(web: Web, password: str, said: str) -> None:
    ole = add(web)
    link = link_for(web, ole)
    with browser(web) as http:
        answer = http.post(link, data=chosen(password))
        assert answer.status_code == 422
        assert said in Shown(answer).words
        assert http.post(link, data=chosen()).status_code == 303, "the link is still good"


def test_a_password_has_no_other_rules(web: Web) -> None:
    link = link_for(web, add(web))
    with browser(web) as http:
        assert http.post(link, data=chosen("aaaaaaaaaaaa")).status_code == 303


def test_two_different_passwords_are_refused(web: Web) -> None:
    link = link_for(web, add(web))
    with browser(web) as http:
        answer = http.post(link, data=chosen(again="en anden lang sætning"))
    assert answer.status_code == 422
    assert "Skriv den samme adgangskode begge steder." in answer.text
    assert PASSWORD not in answer.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"navn": "", "mail": "asta@kiap.example"}, "Feltet må ikke være tomt."),
        ({"navn": "Asta", "mail": "asta"}, "Mailadressen er ikke gyldig."),
        ({"navn": "Asta", "mail": "OLE@kiap.example"}, "En kollega har den adresse allerede."),
        ({"navn": "En lang adgangskode", "mail": "a@kiap.example"}, "må ikke være dit navn"),
    ],
)
def test_the_first_one_is_asked_again_for_what_lacks(web: Web, given: dict[str, str], said: str) -> None:
    add(web)
    link = link_for(web)
    with browser(web) as http:
        answer = http.post(link, data=chosen("en lang adgangskode", **given))
    assert answer.status_code == 422
    assert said in Shown(answer).words
    with web.database.read() as connection:
        assert not accounts.can_anybody_sign_in(connection)


def test_the_link_is_kept_as_a_hash_and_out_of_the_logs(web: Web) -> None:
    from web.access_log import redacted

    link = link_for(web, add(web))
    secret = link.rpartition("/")[2]
    assert redacted(link) == "/drift/velkommen/…"
    with web.database.read() as connection:
        rows = [tuple(row) for row in connection.execute(account_links.account_link_table.select())]
    assert secret not in str(rows)

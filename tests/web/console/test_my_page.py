"""One's own page: where one is signed in, ending it, and another password."""

import datetime as dt

from storage.audit import Deed
from storage.staff import StaffRole
from tests.web.application import Web
from tests.web.console.office import PASSWORD, browser, log_of, signed_in, with_password
from tests.web.reading import Shown

MY_PAGE = "/drift/min-side"
NEW = "en helt ny lang sætning"


def test_sessions_are_listed_with_where_since_when_and_last_use(web: Web) -> None:
    with signed_in(web) as ole:
        web.wall.instant += dt.timedelta(hours=2)
        shown = Shown(ole.get(MY_PAGE))
    (row,) = [" ".join(each.text_content().split()) for each in shown.tree.xpath("//tbody/tr")]
    assert row == "Firefox på Windows denne 192.0.2.7 05.01.2026 kl. 10.00 05.01.2026 kl. 12.00"


def test_one_session_is_ended_and_the_others_go_on(web: Web) -> None:
    with signed_in(web) as here, signed_in(web, staff_id=here.id) as there, signed_in(web, staff_id=here.id) as third:
        rows = Shown(here.get(MY_PAGE)).tree.xpath("//input[@name='session']/@value")
        assert len(rows) == 2
        answer = here.post(f"{MY_PAGE}/afslut", session=there_id(web, there.token))
        assert answer.headers["location"] == f"{MY_PAGE}?gjort=en"
        assert [each.get("/drift").status_code for each in (here, there, third)] == [200, 303, 200]
    assert log_of(web)[-1].deed is Deed.SESSION_ENDED


def there_id(web: Web, token: str) -> str:
    from storage import sessions

    with web.database.read() as connection:
        found = sessions.signed_in(connection, token, web.wall.instant)
    assert found is not None
    return found.session.id


def test_nobody_ends_a_colleagues_session(web: Web) -> None:
    with signed_in(web) as ole, signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        asta.post(f"{MY_PAGE}/afslut", session=there_id(web, ole.token))
        assert ole.get("/drift").status_code == 200
    assert log_of(web) == []


def test_all_others_are_ended_at_once(web: Web) -> None:
    with signed_in(web) as here, signed_in(web, staff_id=here.id) as there:
        assert here.post(f"{MY_PAGE}/afslut-andre").headers["location"] == f"{MY_PAGE}?gjort=alle"
        assert [each.get("/drift").status_code for each in (here, there)] == [200, 303]
    assert [line.deed for line in log_of(web)] == [Deed.SESSIONS_ENDED]


def test_another_password_takes_the_present_one_and_ends_the_other_sessions(web: Web) -> None:
    ole = with_password(web)
    with signed_in(web, staff_id=ole) as here, signed_in(web, staff_id=ole) as there:
        answer = here.post(f"{MY_PAGE}/adgangskode", nu=PASSWORD, ny=NEW, igen=NEW)
        assert answer.headers["location"] == f"{MY_PAGE}?gjort=adgangskode"
        assert [each.get("/drift").status_code for each in (here, there)] == [200, 303]
    with browser(web) as http:
        old, new = (
            http.post("/drift/log-ind", data={"mail": "ole@kiap.example", "adgangskode": each}).status_code
            for each in (PASSWORD, NEW)
        )
    assert (old, new) == (422, 303)
    assert [line.deed for line in log_of(web)] == [Deed.PASSWORD_CHANGED, Deed.SIGNED_IN]


def test_without_the_present_password_nothing_is_changed_and_one_cannot_try_for_ever(web: Web) -> None:
    with signed_in(web, staff_id=with_password(web)) as here:
        for _ in range(6):
            answer = here.post(f"{MY_PAGE}/adgangskode", nu="noget forkert her", ny=NEW, igen=NEW)
            assert answer.status_code == 422
            assert "Det er ikke din nuværende adgangskode." in answer.text
        answer = here.post(f"{MY_PAGE}/adgangskode", nu=PASSWORD, ny=NEW, igen=NEW)
        assert "Der har været for mange forsøg." in answer.text
    assert log_of(web) == []


def test_a_new_password_that_is_none_is_refused_before_the_old_one_is_looked_at(web: Web) -> None:
    with signed_in(web, staff_id=with_password(web)) as here:
        answer = here.post(f"{MY_PAGE}/adgangskode", nu=PASSWORD, ny="kort", igen="kort")
    assert answer.status_code == 422
    assert "mindst 12 tegn" in Shown(answer).words
    assert PASSWORD not in answer.text

"""Kræver handling: whose it is, how urgent, one primary action; a call noted, a task put off and taken in one press."""

import pytest

from domain import commands as do
from domain.by import operations
from domain.events import CallNoted
from domain.needs import OF_TASKS, REMEDIES
from domain.tasks import tasks_of
from storage import incidents
from storage.incidents import IncidentKind
from storage.outbox import MailState
from storage.staff import OFFICE, StaffRole
from tests.web.application import Web
from tests.web.console.office import Colleague, add, signed_in
from tests.web.console.outgoing import put
from tests.web.reading import Shown
from web.console.needs.listing import LINES
from web.console.needs.rows import FORMS
from web.order_page.pages import PAGES, URGENT

PAGE = "/drift"


def lines(shown: Shown) -> list[str]:
    return [" ".join(row.text_content().split()) for row in shown.tree.xpath("//li[@class='need']")]


def given_to(web: Web, order: str, colleague: Colleague) -> None:
    web.orders.give(order, do.AssignConsultant(consultant=colleague.id), by=operations(OFFICE))


def form(shown: Shown, action: str) -> dict[str, str]:
    """The hidden fields of the first form whose address has this in it, and the address itself."""
    found = shown.tree.xpath(f"//form[contains(@action, '{action}')]")[0]
    return {"": found.get("action")} | {
        each.get("name"): each.get("value") for each in found.xpath(".//input[@type='hidden']")
    }


def press(colleague: Colleague, shown: Shown, action: str, **more: str) -> tuple[int, Shown]:
    fields = form(shown, action)
    answer = colleague.post(fields.pop(""), fields | more)
    status = answer.status_code
    return status, Shown(colleague.get(answer.headers["location"]) if status == 303 else answer)


def test_the_consultants_row_says_whom_to_ring_and_by_when(web: Web) -> None:
    order = web.place()
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        assert "Intet venter på dig lige nu." in Shown(karen.get(PAGE)).words
        given_to(web, order, karen)
        (row,) = lines(Shown(karen.get(PAGE)))
    assert "Ring til Mette Holm, 20 30 40 50. Lovet senest mandag den 12. januar 2026." in row
    assert "Aalborg Øst" in row
    assert "Inden mandag den 12. januar 2026" in row


def test_a_call_nobody_answered_is_noted_in_one_press_and_pressed_twice_it_is_one(web: Web) -> None:
    order = web.place()
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        given_to(web, order, karen)
        before = Shown(karen.get(PAGE))
        status, after = press(karen, before, "opkald")
        press(karen, before, "opkald")
        (row,) = lines(after)
    calls = [each for each in web.services.store.load(order) if isinstance(each, CallNoted)]
    assert (status, len(calls), calls[0].outcome) == (303, 1, "no_answer")
    assert "Prøvet 1 gang, sidst 05.01.2026 kl. 10.00." in row
    assert "Lovet senest mandag den 12. januar 2026." in row


def test_an_order_is_taken_over_in_one_press(web: Web) -> None:
    order = web.place()
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        status, _ = press(karen, Shown(karen.get(f"{PAGE}?hvis=ingens")), "tag")
        assert status == 303
        assert web.order(order).consultant == karen.id
        assert not Shown(karen.get(f"{PAGE}?hvis=alle")).tree.xpath("//form[contains(@action, '/tag?')]"), "it is hers"


def test_two_tasks_of_one_order_are_put_off_from_one_copy_of_the_page(web: Web) -> None:
    order = web.place()
    with signed_in(web) as ole:
        shown = Shown(ole.get(PAGE))
        action = f"/drift/handling/{order}/udskyd?hvis=alle"
        (sent, *_) = shown.fields()["anmodning"]
        for task in ("assign_consultant", "hold_the_call"):
            answer = ole.post(action, {"anmodning": sent, "task": task, "until": "2026-01-08", "why_text": "Ferie"})
            assert answer.status_code == 303
    assert {each.kind for each in tasks_of(web.order(order)) if each.postponed_until} == {
        "assign_consultant",
        "hold_the_call",
    }


def test_an_order_that_somebody_got_meanwhile_is_not_taken_from_them(web: Web) -> None:
    order = web.place()
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        per = add(web, StaffRole.CONSULTANT, "Per Holm", "per@kiap.example")
        stale = Shown(karen.get(f"{PAGE}?hvis=ingens"))
        web.orders.give(order, do.AssignConsultant(consultant=per), by=operations(OFFICE))
        status, after = press(karen, stale, "tag")
        assert (status, web.order(order).consultant) == (409, per)
        assert "En anden har taget forløbet imens." in after.words
        status, _ = press(karen, Shown(karen.get(f"{PAGE}?hvis=alle")), "tag")
        assert (status, web.order(order).consultant) == (303, karen.id), "who sees whose it is may take it over"


def test_the_last_of_a_reason_leaves_a_list_that_says_so(web: Web) -> None:
    web.place()
    with signed_in(web) as ole:
        shown = Shown(ole.get(f"{PAGE}?grund=mail_unknown"))
    assert "Der er ikke flere af den slags." in shown.words
    assert shown.tree.xpath("//option[@selected]/@value") == ["mail_unknown"]


def test_a_task_put_off_is_away_until_its_day_or_until_it_is_taken_up(web: Web) -> None:
    order = web.place()
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        given_to(web, order, karen)
        status, shown = press(karen, Shown(karen.get(PAGE)), "udskyd", until="2026-01-09", why_text="Ferie")
        assert (status, lines(shown)) == (303, [])
        shown = Shown(karen.get(f"{PAGE}?udskudt=vis"))
        assert "Udsat til fredag den 9. januar 2026" in lines(shown)[0]
        press(karen, shown, "frem")
        assert len(lines(Shown(karen.get(PAGE)))) == 1
        press(karen, Shown(karen.get(PAGE)), "udskyd", until="2026-01-09", why_text="Ferie")
        web.clock.set("2026-01-09")
        assert len(lines(Shown(karen.get(PAGE)))) == 1


@pytest.mark.parametrize(
    ("fields", "status", "field", "said"),
    [
        ({"until": "2026-01-09", "why_text": " "}, 422, "why_text", "Feltet må ikke være tomt."),
        ({"until": "2026-01-09", "why_text": "x" * 50_000}, 422, "why_text", "højst"),
        ({"until": "", "why_text": "Ferie"}, 422, "until", "Vælg en dato."),
        ({"until": "i morgen", "why_text": "Ferie"}, 422, "until", "dato"),
        ({"until": "2026-01-05", "why_text": "Ferie"}, 409, "until", "tidligst"),
    ],
)
def test_what_cannot_be_put_off_like_that_is_not_and_says_why_beside_its_field(
    web: Web, fields: dict[str, str], status: int, field: str, said: str
) -> None:
    order = web.place()
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        given_to(web, order, karen)
        version = web.order(order).version
        answered, shown = press(karen, Shown(karen.get(PAGE)), "udskyd", **fields)
    assert answered == status
    (wrong,) = shown.tree.xpath("//details[@open]//input[@aria-invalid='true']")
    assert wrong.get("name") == field
    assert said in shown.tree.xpath(f"//*[@id='{wrong.get('aria-describedby')}']")[0].text_content()
    assert {name: shown.fields()[name] for name in fields} == {name: [value] for name, value in fields.items()}
    assert web.order(order).version == version


def test_a_refusal_that_is_of_no_field_stands_above_the_list(web: Web) -> None:
    order = web.place()
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        given_to(web, order, karen)
        shown = Shown(karen.get(PAGE))
        web.plan(order)
        status, after = press(karen, shown, "opkald")
    assert (status, after.tree.xpath("//title/text()")) == (409, ["Fejl: Kræver handling – KiAP drift"])
    assert "Det blev ikke til noget" in after.words


def test_rows_are_chosen_by_whose_and_by_reason(web: Web) -> None:
    order = web.place()
    put(web, order, MailState.UNKNOWN)
    with signed_in(web) as ole:
        everything = Shown(ole.get(PAGE))
        assert {"Mangler konsulent", "Opkald", "Uvist, om mail nåede frem"} <= {
            tag.text_content() for tag in everything.tree.xpath("//li[@class='need']//span[@class='tag']")
        }
        (row,) = lines(Shown(ole.get(f"{PAGE}?grund=mail_unknown")))
        assert "Se mailen" in row
        assert lines(Shown(ole.get(f"{PAGE}?hvis=mine"))) == []
        assert len(lines(Shown(ole.get(f"{PAGE}?hvis=x&grund=x&side=x")))) == len(lines(everything))


@pytest.mark.parametrize("role", StaffRole)
def test_the_primary_action_is_the_form_for_everybody_who_may(web: Web, role: StaffRole) -> None:
    order = web.place()
    with signed_in(web, StaffRole.CONSULTANT) as karen, signed_in(web, role) as reader:
        given_to(web, order, karen)
        (act,) = Shown(reader.get(f"{PAGE}?hvis=alle")).tree.xpath(
            "//li[@class='need']//a[contains(@class, 'primary')]"
        )
        form = Shown(reader.get(act.get("href")))
    assert act.get("href") == f"/drift/forloeb/{order}/aftale"
    assert form.heading == "Skriv aftalen fra opkaldet"


def test_a_tasks_button_is_the_form_that_the_order_page_offers_first() -> None:
    for kind, reason in OF_TASKS.items():
        slug, _ = FORMS[REMEDIES[reason][0]]
        assert slug == URGENT[kind][0], kind


def test_every_form_that_is_a_remedy_is_a_page_of_the_order() -> None:
    assert {slug for slug, _ in FORMS.values()} <= {each.slug for each in PAGES}


def test_what_is_late_says_by_how_much(web: Web) -> None:
    order = web.place()
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        given_to(web, order, karen)
        web.clock.set("2026-01-14")
        (row,) = lines(Shown(karen.get(PAGE)))
    assert "Opkald over tid 2 dage over tiden" in row


def test_a_page_has_so_many_rows_and_leads_on_and_back(web: Web) -> None:
    order = web.place()
    for number in range(LINES):
        with web.database.write() as connection:
            kind, step = IncidentKind.STEP_FAILS, f"step_{number}"
            incidents.report(connection, kind, web.order(order).id, step, "OSError", web.clock.instant)
    with signed_in(web) as ole:
        first = Shown(ole.get(PAGE))
        (onwards,) = first.tree.xpath("//a[text()='Næste']/@href")
        second = Shown(ole.get(onwards))
    assert len(lines(first)) == LINES
    assert len(lines(second)) == 2
    assert second.tree.xpath("//a[text()='Forrige']/@href") == ["/drift?hvis=alle"]

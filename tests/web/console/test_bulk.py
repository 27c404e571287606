"""One change to many orders: picked, looked through, said yes to; told order by order; nothing twice, nothing lost."""

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from domain import commands as do
from domain.calendar import add_working_days, is_working_day
from domain.model import OrderId, StaffId
from storage.audit import Deed
from storage.staff import StaffRole
from tests.web.application import OPERATIONS, Web
from tests.web.console.office import Colleague, add, log_of, signed_in
from tests.web.console.orders import assign, order_of
from tests.web.reading import Shown
from web.console.orders import bulk, bulk_carrying_out


def pick(me: Colleague, *orders: OrderId) -> str:
    """The address of a frozen list of these."""
    answer = me.post("/drift/flere", {"hvem": "valgte", "valgt": list(orders), "filtre": ""})
    assert answer.status_code == 303
    return answer.headers["location"]


def choose(me: Colleague, address: str, **chosen: str) -> Shown:
    assert me.post(f"{address}/vis", chosen).status_code == 303
    return Shown(me.get(address))


def yes(me: Colleague, address: str) -> Shown:
    assert me.post(f"{address}/udfoer").status_code == 303
    return Shown(me.get(address))


def results(shown: Shown) -> list[str]:
    cells = shown.tree.xpath("//tbody/tr/td[last()]")
    return [" ".join(cell.text_content().split()) for cell in cells]


@pytest.fixture
def karen(web: Web) -> StaffId:
    return add(web, StaffRole.CONSULTANT)


def test_a_consultant_is_given_to_those_picked_and_the_log_says_by_whom(web: Web, karen: StaffId) -> None:
    orders = [order_of(web, name) for name in ("Ribe", "Vejle", "Ærø")]
    assign(web, orders[1], karen)
    with signed_in(web) as me:
        address = pick(me, *orders[:2])
        preview = choose(me, address, handling="assign_consultant", konsulent=karen)
        assert "Giv dem Karen Lund som konsulent. Der er ikke sket noget endnu." in preview.words
        assert results(preview) == ["Får en konsulent.", "Intet. Det er sådan allerede."]
        assert "gør det ved 1 forløb" in preview.words
        assert web.order(orders[0]).consultant is None
        done = yes(me, address)
    assert results(done) == ["Gjort.", "Var sådan allerede."]
    assert [web.order(order).consultant for order in orders] == [karen, karen, None]
    given = [line for line in log_of(web) if line.deed is Deed.COMMAND and line.by.who == me.id]
    assert {line.order_id for line in given} == set(orders[:2])


def test_all_that_fit_are_taken_and_one_that_comes_later_is_not(web: Web, karen: StaffId) -> None:
    first = order_of(web, "Ribe")
    with signed_in(web) as me:
        answer = me.post("/drift/flere", hvem="alle", filtre="konsulent=ingen")
        address = answer.headers["location"]
        later = order_of(web, "Vejle")
        choose(me, address, handling="assign_consultant", konsulent=karen)
        done = yes(me, address)
    assert results(done) == ["Gjort."]
    assert (web.order(first).consultant, web.order(later).consultant) == (karen, None)


def test_more_days_are_given_where_a_survey_is_open_and_the_refusals_say_why(web: Web) -> None:
    open_, none_yet = order_of(web, "Ribe"), order_of(web, "Vejle")
    web.plan(open_)
    web.open_survey(open_)
    before = web.order(open_).baseline
    assert before is not None
    with signed_in(web) as me:
        address = pick(me, open_, none_yet)
        too_many = choose(me, address, handling="extend_survey", dage="30")
        assert "Undersøgelsen skal lukke senest den" in results(too_many)[0]
        preview = choose(me, address, handling="extend_survey", dage="1")
        assert "Giv 1 dag mere til at svare." in preview.words
        assert results(preview)[0].startswith("Svarfristen bliver ")
        done = results(yes(me, address))
    after = web.order(open_).baseline
    assert after is not None
    assert done == ["Gjort.", "Blev ikke til noget. Spørgeskemaet er ikke åbent."]
    assert dt.timedelta(0) < after.closes - before.closes <= dt.timedelta(days=4)


def test_an_extra_reminder_goes_where_it_may_and_elsewhere_a_line_says_why_not(web: Web) -> None:
    open_, told, none_yet = (order_of(web, name) for name in ("Ribe", "Vejle", "Ærø"))
    for order in (open_, told):
        web.plan(order)
    for order in (open_, told):
        web.open_survey(order)
    survey = web.order(open_).baseline
    assert survey is not None
    sent = do.RecordLetters(key="invitation/baseline/", sent=1, seen=web.order(open_).version)
    web.orders.give(open_, sent)
    opened = web.clock.instant
    web.orders.give(told, do.ExtendSurvey(closes=add_working_days(survey.closes, 1)), by=OPERATIONS)
    web.clock.instant = next(
        noon
        for day in range(1, 20)
        if (noon := opened.replace(hour=11) + dt.timedelta(days=day)) and _is_between(noon.date(), survey.reminders)
    )
    with signed_in(web) as me:
        address = pick(me, open_, told, none_yet)
        preview = choose(me, address, handling="send_reminder")
        assert "Send en ekstra påmindelse til dem, der ikke har svaret. Der er ikke sket noget endnu." in preview.words
        assert results(preview)[0].startswith("Påmindelsen går ud ")
        assert results(preview)[1].startswith("Intet. Lægerne får et andet brev om spørgeskemaet den ")
        assert results(preview)[2].startswith("Intet. Undersøgelsen er ikke ")
        done = results(yes(me, address))
        again = choose(me, pick(me, open_), handling="send_reminder")
    assert [each.partition(".")[0] for each in done] == ["Gjort", "Blev ikke til noget", "Blev ikke til noget"]
    after = web.order(open_).baseline
    assert after is not None
    assert set(after.reminders) - set(survey.reminders) == {web.clock.instant.date()}
    assert "højst en påmindelse hver anden arbejdsdag" in results(again)[0]


def _is_between(day: dt.date, reminders: Sequence[dt.date]) -> bool:
    near = {day, add_working_days(day, 1), add_working_days(day, -1)}
    return is_working_day(day) and not near & set(reminders)


def test_what_somebody_else_changed_meanwhile_is_left_alone_and_told(web: Web, karen: StaffId) -> None:
    orders = [order_of(web, "Ribe"), order_of(web, "Vejle")]
    other = add(web, StaffRole.CONSULTANT, "Åse Bæk", "aase@kiap.example")
    with signed_in(web) as me:
        address = pick(me, *orders)
        choose(me, address, handling="assign_consultant", konsulent=karen)
        assign(web, orders[0], other)
        done = yes(me, address)
    assert results(done) == ["Sprunget over, for det er ændret imens. Bestillingen fik en konsulent", "Gjort."]
    assert [web.order(order).consultant for order in orders] == [other, karen]


def test_a_double_press_changes_nothing_more(web: Web, karen: StaffId) -> None:
    order = order_of(web, "Ribe")
    with signed_in(web) as me:
        address = pick(me, order)
        choose(me, address, handling="assign_consultant", konsulent=karen)
        first, second = yes(me, address), yes(me, address)
        assert me.post(f"{address}/vis", handling="extend_survey", dage="3").status_code == 303
        third = Shown(me.get(address))
    assert results(first) == results(second) == results(third) == ["Gjort."]
    assert web.orders.order(order).version == 2


def test_a_process_that_dies_between_a_change_and_its_note_repeats_nothing(web: Web, karen: StaffId) -> None:
    orders = [order_of(web, "Ribe"), order_of(web, "Vejle")]
    with signed_in(web) as me:
        address = pick(me, *orders)
        choose(me, address, handling="assign_consultant", konsulent=karen)
        yes(me, address)
        with web.database.write() as connection:  # as it stands after dying: changed, and not yet noted
            connection.execute(text("UPDATE bulk_change_row SET outcome = NULL WHERE seq = 0"))
        half = Shown(me.get(address))
        assert "1 forløb mangler endnu" in half.words
        assert results(half) == ["Mangler endnu", "Gjort."]
        whole = yes(me, address)
    assert results(whole) == ["Gjort.", "Gjort."]
    assert [web.order(order).version for order in orders] == [2, 2]


def test_while_orders_cannot_be_reached_it_waits_for_another_press(web: Web, karen: StaffId) -> None:
    orders = [order_of(web, "Ribe"), order_of(web, "Vejle")]
    with signed_in(web) as me:
        address = pick(me, *orders)
        choose(me, address, handling="assign_consultant", konsulent=karen)
        web.orders.reachable = False
        assert results(yes(me, address)) == ["Mangler endnu", "Mangler endnu"]
        web.orders.reachable = True
        assert results(yes(me, address)) == ["Gjort.", "Gjort."]


def test_a_portion_at_a_time(web: Web, karen: StaffId, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_carrying_out, "AT_A_TIME", 1)
    orders = [order_of(web, "Ribe"), order_of(web, "Vejle")]
    with signed_in(web) as me:
        address = pick(me, *orders)
        choose(me, address, handling="assign_consultant", konsulent=karen)
        assert results(yes(me, address)) == ["Gjort.", "Mangler endnu"]
        assert results(yes(me, address)) == ["Gjort.", "Gjort."]


def test_a_list_that_is_none_or_too_long_is_told(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [order_of(web, "Ribe"), order_of(web, "Vejle")]
    monkeypatch.setattr(bulk, "MOST", 1)
    with signed_in(web) as me:
        none = Shown(me.post("/drift/flere", hvem="valgte", filtre=""))
        unknown = Shown(me.post("/drift/flere", hvem="valgte", filtre="", valgt="findes-ikke"))
        picked = Shown(me.post("/drift/flere", {"hvem": "valgte", "filtre": "", "valgt": orders}))
        every = Shown(me.post("/drift/flere", hvem="alle", filtre=""))
        unread = Shown(me.post("/drift/flere", hvem="alle", filtre="fra=x"))
    assert [page.status for page in (none, unknown, picked, every, unread)] == [422] * 5
    assert "Vælg mindst ét forløb." in none.words
    assert "Vælg mindst ét forløb." in unknown.words
    assert "højst tage 1 forløb" in picked.words
    assert "højst tage 1 forløb" in every.words


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({}, "handling"),
        ({"handling": "cancel_order"}, "handling"),
        ({"handling": "assign_consultant"}, "konsulent"),
        ({"handling": "assign_consultant", "konsulent": "ingen"}, "konsulent"),
        ({"handling": "extend_survey"}, "dage"),
        ({"handling": "extend_survey", "dage": "0"}, "dage"),
        ({"handling": "extend_survey", "dage": "31"}, "dage"),
        ({"handling": "extend_survey", "dage": "tre"}, "dage"),
    ],
)
def test_a_choice_that_is_none_is_refused_beside_its_field(web: Web, chosen: dict[str, str], field: str) -> None:
    with signed_in(web) as me:
        address = pick(me, order_of(web, "Ribe"))
        shown = Shown(me.post(f"{address}/vis", chosen))
        untouched = Shown(me.get(address))
    assert shown.status == 422
    assert shown.tree.xpath(f"//p[@id='fejl-{field}']")
    assert "Hvad skal der ske?" in untouched.words


def test_a_colleagues_list_is_not_ones_own(web: Web, karen: StaffId) -> None:
    order = order_of(web, "Ribe")
    with signed_in(web) as me, signed_in(web, staff_id=karen) as other:
        address = pick(me, order)
        choose(me, address, handling="assign_consultant", konsulent=karen)
        assert other.get(address).status_code == 404
        other.post(f"{address}/udfoer")
    assert web.order(order).consultant is None


def test_a_list_without_anything_chosen_carries_nothing_out(web: Web) -> None:
    order = order_of(web, "Ribe")
    with signed_in(web) as me:
        address = pick(me, order)
        shown = yes(me, address)
    assert "Hvad skal der ske?" in shown.words
    assert web.order(order).version == 1


def test_an_order_that_was_cancelled_is_refused_in_the_domains_words(web: Web, karen: StaffId) -> None:
    order = order_of(web, "Ribe")
    web.orders.give(order, do.CancelOrder(), by=OPERATIONS)
    with signed_in(web) as me:
        address = pick(me, order)
        preview = choose(me, address, handling="assign_consultant", konsulent=karen)
    assert "Bestillingen blev aflyst den" in results(preview)[0]
    assert "Det kan ikke lade sig gøre for nogen af dem." in preview.words

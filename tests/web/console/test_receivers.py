"""Modtagere: who is told of events, what became of each, and all that can be done about it, with the log of it."""

from dataclasses import replace

import pytest

from domain.receiver import Reach
from storage import deliveries, incidents, subscriptions, webhook_secrets
from storage.audit import Deed
from storage.deliveries import DeliveryState, new_delivery
from storage.incidents import NO_ORDER, IncidentKind
from storage.log_reader import entry_at
from storage.staff import StaffRole
from storage.subscriptions import NOBODY, State
from tests.web.application import Web
from tests.web.console.office import Colleague, log_of, signed_in
from tests.web.reading import Shown

PAGE = "/drift/modtagere"
URL = "https://modtager.example/haendelser"


def with_receiver(web: Web, url: str = URL) -> str:
    """A receiver that was sent the log's first event and has refused it."""
    with web.database.write() as connection:
        id_, _ = subscriptions.add(connection, web.services.keys, url, (), web.clock.instant, after=0)
        now = web.clock.instant
        sent = replace(
            new_delivery(entry_at(connection, 1)), attempts=2, code="http_500", first_at=now, last_at=now, again_at=now
        )
        deliveries.put(connection, id_, [sent])
    return id_


def one(web: Web, id_: str) -> subscriptions.Subscription:
    with web.database.read() as connection:
        return subscriptions.subscription(connection, id_)


def did(web: Web, id_: str) -> list[tuple[Deed, str]]:
    return [(line.deed, line.facts.get("did", "")) for line in log_of(web) if line.about == id_]


def press(colleague: Colleague, path: str, **fields: str) -> Shown:
    return Shown(colleague.press(path, fields))


def test_a_receiver_is_added_its_secret_shown_once_and_never_again(web: Web) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        shown = press(asta, PAGE, adresse=f" {URL} ")
        (secret,) = shown.tree.xpath("//code[@class='secret']/text()")
        (found,) = subscriptions_of(web)
        again = asta.get(PAGE)
        page = asta.get(f"{PAGE}/{found.id}")
    assert (found.url, found.events, found.state) == (URL, (), State.ACTIVE)
    assert secret.startswith("whsec_")
    assert secret not in again.text + page.text
    assert did(web, found.id) == [(Deed.WEBHOOK_ADDED, "")]


def subscriptions_of(web: Web) -> list[subscriptions.Subscription]:
    with web.database.read() as connection:
        return subscriptions.subscriptions(connection)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"adresse": ""}, "Det ligner ikke en webadresse."),
        ({"adresse": "http://modtager.example/"}, "Webadressen skal begynde med https://."),
        ({"adresse": "https://10.0.0.1/"}, "Webadressen ligger på et lukket net."),
        ({"adresse": "https://localhost/"}, "Webadressen ligger på et lukket net."),
        ({"adresse": URL, "haendelser": "nej"}, "Vælg fra listen."),
    ],
)
def test_what_is_no_receiver_is_refused_beside_its_field(web: Web, fields: dict[str, str], said: str) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        shown = press(asta, PAGE, **fields)
    assert shown.status == 422
    assert said in shown.words
    assert shown.fields()["adresse"] == [fields["adresse"]]
    assert subscriptions_of(web) == []


def test_there_are_only_so_many_and_the_page_says_so(web: Web) -> None:
    with web.database.write() as connection:
        for number in range(subscriptions.MOST_SUBSCRIPTIONS):
            subscriptions.add(connection, web.services.keys, f"{URL}/{number}", (), web.clock.instant)
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        shown = press(asta, PAGE, adresse=URL)
    assert "Der er 20 modtagere, og flere kan der ikke være. Fjern en først." in shown.words


def test_what_the_settings_allow_is_allowed_here_too(web: Web) -> None:
    object.__setattr__(web.services, "reach", Reach(plain_http=True, private=True))
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        shown = press(asta, PAGE, adresse="http://127.0.0.1:9/", haendelser="order_placed")
    assert shown.status == 200
    assert [(each.url, each.events) for each in subscriptions_of(web)] == [("http://127.0.0.1:9/", ("order_placed",))]


def test_what_became_of_each_event_stands_there_in_words(web: Web) -> None:
    order = web.place()
    id_ = with_receiver(web)
    with signed_in(web) as ole:
        shown = Shown(ole.get(f"{PAGE}/{id_}"))
        delivered = Shown(ole.get(f"{PAGE}/{id_}?tilstand=delivered"))
        nonsense = Shown(ole.get(f"{PAGE}/{id_}?tilstand=x&foer=x"))
    (row,) = ["".join(each.itertext()) for each in shown.tree.xpath("//tbody/tr")]
    assert "order_placed" in row
    assert "venter, prøves igen" in row
    assert "svarede 500" in row
    assert f"/drift/forloeb/{order}" in shown.links()
    assert "Ingen endnu." in delivered.words
    assert len(nonsense.tree.xpath("//tbody/tr")) == 1


def test_more_than_a_page_leads_on_to_what_is_older(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.console.receivers.one.LINES", 1)
    web.place()
    web.place("bestilling-0002", cluster={"name": "Ribe", "region": "syddanmark"})
    id_ = with_receiver(web)
    with web.database.write() as connection:
        deliveries.put(connection, id_, [new_delivery(entry_at(connection, 2))])
    with signed_in(web) as ole:
        first = Shown(ole.get(f"{PAGE}/{id_}"))
        (older,) = first.tree.xpath("//a[text()='Ældre']/@href")
        second = Shown(ole.get(older))
    assert [each.tree.xpath("//tbody/tr/th/text()") for each in (first, second)] == [["2"], ["1"]]
    assert not second.tree.xpath("//a[text()='Ældre']")


def test_it_is_paused_goes_on_with_or_without_what_failed_and_the_log_says_so(web: Web) -> None:
    web.place()
    id_ = with_receiver(web)
    with signed_in(web) as ole:
        shown = press(ole, f"{PAGE}/{id_}/pause")
        assert (one(web, id_).state, "på pause" in shown.words) == (State.PAUSED, True)
        press(ole, f"{PAGE}/{id_}/igen")
        assert one(web, id_).state is State.ACTIVE
        press(ole, f"{PAGE}/{id_}/pause")
        with web.database.write() as connection:
            failed = replace(new_delivery(entry_at(connection, 1)), attempts=2, code="http_500")
            deliveries.put(connection, id_, [failed])
        press(ole, f"{PAGE}/{id_}/igen", opgiv="ja")
    with web.database.read() as connection:
        (left,) = deliveries.deliveries(connection, id_, 10)
    assert left.state is DeliveryState.GIVEN_UP
    assert [what for _, what in did(web, id_)] == ["paused", "resumed", "paused", "resumed"]


def test_what_happened_since_a_day_is_sent_again(web: Web) -> None:
    web.place()
    with web.database.write() as connection:
        id_, _ = subscriptions.add(connection, web.services.keys, URL, (), web.clock.instant)
    assert one(web, id_).behind == 0
    with signed_in(web) as ole:
        for day, said in (("", "Vælg en dato."), ("i går", "dato"), ("2026-01-04", "sendes igen")):
            assert said in press(ole, f"{PAGE}/{id_}/forfra", fra=day).words
    assert one(web, id_).behind == 1
    with signed_in(web) as ole:
        shown = press(ole, f"{PAGE}/{id_}/forfra", fra="2026-02-01")
    assert "Fra den dag er der ikke sendt noget endnu" in shown.words
    assert [what for _, what in did(web, id_)] == ["replayed"], "what was refused is not in the log"


def test_one_that_is_paused_stays_so_when_events_are_to_be_sent_again(web: Web) -> None:
    web.place()
    id_ = with_receiver(web)
    with signed_in(web) as ole:
        press(ole, f"{PAGE}/{id_}/pause")
        press(ole, f"{PAGE}/{id_}/forfra", fra="2026-01-04")
        assert one(web, id_).state is State.PAUSED
        press(ole, f"{PAGE}/{id_}/igen")
    assert (one(web, id_).state, one(web, id_).behind) == (State.ACTIVE, 1)


def test_a_page_with_a_secret_on_it_is_not_left_for_news(web: Web) -> None:
    web.place()
    id_ = with_receiver(web)
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        pages = [press(asta, f"{PAGE}/{id_}/hemmelighed"), press(asta, PAGE, adresse=f"{URL}/2")]
    assert all(page.tree.xpath("//code[@class='secret']") for page in pages)
    assert not any(page.tree.xpath("//body/@data-live") for page in pages)


def test_another_secret_is_shown_once_and_both_sign(web: Web) -> None:
    web.place()
    id_ = with_receiver(web)
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        shown = press(asta, f"{PAGE}/{id_}/hemmelighed")
    (secret,) = shown.tree.xpath("//code[@class='secret']/text()")
    with web.database.read() as connection:
        assert len(webhook_secrets.signing_secrets(connection, web.services.keys, id_, web.wall.instant)) == 2
    assert secret.startswith("whsec_")
    assert did(web, id_) == [(Deed.WEBHOOK_CHANGED, "rotated")]


def test_it_is_removed_by_whoever_means_it(web: Web) -> None:
    web.place()
    id_ = with_receiver(web)
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        assert "Sæt kryds, hvis modtageren skal fjernes." in press(asta, f"{PAGE}/{id_}/fjern").words
        assert subscriptions_of(web)
        assert "Modtageren er fjernet og får ikke mere." in press(asta, f"{PAGE}/{id_}/fjern", sikker="ja").words
    assert subscriptions_of(web) == []
    assert did(web, id_) == [(Deed.WEBHOOK_REMOVED, "")]


@pytest.mark.parametrize("act", ["", "/{id}/hemmelighed", "/{id}/fjern"])
def test_who_is_told_and_by_which_secret_is_for_administrators_alone(web: Web, act: str) -> None:
    web.place()
    id_ = with_receiver(web)
    with signed_in(web) as ole:
        shown = press(ole, PAGE + act.format(id=id_), adresse=URL, sikker="ja")
        page = Shown(ole.get(f"{PAGE}/{id_}"))
    assert (shown.status, shown.heading) == (403, "Det må du ikke")
    assert [each.id for each in subscriptions_of(web)] == [id_]
    assert did(web, id_) == []
    assert not page.tree.xpath("//form[contains(@action, 'hemmelighed') or contains(@action, 'fjern')]")


@pytest.mark.parametrize("act", ["", "/pause", "/igen", "/forfra", "/hemmelighed", "/fjern"])
def test_one_that_is_gone_is_told_to_be_gone(web: Web, act: str) -> None:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        path = f"{PAGE}/findes-ikke{act}"
        shown = press(asta, path, sikker="ja", fra="2026-01-04") if act else Shown(asta.get(path))
    assert (shown.status, shown.heading) == (404, "Modtageren findes ikke")
    assert all(line.about != "findes-ikke" for line in log_of(web))


def test_one_that_was_stopped_is_a_need_that_leads_here(web: Web) -> None:
    web.place()
    id_ = with_receiver(web)
    with web.database.write() as connection:
        run = subscriptions.take(connection, id_) or NOBODY
        assert run
        incidents.report(connection, IncidentKind.WEBHOOK_STOPPED, NO_ORDER, id_, "http_500", web.clock.instant)
    with signed_in(web) as ole:
        (act,) = Shown(ole.get("/drift?grund=webhook_stopped")).tree.xpath(
            "//li[@class='need']//a[contains(@class, 'primary')]"
        )
    assert (act.get("href"), act.text) == (f"{PAGE}/{id_}", "Se modtageren")

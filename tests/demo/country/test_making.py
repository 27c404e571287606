"""A country is made up to now: orders that have really lived, with their answers, decks and mail, and nothing due."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.country.making import CountryNotMade, make_country
from demo.country.opening import open_country
from demo.country.seeding import MAIL_KEPT, Office
from demo.mailbox import mails_in
from demo.own_settings import of_its_own
from demo.play.open_orders import unsettled
from demo.time_machine import is_settled
from domain.evolution import load
from domain.model import Round
from domain.order import Order
from domain.stages import ENDED, Stage
from storage import documents, outbox, result_repository, survey_rounds
from storage.audit import Wanted, entries
from storage.ballot_box import ballot_table
from storage.board import board
from storage.clusters import clusters
from storage.hash_chain import verify
from storage.survey_rounds import RoundState
from worker.servers import free_port
from worker.stack import Stack

MANY = 10
"""So many that one of them has not ordered anything."""
NOW = dt.datetime(2026, 10, 7, 9, tzinfo=dt.UTC)
"""A working morning: a country is made up to any moment."""


@dataclass(frozen=True)
class Country:
    stack: Stack
    office: Office
    told: list[int]

    def orders(self) -> list[Order]:
        found = [load(self.stack.store.load(row.order_id)) for row in board(self.stack.database)]
        return [order for order in found if order is not None]


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    data = tmp_path_factory.mktemp("country") / "data"
    with closing(open_country(of_its_own(data, free_port()))) as stack:
        told: list[int] = []
        office = asyncio.run(make_country(stack, NOW, MANY, told.append))
        yield Country(stack, office, told)


def test_it_tells_of_each_cluster_and_has_them_all(country: Country) -> None:
    assert country.told == list(range(1, MANY + 1))
    with country.stack.database.read() as connection:
        assert len(clusters(connection)) == MANY
    assert len(country.orders()) == MANY - 1


def test_orders_are_in_many_stages_and_most_go_on(country: Country) -> None:
    stages = [order.stage for order in country.orders()]
    assert {Stage.ORDERED, Stage.SURVEY_OPEN, Stage.QUIET} <= set(stages)
    assert len(set(stages)) >= 4
    assert sum(stage in ENDED for stage in stages) < len(stages) / 2


def test_nothing_is_due_and_nothing_is_later_than_now(country: Country) -> None:
    assert unsettled(country.stack.dependencies, NOW) == []
    for order in country.orders():
        moments = [each.recorded_at for each in country.stack.store.load_recorded(order.id)]
        assert moments == sorted(moments)
        assert moments[-1] <= NOW + dt.timedelta(minutes=5)


def test_what_will_be_due_by_a_later_day_is_known(country: Country) -> None:
    later = NOW + dt.timedelta(days=30)
    due = {order.id for order in country.orders() if not is_settled(order, later)}
    assert due
    assert set(unsettled(country.stack.dependencies, later)) == due


def test_answers_came_in_by_the_door_and_are_gone_where_the_deck_was_released(country: Country) -> None:
    seen = set[RoundState | None]()
    with country.stack.database.read() as connection:
        for order in country.orders():
            survey = order.baseline
            if survey is None or not survey.opened:
                continue
            state = survey_rounds.round_state(connection, order.id, Round.BASELINE)
            seen.add(state)
            if state is RoundState.DESTROYED:
                assert survey.destroyed
            stored = result_repository.stored(connection, order.id, Round.BASELINE)
            if stored is not None:
                assert stored.results.n == survey.answers
        sealed = {row.order_id for row in connection.execute(ballot_table.select())}
    open_now = {order.id for order in country.orders() if order.stage is Stage.SURVEY_OPEN}
    assert {RoundState.OPEN, RoundState.DESTROYED} <= seen
    assert sealed & open_now, "doctors have answered surveys that are open"
    assert sealed <= {order.id for order in country.orders() if order.baseline and not order.baseline.destroyed} | {
        order.id for order in country.orders() if order.second and not order.second.destroyed
    }


def test_delivered_decks_are_real_files(country: Country) -> None:
    released = [order for order in country.orders() if order.baseline and order.baseline.released_at]
    assert released
    with country.stack.database.read() as connection:
        for order in released[:5]:
            info = documents.latest(connection, order.id, Round.BASELINE, "deck")
            assert info is not None
            document = documents.document(connection, info.id)
            assert document is not None
            assert document.content.startswith(b"PK")


def test_late_mail_can_be_read_and_earlier_mail_is_counted(country: Country) -> None:
    mails = mails_in(country.stack.settings.mails)
    assert mails
    assert all(NOW - MAIL_KEPT <= mail.at <= NOW + dt.timedelta(minutes=5) for mail in mails)
    assert all(mail.subject.startswith("[Demonstration] ") for mail in mails[:20])
    earlier = [
        order
        for order in country.orders()
        if order.baseline and order.baseline.released_at and order.baseline.released_at < NOW - MAIL_KEPT
    ]
    assert earlier
    with country.stack.database.read() as connection:
        assert outbox.mails(connection, earlier[0].id, "invitation/baseline/") == []


def test_the_log_is_whole_though_several_processes_wrote_it(country: Country) -> None:
    assert verify(country.stack.database).intact


def test_each_order_was_placed_by_the_api_and_the_audit_log_says_so(country: Country) -> None:
    with country.stack.database.read() as connection:
        lines = entries(connection, Wanted(), 1_000)
    assert {line.by.who for line in lines if line.deed.value == "order_placed"} == {"kiap-dk"}


def test_a_part_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with closing(open_country(of_its_own(data, free_port()))) as stack:
        (data / "master.key").write_bytes(b"short")
        with pytest.raises(CountryNotMade) as told:
            asyncio.run(make_country(stack, NOW, 2, lambda _: None))
    assert "\n" not in str(told.value)

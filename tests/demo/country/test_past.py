"""One order's past on the real store: the clock's steps in order, and everybody's answers before the box closes."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from demo.clockwork import everybody
from demo.country.clusters import order_of, towns
from demo.country.opening import open_country
from demo.country.past import Past
from demo.country.seeding import KIAP_DK, hire
from demo.own_settings import of_its_own
from domain import commands as do
from domain.by import consultant
from domain.meeting import Meeting, at
from domain.model import Rejected, Round
from domain.order import Order
from storage import ballot_box, outbox
from storage.audit import Edge, Origin
from storage.ids import new_id
from web.intake import take_order
from web.package_repository import PackageRepository
from web.services import Services
from worker.servers import free_port
from worker.stack import Stack

PLACED = at(dt.date(2026, 1, 12), dt.time(10))
MEETING = dt.datetime.combine(dt.date(2026, 3, 18), dt.time(17))
NEVER_MAIL = at(dt.date(2030, 1, 1), dt.time(0))


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with closing(open_country(of_its_own(tmp_path / "data", free_port()))) as opened:
        yield opened


def a_past(stack: Stack, mail_since: dt.datetime = NEVER_MAIL) -> Past:
    """An order with a plan, whose members all answer whenever they are asked to have."""
    office = hire(stack.dependencies)
    services = Services(
        database=stack.database,
        keys=stack.keys,
        packages=PackageRepository(stack.database, stack.packages),
        orders=None,  # type: ignore[arg-type]  # nobody gives commands by the web here
        base_url=stack.settings.url,
    )
    (town,) = towns(1)
    sent = order_of(town, "trivsel-og-arbejdsglaede", PLACED.date(), Random(1))  # noqa: S311
    taken = take_order(services, sent, new_id(), KIAP_DK, Origin(Edge.API), PLACED)

    def answer(token: str, _order: Order, _round: Round) -> None:
        ballot_box.submit(stack.database, token, {"arbejdsglaede": "hoej"})

    past = Past(taken.event, PLACED, stack.dependencies, answer, mail_since)
    past.does(do.AssignConsultant(consultant=office.consultants[0]), consultant(office.consultants[0]))
    past.does(do.AgreePlan(meeting=Meeting(starts=MEETING)), consultant(office.consultants[0]))
    return past


def test_what_was_answered_on_the_last_day_is_counted(stack: Stack) -> None:
    past = a_past(stack)
    closes = past.order.baseline.closes if past.order.baseline else None
    assert closes is not None
    past.answering = lambda order, round_: everybody(order, round_) if past.now.date() > closes else 0
    past.run(at(MEETING.date(), dt.time(12)))
    assert past.order.baseline is not None
    assert past.order.baseline.answers == past.order.baseline.invited == len(past.order.active_members)
    assert past.order.baseline.destroyed


def test_mail_of_long_ago_is_counted_and_not_written(stack: Stack) -> None:
    past = a_past(stack)
    past.answering = everybody
    past.run(at(MEETING.date(), dt.time(12)))
    assert past.posted
    with stack.database.read() as connection:
        assert outbox.mails(connection, past.order.id) == []
    assert not list(stack.settings.mails.glob("*.eml"))
    assert past.order.letters["programme//"].sent == len(past.order.active_members)


def test_a_command_that_the_rules_refuse_is_refused_here_too(stack: Stack) -> None:
    past = a_past(stack)
    with pytest.raises(Rejected):
        past.does(do.ReleaseDeck(), consultant(past.order.consultant or hire(stack.dependencies).operations))

"""Links renewed and asked for: the mail leaves at once, to its holder alone, and the link in it is the good one."""

import pytest

from domain import commands as do
from domain.by import PORTAL
from domain.stages import Stage
from storage.order_links import meeting_link, order_link
from tests.workflows import people
from tests.workflows.time_skipping import OrderSystem

pytestmark = pytest.mark.temporal


async def test_a_renewed_link_comes_by_mail_and_one_asked_for_once_more(system: OrderSystem) -> None:
    await system.live_to(Stage.PLANNED)
    order, keys = system.order, system.stack.keys
    member = system.member(3)
    await system.do(do.RenewLink(holder=order.coordinator), system.operations)
    await system.do(do.RenewLink(holder=member), system.operations)
    await system.until(Stage.SURVEY_OPEN)
    await system.do(do.SendLink(holder=member), PORTAL)
    system.answer(11)
    await system.until(Stage.READY)
    coordinators, members = f"koordinator@{people.DOMAIN}", f"laege3@{people.DOMAIN}"
    mails = system.mails("new_link")
    assert sorted(mail.to for mail in mails) == [coordinators, members, members]
    links = {
        coordinators: f"/bestilling/{order_link(keys, order.id, order.coordinator, 2)}",
        members: f"/moede/{meeting_link(keys, order.id, member, 2)}",
    }
    for mail in mails:
        assert links[mail.to] in mail.text


async def test_letters_that_come_later_have_the_good_link_and_none_that_is_revoked(system: OrderSystem) -> None:
    await system.live_to(Stage.SURVEY_OPEN)
    order, keys = system.order, system.stack.keys
    renewed, revoked = system.member(3), system.member(4)
    await system.do(do.RenewLink(holder=renewed), system.operations)
    await system.do(do.RevokeLink(holder=revoked), system.operations)
    system.answer(11)
    await system.until(Stage.READY)
    programme = {mail.to: mail.text for mail in system.mails("programme")}
    assert f"/moede/{meeting_link(keys, order.id, renewed, 2)}" in programme[f"laege3@{people.DOMAIN}"]
    told = programme[f"laege4@{people.DOMAIN}"]
    assert ("/moede/" in told, "/nyt-link" in told) == (False, True)

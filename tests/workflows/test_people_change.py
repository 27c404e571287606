"""Consultants, coordinators and members change in the middle of an order's life."""

import datetime as dt

import pytest

from domain import commands as do
from domain.meeting import danish
from domain.model import Role
from domain.stages import Stage
from storage import ballot_box
from storage.ballot_box import Submission
from tests.workflows import people
from tests.workflows.time_skipping import OrderSystem
from web.requests.people import AddMember, ReaddressMember, ReplaceCoordinator

pytestmark = pytest.mark.temporal

A_DAY_IN_THE_SURVEY = dt.date(2031, 4, 23)
NORA = AddMember(
    type="add_member", name="Nora Ny", email=f"nora@{people.DOMAIN}", practice=people.PRACTICE, role=Role.OWNER
)


async def test_a_new_consultant_gets_what_comes_and_the_old_one_nothing_more(system: OrderSystem) -> None:
    await system.live_to(Stage.IN_REVIEW)
    new = system.a_consultant("Niels Ny", "niels")
    await system.do(do.AssignConsultant(consultant=new), system.operations)
    await system.do(do.HoldDeck())
    assert [mail.to for mail in system.mails("deck_review")] == [f"kirsten@{people.KIAP}"]
    await system.do(do.ReleaseDeck())
    await system.agree_at_the_meeting()
    await system.live_on_to_the_end()
    assert [mail.to for mail in system.mails("deck_review")] == [f"kirsten@{people.KIAP}", f"niels@{people.KIAP}"]


async def test_a_new_coordinator_gets_what_comes_and_the_old_one_nothing_more(system: OrderSystem) -> None:
    await system.live_to(Stage.SURVEY_OPEN)
    replaced_at = await system.now()
    new = ReplaceCoordinator(type="replace_coordinator", name="Nynne Ny", email=f"nynne@{people.DOMAIN}")
    await system.ask(new, system.operations)
    system.answer(11)
    await system.until(Stage.READY)
    await system.agree_at_the_meeting()
    await system.live_on_to_the_end()
    since = [mail for mail in system.mails() if mail.at >= replaced_at.replace(microsecond=0)]
    assert [mail.occasion for mail in since if mail.to == f"nynne@{people.DOMAIN}"] == [
        "coordinator_welcome",
        "deck_delivered",
        "record_request",
        "follow_up_notice",
        "comparison_delivered",
    ]
    assert [mail for mail in since if mail.to == f"koordinator@{people.DOMAIN}"] == []


async def test_a_member_who_joins_mid_round_gets_one_invitation_and_the_others_no_second(system: OrderSystem) -> None:
    await system.live_to(Stage.SURVEY_OPEN)
    await system.until_day(A_DAY_IN_THE_SURVEY)
    await system.ask(NORA)
    invited = [(mail.to, mail.at_home.date()) for mail in system.mails("invitation")]
    assert len(invited) == len({to for to, _ in invited}) == 13
    assert (f"nora@{people.DOMAIN}", A_DAY_IN_THE_SURVEY) in invited
    system.answer(12)
    await system.until(Stage.READY)
    assert (system.order.baseline and system.order.baseline.answers, system.order.baseline.invited) == (12, 13)  # type: ignore[union-attr]
    assert len(system.mails("programme")) == 13


async def test_a_member_who_leaves_mid_round_is_not_reminded_and_cannot_answer(system: OrderSystem) -> None:
    await system.live_to(Stage.SURVEY_OPEN)
    leaves = system.member(3)
    token = system.invitation(leaves).token(system.stack.keys)
    await system.do(do.RemoveMember(member=leaves), system.coordinator)
    assert ballot_box.submit(system.stack.database, token, people.answers(system.package, 1)[0]) is Submission.REVOKED
    await system.until(Stage.TOO_FEW_ANSWERS)
    reminded = [mail.to for mail in system.mails("reminder")]
    assert len(reminded) == 3 * 11
    assert f"laege3@{people.DOMAIN}" not in reminded
    assert system.order.baseline is not None
    assert system.order.baseline.invited == 11


async def test_a_member_with_a_mended_address_is_invited_there_and_the_old_link_is_dead(system: OrderSystem) -> None:
    await system.live_to(Stage.SURVEY_OPEN)
    sent_to_the_wrong_address = next(m for m in system.mails("invitation") if m.to == f"laege3@{people.DOMAIN}")
    old_token = sent_to_the_wrong_address.link("/svar/")
    await system.until_day(A_DAY_IN_THE_SURVEY)
    right = f"dorte.rigtig@{people.DOMAIN}"
    mended = ReaddressMember(type="readdress_member", member=system.member(3), email=right, name="Dorte Rigtig")
    await system.ask(mended, system.coordinator)
    (second,) = (mail for mail in system.mails("invitation") if mail.to == right)
    assert danish(second.at).date() == A_DAY_IN_THE_SURVEY
    (answers,) = people.answers(system.package, 1)
    assert ballot_box.submit(system.stack.database, old_token, answers) is Submission.UNKNOWN
    assert ballot_box.submit(system.stack.database, second.link("/svar/"), answers) is Submission.SUBMITTED
    await system.until(Stage.TOO_FEW_ANSWERS)
    reminded = {mail.to for mail in system.mails("reminder")}
    assert len(reminded) == 11
    assert not reminded & {f"laege3@{people.DOMAIN}", right}

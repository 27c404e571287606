"""Consultants, coordinators and members change in the middle of an order's life."""

import datetime as dt

import pytest

from domain import commands as do
from domain.meeting import danish
from domain.model import Actor, MemberId
from domain.stages import Stage
from storage import ballot_box
from storage.ballot_box import Submission
from tests.workflows import folk
from tests.workflows.town import Town

pytestmark = pytest.mark.temporal

A_DAY_IN_THE_SURVEY = dt.date(2031, 4, 23)


async def test_a_new_consultant_gets_what_comes_and_the_old_one_nothing_more(town: Town) -> None:
    await town.live_to(Stage.IN_REVIEW)
    new = town.a_consultant("Niels Ny", "niels")
    await town.do(do.AssignConsultant(consultant=new), Actor.OPERATIONS)
    await town.do(do.HoldDeck())
    assert [mail.to for mail in town.mails("deck_review")] == [f"kirsten@{folk.KIAP}"]
    await town.do(do.ReleaseDeck())
    await town.agree_at_the_meeting()
    await town.live_on_to_the_end()
    assert [mail.to for mail in town.mails("deck_review")] == [f"kirsten@{folk.KIAP}", f"niels@{folk.KIAP}"]


async def test_a_new_coordinator_gets_what_comes_and_the_old_one_nothing_more(town: Town) -> None:
    await town.live_to(Stage.SURVEY_OPEN)
    new = folk.a_contact(town.stack, "Nynne Ny", "nynne")
    replaced_at = await town.now()
    await town.do(do.ReplaceCoordinator(coordinator=new), Actor.OPERATIONS)
    town.answer(11)
    await town.until(Stage.READY)
    await town.agree_at_the_meeting()
    await town.live_on_to_the_end()
    since = [mail for mail in town.mails() if mail.at >= replaced_at.replace(microsecond=0)]
    assert [mail.occasion for mail in since if mail.to == f"nynne@{folk.DOMAIN}"] == [
        "order_received",
        "deck_delivered",
        "record_request",
        "follow_up_notice",
        "comparison_delivered",
    ]
    assert [mail for mail in since if mail.to == f"koordinator@{folk.DOMAIN}"] == []


async def test_a_member_who_joins_mid_round_gets_one_invitation_and_the_others_no_second(town: Town) -> None:
    await town.live_to(Stage.SURVEY_OPEN)
    await town.until_day(A_DAY_IN_THE_SURVEY)
    contact = folk.a_contact(town.stack, "Nora Ny", "nora")
    await town.do(do.AddMember(joined=folk.joined(12, contact, town.order.members[MemberId("m0")].practice)))
    invited = [(mail.to, mail.at_home.date()) for mail in town.mails("invitation")]
    assert len(invited) == len({to for to, _ in invited}) == 13
    assert (f"nora@{folk.DOMAIN}", A_DAY_IN_THE_SURVEY) in invited
    town.answer(12)
    await town.until(Stage.READY)
    assert (town.order.baseline and town.order.baseline.answers, town.order.baseline.invited) == (12, 13)  # type: ignore[union-attr]
    assert len(town.mails("programme")) == 13


async def test_a_member_who_leaves_mid_round_is_not_reminded_and_cannot_answer(town: Town) -> None:
    await town.live_to(Stage.SURVEY_OPEN)
    token = town.invitation("m3").token(town.stack.keys)
    await town.do(do.RemoveMember(member=MemberId("m3")), Actor.COORDINATOR)
    assert ballot_box.submit(town.stack.database, token, folk.answers(town.package, 1)[0]) is Submission.REVOKED
    await town.until(Stage.TOO_FEW_ANSWERS)
    reminded = [mail.to for mail in town.mails("reminder")]
    assert len(reminded) == 3 * 11
    assert f"laege3@{folk.DOMAIN}" not in reminded
    assert town.order.baseline is not None
    assert town.order.baseline.invited == 11


async def test_a_member_with_a_mended_address_is_invited_there_and_the_old_link_is_dead(town: Town) -> None:
    await town.live_to(Stage.SURVEY_OPEN)
    sent_to_the_wrong_address = next(m for m in town.mails("invitation") if m.to == f"laege3@{folk.DOMAIN}")
    old_token = sent_to_the_wrong_address.link("/svar/")
    contact = folk.a_contact(town.stack, "Dorte Rigtig", "dorte.rigtig")
    await town.until_day(A_DAY_IN_THE_SURVEY)
    await town.do(do.ReaddressMember(member=MemberId("m3"), contact=contact), Actor.COORDINATOR)
    (mended,) = (mail for mail in town.mails("invitation") if mail.to == f"dorte.rigtig@{folk.DOMAIN}")
    assert danish(mended.at).date() == A_DAY_IN_THE_SURVEY
    (answers,) = folk.answers(town.package, 1)
    assert ballot_box.submit(town.stack.database, old_token, answers) is Submission.UNKNOWN
    assert ballot_box.submit(town.stack.database, mended.link("/svar/"), answers) is Submission.SUBMITTED
    await town.until(Stage.TOO_FEW_ANSWERS)
    reminded = {mail.to for mail in town.mails("reminder")}
    assert len(reminded) == 11
    assert not reminded & {f"laege3@{folk.DOMAIN}", f"dorte.rigtig@{folk.DOMAIN}"}

"""What a letter may tell, and to whom."""

import datetime as dt

import pytest

from activities.writing import OPERATIONS, Recipient
from domain import commands as do
from domain.letters import Letter, Occasion
from domain.meeting import at
from domain.model import Round, StaffId
from storage import directory
from tests.activities.desk import CLOSED, MEETING, Desk

TO_MEMBERS = [Occasion.PROGRAMME, Occasion.MEETING_MOVED, Occasion.AFTER_MEETING]


def a_member(desk: Desk) -> Recipient:
    return Recipient(next(iter(desk.order.active_members.values())).contact)


@pytest.mark.parametrize("occasion", TO_MEMBERS)
def test_members_get_no_link_to_results_that_are_not_released(desk: Desk, occasion: Occasion) -> None:
    desk.deck_in_review()
    desk.do(do.HoldDeck())
    mail = desk.written(Letter(occasion), a_member(desk)).mail
    assert "/d/" not in mail.text + mail.html
    assert "resultater" not in mail.text


@pytest.mark.parametrize("occasion", TO_MEMBERS)
def test_members_get_a_link_to_released_results(desk: Desk, occasion: Occasion) -> None:
    desk.deck_in_review()
    desk.do(do.ReleaseDeck())
    mail = desk.written(Letter(occasion), a_member(desk)).mail
    assert "/d/" in mail.text
    assert "/d/" in mail.html


def test_no_member_gets_a_withheld_deck_after_the_meeting(desk: Desk) -> None:
    desk.deck_in_review()
    desk.do(do.HoldDeck(), now=CLOSED)
    desk.do(do.WithholdDeck(), now=at(MEETING.date(), dt.time(18)))
    mail = desk.written(Letter(Occasion.AFTER_MEETING), a_member(desk)).mail
    assert "/d/" not in mail.text + mail.html


@pytest.mark.parametrize("consultant", ["nobody-i-know", "left"])
def test_a_consultant_who_is_not_there_is_the_offices_mail(desk: Desk, consultant: str) -> None:
    desk.deck_in_review()
    if consultant == "left":
        assert desk.order.consultant is not None
        with desk.stack.database.write() as connection:
            directory.staff_left(connection, desk.order.consultant, desk.now)
    else:
        desk.do(do.AssignConsultant(consultant=StaffId(consultant)))
    assert desk.order.consultant is not None
    letter = Letter(Occasion.DECK_REVIEW, Round.BASELINE)
    to_consultant = desk.written(letter, Recipient(desk.order.consultant))
    assert to_consultant.to.address == desk.at.office.operations
    assert (
        desk.at.office.phone in desk.written(Letter(Occasion.PLAN_AGREED), Recipient(desk.order.coordinator)).mail.text
    )
    assert OPERATIONS not in to_consultant.to.address

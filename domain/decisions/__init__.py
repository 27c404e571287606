"""`decide`: what happens when a command meets an order, or why it does not. `order_of`: the same, asked by somebody."""

import datetime as dt
from typing import assert_never

from domain import commands as do
from domain.authority import may
from domain.by import By
from domain.commands import AnyCommand
from domain.danish import short_date
from domain.decisions import (
    deck,
    extract,
    follow_up,
    letters,
    links,
    meeting,
    own_questions,
    people,
    plan,
    programme,
    survey,
    tasks,
)
from domain.events import Event, OrderPlaced
from domain.model import Rejected
from domain.order import Order

__all__ = ["authorise", "decide", "decide_for", "place"]

AFTER_THE_END = (do.RecordDestruction, do.RecordLetters)
"""What may still be noted of an order that has ended."""


def place(command: do.PlaceOrder, by: By, now: dt.datetime) -> OrderPlaced:
    """The first event of a new order. Raises Rejected."""
    authorise(None, command, by)
    return people.place_order(command, now)


def decide_for(order: Order, command: AnyCommand, by: By, now: dt.datetime) -> list[Event]:
    """`decide` for somebody: the one way from an edge into the domain. Raises Rejected, also where they may not."""
    authorise(order, command, by)
    return decide(order, command, now)


def authorise(order: Order | None, command: do.Command | type[do.Command], by: By) -> None:
    """Raises Rejected where somebody may not give the command to the order. `decide_for` and `place` ask it first."""
    if not may(by, command, order):
        name = do.name_of(command if isinstance(command, type) else type(command))
        raise Rejected("not_yours", "Det kan du ikke gøre her. Ring til KiAP, så hjælper vi.", command=name)


def decide(order: Order, command: AnyCommand, now: dt.datetime) -> list[Event]:
    """The events a command leads to at this instant (UTC); none where it is done already. Raises Rejected."""
    if order.ended and not isinstance(command, AFTER_THE_END):
        ended = "aflyst" if order.ended.how == "cancelled" else "afsluttet"
        day = short_date(order.ended.at)
        raise Rejected("order_ended", f"Bestillingen blev {ended} den {day} og kan ikke ændres.")
    return _decision(order, command, now)


def _decision(order: Order, command: AnyCommand, now: dt.datetime) -> list[Event]:
    match command:
        case do.AssignConsultant():
            return people.assign_consultant(order, command, now)
        case do.ReplaceCoordinator():
            return people.replace_coordinator(order, command, now)
        case do.AddMember():
            return people.add_member(order, command, now)
        case do.RemoveMember():
            return people.remove_member(order, command, now)
        case do.ReaddressMember():
            return people.readdress_member(order, command, now)
        case do.RenewLink():
            return links.renew_link(order, command, now)
        case do.RevokeLink():
            return links.revoke_link(order, command, now)
        case do.SendLink():
            return links.send_link(order, command, now)
        case do.AgreePlan():
            return plan.agree_plan(order, command, now)
        case do.MoveMeeting():
            return plan.move_meeting(order, command, now)
        case do.ChangeMeeting():
            return plan.change_meeting(order, command, now)
        case do.ChangeProgramme():
            return programme.change_programme(order, command, now)
        case do.RestoreProgramme():
            return programme.restore_programme(order, command, now)
        case do.AskOwnQuestions():
            return own_questions.ask_own_questions(order, command, now)
        case do.DropOwnQuestions():
            return own_questions.drop_own_questions(order, command, now)
        case do.NoteCall():
            return tasks.note_call(order, command, now)
        case do.PostponeTask():
            return tasks.postpone_task(order, command, now)
        case do.ResumeTask():
            return tasks.resume_task(order, command, now)
        case do.AddNote():
            return tasks.add_note(order, command, now)
        case do.OpenSurvey():
            return survey.open_survey(order, command, now)
        case do.ExtendSurvey():
            return survey.extend_survey(order, command, now)
        case do.SendReminder():
            return survey.send_reminder(order, command, now)
        case do.CloseSurvey():
            return survey.close_survey(order, command, now)
        case do.RecordTurnout():
            return survey.record_turnout(order, command, now)
        case do.GoOnWithoutResults():
            return survey.go_on_without_results(order, command, now)
        case do.RecordResults():
            return survey.record_results(order, command, now)
        case do.GiveExtract():
            return extract.give_extract(order, command, now)
        case do.RecordDeck():
            return deck.record_deck(order, command, now)
        case do.HoldDeck():
            return deck.hold_deck(order, command, now)
        case do.ReadFreeTexts():
            return deck.read_free_texts(order, command, now)
        case do.ReplaceDeck():
            return deck.replace_deck(order, command, now)
        case do.KeepDeck():
            return deck.keep_deck(order, command, now)
        case do.RemakeDeck():
            return deck.remake_deck(order, command, now)
        case do.ReleaseDeck():
            return deck.release_deck(order, command, now)
        case do.WithholdDeck():
            return deck.withhold_deck(order, command, now)
        case do.RecordDestruction():
            return deck.record_destruction(order, command, now)
        case do.RecordLetters():
            return letters.record_letters(order, command, now)
        case do.RecordMeeting():
            return meeting.record_meeting(order, command, now)
        case do.LeaveMeetingUnrecorded():
            return meeting.leave_meeting_unrecorded(order, command, now)
        case do.AgreeFollowUp():
            return follow_up.agree_follow_up(order, command, now)
        case do.MoveFollowUp():
            return follow_up.move_follow_up(order, command, now)
        case do.StartFollowUp():
            return follow_up.start_follow_up(order, command, now)
        case do.DeclineFollowUp():
            return follow_up.decline_follow_up(order, command, now)
        case do.LapseFollowUp():
            return follow_up.lapse_follow_up(order, command, now)
        case do.ShareComparison():
            return follow_up.share_comparison(order, command, now)
        case do.CompleteOrder():
            return people.complete_order(order, command, now)
        case do.CancelOrder():
            return people.cancel_order(order, command, now)
        case _:
            assert_never(command)

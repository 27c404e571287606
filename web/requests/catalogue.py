"""Every command that people can give, as a request: the API, the forms and the command line are made from this list."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import Field

from domain import commands as do
from domain.commands import COMMANDS, PEOPLE, Command, name_of
from web.requests import deck, meeting, own_questions, people, register
from web.requests.base import CommandRequest, Context, Submission, request_for, submission_of

FOR_PEOPLE: dict[str, type[Command]] = {name_of(command): command for command in COMMANDS if command.BY & PEOPLE}
"""By name. What only time gives is not among it."""

_OF_THEIR_OWN: dict[type[Command], type[CommandRequest]] = {
    do.AddMember: people.AddMember,
    do.ReaddressMember: people.ReaddressMember,
    do.ReplaceCoordinator: people.ReplaceCoordinator,
    do.AgreePlan: meeting.AgreePlan,
    do.MoveMeeting: meeting.MoveMeeting,
    do.ChangeProgramme: meeting.ChangeProgramme,
    do.AskOwnQuestions: own_questions.AskOwnQuestions,
    do.RecordMeeting: meeting.RecordMeeting,
    do.ReadFreeTexts: meeting.ReadFreeTexts,
    do.ReplaceDeck: deck.ReplaceDeck,
    do.GiveExtract: register.GiveExtract,
}
"""Commands whose request is more than their fields."""

_RESOLVED_BY: dict[type[Command], Callable[[Any, Context], Submission]] = {
    do.AddMember: people.add_member,
    do.ReaddressMember: people.readdress_member,
    do.ReplaceCoordinator: people.replace_coordinator,
    do.AssignConsultant: people.assign_consultant,
    do.AgreePlan: meeting.agree_plan,
    do.MoveMeeting: meeting.move_meeting,
    do.ChangeMeeting: meeting.change_meeting,
    do.ChangeProgramme: meeting.change_programme,
    do.AskOwnQuestions: own_questions.ask_own_questions,
    do.RecordMeeting: meeting.record_meeting,
    do.ReadFreeTexts: meeting.read_free_texts,
    do.ReplaceDeck: deck.replace_deck,
    do.GiveExtract: register.give_extract,
}
"""Requests that something is to be looked up for."""

REQUESTS: dict[str, type[CommandRequest]] = {
    name: _OF_THEIR_OWN.get(command) or request_for(command) for name, command in FOR_PEOPLE.items()
}
"""By the command's name."""

if TYPE_CHECKING:
    AnyRequest = CommandRequest
else:
    AnyRequest = Annotated[Union[tuple(REQUESTS.values())], Field(discriminator="type")]  # noqa: UP007 - of a list
"""Any of them, told apart by `type`."""


def submission(request: CommandRequest, context: Context) -> Submission:
    """The command, with what goes beside it. Raises Rejected and Problem where something is not there."""
    command = FOR_PEOPLE[request.type]
    resolve = _RESOLVED_BY.get(command)
    return resolve(request, context) if resolve else submission_of(command, request)

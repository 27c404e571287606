"""What an event changes beside the stream, in the append's own transaction: the roll, memberships, when to erase.

So roll and stream never say different things: whoever left has a dead link as soon as the log says that they left.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection

from domain import events as ev
from domain.events import Event
from domain.meeting import danish
from domain.model import PersonId, Round
from domain.order import Order
from storage import ballot_box, people, register_rows, retention, survey_roll, survey_rounds
from storage.keys import Keys
from storage.people import NO_PRACTICE, Membership
from storage.survey_roll import StillWaitedFor
from storage.survey_rounds import RoundState


class Effects:
    """Applies them. `order` is always the order after all the events."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def apply(self, connection: Connection, order: Order, events: Sequence[Event]) -> None:
        """What these events, just appended, change. Safe to repeat.

        Raises StillWaitedFor where a round is closed because everybody has answered, and somebody has come in since.
        """
        for event in events:
            self._apply(connection, order, event)

    def _apply(self, connection: Connection, order: Order, event: Event) -> None:
        match event:
            case ev.OrderPlaced():
                for joined in event.members:
                    people.note_on_order(connection, order.id, joined.person, joined.practice, joined.address)
                people.note_on_order(connection, order.id, event.coordinator, NO_PRACTICE, 0)
            case ev.CoordinatorReplaced():
                people.note_on_order(connection, order.id, event.coordinator, NO_PRACTICE, 0)
            case ev.MemberAdded():
                self._joins(connection, order, event)
            case ev.MemberReaddressed():
                people.set_address_on_order(connection, order.id, event.member, event.address)
                self._invite(connection, order, event.member)
            case ev.MemberRemoved():
                people.set_address_on_order(connection, order.id, event.member, 0)
                people.leave(connection, event.member, order.cluster, danish(event.at).date())
                if (survey := order.open_survey) is not None:
                    survey_roll.revoke(connection, order.id, survey.round, event.member)
            case ev.SurveyOpened():
                survey_rounds.open_round(connection, self._keys, order.id, event.round)
                self._invite(connection, order, *order.active_members)
            case ev.SurveyExtended():
                survey_rounds.reopen(connection, order.id, event.round)
                self._invite(connection, order, *order.active_members)
            case ev.SurveyClosed():
                if event.why == "everyone_answered" and survey_roll.outstanding(connection, order.id, event.round):
                    raise StillWaitedFor
                self._close(connection, order, event.round)
            case ev.ExtractGiven():
                retention.schedule_forgetting(connection, event.at)  # of rows that these have taken the place of
            case ev.OrderCancelled() | ev.OrderCompleted():
                if order.cancelled and register_rows.erase(connection, order.id):
                    retention.schedule_forgetting(connection, event.at)
                for survey in order.surveys:
                    if survey.opened and not survey.cleared:
                        self._close(connection, order, survey.round)
                due = event.at + dt.timedelta(days=order.policies.erase_after_days)
                retention.schedule_erasure(connection, order.id, due)
            case _:
                pass

    def _joins(self, connection: Connection, order: Order, event: ev.MemberAdded) -> None:
        joined = event.joined
        people.note_on_order(connection, order.id, joined.person, joined.practice, joined.address)
        membership = Membership(joined.person, order.cluster, joined.practice, joined.role)
        people.join(connection, membership, danish(event.at).date())
        self._invite(connection, order, joined.person)

    def _invite(self, connection: Connection, order: Order, *members: PersonId) -> None:
        """Bring the open round's roll up to date for these; no mail goes by this."""
        survey, active = order.open_survey, order.active_members
        if survey is None:
            return
        if survey_rounds.round_state(connection, order.id, survey.round) is RoundState.OPEN:
            wanted = [(person, active[person].address) for person in members if person in active]
            survey_roll.invite(connection, self._keys, order.id, survey.round, wanted)

    def _close(self, connection: Connection, order: Order, round_: Round) -> None:
        survey_rounds.open_round(connection, self._keys, order.id, round_)
        ballot_box.close_round(connection, order.id, round_)

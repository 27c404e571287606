"""A small office of KiAP's with a few orders: what tests of the list of needs stand on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain import events as ev
from domain.by import SYSTEM
from domain.events import Event
from domain.evolution import load
from domain.letters import Letter, Occasion
from domain.meeting import at
from domain.model import ClusterId, OrderId, PersonId, PracticeId, Role, Round, StaffId
from domain.recognition import address_key
from storage import clusters, outbox, people
from storage.database import Database
from storage.effects import Effects
from storage.event_store import EventStore
from storage.keys import Keys
from storage.need_query import PutOff, Wanted, Whose
from storage.needs import Need, count_needs, needs
from storage.outbox import To
from storage.people import PersonChange
from storage.staff import StaffRole, add_staff
from tests.storage.lives import MEETING, PLACED, letter, placed, planned

INVITATION = Letter(Occasion.INVITATION, Round.BASELINE).key
REMINDER = Letter(Occasion.REMINDER, Round.BASELINE, "2026-02-23").key
NOW = at(dt.date(2026, 1, 8), dt.time(9))
LATER = at(dt.date(2026, 2, 20), dt.time(9))
A_DAY = dt.timedelta(days=1)


@dataclass
class Office:
    """Orders by their number; each has a cluster and a coordinator of its own, and six members of two practices."""

    database: Database
    keys: Keys = field(default_factory=lambda: Keys(bytes(range(32))))

    def staff(self, name: str, role: StaffRole = StaffRole.CONSULTANT) -> StaffId:
        with self.database.write() as connection:
            return add_staff(connection, name, f"{name.split()[0].lower()}@kiap.example", role)

    def order(
        self, number: int = 1, *after: Event, consultant: StaffId | None = None, when: dt.datetime = PLACED
    ) -> OrderId:
        """An order placed, given to the consultant, and what came after."""
        order = OrderId(f"o-{number}")
        with self.database.write() as connection:
            cluster = clusters.recognise_cluster(connection, f"Klynge {number}", "Syddanmark", None)
            everyone = [coordinator_of(order), *(member_of(order, each) for each in range(6))]
            people.put(connection, [_change(person) for person in everyone])
        members = tuple(
            ev.Joined(person=member_of(order, each), practice=PracticeId(f"p-{each % 2}"), role=Role.OWNER)
            for each in range(6)
        )
        first = placed(order, when=when).model_copy(
            update={"cluster": ClusterId(cluster), "coordinator": coordinator_of(order), "members": members}
        )
        given = [] if consultant is None else [ev.ConsultantAssigned(at=when, consultant=consultant)]
        self.append(order, first, *given, *after)
        return order

    def append(self, order: OrderId, *events: Event) -> None:
        """These happen, with all that goes with them in one transaction."""
        store = EventStore(self.database)
        before = store.load(order)
        folded = load([*before, *events])
        assert folded is not None
        apply = Effects(self.keys).apply
        store.append(
            order,
            len(before),
            events,
            by=SYSTEM,
            now=events[-1].at,
            also=lambda connection: apply(connection, folded, events),
        )

    # --- mail -------------------------------------------------------------------------------------------------------

    def mail(self, order: OrderId, letter_: str, to: To, when: dt.datetime = NOW) -> str:
        """A claimed mail's id."""
        with self.database.write() as connection:
            (mail,) = outbox.queue(connection, order, letter_, [to], when)
            assert outbox.claim(connection, mail.id, when)
        return mail.id

    def bounced(self, order: OrderId, letter_: str, to: To, when: dt.datetime = NOW) -> str:
        mail = self.mail(order, letter_, to, when)
        with self.database.write() as connection:
            assert outbox.mark_bounced(connection, mail, "smtp_550")
        return mail

    def skipped(self, order: OrderId, letter_: str, to: To, why: str = "bounced", when: dt.datetime = NOW) -> str:
        mail = self.mail(order, letter_, to, when)
        with self.database.write() as connection:
            assert outbox.mark_skipped(connection, mail, why)
        return mail

    def failed(self, order: OrderId, letter_: str, to: To, when: dt.datetime = NOW) -> str:
        mail = self.mail(order, letter_, to, when)
        with self.database.write() as connection:
            assert outbox.mark_failed(connection, mail, "smtp_554")
        return mail

    def unknown(self, order: OrderId, letter_: str, to: To, when: dt.datetime = NOW) -> str:
        mail = self.mail(order, letter_, to, when)
        with self.database.write() as connection:
            assert outbox.mark_unknown(connection, mail, "smtp_no_answer")
        return mail

    def sent(self, order: OrderId, letter_: str, to: To, when: dt.datetime) -> str:
        mail = self.mail(order, letter_, to, when)
        with self.database.write() as connection:
            assert outbox.mark_sent(connection, mail, None, when)
        return mail

    def readdress(self, person: PersonId, email: str, address: int = 2, name: str = "Ny Adresse") -> None:
        with self.database.write() as connection:
            people.put(connection, [PersonChange(person=person, name=name, email=email, address=address)])

    # --- the list ---------------------------------------------------------------------------------------------------

    def needs(
        self,
        *reasons: str,
        whose: StaffId | Whose = Whose.ALL,
        put_off: PutOff = PutOff.HIDDEN,
        now: dt.datetime = NOW,
        limit: int | None = None,
        skip: int = 0,
        due_before: dt.datetime | None = None,
    ) -> list[Need]:
        wanted = Wanted(whose, frozenset(reasons), put_off, due_before)  # type: ignore[arg-type]
        with self.database.read() as connection:
            return needs(connection, wanted, now, limit=limit, skip=skip)

    def counts(
        self,
        *reasons: str,
        whose: StaffId | Whose = Whose.ALL,
        put_off: PutOff = PutOff.HIDDEN,
        now: dt.datetime = NOW,
    ) -> dict[str, int]:
        wanted = Wanted(whose, frozenset(reasons), put_off)  # type: ignore[arg-type]
        with self.database.read() as connection:
            return {str(reason): those for reason, those in count_needs(connection, wanted, now).items()}


def coordinator_of(order: OrderId) -> PersonId:
    return PersonId(f"{order}-koordinator")


def member_of(order: OrderId, number: int) -> PersonId:
    return PersonId(f"{order}-medlem-{number}")


def _change(person: PersonId) -> PersonChange:
    email = address_key(f"{person}@laegehus.example")
    return PersonChange(person=person, name=f"Læge {person}", email=email, address=1, phone="12 34 56 78")


def reasons(found: Sequence[Need]) -> list[str]:
    return [str(each.reason) for each in found]


# --- what has happened ----------------------------------------------------------------------------------------------


def in_review(*, free_texts: int = 0) -> list[Event]:
    """A plan, and a round closed with a deck to look at on the morning of 20 February."""
    made = LATER - dt.timedelta(hours=1)
    return [
        planned(),
        ev.SurveyOpened(
            at=made - 4 * A_DAY,
            round=Round.BASELINE,
            opens=dt.date(2026, 2, 16),
            closes=dt.date(2026, 2, 18),
            reminders=(),
        ),
        ev.SurveyClosed(at=made, round=Round.BASELINE, why="due"),
        ev.TurnoutCounted(at=made, round=Round.BASELINE, answers=6, invited=6, enough=True),
        ev.ResultsTabulated(at=made, round=Round.BASELINE, answers=6, free_texts=free_texts),
        ev.DeckMade(at=made, round=Round.BASELINE, version=1, documents=(), review_until=made + 4 * A_DAY),
    ]


def too_few() -> list[Event]:
    *until_counted, _, _ = in_review()
    counted = until_counted[-1]
    return [*until_counted[:-1], counted.model_copy(update={"answers": 2, "enough": False})]


def after_the_meeting() -> list[Event]:
    """The deck delivered, the meeting over, and the coordinator asked how it went."""
    asked = MEETING.date() + A_DAY
    released = ev.DeckReleased(at=LATER + A_DAY, round=Round.BASELINE, automatic=True)
    return [*in_review(), released, letter("record_request//1.1", asked)]

"""A doctor's own practice beside the cluster's nameless spread, once members have a register's round."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from domain.danish import NBSP, number
from domain.model import PersonId, Role
from domain.order import Order, Survey
from domain.package import Package
from domain.register import Measure, Spread
from storage import people, register_rows, result_repository
from storage.keys import Keys
from storage.register_rows import Numbers


@dataclass(frozen=True)
class OwnNumber:
    """One measure: the practice's own number, and the cluster's middle one. Empty where there is none to tell."""

    title: str
    about: str
    own: str
    median: str
    middle_half: str
    practices: int


@dataclass(frozen=True)
class OwnRound:
    """A round's numbers, once members have its results; `has_any`: the register had something of the practice.

    `is_reader`: the doctor was of this practice, at this address, when the extract was given. Others see no number: or
    whoever may change the list could read a practice's by joining it.
    """

    survey: Survey
    numbers: tuple[OwnNumber, ...]
    has_any: bool
    is_reader: bool = True


def own_rounds(
    connection: Connection, keys: Keys, order: Order, package: Package, member: PersonId
) -> tuple[OwnRound, ...]:
    """The newest round first; nothing for who is no doctor of a practice, and before members have a round's results."""
    known = order.active_members.get(member)
    if order.evidence != "register" or known is None or known.role is Role.STAFF:
        return ()
    shared = [survey for survey in reversed(order.shared_surveys) if survey.extract]
    person = people.people(connection, [member]).get(member)
    reader = (member, known.practice, person.address if person else 0)
    rounds = []
    for survey in shared:
        if reader not in survey.readers:
            rounds.append(OwnRound(survey, (), has_any=False, is_reader=False))
            continue
        stored = result_repository.stored(connection, order.id, survey.round)
        own = register_rows.numbers_of(connection, keys, order.id, survey.round, known.practice) or {}
        spreads = stored.results.measures if stored else {}
        numbers = tuple(_numbers(package.measured_in(survey.round), own, spreads))
        rounds.append(OwnRound(survey, numbers, bool(own)))
    return tuple(rounds)


def _numbers(measures: tuple[Measure, ...], own: Numbers, spreads: dict[str, Spread]) -> Iterator[OwnNumber]:
    for measure in measures:
        spread = spreads.get(measure.id, Spread(n=0, suppressed=True))
        half = ""
        if spread.lower is not None and spread.upper is not None:
            half = f"{number(spread.lower, measure.decimals)}–{_said(measure, spread.upper)}"
        yield OwnNumber(
            title=measure.title,
            about=measure.period,
            own=_said(measure, own.get(measure.id)),
            median=_said(measure, spread.median),
            middle_half=half,
            practices=spread.n,
        )


def _said(measure: Measure, value: float | None) -> str:
    return "" if value is None else f"{number(value, measure.decimals)}{NBSP}{measure.unit}"

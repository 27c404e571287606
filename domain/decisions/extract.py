"""Decisions on a register's extract: given, and another given in its place until the material is released."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.danish import short_date
from domain.decisions.rules import planned_round
from domain.model import Rejected
from domain.order import Order


def give_extract(order: Order, command: do.GiveExtract, now: dt.datetime) -> list[ev.Event]:
    """The cluster's numbers are here. Too few practices with numbers are no result, so they are not taken.

    The same extract again is done already.
    """
    if order.evidence != "register":
        raise Rejected("no_register", "Pakken har et spørgeskema: Der er ikke noget udtræk at give.")
    survey = planned_round(order, command.round)
    if not survey.opened:
        message = f"Udtrækket hentes fra den {short_date(survey.opens)}. Før da er perioden ikke slut."
        raise Rejected("extract_too_early", message, opens=survey.opens.isoformat())
    if not survey.takes_extract:
        message = "Materialet er leveret, så tallene kan ikke skiftes ud mere."
        if survey.withheld:
            message = "Materialet blev ikke frigivet i tide, så rundens tal bruges ikke mere."
        raise Rejected("extract_too_late", message)
    least = order.disclosure.at_least
    if command.practices < least:
        message = (
            f"{_with_numbers(command.practices)} Der skal være mindst {least}, for at ingen kan regne andres tal ud. "
            "Hent et nyt udtræk, eller gå videre uden resultater."
        )
        raise Rejected("too_few_practices", message, practices=command.practices, least=least)
    if command.digest == survey.extract:
        return []
    return [
        ev.ExtractGiven(
            at=now,
            round=command.round,
            practices=command.practices,
            of_practices=command.of_practices,
            digest=command.digest,
        )
    ]


def _with_numbers(practices: int) -> str:
    if practices == 0:
        return "Ingen af klyngens praksisser har tal i udtrækket."
    return f"Kun {practices} af klyngens praksisser har tal i udtrækket."

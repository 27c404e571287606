"""The groups of four: who sits with whom in each round, without colleagues from one practice where that can be had."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.danish import listing
from domain.groups import Draw, crowded, draw_groups
from reporting.document_builder import DocumentBuilder
from reporting.papers.context import Doctor, PaperContext
from reporting.papers.opening import begin, is_video

ROUNDS = 2
"""Rounds of groups: the second mixes everybody anew."""
NOBODY = "Der er ingen på listen at lave grupper af."


@dataclass(frozen=True)
class DrawnGroup:
    """A group with its name, "Gruppe 1", its doctors in the order of the list."""

    name: str
    doctors: Sequence[Doctor]


@dataclass(frozen=True)
class DrawnRound:
    """A round of groups, and what is to be said of it: who could not be kept apart."""

    number: int
    groups: Sequence[DrawnGroup]
    notes: Sequence[str]


def rounds_of(paper: PaperContext) -> Sequence[DrawnRound]:
    """The rounds, the second with as few as possible who sat together in the first. None where nobody is there."""
    practices = {doctor.id: doctor.practice_id for doctor in paper.doctors}
    draws: list[Draw] = []
    for number in range(1, ROUNDS + 1 if practices else 1):
        seed = f"{paper.seed} {paper.draw} {number}"
        draws.append(draw_groups(practices, seed, [draw.groups for draw in draws]))
    return [_round(paper, number, draw) for number, draw in enumerate(draws, 1)]


def make_groups(paper: PaperContext) -> bytes:
    """As .docx bytes, from the names that the directory has now."""
    writer = begin(paper, "Grupper på fire")
    rounds = rounds_of(paper)
    writer.text(how_to_use(paper) if rounds else NOBODY)
    for each in rounds:
        _write(writer, paper, each)
    return writer.content()


def how_to_use(paper: PaperContext) -> str:
    """What to do with the groups, in a room or on video."""
    if is_video(paper):
        return (
            "Lav lige så mange grupperum (breakout rooms) i videomødet, og fordel deltagerne, som der står her. "
            "Mangler der nogen, så flyt en fra en anden gruppe, så ingen sidder kun to."
        )
    return (
        "Læs grupperne op, eller hæng arket op, før gruppearbejdet begynder. "
        "Mangler der nogen, så flyt en fra en anden gruppe, så ingen sidder kun to."
    )


def _round(paper: PaperContext, number: int, draw: Draw) -> DrawnRound:
    places = {doctor.id: place for place, doctor in enumerate(paper.doctors)}
    name = "Grupperum" if is_video(paper) else "Gruppe"
    groups = [
        DrawnGroup(f"{name} {which}", [paper.doctors[place] for place in sorted(places[person] for person in group)])
        for which, group in enumerate(draw.groups, 1)
    ]
    return DrawnRound(number, groups, list(filter(None, (_colleagues(paper, draw), _met(draw, number)))))


def _colleagues(paper: PaperContext, draw: Draw) -> str:
    if not draw.colleagues:
        return "Ingen sidder sammen med en kollega fra egen praksis."
    practices = {doctor.id: doctor.practice_id for doctor in paper.doctors}
    names = {doctor.practice_id: doctor.practice for doctor in paper.doctors}
    over = [names[practice] for practice in crowded(practices) if names[practice]]
    why = f", for {listing(over)} har flere på listen, end der er grupper" if over else ""
    return f"{draw.colleagues} par kolleger sidder sammen. Færre kan det ikke blive{why}."


def _met(draw: Draw, number: int) -> str:
    if number == 1:
        return ""
    if not draw.met_before:
        return "Ingen sidder sammen med nogen fra 1. runde."
    least = "Færre kan det ikke blive." if draw.is_fewest else "Vi fandt ingen måde med færre."
    return f"{draw.met_before} par sad også sammen i 1. runde. {least}"


def _write(writer: DocumentBuilder, paper: PaperContext, each: DrawnRound) -> None:
    writer.heading(f"{each.number}. runde", 1)
    rows = [(group.name, "\n".join(_line(doctor) for doctor in group.doctors)) for group in each.groups]
    head = ("Grupperum" if is_video(paper) else "Gruppe", "Hvem")
    writer.table(head, rows, (0.22, 0.78), about=f"Grupperne i {each.number}. runde")
    for note in each.notes:
        writer.text(note, small=True)


def _line(doctor: Doctor) -> str:
    return f"{doctor.name}, {doctor.practice}" if doctor.practice else doctor.name

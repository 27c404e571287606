"""How long a round of a package takes to answer. One rule, for mails, pages and the command line alike."""

from collections.abc import Mapping

from domain.model import Round
from domain.package import Kind, Package

SECONDS: Mapping[Kind, int] = {"score": 10, "degree": 10, "choice": 10, "rating": 10, "choices": 30, "text": 45}
"""For an item of each kind: a glance and one press, a list to read through, or some words of one's own."""


def minutes_to_answer(package: Package, round_: Round) -> int:
    """Whole minutes, rounded up, as if all of the round's items were answered; 0 where nobody is asked anything."""
    return -(-sum(SECONDS[item.kind] for item in package.asked_in(round_)) // 60)

"""Who on a list is whom: a doctor who is known already stays the same person, whatever the list says this time.

One doctor has one vote, and one wish not to be written to. In doubt two are one where name and practice agree, and two
where only the address does: colleagues share a mailbox.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.model import PersonId, PracticeId

TITLES = frozenset({"dr", "læge", "overlæge", "speciallæge", "ph.d", "phd", "cand.med", "prof", "professor"})


@dataclass(frozen=True)
class Described:
    """A doctor as a list has them."""

    name: str
    email: str
    practice: PracticeId


@dataclass(frozen=True)
class Known:
    """A doctor as we have them."""

    person: PersonId
    name: str
    email: str
    practice: PracticeId | None


def recognise(known: Sequence[Known], described: Sequence[Described]) -> list[PersonId | None]:
    """The known person of each line, in the list's order; None for a newcomer. Nobody is two lines.

    The surest agreement first; one that two lines or two people claim settles nothing.
    """
    found: dict[int, PersonId] = {}
    free = list(known)
    for agrees in (
        _same_in_all,
        _same_name_and_address,
        _same_address_and_like_name,
        _same_name_and_practice,
        _same_name,
    ):
        lines = [number for number in range(len(described)) if number not in found]
        claims = {number: [each for each in free if agrees(each, described[number])] for number in lines}
        wanted = Counter(each.person for those in claims.values() for each in those)
        for number, those in claims.items():
            if len(those) == 1 and wanted[those[0].person] == 1:
                found[number] = those[0].person
                free.remove(those[0])
    return [found.get(number) for number in range(len(described))]


def name_key(name: str) -> str:
    """A name by which the same person is found again: without titles, capitals and signs, the family name last."""
    family, comma, given = name.partition(",")
    return " ".join(_words(f"{given} {family}" if comma and _words(given) else name))


def address_key(email: str) -> str:
    """An address by which the same mailbox is found again."""
    return email.strip().casefold()


def _words(name: str) -> list[str]:
    words = name.casefold().replace(",", " ").split()
    return [bare for word in words if (bare := word.strip(".")) and bare not in TITLES]


def _same_in_all(known: Known, described: Described) -> bool:
    return _same_name_and_address(known, described) and known.practice == described.practice


def _same_name_and_address(known: Known, described: Described) -> bool:
    return _same_name(known, described) and address_key(known.email) == address_key(described.email)


def _same_address_and_like_name(known: Known, described: Described) -> bool:
    """A name added, dropped or spelled out: "Mette Holm" and "Mette Holm Jensen"."""
    one, other = set(name_key(known.name).split()), set(name_key(described.name).split())
    return address_key(known.email) == address_key(described.email) and (one <= other or other <= one)


def _same_name_and_practice(known: Known, described: Described) -> bool:
    return _same_name(known, described) and known.practice == described.practice


def _same_name(known: Known, described: Described) -> bool:
    return name_key(known.name) == name_key(described.name)

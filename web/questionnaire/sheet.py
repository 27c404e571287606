"""The questionnaire as one document: its sides, what leads from one to the next, and what an answer takes away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.index import MOST_ITEMS, Index
from domain.model import Round
from domain.own_questions import is_own
from domain.package import Item, OnlyIf, Package
from web.questionnaire.paging import Page, pages

REVIEW = "gennemsyn"
"""The last stop: every answer once more, and the button that sends them."""
START = "start"


@dataclass(frozen=True)
class WayOn:
    """A link to another side. It is there unless the gate `unless` is shut, and only when all gates of `when` are."""

    target: str
    unless: int = 0
    when: tuple[int, ...] = ()


@dataclass(frozen=True)
class Side:
    """A page of the questionnaire within the document. `gate` shuts all of it; 0 where it is for everybody."""

    id: str
    page: Page
    gate: int
    onwards: tuple[WayOn, ...]
    back: tuple[WayOn, ...]


@dataclass(frozen=True)
class Sheet:
    """All that a round asks, in order. A gate is a condition that items hang on, counted from 1."""

    package: Package
    pages: tuple[Page, ...]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for page in self.pages for item in page.items)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Each item's number, counted as if everything were asked."""
        return {item.id: number for number, item in enumerate(self.items, 1)}

    @cached_property
    def indices(self) -> tuple[Index, ...]:
        """The indices that the round asks all items of."""
        return tuple(index for index in self.package.indices if self.numbers.keys() >= set(index.items))

    def parts_of_indices(self, item: Item) -> str:
        """The item's places in the indices, as classes. The last item has all places that are left.

        So the style tells whether an index is half answered with the same rules for any number of items.
        """
        return " ".join(
            f"index-{number}-{place}"
            for number, index in enumerate(self.indices, 1)
            for place in range(1, MOST_ITEMS + 1)
            if index.items[min(place, len(index.items)) - 1] == item.id
        )

    def is_danish(self, item: Item) -> bool:
        """Whether the item's words are Danish whatever the page is in: a cluster asks in its own language."""
        return is_own(item.id)

    @cached_property
    def _gates(self) -> Mapping[OnlyIf, int]:
        conditions = dict.fromkeys(item.only_if for item in self.items if item.only_if)
        return {condition: number for number, condition in enumerate(conditions, 1)}

    def gate(self, item: Item) -> int:
        """The gate that the item hangs on; 0 for none."""
        return self._gates[item.only_if] if item.only_if else 0

    def shuts(self, item: Item, option: str) -> str:
        """The gates that this answer shuts, as a list of words for an attribute."""
        return " ".join(
            str(number)
            for condition, number in self._gates.items()
            if condition.item == item.id and condition.option != option
        )

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        gates = [self._gate_of(page) for page in self.pages]
        stops = [(f"side-{number}", gate) for number, gate in enumerate(gates, 1)]
        return tuple(
            Side(
                stop,
                page,
                gate,
                tuple(_steps([*stops[index + 1 :], (REVIEW, 0)])),
                tuple(_steps([*reversed(stops[:index]), (START, 0)])),
            )
            for index, (page, (stop, gate)) in enumerate(zip(self.pages, stops, strict=True))
        )

    def _gate_of(self, page: Page) -> int:
        gates = {self.gate(item) for item in page.items}
        return gates.pop() if len(gates) == 1 else 0


def sheet(package: Package, round_: Round) -> Sheet:
    """The round's questionnaire."""
    return Sheet(package, pages(package, round_))


def _steps(stops: Sequence[tuple[str, int]]) -> Iterator[WayOn]:
    """To the first stop that is there for everybody, and to those before it for whom they are there."""
    passed: list[int] = []
    for target, gate in stops:
        if gate not in passed:
            yield WayOn(target, gate, tuple(passed))
        if not gate:
            return
        passed.append(gate)

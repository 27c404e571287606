"""Which items stand on which page: three or four related ones, never a matrix, long ones alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.model import Round
from domain.package import Item, Package, Section

MOST = 4
"""Items a page."""

ALONE = frozenset({"choices", "text"})
"""Kinds that fill a page by themselves."""


@dataclass(frozen=True)
class Block:
    """Items under one stem, or one item without one."""

    stem: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Page:
    """Items that stand together. `opens_section` is true of a section's first page."""

    section: Section
    opens_section: bool
    blocks: tuple[Block, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for block in self.blocks for item in block.items)


def pages(package: Package, round_: Round) -> tuple[Page, ...]:
    """The pages of a round, with everything that may be asked in it."""
    wanted = {item.id for item in package.asked_in(round_)}
    found = []
    for section in package.sections:
        opens = True
        for items in _shares([package.item(id_) for id_ in section.items if id_ in wanted]):
            found.append(Page(section, opens, tuple(_blocks(package, items))))
            opens = False
    return tuple(found)


def _shares(items: Sequence[Item]) -> list[list[Item]]:
    """A section's items as pages: items of one stem together, split evenly where too many, small neighbours merged."""
    shares: list[list[Item]] = []
    for (_, alone), run in groupby(items, key=lambda item: (item.group, item.kind in ALONE and item.id)):
        for part in _evenly(list(run)):
            fits = bool(shares) and len(shares[-1]) + len(part) <= MOST
            if fits and not alone and shares[-1][0].kind not in ALONE and not _splits(shares[-1], part):
                shares[-1].extend(part)
            else:
                shares.append(part)
    return shares


def _splits(before: Sequence[Item], part: Sequence[Item]) -> bool:
    """Parts of one stem that were split stay on pages of their own."""
    return bool(part[0].group) and before[-1].group == part[0].group


def _evenly(items: list[Item]) -> Iterable[list[Item]]:
    """Thirteen are 4 + 3 + 3 + 3, five are 3 + 2."""
    count = -(-len(items) // MOST)
    small, larger = divmod(len(items), count)
    start = 0
    for number in range(count):
        end = start + small + (number < larger)
        yield items[start:end]
        start = end


def _blocks(package: Package, items: Sequence[Item]) -> Iterable[Block]:
    for group, run in groupby(items, key=lambda item: item.group):
        if group:
            yield Block(package.group(group).text, tuple(run))
        else:
            for item in run:
                yield Block("", (item,))

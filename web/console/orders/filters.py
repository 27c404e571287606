"""The filters of the list of orders: read from an address, written into one, and as the store understands them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from domain.dates import written_date
from domain.meeting import at
from domain.stages import ENDED as ENDED_STAGES
from domain.stages import OWNERS, Stage
from domain.unfit import Unfit
from storage.order_list import NOBODY, Sorting, Wanted
from web.console.router import CONSOLE

ORDERS = f"{CONSOLE}/forloeb"
AT_WORK = dt.timedelta(minutes=15)
"""What the system does by itself may be under way for so long after it was due."""
ONE_DAY = dt.timedelta(days=1)
LONGEST = 100
"""Signs of a filter. Nothing that is looked for is longer."""

OPEN, ENDED, ALL = "", "ja", "alle"
BOARD = "tavle"
NAMES = (
    "soeg", "trin", "konsulent", "pakke", "venter", "fra", "til", "forsinket", "afsluttet", "orden", "vis",
)  # fmt: skip
"""The filters in an address, in the order in which they stand there."""


@dataclass(frozen=True)
class Filters:
    """The filters as they were written. `problems` says what is wrong with one, by its name."""

    given: Mapping[str, str]
    wanted: Wanted
    sorting: Sorting
    problems: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.given.get(name, "")

    @property
    def is_board(self) -> bool:
        """Whether a board is asked for rather than a list."""
        return self["vis"] == BOARD

    @property
    def narrows(self) -> bool:
        """Whether anything is left out of the open orders."""
        return any(self[name] for name in NAMES if name not in ("orden", "vis"))

    @property
    def has_more(self) -> bool:
        """Whether one of the filters is in use that are folded away."""
        return any(self[name] for name in ("pakke", "venter", "fra", "til", "afsluttet", "orden"))

    @property
    def query(self) -> str:
        """All of it, as it stands in an address."""
        return urlencode({name: self[name] for name in NAMES if self[name]})

    def address(self, path: str = ORDERS, **changes: str) -> str:
        """The address with these filters, some of them changed; an empty one is left out."""
        given = {**{name: self[name] for name in NAMES}, **changes}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{query}" if query else path


def filters_from(given: Mapping[str, str], now: dt.datetime) -> Filters:
    """The filters of an address. What is not understood is as if not said, but for a date, which is complained of."""
    said = {name: given.get(name, "").strip()[:LONGEST] for name in NAMES}
    problems: dict[str, str] = {}
    first, last = (_day(said, name, problems) for name in ("fra", "til"))
    if first and last and last < first:
        problems["til"] = "Den sidste dag ligger før den første."
    stage = Stage(said["trin"]) if said["trin"] in set(Stage) else None
    said["trin"] = stage or ""
    said["orden"] = said["orden"] if said["orden"] in set(Sorting) else ""
    said["venter"] = said["venter"] if said["venter"] in {*OWNERS, NOBODY} else ""
    wanted = Wanted(
        text=said["soeg"],
        stage=stage,
        consultant=said["konsulent"],
        package=said["pakke"],
        acts_next=said["venter"],
        meeting_from=at(first, dt.time()) if first else None,
        meeting_before=at(last + ONE_DAY, dt.time()) if last else None,
        due_before=now - AT_WORK if said["forsinket"] else None,
        ended={ENDED: True, ALL: None}.get(said["afsluttet"], stage in ENDED_STAGES),
    )
    return Filters(said, wanted, Sorting(said["orden"] or Sorting.DUE), problems)


def filters_of(query: str, now: dt.datetime) -> Filters:
    """The filters of what follows a question mark."""
    return filters_from(dict(parse_qsl(query)), now)


def _day(said: dict[str, str], name: str, problems: dict[str, str]) -> dt.date | None:
    if not said[name]:
        return None
    try:
        day = written_date(said[name])
    except Unfit as unfit:
        problems[name] = str(unfit)
        return None
    said[name] = day.isoformat()
    return day

"""Which needs are looked at, as the list's address says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from domain.model import StaffId
from domain.needs import Reason
from storage.needs import PutOff, Wanted, Whose
from storage.staff import StaffRole
from web.console.principal import Principal
from web.console.router import CONSOLE

MINE, NOBODYS, ALL = "mine", "ingens", "alle"
WHOSE = {MINE: "Mine", NOBODYS: "Ingens", ALL: "Alle"}


@dataclass(frozen=True)
class Filters:
    """Whose, one reason or all, and whether what is put off is shown too."""

    whose: str
    reason: Reason | None
    put_off: bool

    def address(self, *, whose: str | None = None, reason: Reason | str | None = None, page: int = 1) -> str:
        """The address with these filters, some of them changed. `reason` "" is every reason."""
        given = {
            "hvis": whose or self.whose,
            "grund": self.reason or "" if reason is None else reason,
            "udskudt": "vis" if self.put_off else "",
            "side": str(page) if page > 1 else "",
        }
        return f"{CONSOLE}?{urlencode({name: value for name, value in given.items() if value})}"

    @property
    def query(self) -> str:
        """What follows the question mark: a row's form carries it, so that one comes back to the same list."""
        return self.address().partition("?")[2]

    def wanted(self, me: Principal) -> Wanted:
        """As the list of needs is asked."""
        whose: StaffId | Whose = me.id if self.whose == MINE else Whose.ALL
        if self.whose == NOBODYS:
            whose = Whose.NOBODYS
        reasons = frozenset({self.reason}) if self.reason else frozenset[Reason]()
        return Wanted(whose=whose, reasons=reasons, put_off=PutOff.SHOWN if self.put_off else PutOff.HIDDEN)

    def of_every_reason(self) -> "Filters":
        """The same without a reason."""
        return Filters(self.whose, None, self.put_off)


def filters_from(me: Principal, query: Mapping[str, str]) -> Filters:
    """The filters of an address. A consultant begins with their own, others with everything; nonsense is not asked."""
    usual = MINE if me.role is StaffRole.CONSULTANT else ALL
    whose, reason = query.get("hvis", ""), query.get("grund", "")
    return Filters(
        whose if whose in WHOSE else usual,
        Reason(reason) if reason in set(Reason) else None,
        query.get("udskudt", "") == "vis",
    )

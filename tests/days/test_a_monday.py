"""Operations on a Monday with forty tasks: many done at once, the odd ones by themselves, until nothing is nobody's."""

import pytest

from storage.staff import StaffRole
from tests.days.conftest import DESK, MOUSE, WITHOUT_SCRIPTS, Somebody
from tests.days.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

ORDERS = 20


@pytest.mark.parametrize("how", [MOUSE, WITHOUT_SCRIPTS])
def test_forty_tasks_become_somebodys_before_the_first_coffee(portal: Portal, somebody: Somebody, how: str) -> None:
    portal.colleague(StaffRole.OPERATIONS, "Ole Bach", "ole@kiap.example")
    karen = portal.colleague(StaffRole.CONSULTANT, "Karen Lund", "karen@kiap.example")
    per = portal.colleague(StaffRole.CONSULTANT, "Per Holm", "per@kiap.example")
    orders = [portal.order(f"Klynge {number}", members=5, number=number) for number in range(1, ORDERS + 1)]

    ole = somebody(DESK, how)
    ole.sign_in("ole@kiap.example")
    ole.press("Ingens")
    assert "Ingens 40" in ole.words

    ole.press("Vælg konsulent", within=ole.row("Klynge 7"))
    ole.pick("Konsulent", "Per Holm")
    ole.press("Giv bestillingen en konsulent")
    assert "Bestillingen har fået en konsulent" in ole.words

    ole.press("Forløb")
    ole.pick("Konsulent", "Ingen konsulent")
    ole.press("Vis")
    ole.press("Gå videre med alle")
    ole.choose("Giv dem en konsulent")
    ole.pick("Konsulent, hvis de skal have en", "Karen Lund")
    ole.press("Vis, hvad der vil ske")
    ole.press("Ja, gør det ved")
    assert "Gjort: 19." in ole.words

    ole.open("/drift?hvis=ingens")
    assert "Alt har en, der ser til det." in ole.words
    consultants = [portal.system.reader.order(order).consultant for order in orders]
    assert consultants.count(karen) == ORDERS - 1
    assert consultants[6] == per

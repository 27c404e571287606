"""Who may give which command to which order: the whole table, role by command."""

import ast
import itertools
from pathlib import Path

import pytest

from domain import commands as do
from domain.authority import may
from domain.by import SWEEP, SYSTEM, By, Capacity, Scope, consultant, coordinator, operations
from domain.commands import COMMANDS, AnyCommand, Command
from domain.decisions import decide_for, place
from domain.model import Rejected, StaffId
from domain.stages import Stage
from tests.domain.story import KAREN, LENE, PLACE, PLACED, SØREN, THE_MEETING, given, life_at
from tests.domain.test_every_command import commands_at

TABLE = """
                        coordinator  another  member  consultant  operations  administrator  key  clock
PlaceOrder                  yes        yes      -        yes         yes           yes        -     -
AssignConsultant             -          -       -        yes         yes           yes       yes    -
ReplaceCoordinator          yes         -       -        yes         yes           yes       yes    -
AddMember                   yes         -       -        yes         yes           yes       yes    -
RemoveMember                yes         -       -        yes         yes           yes       yes    -
ReaddressMember             yes         -       -        yes         yes           yes       yes   yes
RenewLink                   yes         -       -        yes         yes           yes       yes    -
RevokeLink                   -          -       -        yes         yes           yes       yes    -
SendLink                     -          -       -         -           -             -         -    yes
AgreePlan                    -          -       -        yes         yes           yes       yes    -
MoveMeeting                 yes         -       -        yes         yes           yes       yes    -
ChangeMeeting               yes         -       -        yes         yes           yes       yes    -
ChangeProgramme              -          -       -        yes         yes           yes       yes    -
RestoreProgramme             -          -       -        yes         yes           yes       yes    -
AskOwnQuestions              -          -       -        yes         yes           yes       yes    -
DropOwnQuestions             -          -       -        yes         yes           yes       yes    -
NoteCall                     -          -       -        yes         yes           yes       yes    -
PostponeTask                 -          -       -        yes         yes           yes       yes    -
ResumeTask                   -          -       -        yes         yes           yes       yes    -
AddNote                      -          -       -        yes         yes           yes       yes    -
OpenSurvey                   -          -       -         -           -             -         -    yes
ExtendSurvey                yes         -       -        yes         yes           yes       yes    -
SendReminder                 -          -       -        yes         yes           yes       yes    -
CloseSurvey                  -          -       -        yes         yes           yes       yes   yes
RecordTurnout                -          -       -         -           -             -         -    yes
GoOnWithoutResults          yes         -       -        yes         yes           yes       yes   yes
RecordResults                -          -       -         -           -             -         -    yes
GiveExtract                  -          -       -        yes         yes           yes       yes    -
RecordDeck                   -          -       -         -           -             -         -    yes
HoldDeck                     -          -       -        yes         yes           yes       yes    -
ReadFreeTexts                -          -       -        yes         yes           yes       yes    -
ReplaceDeck                  -          -       -        yes         yes           yes       yes    -
KeepDeck                     -          -       -        yes         yes           yes       yes    -
RemakeDeck                   -          -       -        yes         yes           yes       yes    -
ReleaseDeck                  -          -       -        yes         yes           yes       yes   yes
WithholdDeck                 -          -       -         -           -             -         -    yes
RecordDestruction            -          -       -         -           -             -         -    yes
RecordLetters                -          -       -         -           -             -         -    yes
RecordMeeting               yes         -       -        yes         yes           yes       yes    -
LeaveMeetingUnrecorded       -          -       -        yes         yes           yes       yes   yes
AgreeFollowUp               yes         -       -        yes         yes           yes       yes    -
MoveFollowUp                yes         -       -        yes         yes           yes       yes    -
StartFollowUp               yes         -       -        yes         yes           yes       yes    -
DeclineFollowUp             yes         -       -        yes         yes           yes       yes    -
LapseFollowUp                -          -       -         -           -             -         -    yes
ShareComparison             yes         -       -        yes         yes           yes       yes    -
CompleteOrder                -          -       -         -           -             -         -    yes
CancelOrder                 yes         -       -        yes         yes           yes       yes   yes
"""
"""`another` is the coordinator of another order, `key` an API key for commands; a key for placing orders is below."""

ROOT = Path(__file__).resolve().parents[2]
BIRTHE = "person-birthe"
KEY = By(role=Capacity.API, who="kiap.dk", scopes=frozenset({Scope.GIVE_COMMANDS}))
ROLES: dict[str, By] = {
    "coordinator": coordinator(KAREN),
    "another": coordinator(SØREN),
    "member": By(role=Capacity.MEMBER, who=BIRTHE),
    "consultant": consultant(LENE),
    "operations": operations(StaffId("drift")),
    "administrator": By(role=Capacity.ADMINISTRATOR, who="chef"),
    "key": KEY,
    "clock": SYSTEM,
}
GIVEN: dict[str, Command] = {"PlaceOrder": PLACE, **commands_at(Stage.READY)}


def read_table() -> dict[tuple[str, str], bool]:
    head, *rows = TABLE.strip().splitlines()
    allowed: dict[tuple[str, str], bool] = {}
    for command, *cells in (row.split() for row in rows):
        allowed |= {(command, role): cell == "yes" for role, cell in zip(head.split(), cells, strict=True)}
    return allowed


ALLOWED = read_table()


def test_the_table_has_every_command_for_every_role() -> None:
    assert set(ALLOWED) == set(itertools.product(GIVEN, ROLES))
    assert {by.role for by in ROLES.values()} == {*Capacity}
    assert {type(command) for command in GIVEN.values()} == {do.PlaceOrder, *COMMANDS}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("command", GIVEN)
def test_who_may_give_which_command(command: str, role: str) -> None:
    order = None if command == "PlaceOrder" else life_at(Stage.READY).order
    assert may(ROLES[role], GIVEN[command], order) is ALLOWED[command, role]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("command", commands_at(Stage.READY))
def test_the_one_way_into_the_domain_asks_the_table_before_any_rule(command: str, role: str) -> None:
    """Refused as not theirs also where it could not be done anyway, so that a refusal tells a stranger nothing."""
    asked: AnyCommand = commands_at(Stage.READY)[command]
    life = life_at(Stage.READY)
    try:
        decide_for(life.order, asked, ROLES[role], life.now)
        refused = ""
    except Rejected as refusal:
        refused = refusal.code
    assert (refused == "not_yours") is not ALLOWED[command, role]


@pytest.mark.parametrize("role", ROLES)
def test_placing_an_order_asks_it_too(role: str) -> None:
    if ALLOWED["PlaceOrder", role]:
        assert place(PLACE, ROLES[role], PLACED).coordinator == KAREN
        return
    with pytest.raises(Rejected) as refusal:
        place(PLACE, ROLES[role], PLACED)
    assert refusal.value.code == "not_yours"


def test_the_refusal_names_the_command_and_tells_the_person_what_to_do() -> None:
    with pytest.raises(Rejected) as refusal:
        decide_for(life_at(Stage.READY).order, do.HoldDeck(), coordinator(KAREN), PLACED)
    assert refusal.value.facts == {"command": "hold_deck"}
    assert "Ring til KiAP" in refusal.value.message


def test_the_table_is_asked_in_one_place_and_no_edge_decides_without_it() -> None:
    """`decide` asks nobody who they are: outside the domain there is `decide_for` and `place`."""
    asks_the_table, goes_round_it = set(), set()
    for room in ("domain", "workflows", "activities", "storage", "web", "worker", "cli", "demo"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
                if isinstance(node, ast.ImportFrom) and node.module == "domain.authority" and "may" in names:
                    asks_the_table.add(path.relative_to(ROOT).as_posix())
                if room != "domain" and isinstance(node, ast.ImportFrom) and node.module == "domain.decisions":
                    goes_round_it |= names & {"decide"}
    assert asks_the_table == {"domain/decisions/__init__.py"}
    assert goes_round_it == set()


# --- whose order it is ----------------------------------------------------------------------------------------------


def test_a_coordinator_who_was_replaced_has_no_command_left_and_the_new_one_has_them_all() -> None:
    life = life_at(Stage.READY).does(do.ReplaceCoordinator(coordinator=SØREN), by=coordinator(KAREN))
    move = do.MoveMeeting(to=THE_MEETING.starts)
    assert may(coordinator(SØREN), move, life.order)
    assert not may(coordinator(KAREN), move, life.order)


def test_a_member_has_no_command_even_with_the_coordinators_id() -> None:
    member = By(role=Capacity.MEMBER, who=KAREN)
    order = life_at(Stage.READY).order
    assert not any(may(member, command, order) for command in commands_at(Stage.READY).values())


def test_a_consultant_stands_in_for_a_colleague() -> None:
    life = given(Stage.ORDERED, do.AssignConsultant(consultant=LENE)).when(do.CancelOrder()).life
    assert may(consultant(StaffId("konsulent-anders")), do.HoldDeck(), life.order)


def test_the_sweep_may_what_the_clock_may() -> None:
    order = life_at(Stage.READY).order
    for command in commands_at(Stage.READY).values():
        assert may(SWEEP, command, order) is may(SYSTEM, command, order)


# --- what an API key is for -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scopes", [frozenset(each) for n in range(5) for each in itertools.combinations(Scope, n)])
def test_an_api_key_may_what_its_scopes_say_and_never_what_only_the_clock_does(scopes: frozenset[Scope]) -> None:
    key = By(role=Capacity.API, who="kiap.dk", scopes=scopes)
    assert may(key, PLACE, None) is (Scope.PLACE_ORDERS in scopes)
    order = life_at(Stage.READY).order
    for name, command in commands_at(Stage.READY).items():
        assert may(key, command, order) is (Scope.GIVE_COMMANDS in scopes and ALLOWED[name, "key"])


@pytest.mark.parametrize("role", [role for role in Capacity if role is not Capacity.API])
def test_scopes_give_nobody_else_anything(role: Capacity) -> None:
    order = life_at(Stage.READY).order
    for command in commands_at(Stage.READY).values():
        bare, scoped = By(role=role, who=BIRTHE), By(role=role, who=BIRTHE, scopes=frozenset(Scope))
        assert may(bare, command, order) is may(scoped, command, order)

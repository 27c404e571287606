"""The Danish words of timeline and tasks: nothing an order can show is left as a code."""

import datetime as dt
import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import commands as do
from domain import events as ev
from domain.agenda import HIDDEN, LAST_RESORT, comes_next
from domain.events import Happened
from domain.history import entry_of
from domain.letters import Letter, Occasion
from domain.mailings import MAILINGS
from domain.model import TextId
from domain.stages import OWNERS, Owner, Stage
from domain.steps import Action
from domain.tasks import tasks_of
from domain.words import NEXT, PAST, ROUNDS, is_housekeeping, next_line, past_line, task_line
from tests.domain.story import BASELINE, CLOSES, PLACED, SØREN, life_at, noon

A_CODE = re.compile(r"[a-z]+_[a-z]+|letter\.")


def test_everything_that_can_happen_has_words() -> None:
    assert {kind.model_fields["type"].default for kind in _kinds()} - {"letters_sent"} == set(PAST)


def test_every_step_that_is_shown_has_words() -> None:
    """The meeting and the promised deck are no steps; what takes seconds, or is a last resort, is not shown."""
    steps = {str(action) for action in Action} - {str(action) for action in (*HIDDEN, *LAST_RESORT)}
    assert steps | {"meeting", "deck_promised", "extract_fetched", "extract_given_up"} == set(NEXT)


@pytest.mark.parametrize("occasion", Occasion)
def test_every_letter_has_words_before_it_goes_and_after(occasion: Occasion) -> None:
    code = f"letter.{occasion}"
    assert next_line(code, {}) == MAILINGS[occasion].coming
    assert past_line(code, {"sent": 3}).startswith(MAILINGS[occasion].past)


@pytest.mark.parametrize("stage", Stage)
def test_no_stage_shows_a_code(stage: Stage) -> None:
    life = life_at(stage)
    said = [past_line(entry.code, entry.facts) for entry in (entry_of(event) for event in life.events)]
    said += [next_line(upcoming.code, upcoming.facts) for upcoming in comes_next(life.order, life.now)]
    said += [task_line(task.kind) for task in tasks_of(life.order)]
    assert said
    assert [line for line in said if A_CODE.search(line)] == []


def test_a_coordinators_page_is_spared_what_is_kiaps_own_or_in_their_hand_already() -> None:
    shown = {occasion for occasion in Occasion if not is_housekeeping(f"letter.{occasion}")}
    assert shown == {
        Occasion.INVITATION,
        Occasion.REMINDER,
        Occasion.SURVEY_EXTENDED,
        Occasion.PROGRAMME,
        Occasion.RESULTS,
        Occasion.MEETING_MOVED,
        Occasion.MEETING_REMINDER,
        Occasion.AFTER_MEETING,
        Occasion.COMPARISON,
        Occasion.ORDER_CANCELLED,
        Occasion.MEETING_CANCELLED,
    }
    kiaps_own = {"consultant_assigned", "task_postponed", "task_resumed", "note_added"}
    kiaps_own |= {
        "free_texts_read",
        "deck_remake_asked",
        "deck_replaced",
        "deck_kept",
        "link_renewed",
        "link_revoked",
        "link_asked_for",
    }
    assert {code for code in PAST if is_housekeeping(code)} == kiaps_own
    assert len(PAST) == 48, "a new event is shown to coordinators: is it not KiAP's own?"


def test_every_owner_and_round_has_a_name() -> None:
    assert set(OWNERS) == set(get_args(Owner))
    assert len(set(ROUNDS.values())) == 2


def test_what_happened_is_told_with_its_figures_and_its_danish_hour() -> None:
    assert past_line("letter.reminder", {"sent": 1}) == "Påmindelse sendt til 1 medlem"
    assert past_line("plan_agreed", {"starts": "2026-03-25T17:00:00"}) == (
        "Mødet blev aftalt til onsdag den 25. marts 2026 kl. 17.00"
    )
    assert past_line("letter.reminder", {"sent": 3, "failed": 1, "waiting": 2}) == (
        "Påmindelse sendt til 3 medlemmer, 2 prøves igen, 1 kunne ikke sendes"
    )
    assert next_line("survey_closes", {"round": "follow_up"}) == "Opfølgningen lukker og gøres op"


def test_a_letter_that_reached_nobody_is_not_told_as_sent() -> None:
    line = "Materialet sendes til koordinatoren"
    assert past_line("letter.deck_delivered", {"sent": 0, "failed": 1}) == f"Kunne ikke sendes: {line}"
    assert past_line("letter.deck_delivered", {"sent": 0, "failed": 0, "waiting": 1}) == f"Prøves igen: {line}"


counts = st.integers(0, 3)


@given(st.sampled_from(Occasion), counts, counts, counts, counts)
def test_sendt_is_said_only_of_mail_that_left(
    occasion: Occasion, sent: int, failed: int, unknown: int, waiting: int
) -> None:
    event = ev.LettersSent(
        at=PLACED, key=f"{occasion}//1", sent=sent, failed=failed, unknown=unknown, waiting=waiting, seen=1
    )
    entry = entry_of(event)
    line = past_line(entry.code, entry.facts)
    assert line.startswith(MAILINGS[occasion].past) is (sent > 0)
    if not sent:
        assert " sendt" not in line.removeprefix("Ikke sendt til nogen")
        assert " fik " not in line


@given(st.integers(1, 42), counts, counts, counts)
def test_what_left_is_counted_apart_from_what_did_not(sent: int, failed: int, unknown: int, waiting: int) -> None:
    facts = {"sent": sent, "failed": failed, "unknown": unknown, "waiting": waiting}
    line = past_line("letter.programme", facts)
    assert line.startswith(f"Program sendt til {sent} medlem")
    assert ("kunne ikke sendes" in line) is (failed > 0)
    assert ("prøves igen" in line) is (waiting > 0)
    assert ("er det uvist om nåede frem" in line) is (unknown > 0)


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"sent": 42}, "Invitation sendt til 42 medlemmer"),
        ({"sent": 41, "failed": 1}, "Invitation sendt til 41 medlemmer, 1 kunne ikke sendes"),
        ({"sent": 41, "unknown": 1}, "Invitation sendt til 41 medlemmer, 1 er det uvist om nåede frem"),
        ({"sent": 0, "unknown": 2}, "Uvist, om den nåede frem: Medlemmerne får invitation til spørgeskemaet"),
        ({"sent": 0, "failed": 2}, "Kunne ikke sendes: Medlemmerne får invitation til spørgeskemaet"),
        ({"sent": 0}, "Ikke sendt til nogen: Medlemmerne får invitation til spørgeskemaet"),
    ],
)
def test_an_invitations_line_tells_what_became_of_it(facts: dict[str, int], line: str) -> None:
    assert past_line("letter.invitation", facts) == line


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("due", "Undersøgelsen lukkede, fordi svarfristen udløb"),
        ("everyone_answered", "Undersøgelsen lukkede, fordi alle havde svaret"),
        ("by_hand", "Undersøgelsen lukkede, fordi KiAP lukkede den"),
    ],
)
def test_a_survey_closed_early_is_not_told_as_a_deadline_passed(why: str, said: str) -> None:
    command = do.CloseSurvey.model_validate({"round": BASELINE, "why": why})
    [closed] = life_at(Stage.SURVEY_OPEN).ask(command, noon(CLOSES) + dt.timedelta(days=7))
    entry = entry_of(closed)
    assert past_line(entry.code, entry.facts) == said


@pytest.mark.parametrize(
    ("released", "read", "kept"), [(True, True, 10), (True, False, 0), (False, True, 0), (False, False, 0)]
)
def test_the_free_texts_end_is_told_as_it_is(released: bool, read: bool, kept: int) -> None:
    """Those read and kept stand in delivered material; all others went with the ballots."""
    life = life_at(Stage.IN_REVIEW)
    if read:
        life.does(do.ReadFreeTexts(struck_texts=(TextId("a"), TextId("b"))))
        life.does(do.RecordDeck(round=BASELINE, version=2, documents=()))
    life.does(do.ReleaseDeck() if released else do.CancelOrder())
    [destroyed] = life.ask(do.RecordDestruction(round=BASELINE))
    assert isinstance(destroyed, ev.BallotsDestroyed)
    assert destroyed.texts_kept == kept
    entry = entry_of(destroyed)
    still = ". 10 tekster står stadig i materialet" if kept else ""
    assert past_line(entry.code, entry.facts) == f"De enkelte svar blev slettet for altid{still}"


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("meeting", "Materialet blev lavet på ny, så det passer til mødet"),
        ("free_texts", "Præsentationen blev lavet på ny og ligger til gennemsyn hos konsulenten"),
        ("asked", "Præsentationen blev lavet på ny og ligger til gennemsyn hos konsulenten"),
    ],
)
def test_a_deck_made_again_is_told_with_what_it_was_made_for(why: str, said: str) -> None:
    made = ev.DeckMade.model_validate(
        {"at": PLACED, "round": "baseline", "version": 2, "documents": (), "review_until": PLACED, "why": (why,)}
    )
    entry = entry_of(made)
    assert past_line(entry.code, entry.facts) == said


def test_a_coordinator_who_takes_over_is_told_where_the_order_stands_not_that_somebody_will_call() -> None:
    life = life_at(Stage.READY).with_letters_gone().does(do.ReplaceCoordinator(coordinator=SØREN))
    [key] = life.order.pending_letters
    assert Letter.parse(key).occasion is Occasion.COORDINATOR_WELCOME
    assert "hvor bestillingen står" in MAILINGS[Occasion.COORDINATOR_WELCOME].coming


@pytest.mark.parametrize(
    ("code", "facts", "said"),
    [
        ("member_readdressed", {"only_the_name": False}, "En mailadresse blev rettet"),
        ("member_readdressed", {"only_the_name": True}, "Et navn blev rettet"),
        ("went_on_without_results", {"automatic": False}, "Det blev besluttet at gå videre uden resultater"),
        (
            "went_on_without_results",
            {"automatic": True},
            "Bestillingen gik videre uden resultater, fordi ingen besluttede andet",
        ),
    ],
)
def test_a_line_tells_what_was_corrected_and_whether_anybody_decided(
    code: str, facts: dict[str, bool], said: str
) -> None:
    assert past_line(code, facts) == said


def test_an_unknown_code_is_shown_rather_than_hidden() -> None:
    assert [past_line("newer", {}), next_line("newer", {}), task_line("newer")] == ["newer"] * 3


def _kinds() -> set[type[Happened]]:
    return {kind for kind in vars(ev).values() if isinstance(kind, type) and issubclass(kind, Happened)} - {Happened}

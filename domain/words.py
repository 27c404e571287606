"""What the codes of the timeline and of tasks say, in Danish: for pages, mails, Temporal's own page and the demo."""

import datetime as dt
from collections.abc import Callable, Mapping

from domain import danish
from domain.letters import Occasion
from domain.mailings import MAILINGS
from domain.mailings.mailing import Mailing
from domain.model import Round
from domain.register import Evidence
from domain.task_kinds import TaskKind

Facts = Mapping[str, str | int | bool]

ROUNDS = {Round.BASELINE: "Undersøgelsen", Round.FOLLOW_UP: "Opfølgningen"}

TASKS: dict[TaskKind, str] = {
    TaskKind.ASSIGN_CONSULTANT: "Giv bestillingen en konsulent",
    TaskKind.HOLD_THE_CALL: "Ring til koordinatoren, og aftal mødet",
    TaskKind.GET_EXTRACT: "Hent klyngens tal fra registret",
    TaskKind.DECIDE_TOO_FEW: "Beslut, hvad der skal ske, når så få har svaret",
    TaskKind.READ_FREE_TEXTS: "Læs, hvad lægerne har skrevet med egne ord",
    TaskKind.LOOK_AT_DECK: "Se præsentationen igennem",
    TaskKind.RELEASE_DECK: "Frigiv præsentationen, eller lav den om",
    TaskKind.CORRECT_DECK: "Ret præsentationen, så den passer til mødet",
    TaskKind.LOOK_AT_PROGRAMME: "Se det rettede program efter: mødet har fået anden længde eller form",
    TaskKind.RECORD_THE_MEETING: "Skriv, hvordan mødet gik",
    TaskKind.GET_THE_RECORD: "Få koordinatoren til at skrive, hvordan mødet gik",
    TaskKind.DECIDE_FOLLOW_UP: "Beslut, om klyngen vil følge op",
    TaskKind.SHARE_COMPARISON: "Send resultatet af opfølgningen til medlemmerne",
}


def round_name(facts: Facts) -> str:
    """ "Undersøgelsen" or "Opfølgningen"."""
    return ROUNDS[Round(str(facts.get("round", Round.BASELINE)))]


def turnout_line(answers: int, invited: int, evidence: Evidence) -> str:
    """Of how many a round has something: of doctors who answered, or of practices with numbers in a register."""
    if evidence == "register":
        return f"{answers} af {danish.count(invited, 'praksis', 'praksisser')} har tal"
    return f"{answers} af {invited} har svaret"


def _day(facts: Facts, name: str) -> str:
    return danish.long_date(dt.date.fromisoformat(str(facts[name])[:10]))


def _moment(facts: Facts, name: str) -> str:
    moment = dt.datetime.fromisoformat(str(facts[name]))
    return f"{danish.long_date(moment)} {danish.clock(moment)}"


def _people(facts: Facts, name: str, one: str, many: str) -> str:
    return danish.count(int(facts.get(name, 0)), one, many)


def _practices(facts: Facts, name: str) -> str:
    return danish.count(int(facts.get(name, 0)), "praksis", "praksisser")


def _deck_made(facts: Facts) -> str:
    if facts.get("own_deck_kept"):
        return "Word-dokumentet blev lavet på ny, så det passer til mødet"
    if "meeting" in str(facts.get("why", "")):
        return "Materialet blev lavet på ny, så det passer til mødet"
    again = "på ny " if facts.get("why") else ""
    return f"Præsentationen blev lavet {again}og ligger til gennemsyn hos konsulenten"


def _destroyed(facts: Facts) -> str:
    """What doctors wrote in the material stays as long as the material does."""
    kept = int(facts.get("texts_kept", 0))
    texts = f". {danish.count(kept, 'tekst', 'tekster')} står stadig i materialet" if kept else ""
    return f"De enkelte svar blev slettet for altid{texts}"


def _went_on(facts: Facts) -> str:
    if facts.get("automatic"):
        return "Bestillingen gik videre uden resultater, fordi ingen besluttede andet"
    return "Det blev besluttet at gå videre uden resultater"


_CLOSED_BECAUSE = {"due": "svarfristen udløb", "everyone_answered": "alle havde svaret", "by_hand": "KiAP lukkede den"}

_CALLED = {"no_answer": "KiAP ringede uden at træffe koordinatoren", "spoke": "KiAP talte med koordinatoren"}

PAST: dict[str, Callable[[Facts], str]] = {
    "order_placed": lambda f: f"Pakken blev bestilt til {_people(f, 'members', 'medlem', 'medlemmer')}",
    "consultant_assigned": lambda _: "Bestillingen fik en konsulent",
    "coordinator_replaced": lambda _: "Klyngen fik en ny koordinator",
    "plan_agreed": lambda f: f"Mødet blev aftalt til {_moment(f, 'starts')}",
    "member_added": lambda _: "Et medlem kom med",
    "member_removed": lambda _: "Et medlem gik ud",
    "member_readdressed": lambda f: f"{'Et navn' if f.get('only_the_name') else 'En mailadresse'} blev rettet",
    "link_renewed": lambda _: "Et nyt link blev lavet, og det gamle virker ikke mere",
    "link_revoked": lambda _: "Et link blev lukket",
    "link_asked_for": lambda _: "Et link blev sendt igen til den, der bad om det",
    "meeting_moved": lambda f: f"Mødet blev flyttet til {_moment(f, 'starts')}",
    "meeting_changed": lambda _: "Mødets længde, form eller sted blev ændret",
    "programme_changed": lambda _: "Mødets program blev rettet",
    "programme_restored": lambda _: "Mødet fik pakkens eget program igen",
    "own_questions_asked": lambda facts: (
        f"Klyngen stiller selv {_people(facts, 'questions', 'spørgsmål', 'spørgsmål')}"
    ),
    "own_questions_dropped": lambda _: "Klyngens egne spørgsmål blev taget ud",
    "call_noted": lambda f: _CALLED[str(f["outcome"])],
    "task_postponed": lambda f: f"Opgaven ”{task_line(str(f['task']))}” blev udsat til {_day(f, 'until')}",
    "task_resumed": lambda f: f"Den udsatte opgave ”{task_line(str(f['task']))}” blev taget frem igen",
    "note_added": lambda _: "Der blev skrevet en note til KiAP selv",
    "survey_opened": lambda f: f"{round_name(f)} åbnede. Svarfrist: {_day(f, 'closes')}",
    "survey_extended": lambda f: f"{round_name(f)} blev forlænget til {_day(f, 'closes')}",
    "reminder_added": lambda f: f"KiAP bad om en ekstra påmindelse {_day(f, 'day')}",
    "survey_closed": lambda f: f"{round_name(f)} lukkede, fordi {_CLOSED_BECAUSE[str(f['why'])]}",
    "turnout_counted": lambda f: f"{f.get('answers')} af {f.get('invited')} har svaret",
    "went_on_without_results": _went_on,
    "results_tabulated": lambda _: "Opgørelsen blev lavet",
    "extract_awaited": lambda f: (
        f"{round_name(f)} begyndte: KiAP henter tallene fra registret senest {_day(f, 'closes')}"
    ),
    "extract_given": lambda f: f"Tallene fra registret kom: {f.get('practices')} af {_practices(f, 'of_practices')}",
    "deck_made": _deck_made,
    "deck_replaced": lambda _: "Konsulenten lagde en rettet præsentation ind",
    "deck_kept": lambda _: "Konsulenten så, at den rettede præsentation stadig passer til mødet",
    "deck_held": lambda _: "Konsulenten ser nærmere på præsentationen",
    "free_texts_read": lambda _: "Konsulenten har læst det, lægerne skrev med egne ord",
    "deck_remake_asked": lambda _: "Konsulenten bad om en ny udgave af præsentationen",
    "deck_released": lambda _: "Præsentation og resultater blev leveret",
    "deck_withheld": lambda _: "Præsentationen blev ikke leveret",
    "ballots_destroyed": _destroyed,
    "meeting_recorded": lambda f: f"Mødet blev noteret: {f.get('attended')} var med",
    "meeting_left_unrecorded": lambda _: "Mødet blev ikke noteret, og bestillingen gik videre",
    "follow_up_agreed": lambda f: f"Opfølgning blev aftalt til {_day(f, 'opens')}",
    "follow_up_moved": lambda f: f"Opfølgningen blev flyttet til {_day(f, 'opens')}",
    "follow_up_started": lambda _: "Opfølgningen blev sat i gang",
    "follow_up_declined": lambda _: "Klyngen sagde nej tak til opfølgning",
    "follow_up_lapsed": lambda _: "Fristen for opfølgning udløb",
    "comparison_shared": lambda _: "Resultatet af opfølgningen blev givet fri til medlemmerne",
    "order_completed": lambda _: "Bestillingen blev afsluttet",
    "order_cancelled": lambda _: "Bestillingen blev aflyst",
}

NEXT: dict[str, Callable[[Facts], str]] = {
    "order_lapses": lambda _: "Bestillingen bortfalder, hvis opkaldet ikke er holdt",
    "meeting": lambda _: "Klyngemødet",
    "survey_opens": lambda f: f"{round_name(f)} åbner",
    "survey_closes": lambda f: f"{round_name(f)} lukker og gøres op",
    "goes_on_without_results": lambda _: "Går videre uden resultater, hvis ingen beslutter andet",
    "extract_fetched": lambda _: "KiAP henter klyngens tal fra registret",
    "extract_given_up": lambda _: "Går videre uden resultater, hvis tallene ikke er kommet",
    "deck_promised": lambda _: "Materialet er senest hos koordinatoren",
    "deck_goes": lambda _: "Materialet sendes til koordinatoren, hvis konsulenten ikke holder det tilbage",
    "follow_up_lapses": lambda _: "Bestillingen slutter uden opfølgning, hvis ingen er aftalt",
}


_KIAPS_OWN = frozenset(
    {"consultant_assigned", "task_postponed", "task_resumed", "note_added", "free_texts_read", "deck_remake_asked"}
    | {"deck_replaced", "deck_kept", "link_renewed", "link_revoked", "link_asked_for"}
)


def is_housekeeping(code: str) -> bool:
    """Whether a line of the timeline is KiAP's own business, which a coordinator is spared."""
    if code.startswith(LETTER):
        return MAILINGS[Occasion(code.removeprefix(LETTER))].housekeeping
    return code in _KIAPS_OWN


LETTER = "letter."
"""What the code of a letter's line begins with; the occasion follows."""


def past_line(code: str, facts: Facts) -> str:
    """What has happened, in a line. An unknown code is shown as it is rather than hidden."""
    if code.startswith(LETTER):
        return _letter_line(MAILINGS[Occasion(code.removeprefix(LETTER))], facts)
    say = PAST.get(code)
    return say(facts) if say else code


_TROUBLE = (
    ("waiting", "prøves igen", "Prøves igen"),
    ("failed", "kunne ikke sendes", "Kunne ikke sendes"),
    ("unknown", "er det uvist om nåede frem", "Uvist, om den nåede frem"),
)


def _letter_line(mailing: Mailing, facts: Facts) -> str:
    """ "Sendt" is said only of mail that left."""
    trouble = [(facts[fact], then, instead) for fact, then, instead in _TROUBLE if facts.get(fact)]
    if not facts.get("sent"):
        return f"{trouble[0][2] if trouble else 'Ikke sendt til nogen'}: {mailing.coming}"
    if not mailing.to_members:
        return mailing.past
    people = _people(facts, "sent", "medlem", "medlemmer")
    return ", ".join([f"{mailing.past} sendt til {people}", *(f"{count} {then}" for count, then, _ in trouble)])


def next_line(code: str, facts: Facts) -> str:
    """What will happen by itself, in a line."""
    if code.startswith(LETTER):
        return MAILINGS[Occasion(code.removeprefix(LETTER))].coming
    say = NEXT.get(code)
    return say(facts) if say else code


_INCIDENTS = {
    "step_fails": "Et skridt bliver ved med at fejle: {step} ({reason})",
    "workflow_failed": "Loggen er kortere, end forløbet husker. Kør: klyngeflow recover --replace --all",
    "overdue": "Forløbet står stille. Det næste skulle være sket: {step}",
    "read_model_behind": "Et overblik er bagud: {step} ({reason}). Kør: klyngeflow rebuild",
    "webhook_stopped": "En modtager får ikke længere hændelser ({reason}). Kør: klyngeflow webhooks show {step}",
}


def incident_line(kind: str, step: str, reason: str) -> str:
    """What the system cannot do by itself, for operations."""
    return _INCIDENTS.get(kind, "{kind}: {step} ({reason})").format(kind=kind, step=step, reason=reason)


def task_line(kind: str) -> str:
    """What we are waiting for a person to do. An unknown kind is shown as it is."""
    return TASKS[TaskKind(kind)] if kind in set(TaskKind) else kind

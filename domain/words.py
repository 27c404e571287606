"""What the codes of the timeline and of tasks say, in Danish: for pages, mails, Temporal's own page and the demo."""

import datetime as dt
from collections.abc import Callable, Mapping

from domain import danish
from domain.agenda import Owner
from domain.model import Round

Facts = Mapping[str, str | int | bool]

ROUNDS = {Round.BASELINE: "Undersøgelsen", Round.FOLLOW_UP: "Opfølgningen"}
OWNERS: dict[Owner, str] = {"coordinator": "koordinator", "consultant": "konsulent", "operations": "KiAP"}

TASKS: dict[str, str] = {
    "assign_consultant": "Giv bestillingen en konsulent",
    "hold_the_call": "Ring til koordinatoren, og aftal mødet",
    "decide_too_few": "Beslut, hvad der skal ske, når så få har svaret",
    "release_deck": "Frigiv præsentationen, eller lav den om",
    "look_at_deck": "Se præsentationen igennem",
    "record_the_meeting": "Skriv, hvordan mødet gik",
    "get_the_record": "Få koordinatoren til at skrive, hvordan mødet gik",
    "decide_follow_up": "Beslut, om klyngen vil følge op",
}


def round_name(facts: Facts) -> str:
    """ "Undersøgelsen" or "Opfølgningen"."""
    return ROUNDS[Round(str(facts.get("round", Round.BASELINE)))]


def _day(facts: Facts, name: str) -> str:
    return danish.long_date(dt.date.fromisoformat(str(facts[name])[:10]))


def _moment(facts: Facts, name: str) -> str:
    moment = dt.datetime.fromisoformat(str(facts[name]))
    return f"{danish.long_date(moment)} {danish.clock(moment)}"


def _people(facts: Facts, name: str, one: str, many: str) -> str:
    return danish.count(int(facts.get(name, 0)), one, many)


def _sent(what: str) -> Callable[[Facts], str]:
    def line(facts: Facts) -> str:
        trouble = [
            f"{facts[fact]} {what_then}"
            for fact, what_then in (("waiting", "prøves igen"), ("failed", "kunne ikke sendes"))
            if facts.get(fact)
        ]
        return ", ".join([f"{what} sendt til {_people(facts, 'sent', 'medlem', 'medlemmer')}", *trouble])

    return line


_CLOSED_BECAUSE = {"due": "svarfristen udløb", "everyone_answered": "alle havde svaret", "by_hand": "KiAP lukkede den"}

PAST: dict[str, Callable[[Facts], str]] = {
    "order_placed": lambda f: f"Pakken blev bestilt til {_people(f, 'members', 'medlem', 'medlemmer')}",
    "consultant_assigned": lambda _: "Bestillingen fik en konsulent",
    "coordinator_replaced": lambda _: "Klyngen fik en ny koordinator",
    "plan_agreed": lambda f: f"Mødet blev aftalt til {_moment(f, 'starts')}",
    "member_added": lambda _: "Et medlem kom med",
    "member_removed": lambda _: "Et medlem gik ud",
    "member_readdressed": lambda _: "En mailadresse blev rettet",
    "meeting_moved": lambda f: f"Mødet blev flyttet til {_moment(f, 'starts')}",
    "meeting_changed": lambda _: "Mødets længde, form eller sted blev ændret",
    "survey_opened": lambda f: f"{round_name(f)} åbnede. Svarfrist: {_day(f, 'closes')}",
    "survey_extended": lambda f: f"{round_name(f)} blev forlænget til {_day(f, 'closes')}",
    "survey_closed": lambda f: f"{round_name(f)} lukkede, fordi {_CLOSED_BECAUSE[str(f['why'])]}",
    "turnout_counted": lambda f: f"{f.get('answers')} af {f.get('invited')} har svaret",
    "went_on_without_results": lambda _: "Det blev besluttet at gå videre uden resultater",
    "results_tabulated": lambda _: "Svarene blev gjort op",
    "deck_made": lambda _: "Præsentationen blev lavet og ligger til gennemsyn hos konsulenten",
    "deck_held": lambda _: "Konsulenten ser nærmere på præsentationen",
    "free_texts_read": lambda _: "Konsulenten har læst det, lægerne skrev med egne ord",
    "deck_remake_asked": lambda _: "Konsulenten bad om en ny udgave af præsentationen",
    "deck_released": lambda _: "Præsentation og resultater blev leveret",
    "deck_withheld": lambda _: "Præsentationen blev ikke leveret",
    "ballots_destroyed": lambda _: "Alle enkeltsvar blev slettet for altid",
    "meeting_recorded": lambda f: f"Mødet blev noteret: {f.get('attended')} var med",
    "meeting_left_unrecorded": lambda _: "Mødet blev ikke noteret, og bestillingen gik videre",
    "follow_up_agreed": lambda f: f"Opfølgning blev aftalt til {_day(f, 'opens')}",
    "follow_up_moved": lambda f: f"Opfølgningen blev flyttet til {_day(f, 'opens')}",
    "follow_up_started": lambda _: "Opfølgningen blev sat i gang",
    "follow_up_declined": lambda _: "Klyngen sagde nej tak til opfølgning",
    "follow_up_lapsed": lambda _: "Fristen for opfølgning udløb",
    "order_completed": lambda _: "Bestillingen blev afsluttet",
    "order_cancelled": lambda _: "Bestillingen blev aflyst",
    "letter.order_received": lambda _: "Kvittering sendt til koordinatoren",
    "letter.call_overdue": lambda _: "KiAP blev mindet om opkaldet",
    "letter.plan_agreed": lambda _: "Aftalen sendt til koordinatoren",
    "letter.invitation": _sent("Invitation"),
    "letter.reminder": _sent("Påmindelse"),
    "letter.survey_extended": _sent("Besked om den nye frist"),
    "letter.too_few_answers": lambda _: "Konsulenten fik besked om de få svar",
    "letter.deck_review": lambda _: "Konsulenten fik præsentationen til gennemsyn",
    "letter.deck_delivered": lambda _: "Materialet sendt til koordinatoren",
    "letter.programme": _sent("Program"),
    "letter.meeting_moved": _sent("Besked om mødets ændring"),
    "letter.meeting_reminder": _sent("Påmindelse om mødet"),
    "letter.record_request": lambda _: "Koordinatoren blev bedt om at skrive, hvordan mødet gik",
    "letter.after_meeting": _sent("Tak for mødet"),
    "letter.follow_up_question": lambda _: "Koordinatoren blev spurgt om opfølgning",
    "letter.follow_up_notice": lambda _: "Koordinatoren fik besked om opfølgningen",
    "letter.comparison_delivered": lambda _: "Før og efter sendt til koordinatoren",
}

NEXT: dict[str, Callable[[Facts], str]] = {
    "order_lapses": lambda _: "Bestillingen bortfalder, hvis opkaldet ikke er holdt",
    "meeting": lambda _: "Klyngemødet",
    "survey_opens": lambda f: f"{round_name(f)} åbner",
    "survey_closes": lambda f: f"{round_name(f)} lukker og gøres op",
    "goes_on_without_results": lambda _: "Går videre uden resultater, hvis ingen beslutter andet",
    "deck_promised": lambda _: "Materialet er senest hos koordinatoren",
    "deck_goes": lambda _: "Materialet sendes til koordinatoren, hvis konsulenten ikke holder det tilbage",
    "follow_up_lapses": lambda _: "Bestillingen slutter uden opfølgning, hvis ingen er aftalt",
    "letter.order_received": lambda _: "Kvittering til koordinatoren",
    "letter.call_overdue": lambda _: "KiAP mindes om opkaldet, hvis det ikke er holdt",
    "letter.plan_agreed": lambda _: "Aftalen sendes til koordinatoren",
    "letter.invitation": lambda _: "Medlemmerne får invitation til spørgeskemaet",
    "letter.reminder": lambda _: "Påmindelse til dem, der ikke har svaret",
    "letter.survey_extended": lambda _: "Besked om den nye frist til dem, der ikke har svaret",
    "letter.too_few_answers": lambda _: "Konsulenten får besked om de få svar",
    "letter.deck_review": lambda _: "Konsulenten får præsentationen til gennemsyn",
    "letter.deck_delivered": lambda _: "Materialet sendes til koordinatoren",
    "letter.programme": lambda _: "Medlemmerne får program og resultater",
    "letter.meeting_moved": lambda _: "Medlemmerne får besked om mødets ændring",
    "letter.meeting_reminder": lambda _: "Medlemmerne mindes om mødet",
    "letter.record_request": lambda _: "Koordinatoren bliver spurgt, hvordan mødet gik",
    "letter.after_meeting": lambda _: "Medlemmerne får idéer og hjemmeopgave",
    "letter.follow_up_question": lambda _: "Koordinatoren bliver spurgt om opfølgning",
    "letter.follow_up_notice": lambda _: "Koordinatoren får besked om, at opfølgningen nærmer sig",
    "letter.comparison_delivered": lambda _: "Før og efter sendes til koordinatoren",
}


def past_line(code: str, facts: Facts) -> str:
    """What has happened, in a line. An unknown code is shown as it is rather than hidden."""
    if facts.get("sent") == 0 and (facts.get("failed") or facts.get("waiting")):
        return f"{'Prøves igen' if facts.get('waiting') else 'Kunne ikke sendes'}: {next_line(code, facts)}"
    say = PAST.get(code)
    return say(facts) if say else code


def next_line(code: str, facts: Facts) -> str:
    """What will happen by itself, in a line."""
    say = NEXT.get(code)
    return say(facts) if say else code


def task_line(kind: str) -> str:
    """What a person is waited for."""
    return TASKS.get(kind, kind)

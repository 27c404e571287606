"""Made-up answers: a cluster whose figures are those of the source documents, and any number for any package.

Each respondent is a dict of item id to strings, as a form posts them or a CSV cell holds them (joined by `;`).
Always the same for the same arguments.
"""

import random
from collections.abc import Mapping, Sequence

from domain.model import Round
from domain.package import NOT_RELEVANT, Item, Package

Raw = dict[str, list[str]]

BASELINE_SCORES = (
    24, 28, 28, 32, 36, 36, 40, 44, 44, 44, 48, 48, 52, 52, 52, 56, 56, 56, 56, 60,
    60, 60, 60, 64, 64, 64, 68, 68, 68, 72, 72, 76, 76, 80, 84, 88, 92, 96,
)  # fmt: skip
"""38 WHO-5 scores with the mean 58."""
FOLLOW_UP_SCORES = (
    20, 28, 32, 36, 40, 44, 48, 48, 56, 56, 60, 60, 60, 64, 64, 64, 68, 68, 68, 68,
    68, 72, 72, 72, 72, 72, 76, 76, 76, 80, 80, 84, 88, 100,
)  # fmt: skip
"""34 scores with the mean 63: 8 below 50, of whom 3 below 35, and one at the very top."""
BASELINE_JOY = {"meget_hoej": 3, "hoej": 11, "nogen": 15, "ringe": 8, "slet_ikke": 1}
FOLLOW_UP_JOY = {"meget_hoej": 5, "hoej": 13, "nogen": 12, "ringe": 4, "slet_ikke": 0}
"""15 / 38 / 35 / 12 / 0 % of 34."""
GOOD_EXPERIENCES = (
    "Vi har fredet frokosten. Ingen telefon, ingen indbakke, og alle sidder ned sammen.",
    "Jeg går en kort tur rundt om huset mellem formiddagens og eftermiddagens patienter.",
    "Sygeplejersken tager nu alle årskontroller for blodtryk. Det giver ro hos os begge.",
    "Vi begynder dagen med ti minutter, hvor vi fordeler det, der ligger og presser.",
    "Min supervisionsgruppe. Jeg går altid lettere derfra.",
    "To korte pauser i kalenderen, som ingen må booke i. De bliver overholdt.",
    "Jeg siger højt, når jeg er presset, og så træder de andre til. Det gælder begge veje.",
    "Vi svarer på korrespondancer på faste tider i stedet for hele dagen.",
    "At sige pyt lidt oftere.\nOg at sige tak til hinanden.",
)
_DELEGATED = (
    "Kørekortattester. Sygeplejersken kan tage det meste, før patienten kommer ind til mig.",
    "Videokonsultationer om svar på prøver.",
    "Årskontroller for KOL og forhøjet blodtryk.",
    "Telefonen om formiddagen, hvis vi aftaler, hvornår jeg skal spørges.",
    "Vaccinationer, og det hele omkring dem.",
    "Bestilling af varer og kontakten til leverandører.",
    "Fornyelse af recepter efter en fast aftale.",
)
_IN_WORDS = {"i_morgen": _DELEGATED}
"""What is written to a question in words, by item; good experiences to any other."""
_LIKED = {"laegekolleger": 24, "personalet": 18, "goere_en_forskel": 17, "kende_patienterne": 15, "indflydelse": 12}
"""Weights of what most people choose first; everything else counts 5."""
_WEIGHED_DOWN = (8, 9, 7, 7, 8, 7, 6, 6, 5, 4, 3, 5, 4)
"""Where the 13 burdens lie on 1–10."""


def baseline_answers(package: Package) -> list[Raw]:
    """38 respondents to the first round of Trivsel og arbejdsglæde; WHO-5 mean 58."""
    chance = random.Random(58)  # noqa: S311 - a demo that is the same each time
    people = _wellbeing(package, BASELINE_SCORES, BASELINE_JOY, chance)
    burdens = [item for item in package.items if item.kind == "rating"]
    for person in people:
        person["positive"] = _weighted(package.item("positive"), chance, 3)
        person["haandtering"] = _weighted(package.item("haandtering"), chance, chance.choice((1, 2, 2, 3, 3, 4)))
        for burden, middle in zip(burdens, _WEIGHED_DOWN, strict=True):
            person[burden.id] = [str(_near(middle, burden, chance))]
    for person, text in zip(chance.sample(people, len(GOOD_EXPERIENCES)), GOOD_EXPERIENCES, strict=True):
        person["gode_erfaringer"] = [text]
    return people


def follow_up_answers(package: Package) -> list[Raw]:
    """34 respondents to the follow-up: mean 63, 8 below 50, 3 below 35, arbejdsglæde 5/13/12/4/0."""
    return _wellbeing(package, FOLLOW_UP_SCORES, FOLLOW_UP_JOY, random.Random(63))  # noqa: S311


def plausible_answers(package: Package, round_: Round, n: int, seed: int = 1) -> list[Raw]:
    """Answers of `n` respondents to any package: more good than bad, some "Ikke relevant", a few texts."""
    chance = random.Random(f"{package.slug} {round_} {seed}")  # noqa: S311
    return [_person(package, round_, chance) for _ in range(n)]


def _person(package: Package, round_: Round, chance: random.Random) -> Raw:
    person: Raw = {}
    for item in package.asked_in(round_):
        if item.only_if and person.get(item.only_if.item, [item.only_if.option]) != [item.only_if.option]:
            continue
        if item.may_be_not_relevant and chance.random() < 0.05:
            person[item.id] = [NOT_RELEVANT]
        elif item.kind == "text":
            if chance.random() < 0.3:
                person[item.id] = [chance.choice(_IN_WORDS.get(item.id, GOOD_EXPERIENCES))]
        else:
            person[item.id] = _plausible(package, item, chance)
    return person


def _plausible(package: Package, item: Item, chance: random.Random) -> list[str]:
    if item.kind == "rating":
        return [str(_near((item.minimum or 0) + 5, item, chance))]
    if item.kind == "choices":
        return _weighted(item, chance, chance.randint(1, item.at_most or 3))
    options = package.options_of(item)
    if item.kind == "score":
        return [str(chance.choice([o.value for o in options if o.value is not None]))]
    if item.kind == "degree":
        weights = [4, 7, 6, 3, 1, *[1] * len(options)][: len(options)]
        return [chance.choices(options, weights)[0].id]
    return [options[-1].id if chance.random() < 7 / 8 else options[0].id]


def _wellbeing(package: Package, scores: Sequence[int], joy: Mapping[str, int], chance: random.Random) -> list[Raw]:
    """People with these WHO-5 scores; those who thrive have the most joy of their work."""
    answers = [option for option, count in joy.items() for _ in range(count)]
    people: list[Raw] = []
    for score, degree in zip(sorted(scores, reverse=True), answers, strict=True):
        person = dict(zip(package.index("who5").items, _five_answers(score, chance), strict=True))
        people.append(person | {"arbejdsglaede": [degree]})
    chance.shuffle(people)
    return people


def _five_answers(score: int, chance: random.Random) -> list[list[str]]:
    """Five answers 0–5 whose sum times 4 is the score, a little uneven as people's are."""
    total = score // 4
    values = [total // 5 + (position < total % 5) for position in range(5)]
    chance.shuffle(values)
    up, down = chance.sample(range(5), 2)
    if values[up] < 5 and values[down] > 0:
        values[up] += 1
        values[down] -= 1
    return [[str(value)] for value in values]


def _weighted(item: Item, chance: random.Random, how_many: int) -> list[str]:
    ranked = sorted(item.options, key=lambda option: chance.random() ** (1 / _LIKED.get(option.id, 5)), reverse=True)
    return [option.id for option in ranked[:how_many]]


def _near(middle: int, item: Item, chance: random.Random) -> int:
    return max(item.minimum or 0, min(item.maximum or 0, round(chance.gauss(middle, 1.8))))

"""Scales of KiAP's own for the questions that a cluster asks itself, with their English labels."""

from collections.abc import Mapping

from domain.own_questions import PREFIX
from domain.package import Option, Scale
from domain.translation import EnglishOptions

DEGREE, OFTEN, AGREEMENT, YES_NO = (f"{PREFIX}{name}" for name in ("grad", "hyppighed", "enighed", "ja_nej"))


def _scale(
    labels: Mapping[str, str],
    high: tuple[str, ...],
    low: tuple[str, ...],
    ends: tuple[str, str],
    *,
    diverging: bool = False,
) -> Scale:
    options = tuple(Option(id=option, label=label) for option, label in labels.items())
    return Scale(
        options=options, high=high, low=low, high_label=ends[0], low_label=ends[1], diverging=diverging, source="own"
    )


HOUSE: dict[str, Scale] = {
    DEGREE: _scale(
        {
            "meget_hoej": "I meget høj grad",
            "hoej": "I høj grad",
            "nogen": "I nogen grad",
            "ringe": "I ringe grad",
            "slet_ikke": "Slet ikke",
        },
        ("meget_hoej", "hoej"),
        ("ringe", "slet_ikke"),
        ("I meget høj grad / i høj grad", "I ringe grad / slet ikke"),
    ),
    OFTEN: _scale(
        {"altid": "Altid", "ofte": "Ofte", "af_og_til": "Af og til", "sjaeldent": "Sjældent", "aldrig": "Aldrig"},
        ("altid", "ofte"),
        ("sjaeldent", "aldrig"),
        ("Altid / ofte", "Sjældent / aldrig"),
    ),
    AGREEMENT: _scale(
        {
            "helt_enig": "Helt enig",
            "enig": "Enig",
            "hverken": "Hverken enig eller uenig",
            "uenig": "Uenig",
            "helt_uenig": "Helt uenig",
        },
        ("helt_enig", "enig"),
        ("uenig", "helt_uenig"),
        ("Helt enig / enig", "Uenig / helt uenig"),
        diverging=True,
    ),
    YES_NO: _scale({"ja": "Ja", "nej": "Nej"}, ("ja",), ("nej",), ("Ja", "Nej")),
}
"""By id."""

TO_CHOOSE = (DEGREE, OFTEN)
"""Those a question of degree can be answered on; the others go with their kind."""

IN_ENGLISH: dict[str, EnglishOptions] = {
    DEGREE: EnglishOptions(
        options={
            "meget_hoej": "To a very high degree",
            "hoej": "To a high degree",
            "nogen": "To some degree",
            "ringe": "To a low degree",
            "slet_ikke": "Not at all",
        }
    ),
    OFTEN: EnglishOptions(
        options={
            "altid": "Always",
            "ofte": "Often",
            "af_og_til": "Now and then",
            "sjaeldent": "Rarely",
            "aldrig": "Never",
        }
    ),
    AGREEMENT: EnglishOptions(
        options={
            "helt_enig": "Strongly agree",
            "enig": "Agree",
            "hverken": "Neither agree nor disagree",
            "uenig": "Disagree",
            "helt_uenig": "Strongly disagree",
        }
    ),
    YES_NO: EnglishOptions(options={"ja": "Yes", "nej": "No"}),
}

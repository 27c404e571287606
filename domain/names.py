"""Names as people write them: "Holm, Mette", "overlæge, ph.d. Mette Holm", "Lægehuset Nord v/Mette Holm"."""

import re
import unicodedata


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    "dr dr. læge laege doktor professor prof lektor ph.d ph.d. phd md m.d. mph mpa mhm mha msc bsc dmsc praktiserende "
    "prakt prakt. almen alm. medicin almenmedicin i ansat hr hr. fru fr fr. frk frk. mr mr. mrs mrs. ms ms. jr jr. "
    "sr sr. jun. sen. spl spl. sekr sekr. formand bioanalytiker jordemoder fysioterapeut psykolog farmaceut "
    "klinikejer direktør"
)
TITLE_ENDINGS = (
    *("læge", "laege", "sygeplejerske", "sekretær", "konsulent", "koordinator", "assistent", "vikar", "studerende"),
    *("chef", "leder"),
)
ACADEMIC = re.compile(r"(cand|stud|lic|mag|dr|prof|ph|med|scient|spec|overl|res|afd)\..*|\d+\.")

PLACES = re.compile(
    r"(læge|laege|klyng|klinik|sundheds|region|sekretariat|kontor|reception).*"
    r"|.*(klinik|klinikken|praksis|hospital|hospitalet|sygehus|sygehuset|fællesskab|fællesskabet|center|centret|gruppen)"
    r"|huset|kiap|aps|a/s|i/s|p/s"
)
"""Words of a clinic or an office, where they are no title."""

PARTICLES = _words("af al bin da de del den der di dos du el ibn la le ten ter van von zu")

DOUBLE_NAMES = (
    (
        _words("ann anna anne annie birthe ellen else eva hanne ida inger karen lise marie mette rose ulla"),
        _words(
            "birgitte britt cathrine dorte dorthe grete grethe katrine kirstine lise lotte louise margrethe marie "
            "mette sofie sophie"
        ),
    ),
    (
        _words("bent carl hans jan jens jørgen kaj karl knud lars niels ole per peter poul svend"),
        _words("aage christian erik henrik jakob johan jørgen kristian ole peter"),
    ),
)
"""First and second halves of names that are one in two words: "Anne Marie", "Jens Peter"."""

ASIDE = re.compile(r"\([^)]*\)|\"[^\"]*\"|”[^”]*”|“[^”]*”")
PHD = re.compile(r"\bph\.?\s*d\b\.?", re.IGNORECASE)
GLUED_TITLE = re.compile(r"\b([Dd]r|DR)\.(?=[A-ZÆØÅ])")
IN_CARE_OF = re.compile(r".*(\bv/|\bv\.\s|\b[Aa]tt\b[.:]*|\bc/o\b)")
BETWEEN = re.compile(r"[,;|/]|\s[-–—]\s")
SEVERAL_OR_NONE = re.compile(r"\b(og|and)\b|[&+@\d]", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]{2,}(['’-][^\W\d_]+)*|[^\W\d_]['’][^\W\d_]{2,}")
VOWEL = re.compile(r"[aeiouyæøåäöüéëè]")
SURNAME_ENDING = re.compile(r"\w{2,}sen")
SHORTEST_SURNAME_IN_CAPITALS = 4


def first_name(name: str) -> str:
    """The first name to greet somebody by, or empty where it can't be told: "Holm", "J. P. Hansen"."""
    parts = [words for part in BETWEEN.split(_plain(name)) if (words := _persons_words(part))]
    if len(parts) == 1:
        return _of_a_whole_name(parts[0])
    if len(parts) > 1 and _is_surname(parts[0]):
        return _greeting(parts[1], in_capitals=_are_capitals(parts[0] + parts[1]), surname_follows=False)
    return ""


def _plain(name: str) -> str:
    """Without what stands aside, before "v/", or is spelt in two ways."""
    name = ASIDE.sub(" ", unicodedata.normalize("NFC", " ".join(name.split())))
    return GLUED_TITLE.sub(r"\1. ", PHD.sub("ph.d.", IN_CARE_OF.sub("", name)))


def _persons_words(part: str) -> list[str]:
    """The name in a part; nothing where it is a title, a clinic, several people or none."""
    words = part.split()
    while words and _is_title(words[0]):
        del words[0]
    title_at = next((at for at, word in enumerate(words) if _is_title(word)), len(words))
    words = words[:title_at]
    while words and words[-1].isdecimal():  # a telephone number, say
        del words[-1]
    is_no_person = SEVERAL_OR_NONE.search(" ".join(words)) or any(PLACES.fullmatch(word.casefold()) for word in words)
    return [] if is_no_person else words


def _is_title(word: str) -> bool:
    word = word.casefold()
    return word in TITLES or word.endswith(TITLE_ENDINGS) or ACADEMIC.fullmatch(word) is not None


def _of_a_whole_name(words: list[str]) -> str:
    """Of "Mette Holm" or "HOLM Mette". Which way round a name is shows only in capitals, particles and "-sen"."""
    in_capitals = _are_capitals(words)
    given = words
    while not in_capitals and given and _is_surname_in_capitals(given[0]):
        given = given[1:]
    if len(given) < len(words):
        return _greeting(given, in_capitals=False, surname_follows=False)
    if len(words) == 1 or SURNAME_ENDING.fullmatch(words[0].casefold()):
        return ""
    return _greeting(words, in_capitals=in_capitals, surname_follows=True)


def _is_surname_in_capitals(word: str) -> bool:
    return word.isupper() and len(word) >= SHORTEST_SURNAME_IN_CAPITALS and WORD.fullmatch(word) is not None


def _is_surname(words: list[str]) -> bool:
    """Whether these can be nothing else before a comma: one word, or one after "van der"."""
    while len(words) > 1 and words[0].casefold() in PARTICLES:
        words = words[1:]
    return len(words) == 1


def _greeting(words: list[str], *, in_capitals: bool, surname_follows: bool) -> str:
    first = words[0] if words else ""
    if not WORD.fullmatch(first) or first.casefold() in PARTICLES or _are_initials(first, in_capitals):
        return ""
    least = 3 if surname_follows else 2
    if len(words) >= least and any(
        first.casefold() in firsts and words[1].casefold() in seconds for firsts, seconds in DOUBLE_NAMES
    ):
        return f"{_capitalised(first)} {_capitalised(words[1])}"
    return _capitalised(first)


def _are_capitals(words: list[str]) -> bool:
    return all(word.isupper() for word in words)


def _are_initials(word: str, in_capitals: bool) -> bool:
    """ "JP", where it is not a short name among other capitals."""
    return word.isupper() and (VOWEL.search(word.casefold()) is None if in_capitals else len(word) <= 3)


def _capitalised(word: str) -> str:
    if word.isupper() or word.islower():
        return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
    return word

"""What a text from people may be: a name, a mail address, a phone number, a place, several lines. The one door for it.

Letters come out composed (NFC) and spaces single. Invisible signs at the ends are dropped; inside they are refused, as
is what XML 1.0 (deck, document) or PostgreSQL cannot hold. What is taken once is taken again unchanged.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from domain.own_questions import LONGEST_OPTION, LONGEST_QUESTION
from domain.signs import composed, refuse_unfit, without_unseen_ends
from domain.unfit import Unfit

LONGEST_NAME = 200
LONGEST_CLUSTER_NAME = 80
"""Slides and file names have room for it."""
LONGEST_TITLE = 120
LONGEST_LABEL = 300
LONGEST_PHONE = 40
LONGEST_PLACE = 500
LONGEST_WORDS = 5_000
LONGEST_ANSWER = 1_000
"""A free text in the questionnaire: long enough for an experience, short enough for a slide."""
LONGEST_ADDRESS = 254
"""Octets of a mail address (RFC 5321, 4.5.3.1.3, less the angle brackets)."""
LONGEST_LOCAL_PART = 64
"""Octets before the @ (RFC 5321, 4.5.3.1.1)."""
FEWEST_DIGITS = 8
"""Of a Danish telephone number; a foreign one with its country's code has more."""

_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_SEVERAL_EMPTY_LINES = re.compile(r"\n{3,}")
_MAIL_CODE = re.compile(r"=\?[^ ?]+\?[bqBQ]\?")
"""An encoded word (RFC 2047), which every mail program would read as something else."""
_PHONE = re.compile(r"[\w +()./:-]+")


def one_line(text: str, most: int = LONGEST_PLACE) -> str:
    """The text on one line. Raises Unfit, also where nothing is left of it."""
    return _some(line_or_nothing(text, most))


def line_or_nothing(text: str, most: int = LONGEST_WORDS) -> str:
    """The text on one line; "" where nothing is left of it. Raises Unfit."""
    return _not_longer(_plain_line(_unbroken(without_unseen_ends(composed(text)))), most)


def longer_text(text: str, most: int = LONGEST_WORDS) -> str:
    """A text of several lines, at most one empty line between them. Raises Unfit, also where nothing is left of it."""
    return _some(words_or_nothing(text, most))


def words_or_nothing(text: str, most: int = LONGEST_WORDS) -> str:
    """A text of several lines; "" where nothing is left of it. Raises Unfit."""
    lines = [without_unseen_ends(line) for line in _LINE_BREAK.split(composed(text))]
    numbered = enumerate(lines, start=1) if len(lines) > 1 else ((None, line) for line in lines)
    text = "\n".join(_plain_line(line, number) for number, line in numbered)
    return _not_longer(_SEVERAL_EMPTY_LINES.sub("\n\n", text).strip("\n"), most)


def person_name(text: str) -> str:
    """Somebody's name. Raises Unfit."""
    return _readable(one_line(text, LONGEST_NAME), str.isalpha)


def practice_name(text: str) -> str:
    """A practice's ydernummer or name. Raises Unfit."""
    return _readable(one_line(text, LONGEST_NAME))


def cluster_name(text: str) -> str:
    """A cluster's name. Raises Unfit."""
    return _readable(one_line(text, LONGEST_CLUSTER_NAME))


def meeting_place(text: str) -> str:
    """Where a meeting is: an address with a room, or a video meeting's web address. Raises Unfit."""
    return _readable(one_line(text, LONGEST_PLACE))


def typeset_text(text: str) -> str:
    """A text as its author set it for print, unbreakable spaces and all. Raises Unfit."""
    text = without_unseen_ends(composed(text))
    for number, line in enumerate(lines := _LINE_BREAK.split(text), start=1):
        refuse_unfit(line.replace("\t", " "), number if len(lines) > 1 else None)
    return text


def typeset_line(text: str) -> str:
    """The same on one line: a label, a heading. Raises Unfit."""
    return _not_longer(_unbroken(typeset_text(text)), LONGEST_LABEL)


def package_title(text: str) -> str:
    """A package's title, as subject lines, slides and the properties of files have room for it. Raises Unfit."""
    return _not_longer(_readable(_unbroken(_some(typeset_text(text)))), LONGEST_TITLE)


def question_text(text: str) -> str:
    """What a cluster asks of its doctors, on one line. Raises Unfit."""
    return _readable(one_line(text, LONGEST_QUESTION), str.isalpha)


def answer_label(text: str) -> str:
    """One of the answers to such a question. Raises Unfit."""
    label = _readable(one_line(text, LONGEST_OPTION))
    if ";" in label:
        raise Unfit("Brug ikke semikolon i et svar.", "can't contain ';', which separates answers in CSV files")
    if label.casefold() == "ikke relevant":
        raise Unfit(
            "»Ikke relevant« kan ikke være et svar her: et spørgsmål kan altid springes over.",
            "is no answer of its own: a question can always be left out",
        )
    return label


def phone_number(text: str) -> str:
    """A number to be called on, as it was written: `20 30 40 50`, `+45 7196 8844 lokal 12`. Raises Unfit."""
    number = one_line(text, LONGEST_PHONE)
    if sum(sign in "0123456789" for sign in number) < FEWEST_DIGITS or not _PHONE.fullmatch(number):
        raise Unfit(
            f"Skriv telefonnummeret med mindst {FEWEST_DIGITS} cifre, fx 20 30 40 50.",
            f"must be a phone number of at least {FEWEST_DIGITS} digits, like 20 30 40 50",
        )
    return number


def email_address(text: str) -> str:
    """A mail address that every sender can write to, its domain in letters rather than `xn--`. Raises Unfit.

    Letters like æ before the @ ask for a server that knows SMTPUTF8; in the domain they need nothing special.
    """
    return _checked_address(text)[0]


def address_on_the_wire(address: str) -> str:
    """The same with the domain in ASCII (`xn--…`), as every mail server takes it. Raises Unfit."""
    return _checked_address(address)[1]


def web_address(url: str) -> str:
    """The address. Raises Unfit unless it is http or https and safe between quotes and angle brackets."""
    if not url.startswith(("https://", "http://")) or any(c in url for c in "\"'<>\\ ") or line_or_nothing(url) != url:
        raise Unfit("Skriv en webadresse, der begynder med https://.", "must be an http or https address")
    return url


def is_web_address(text: str) -> bool:
    """Whether the text is nothing but a web address."""
    try:
        web_address(text)
    except Unfit:
        return False
    return True


def _checked_address(text: str) -> tuple[str, str]:
    """As people write it, and as mail servers do."""
    from email_validator import EmailNotValidError, validate_email  # 0.1 s that few commands need

    address = line_or_nothing(text)
    if not address:
        raise Unfit("Feltet må ikke være tomt.", "must not be empty")
    for is_so, danish, english in _SLIPS:
        if is_so(address):
            raise _no_address(danish, english)
    try:
        valid = validate_email(address, check_deliverability=False, strict=True)
    except EmailNotValidError:
        raise _no_address(*_LIKE_THIS) from None
    on_the_wire = f"{valid.local_part}@{valid.ascii_domain}"
    if _is_unwritable(valid.local_part, valid.domain) or len(on_the_wire.encode()) > LONGEST_ADDRESS:
        raise _no_address(*_LIKE_THIS)
    return valid.normalized, on_the_wire


_LIKE_THIS = ("Skriv den som navn@klinik.dk.", "write it like name@clinic.dk")
_SLIPS: tuple[tuple[Callable[[str], bool], str, str], ...] = (
    (lambda a: "<" in a or ">" in a, "Skriv kun adressen, uden navn og vinkler.", "give the address alone"),
    (lambda a: "," in a or ";" in a or a.count("@") > 1, "Skriv én adresse.", "give one address"),
    (lambda a: " " in a, "Der må ikke være mellemrum i den.", "there can be no space in it"),
    (lambda a: "@" not in a, *_LIKE_THIS),
)


def _no_address(danish: str, english: str) -> Unfit:
    return Unfit(f"Mailadressen er ikke gyldig. {danish}", f"is not a mail address: {english}")


def _is_unwritable(local: str, domain: str) -> bool:
    """Whether a header would be read as something else, or a server could not look it up."""
    top = domain.rpartition(".")[2]
    return (
        "=?" in local  # reads as an encoded word (RFC 2047)
        or unicodedata.normalize("NFKC", local) != local
        or not all(sign.isascii() or sign.isalnum() or unicodedata.category(sign).startswith("M") for sign in local)
        or len(local.encode()) > LONGEST_LOCAL_PART
        or len(top) < 2
    )


def _unbroken(text: str) -> str:
    if _LINE_BREAK.search(text):
        raise Unfit("Feltet skal stå på én linje, uden linjeskift.", "must be one line, without line breaks")
    if _MAIL_CODE.search(text):
        raise Unfit(
            "Der er en kode fra en mail i teksten (»=?«). Skriv ordene, som de læses.",
            "has the code of a mail header in it ('=?'); write the words as they are read",
        )
    return text


def _plain_line(line: str, number: int | None = None) -> str:
    line = line.replace("\t", " ")
    refuse_unfit(line, number)
    return " ".join(line.split())


def _some(text: str) -> str:
    if not text:
        raise Unfit("Feltet må ikke være tomt.", "must not be empty")
    return text


def _not_longer(text: str, most: int) -> str:
    if len(text) > most:
        raise Unfit(
            f"Teksten må højst fylde {most} tegn. Den er {len(text) - most} tegn for lang.",
            f"has {len(text)} characters, more than {most}",
        )
    return text


def _readable(text: str, wanted: Callable[[str], bool] = str.isalnum) -> str:
    """The text. Raises Unfit where it is all dots and dashes."""
    if not any(map(wanted, text)):
        raise Unfit("Feltet skal have bogstaver i sig.", "must have letters in it")
    return text


def _described(most: int) -> Any:  # noqa: ANN401 - pydantic's FieldInfo
    """The length as the API's description tells it; the door itself counts what is left of the text."""
    return Field(json_schema_extra={"maxLength": most})


Name = Annotated[str, AfterValidator(person_name), _described(LONGEST_NAME)]
PracticeName = Annotated[str, AfterValidator(practice_name), _described(LONGEST_NAME)]
ClusterName = Annotated[str, AfterValidator(cluster_name), _described(LONGEST_CLUSTER_NAME)]
Title = Annotated[str, AfterValidator(package_title), _described(LONGEST_TITLE)]
TypesetLine = Annotated[str, AfterValidator(typeset_line)]
Line = Annotated[str, AfterValidator(line_or_nothing)]
Words = Annotated[str, AfterValidator(longer_text), _described(LONGEST_WORDS)]
Place = Annotated[str, AfterValidator(meeting_place), _described(LONGEST_PLACE)]
Phone = Annotated[str, AfterValidator(phone_number), _described(LONGEST_PHONE)]
Email = Annotated[str, AfterValidator(email_address), _described(LONGEST_ADDRESS)]
WebAddress = Annotated[str, AfterValidator(web_address)]

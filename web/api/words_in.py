"""What comes in from outside, cleaned and checked: names, addresses, roles, regions, longer texts."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from domain.model import Role

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@(?:[\wæøåÆØÅ](?:[\wæøåÆØÅ-]*[\wæøåÆØÅ])?\.)+[a-zA-ZæøåÆØÅ]{2,}")
_LONGEST_EMAIL = 254

ROLES = {
    Role.OWNER: "Ejerlæge",
    Role.EMPLOYED: "Ansat læge",
    Role.TRAINEE: "Uddannelseslæge",
    Role.STAFF: "Praksispersonale",
}
"""The Danish labels, which are taken as well as the ids."""

ROLES_MANY = {
    Role.OWNER: "ejerlæger",
    Role.EMPLOYED: "ansatte læger",
    Role.TRAINEE: "uddannelseslæger",
    Role.STAFF: "praksispersonale",
}


def one_line(text: str) -> str:
    """The text on one line, single spaces, composed letters. Raises ValueError where nothing is left of it."""
    text = unicodedata.normalize("NFC", text)
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text.strip()):
        msg = "Feltet skal stå på én linje, uden styretegn."
        raise ValueError(msg)
    text = " ".join(text.split())
    if not text:
        msg = "Feltet må ikke være tomt."
        raise ValueError(msg)
    return text


def email_address(text: str) -> str:
    """The address. Raises ValueError unless mail could be sent to it."""
    text = unicodedata.normalize("NFC", text).strip()
    local = text.partition("@")[0]
    if len(text) > _LONGEST_EMAIL or not _EMAIL.fullmatch(text) or ".." in text or local[0] == "." or local[-1] == ".":
        msg = "Mailadressen er ikke gyldig."
        raise ValueError(msg)
    return text


def longer_text(text: str) -> str:
    """A text of several lines, without control signs. Raises ValueError where nothing is left of it."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn"))
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    if not text:
        msg = "Feltet må ikke være tomt."
        raise ValueError(msg)
    return text


def role_named(given: object) -> object:
    """A role by its id or Danish label, in any case; anything else is left for the type to refuse."""
    if not isinstance(given, str):
        return given
    wanted = given.strip().casefold()
    for role, label in ROLES.items():
        if wanted in (role.value, label.casefold(), role.value.replace("_", " ")):
            return role
    names = ", ".join(label.lower() for label in ROLES.values())
    msg = f"Rollen kendes ikke. Skriv en af: {names}."
    raise ValueError(msg)


Name = Annotated[str, Field(max_length=200), AfterValidator(one_line)]
Email = Annotated[str, AfterValidator(email_address)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(one_line)]
Place = Annotated[str, Field(max_length=500), AfterValidator(one_line)]
Words = Annotated[str, Field(max_length=5_000), AfterValidator(longer_text)]
AnyRole = Annotated[Role, BeforeValidator(role_named)]

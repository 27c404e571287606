"""What a password of KiAP's own people may be: long enough, and not simply who one is."""

from domain.text import line_or_nothing
from domain.unfit import Unfit

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200


def typed_password(text: str) -> str:
    """A password as it is compared: composed letters (NFC), single spaces. Raises Unfit for what nobody can type."""
    return line_or_nothing(text, LONGEST_PASSWORD)


def new_password(text: str, *, name: str, email: str) -> str:
    """A password somebody chooses, as it is compared. Raises Unfit with one line on what to do."""
    password = typed_password(text)
    if len(password) < SHORTEST_PASSWORD:
        raise Unfit(
            f"Adgangskoden skal have mindst {SHORTEST_PASSWORD} tegn. En sætning, du kan huske, er god.",
            f"must have at least {SHORTEST_PASSWORD} characters",
        )
    own = {name.casefold(), email.casefold(), email.partition("@")[0].casefold()}
    if password.casefold() in own:
        raise Unfit("Adgangskoden må ikke være dit navn eller din mailadresse.", "must not be the name or the address")
    return password

"""The roles of members as requests name them: by id or by Danish label."""

from typing import Annotated

from pydantic import BeforeValidator

from domain.model import Role

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


AnyRole = Annotated[Role, BeforeValidator(role_named)]

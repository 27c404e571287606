"""The demo's cluster: 42 doctors in 14 practices, all invented."""

from dataclasses import dataclass
from typing import Any

CLUSTER = {"name": "Søndersø", "region": "syddanmark"}
CONSULTANT = ("Kirsten Dam", "kirsten.dam@kiap.example")

FIRST_NAMES = (
    "Anne", "Bo", "Camilla", "David", "Else", "Frederik", "Gitte", "Hans", "Inger", "Jakob", "Karen", "Lars",
    "Mette", "Niels", "Oline", "Peter", "Rikke", "Søren", "Tine", "Ulrik", "Vibeke", "Åse",
)  # fmt: skip
LAST_NAMES = (
    "Agerbo", "Bækgaard", "Clemmensen", "Dahlgård", "Enevold", "Fogh", "Gravlund", "Højlund", "Iversholt",
    "Juhlin", "Kjærsgaard", "Lindeblad", "Møgelvang", "Nørrelykke",
)  # fmt: skip
ROLES = ("ejerlæge", "ejerlæge", "ansat læge", "ejerlæge", "uddannelseslæge")
MEMBERS = 42
PRACTICES = 14


@dataclass(frozen=True)
class Doctor:
    name: str
    email: str
    practice: str
    role: str

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "email": self.email, "practice": self.practice, "role": self.role}


def doctors() -> list[Doctor]:
    """Everybody, the coordinator first. The same each time."""
    people = []
    for number in range(MEMBERS):
        first = FIRST_NAMES[number * 5 % len(FIRST_NAMES)]
        last = LAST_NAMES[(number * 3 + number // len(LAST_NAMES)) % len(LAST_NAMES)]
        address = f"laege{number + 1:02}@soenderso.example"
        practice = f"Lægehuset {LAST_NAMES[number % PRACTICES]}"
        people.append(Doctor(f"{first} {last}", address, practice, ROLES[number % len(ROLES)]))
    return people


def an_order(package: str) -> dict[str, Any]:
    """What kiap.dk sends."""
    everybody = doctors()
    coordinator = everybody[0]
    return {
        "cluster": CLUSTER,
        "package": package,
        "coordinator": {"name": coordinator.name, "email": coordinator.email},
        "members": [doctor.as_json() for doctor in everybody],
    }

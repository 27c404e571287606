"""The country's clusters: named after their towns, with doctors whose names, practices and addresses are invented."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from demo.habits import Habits, size
from demo.people import FIRST_NAMES, LAST_NAMES
from domain.denmark import are_one_region, regions_on
from domain.model import Role
from web.api.intake_request import ClusterSent, CoordinatorSent, MemberSent, OrderSent

IN_A_PRACTICE = 3
ROLES = (Role.OWNER, Role.OWNER, Role.EMPLOYED, Role.OWNER, Role.TRAINEE)
BY_REGION = {
    "hovedstaden": (
        "Amager Øst", "Amager Vest", "Ballerup", "Bispebjerg", "Bornholm", "Brønshøj", "Dragør", "Egedal",
        "Fredensborg", "Frederiksberg Nord", "Frederiksberg Syd", "Frederikssund", "Furesø", "Gentofte", "Gladsaxe",
        "Glostrup", "Gribskov", "Halsnæs", "Helsingør", "Herlev", "Hillerød", "Hvidovre", "Indre By", "Ishøj",
        "Lyngby", "Nørrebro", "Rødovre", "Rudersdal", "Tårnby", "Valby", "Vesterbro", "Østerbro",
    ),
    "sjaelland": (
        "Faxe", "Greve", "Guldborgsund", "Holbæk", "Kalundborg", "Køge", "Lejre", "Lolland", "Næstved", "Odsherred",
        "Ringsted", "Roskilde", "Slagelse", "Solrød", "Sorø", "Stevns", "Vordingborg",
    ),
    "syddanmark": (
        "Aabenraa", "Assens", "Billund", "Bogense", "Esbjerg Nord", "Esbjerg Syd", "Faaborg", "Fredericia",
        "Haderslev", "Kerteminde", "Kolding Nord", "Kolding Syd", "Langeland", "Middelfart", "Nyborg", "Odense Nord",
        "Odense Syd", "Odense Vest", "Ribe", "Svendborg", "Sønderborg", "Tønder", "Varde", "Vejen", "Vejle", "Ærø",
    ),
    "midtjylland": (
        "Aarhus Midt", "Aarhus Nord", "Aarhus Syd", "Aarhus Vest", "Favrskov", "Grenaa", "Hammel", "Hedensted",
        "Herning", "Holstebro", "Horsens", "Ikast", "Lemvig", "Odder", "Randers Nord", "Randers Syd", "Ringkøbing",
        "Samsø", "Silkeborg", "Skanderborg", "Skive", "Struer", "Syddjurs", "Viborg Nord", "Viborg Syd", "Brande",
    ),
    "nordjylland": (
        "Aalborg Midt", "Aalborg Vest", "Aalborg Øst", "Brønderslev", "Frederikshavn", "Hjørring", "Hobro",
        "Jammerbugt", "Mors", "Nørresundby", "Rebild", "Skagen", "Thy", "Vesthimmerland",
    ),
}  # fmt: skip
"""115 of them. The regions are those of 2026; which they are on a later day is the calendar's."""
IN_THE_WORLD = str.maketrans("æøå ", "eoa-")


@dataclass(frozen=True)
class Town:
    """A cluster before it has ordered anything. `number` counts them over the whole country."""

    number: int
    name: str
    region: str

    @property
    def domain(self) -> str:
        """Where its doctors have their mail; `.example` reaches nobody anywhere."""
        return f"{self.name.lower().translate(IN_THE_WORLD)}.example"


def towns(many: int) -> list[Town]:
    """So many clusters, spread over the regions; at most 115."""
    everywhere = [(name, region) for region, names in BY_REGION.items() for name in names]
    step = len(everywhere) / many
    return [Town(number, *everywhere[int(number * step)]) for number in range(many)]


def region_on(region: str, day: dt.date) -> str:
    """The region's id on a day: two of them become one."""
    return next(each.id for each in regions_on(day) if are_one_region(region, each.id))


def order_of(town: Town, package: str, day: dt.date, random: Random) -> OrderSent:
    """What kiap.dk sends when the town's coordinator, who is one of the doctors, orders a package."""
    doctors = _doctors(town, size(random, Habits()), random)
    first = doctors[0]
    return OrderSent(
        cluster=ClusterSent(name=town.name, region=region_on(town.region, day)),
        package=package,
        coordinator=CoordinatorSent(name=first.name, email=first.email, phone=f"20 {30 + town.number % 60} 40 50"),
        members=tuple(doctors),
    )


def _doctors(town: Town, many: int, random: Random) -> list[MemberSent]:
    names = random.sample([f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES], many)
    surnames = random.sample(LAST_NAMES, min(len(LAST_NAMES), -(-many // IN_A_PRACTICE)))
    return [
        MemberSent(
            name=name,
            email=f"laege{number + 1:02}@{town.domain}",
            practice=f"Lægerne {surnames[number // IN_A_PRACTICE % len(surnames)]}",
            role=ROLES[number % len(ROLES)],
        )
        for number, name in enumerate(names)
    ]

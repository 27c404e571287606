"""The files of a new package: those of `klyngepakker/faelles/ny_pakke/`, with its name, its title and the day."""

import datetime as dt
import json
import re
from string import Template

from domain.meeting import danish
from domain.text import package_title
from storage.packages import PACKAGES

SKELETON = PACKAGES / "faelles" / "ny_pakke"
FILES = ("package.yaml", "deck.yaml")
LONGEST_SLUG = 60
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def slug_problem(slug: str) -> str | None:
    """What is wrong with a package's name, in English; None where it can stand in addresses and be a folder's."""
    if _SLUG.fullmatch(slug) is None:
        return "a package's name is of a–z, 0–9 and single hyphens: 'stress-i-klinikken' (æ is ae, ø is oe, å is aa)"
    if len(slug) > LONGEST_SLUG:
        return f"a package's name has at most {LONGEST_SLUG} characters"
    return None


def title_from(slug: str) -> str:
    """The title of a package that was given none: "stress-i-klinikken" is "Stress i klinikken"."""
    return slug.replace("-", " ").capitalize()


def new_package_files(slug: str, title: str, now: dt.datetime) -> dict[str, bytes]:
    """package.yaml and deck.yaml of a package that `package check` finds no fault in. Raises Unfit for the title."""
    title = package_title(title)
    again = f"{title} – opfølgning"
    told = {
        "slug": _quoted(slug),
        "title": _quoted(title),
        "title_again": _quoted(again),
        "published": danish(now).date().isoformat(),
    }
    return {name: Template((SKELETON / name).read_text("utf-8")).substitute(told).encode() for name in FILES}


def _quoted(text: str) -> str:
    """As YAML: a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)

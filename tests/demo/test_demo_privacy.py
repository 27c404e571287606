"""No name, address, text or answer of the demo, and no way in, occurs in its event rows or its exported histories."""

import base64
import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload

from demo import people, story
from demo.answers import GOOD_EXPERIENCES, Raw, baseline_answers, follow_up_answers
from demo.mailbox import mails_in
from domain.model import Round
from domain.package import Package
from storage.database import Database
from storage.keys import Keys
from tests.demo.demo_run import DemoRun
from tests.the_packages import TRIVSEL
from tests.workflows.decoded import decoded_forms_of, decoded_forms_of_events, words_in
from worker.codec import EncryptingCodec

pytestmark = pytest.mark.temporal

SHORTEST_NAME = 7
"""Letters of a surname that stands alone: a shorter one could occur by chance in what is encrypted."""
A_TOKEN = re.compile(r"/(?:svar|bestilling|d)/([\w.-]+)")
SHORTEST_TOKEN = 20


def people_told_of() -> list[str]:
    """Everybody's name, address and practice."""
    doctors = people.doctors()
    names = [*(doctor.name for doctor in doctors), people.CONSULTANT[0]]
    addresses = [*(doctor.email for doctor in doctors), people.CONSULTANT[1]]
    surnames = [name for name in people.LAST_NAMES if len(name) >= SHORTEST_NAME]
    places = [people.CLUSTER["name"], *{doctor.practice for doctor in doctors}]
    return [*names, *addresses, *surnames, *places, *{address.partition("@")[2] for address in addresses}]


def written_by_people() -> list[str]:
    """Every line of every text."""
    texts = [*GOOD_EXPERIENCES, story.IDEAS, story.AGREED, story.PLACE]
    return [line for text in texts for line in text.splitlines()]


def answered_with(package: Package) -> list[str]:
    """What stands beside or instead of an answer: the questions, and the options in their words or as JSON."""
    options = {option for item in package.items if item.kind != "text" for option in package.options_of(item)}
    labels = [option.label for option in options if len(option.label) >= SHORTEST_NAME]
    items = [item.id for item in package.items if item.id not in package.slug]  # the package may be named
    return [*items, *(f'"{option.id}"' for option in options), *labels]


def ways_in(demo: DemoRun) -> list[str]:
    """The secret part of every link in a mail, and this machine's key to the API."""
    links = {link for mail in mails_in(demo.out / "mails") for link in A_TOKEN.findall(mail.text)}
    parts = {part for link in links for part in link.split(".") if len(part) >= SHORTEST_TOKEN}
    return [*sorted(parts), (demo.kept / "terminal.key").read_text().strip()]


@cache
def marked(demo: DemoRun) -> list[str]:
    return [*people_told_of(), *written_by_people(), *answered_with(TRIVSEL), *ways_in(demo)]


def answers_in(layers: list[bytes], respondents: list[Raw]) -> int:
    """How many respondents' numbers stand somewhere one after the other, whatever stands between them."""
    streams = {b",%s," % b",".join(re.findall(rb"\d+", layer)) for layer in layers}
    streams |= {b",%s," % b",".join(re.findall(rb"\d", layer)) for layer in layers}
    everything = b"\n".join(streams)
    return sum(numbers in everything for numbers in map(numbers_of, respondents))


def numbers_of(respondent: Raw) -> bytes:
    """WHO-5 and the burdens, of somebody asked both: too many for chance."""
    numbers = [value for item in TRIVSEL.asked_in(Round.BASELINE) for value in respondent.get(item.id, [])]
    digits = [number for number in numbers if number.isdigit()]
    assert len(digits) == 5 + 13
    return f",{','.join(digits)},".encode()


def leaks(layers: list[bytes], demo: DemoRun) -> list[str]:
    found = words_in(layers, marked(demo))
    return [*found, *["a whole ballot"] * answers_in(layers, baseline_answers(TRIVSEL))]


@pytest.fixture(scope="module")
def codec(the_demo: DemoRun) -> EncryptingCodec:
    return EncryptingCodec(Keys((the_demo.kept / "master.key").read_bytes()).codec_key)


def exports(demo: DemoRun) -> list[str]:
    return [file.read_text() for file in sorted((demo.out / "histories").iterdir())]


def rows(file: Path) -> list[bytes]:
    database = Database(f"sqlite:///{file}")
    try:
        return list(decoded_forms_of_events(database))
    finally:
        database.close()


def test_no_event_row_of_the_demo_has_anything_that_was_marked(the_demo: DemoRun) -> None:
    found = rows(the_demo.kept / "klyngeflow.db")
    assert b"order_completed" in found
    assert leaks(found, the_demo) == []


def test_no_exported_history_of_the_demo_has_anything_that_was_marked(
    the_demo: DemoRun, codec: EncryptingCodec
) -> None:
    found = [layer for export in exports(the_demo) for layer in decoded_forms_of(export, codec)]
    for known in ('"type":"agree_plan"', '"type":"record_meeting"', '"outlook":{', '"stage":"completed"'):
        assert any(known.encode() in layer for layer in found), "not everything was decrypted"
    assert leaks(found, the_demo) == []


# --- that these tests can fail --------------------------------------------------------------------------------------


def test_what_is_looked_for_is_what_the_demo_was_about(the_demo: DemoRun) -> None:
    """People and texts are all in the database the demo kept, but for the one struck; of the links, their hashes."""
    with sqlite3.connect(the_demo.kept / "klyngeflow.db") as database:
        everything = "\n".join(database.iterdump())
    assert words_in([everything.encode()], people_told_of()) == people_told_of()
    struck = set(written_by_people()) - set(words_in([everything.encode()], written_by_people()))
    assert 1 <= len(struck) <= 2, "one text, of which each line counts"
    assert any(struck == set(text.splitlines()) for text in GOOD_EXPERIENCES)
    links = ways_in(the_demo)
    assert len(links) > 2 * people.MEMBERS
    assert words_in([everything.encode()], links) == []


def first_ballot() -> Raw:
    return baseline_answers(TRIVSEL)[0]


def as_posted(_demo: DemoRun) -> str:
    return json.dumps(first_ballot())


def as_numbers(_demo: DemoRun) -> str:
    return json.dumps([int(value) for values in first_ballot().values() for value in values if value.isdigit()])


def as_digits(_demo: DemoRun) -> str:
    numbers = numbers_of(first_ballot()).decode()
    return numbers.replace(",", "/")


def a_follow_up(_demo: DemoRun) -> str:
    return json.dumps(list(follow_up_answers(TRIVSEL)[0].values()))


def a_doctor(_demo: DemoRun) -> str:
    return f"Kære {people.doctors()[7].name}"


def an_address(_demo: DemoRun) -> str:
    return f"<{people.doctors()[41].email}>"


def a_practice(_demo: DemoRun) -> str:
    return people.doctors()[3].practice


def a_text(_demo: DemoRun) -> str:
    return json.dumps({"tekst": GOOD_EXPERIENCES[-1]})


def the_place(_demo: DemoRun) -> str:
    return story.PLACE


def a_link(demo: DemoRun) -> str:
    return mails_in(demo.out / "mails", "invitation")[5].link("svar")


SLIPS: list[Callable[[DemoRun], str]] = [
    as_posted,
    as_numbers,
    as_digits,
    a_follow_up,
    a_doctor,
    an_address,
    a_practice,
    a_text,
    the_place,
    a_link,
]


def payloads_in(export: object) -> Iterator[dict[str, str]]:
    """Every encrypted payload of an exported history, to be changed in place."""
    if isinstance(export, dict):
        if set(export) == {"metadata", "data"}:
            yield export
        for inside in export.values():
            yield from payloads_in(inside)
    elif isinstance(export, list):
        for inside in export:
            yield from payloads_in(inside)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.__name__)
@pytest.mark.parametrize("once_more", [False, True], ids=["plain", "in base64"])
def test_a_slip_in_an_encrypted_payload_is_found(
    the_demo: DemoRun, codec: EncryptingCodec, slip: Callable[[DemoRun], str], once_more: bool
) -> None:
    said = slip(the_demo).encode()
    if once_more:
        said = b'{"x":"%s"}' % base64.b64encode(said)
    history = json.loads(exports(the_demo)[1])
    *_, last = payloads_in(history)
    planted = codec.encrypt(Payload(metadata={"encoding": b"json/plain"}, data=said))
    last["data"] = base64.b64encode(planted.data).decode()
    assert leaks(list(decoded_forms_of(json.dumps(history), codec)), the_demo) != []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.__name__)
@pytest.mark.parametrize("column", ["data", "causation_id"])
def test_a_slip_in_an_event_row_is_found(
    the_demo: DemoRun, tmp_path: Path, slip: Callable[[DemoRun], str], column: str
) -> None:
    file = Path(shutil.copy(the_demo.kept / "klyngeflow.db", tmp_path))
    with sqlite3.connect(file) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'")
        for (trigger,) in triggers.fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute(f"UPDATE event SET {column} = ? WHERE position = 9", [slip(the_demo)])  # noqa: S608
    assert leaks(rows(file), the_demo) != []

"""Wishes not to be written to and addresses that bounced: longer than any order, and without telling an address."""

import datetime as dt

import pytest

from domain.model import PersonId
from storage import people, suppressions
from storage.database import Database
from storage.keys import Keys
from storage.people import PersonChange
from storage.suppressions import Mailbox, Suppressed
from tests.storage.on_disk import everything_on_disk

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
ANNA, BO = Mailbox("Anna Ægidius", "klinik@example.dk"), Mailbox("Bo Bang", "klinik@example.dk")


@pytest.fixture
def keys() -> Keys:
    return Keys(bytes(range(32)))


def why(database: Database, keys: Keys, *mailboxes: Mailbox) -> dict[Mailbox, set[Suppressed]]:
    with database.read() as connection:
        return suppressions.suppressed(connection, keys, mailboxes)


def suppress(database: Database, keys: Keys, mailbox: Mailbox, reason: Suppressed) -> None:
    with database.write() as connection:
        suppressions.suppress(connection, keys, mailbox, reason, NOW, "smtp_550")
        suppressions.suppress(connection, keys, mailbox, reason, NOW + dt.timedelta(days=1))


def test_an_opt_out_is_one_readers_and_a_bounce_the_addresss(database: Database, keys: Keys) -> None:
    suppress(database, keys, ANNA, Suppressed.OPTED_OUT)
    assert why(database, keys, ANNA, BO) == {ANNA: {Suppressed.OPTED_OUT}}
    suppress(database, keys, BO, Suppressed.BOUNCED)
    assert why(database, keys, ANNA, BO) == {
        ANNA: {Suppressed.OPTED_OUT, Suppressed.BOUNCED},
        BO: {Suppressed.BOUNCED},
    }
    assert why(database, keys) == {}


def test_an_opt_out_follows_a_corrected_name_and_no_colleague_or_new_address(database: Database, keys: Keys) -> None:
    suppress(database, keys, ANNA, Suppressed.OPTED_OUT)
    anna = PersonChange(person=PersonId("anna"), name=ANNA.name, email=ANNA.email, address=1)
    bo = PersonChange(person=PersonId("bo"), name=BO.name, email=BO.email, address=1)
    renamed = [anna.model_copy(update={"name": "Anna Holm"}), bo.model_copy(update={"name": "Bo Holm"})]
    moved = anna.model_copy(update={"name": "Anna Lund", "email": "anna@example.dk", "address": 2})
    for changes in ([anna, bo], renamed, renamed, [moved]):
        with database.write() as connection:
            suppressions.follow_names(connection, keys, changes)
            people.put(connection, changes)
    holm, bo_holm = Mailbox("Anna Holm", ANNA.email), Mailbox("Bo Holm", BO.email)
    lund = Mailbox("Anna Lund", "anna@example.dk")
    assert why(database, keys, holm, bo_holm, lund) == {holm: {Suppressed.OPTED_OUT}}


@pytest.mark.parametrize(
    "written", [Mailbox("Ægidius, Anna", "klinik@example.dk"), Mailbox("læge Anna ÆGIDIUS", "KLINIK@example.dk")]
)
def test_a_wish_holds_however_name_and_address_are_written_later(
    database: Database, keys: Keys, written: Mailbox
) -> None:
    suppress(database, keys, ANNA, Suppressed.OPTED_OUT)
    assert why(database, keys, written) == {written: {Suppressed.OPTED_OUT}}


def test_mail_may_go_again_when_somebody_says_so(database: Database, keys: Keys) -> None:
    suppress(database, keys, ANNA, Suppressed.BOUNCED)
    with database.write() as connection:
        assert not suppressions.allow(connection, keys, ANNA, Suppressed.OPTED_OUT)
        assert suppressions.allow(connection, keys, ANNA, Suppressed.BOUNCED)
    assert why(database, keys, ANNA) == {}


def test_neither_name_nor_address_is_stored_and_nobody_finds_them_without_the_key(
    database: Database, keys: Keys
) -> None:
    suppress(database, keys, ANNA, Suppressed.OPTED_OUT)
    disk = everything_on_disk(database)
    assert b"opted_out" in disk
    assert b"klinik" not in disk
    assert "Ægidius".encode() not in disk
    assert why(database, Keys(bytes(32)), ANNA) == {}

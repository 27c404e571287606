"""The morning's list for KiAP's own people: what waits, what stands still, which mails are in trouble."""

import datetime as dt

import pytest
from pydantic import ValidationError

from mail.catalogue import render_digest
from mail.letter_data import DigestData, MailTrouble, Trouble, WaitingOrder
from tests.mail.letters import changed
from tests.mail.reading import Page, both_forms


@pytest.fixture
def a_digest() -> DigestData:
    """Three orders, one of them overdue."""
    return DigestData(
        today=dt.date(2026, 11, 6),
        greeting_name="Camilla",
        orders=(
            WaitingOrder(order_number="2026-0043", cluster="Thy", what="Ret en mailadresse"),
            WaitingOrder(
                order_number="2026-0042",
                cluster="Aalborg Øst",
                what="Se materialet igennem",
                due=dt.date(2026, 11, 10),
                link="https://klynge.example/bestilling/1",
            ),
            WaitingOrder(
                order_number="2026-0040", cluster="Sø & Ål", what="Ring til koordinatoren", due=dt.date(2026, 11, 4)
            ),
        ),
    )


def test_the_digest_lists_what_waits_the_oldest_first(a_digest: DigestData) -> None:
    for words in both_forms(render_digest(a_digest)):
        places = [words.index(what) for what in ("Ring til koord", "Se materialet", "Ret en mail")]
        assert places == sorted(places)
        assert "Skulle være sket onsdag den 4. november" in words
        assert "Senest tirsdag den 10. november" in words
        assert "Sø & Ål" in words


def test_the_digest_leads_to_all_that_needs_a_person_where_there_are_pages(a_digest: DigestData) -> None:
    plain = render_digest(a_digest)
    assert "/drift" not in plain.text + plain.html
    with_pages = render_digest(changed(a_digest, site="https://klynge.example"))
    assert "https://klynge.example/drift\n" in with_pages.text
    assert "https://klynge.example/drift" in Page(with_pages.html).links


def test_the_subject_counts_the_orders_and_those_overdue(a_digest: DigestData) -> None:
    assert render_digest(a_digest).subject == "3 bestillinger venter på dig, heraf 1 over tid"
    one = changed(a_digest, orders=a_digest.orders[:1])
    assert render_digest(one).subject == "1 bestilling venter på dig"


def test_the_digest_leads_to_each_order_and_to_no_page_of_all(a_digest: DigestData) -> None:
    mail = render_digest(a_digest)
    assert Page(mail.html).links == ["https://klynge.example/bestilling/1"]
    assert Page(mail.html).buttons == []
    assert mail.text.count("https://") == 1


def test_the_digest_tells_what_the_system_cannot_do_by_itself_and_since_when(a_digest: DigestData) -> None:
    troubles = (
        Trouble(order_number="2026-0042", cluster="Sø & Ål", what="Forløbet står stille", since=dt.date(2026, 11, 5)),
        Trouble(what="Et overblik er bagud. Kør: klyngeflow rebuild", since=dt.date(2026, 11, 4)),
    )
    beside = render_digest(changed(a_digest, troubles=troubles))
    alone = render_digest(changed(a_digest, troubles=troubles, orders=()))
    for mail in (beside, alone):
        for words in both_forms(mail):
            assert "Sø & Ål (2026-0042): Forløbet står stille (siden torsdag den 5. november)" in words
            assert "Kør: klyngeflow rebuild (siden onsdag den 4. november)" in words
    assert beside.subject.startswith("3 bestillinger venter på dig")
    assert alone.subject == "Noget står stille i Klyngeflow"


def test_there_is_no_digest_of_nothing(a_digest: DigestData) -> None:
    with pytest.raises(ValidationError):
        DigestData.model_validate({**dict(a_digest), "orders": ()})


def test_the_digest_tells_of_mail_in_trouble_beside_orders_or_alone(a_digest: DigestData) -> None:
    trouble = MailTrouble(unknown=1, failed=3)
    line = "3 mails kom ikke af sted. Vi ved ikke, om 1 mail kom frem. Se mere med kommandoen: klyngeflow mails list"
    beside = render_digest(changed(a_digest, mails=trouble))
    alone = render_digest(changed(a_digest, mails=trouble, orders=()))
    for mail in (beside, alone):
        for words in both_forms(mail):
            assert line in words
    assert alone.subject == "Mails, der skal ses på"
    assert "det ældste først" not in alone.text
    assert "Mail" not in render_digest(a_digest).text
    assert MailTrouble(failed=1).line.startswith("1 mail kom ikke af sted. Se mere")

"""Whatever the door takes comes out of the database as it went in, straight or by way of an enclosure."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.model import OrderId, PersonId, PracticeId, TextId
from domain.text import cluster_name, email_address, longer_text, person_name, phone_number, practice_name
from storage import clusters, enclosures, people, texts
from storage.clusters import NewPractice
from storage.database import Database
from storage.enclosures import EnclosedPractice, EnclosedText, Enclosure
from storage.keys import Keys
from storage.people import PersonChange
from storage.staff import StaffRole, add_staff, staff
from tests.storage.lives import PLACED
from tests.texts import ADDRESSES_WRITTEN, taken

NUMBERS = itertools.count()
KEYS = Keys(bytes(range(32)))
PHONES = st.text(alphabet="0123456789 +()-.", min_size=8, max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=taken(person_name),
    address=taken(email_address, ADDRESSES_WRITTEN),
    phone=taken(phone_number, PHONES),
    cluster=taken(cluster_name),
    practice=taken(practice_name),
    words=st.lists(taken(longer_text), min_size=1, max_size=3),
)
@pytest.mark.parametrize("enclosed", [False, True], ids=["straight", "enclosed"])
def test_people_clusters_practices_and_words_are_read_as_they_were_written(
    database: Database,
    enclosed: bool,
    name: str,
    address: str,
    phone: str,
    cluster: str,
    practice: str,
    words: list[str],
) -> None:
    number = next(NUMBERS)
    order, person, clinic = OrderId(f"o{number}"), PersonId(f"p{number}"), PracticeId(f"c{number}")
    written = {TextId(f"t{number}-{place}"): text for place, text in enumerate(words)}
    with database.write() as connection:
        colleague = add_staff(connection, name, address, StaffRole.CONSULTANT)
        of = clusters.recognise_cluster(connection, cluster, "nordjylland", f"id-{number}")
        change = PersonChange(person=person, name=name, email=address, phone=phone, address=1)
        if enclosed:
            content = Enclosure(
                people=(change,),
                practices=(EnclosedPractice(id=clinic, cluster=of, name=practice),),
                texts=tuple(EnclosedText(id=each, kind="ideas", content=text) for each, text in written.items()),
            )
            enclosure = enclosures.enclose(connection, order, content, PLACED)
            assert enclosure is not None
            enclosures.unfold(connection, KEYS, enclosure, ())
        else:
            people.put(connection, [change])
            clusters.add_practices(connection, of, [NewPractice(clinic, practice)])
            for each, text in written.items():
                texts.put_text(connection, each, order, "ideas", text)
    with database.read() as connection:
        read = people.person(connection, person)
        assert (read.name, read.email, read.phone) == (name, address, phone)
        of_ours = staff(connection, colleague)
        assert (of_ours.name, of_ours.email) == (name, address)
        assert clusters.cluster(connection, of).name == cluster
        assert [each.name for each in clusters.practices_of(connection, of)] == [practice]
        assert [texts.words_of(connection, each) for each in written] == words

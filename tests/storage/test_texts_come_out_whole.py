"""Whatever the door takes comes out of the database as it went in."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from storage.directory import StaffRole

from domain.model import OrderId
from domain.text import cluster_name, email_address, longer_text, person_name, practice_name
from storage import directory
from storage.database import Database
from tests.texts import ADDRESSES_WRITTEN, taken

NUMBERS = itertools.count()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=taken(person_name),
    address=taken(email_address, ADDRESSES_WRITTEN),
    cluster=taken(cluster_name),
    practice=taken(practice_name),
    words=st.lists(taken(longer_text), min_size=1, max_size=3),
)
def test_people_clusters_practices_and_words_are_read_as_they_were_written(
    database: Database, name: str, address: str, cluster: str, practice: str, words: list[str]
) -> None:
    order = OrderId(f"o{next(NUMBERS)}")
    with database.write() as connection:
        contact = directory.add_contact(connection, name, address)
        staff = directory.add_staff(connection, name, address, StaffRole.CONSULTANT)
        of = directory.add_cluster(connection, cluster, "nordjylland")
        directory.add_practice(connection, of, practice)
        texts = [directory.add_text(connection, order, "ideas", text) for text in words]
    with database.read() as connection:
        read = directory.contact(connection, contact)
        assert (read.name, read.email) == (name, address)
        colleague = directory.staff(connection, staff)
        assert (colleague.name, colleague.email) == (name, address)
        assert directory.cluster(connection, of).name == cluster
        assert [each.name for each in directory.practices_of(connection, of)] == [practice]
        assert [directory.words_of(connection, text) for text in texts] == words

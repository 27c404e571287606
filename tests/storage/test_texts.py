"""What people wrote of an order, and who came to its meeting."""

import datetime as dt

from domain.model import OrderId, PersonId, TextId
from storage import texts
from storage.database import Database

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
ORDER, OTHER_ORDER = OrderId("odense-1"), OrderId("vejle-1")
IDEAS, OTHERS = TextId("ideas"), TextId("others")


def test_a_text_is_kept_under_its_id_as_it_was_first(database: Database) -> None:
    with database.write() as connection:
        texts.put_text(connection, IDEAS, ORDER, "ideas", "Gåture")
        texts.put_text(connection, IDEAS, ORDER, "ideas", "Noget andet")
        assert texts.words_of(connection, IDEAS) == "Gåture"
        assert texts.words_of(connection, OTHERS) == texts.words_of(connection, None) == ""


def test_a_second_record_of_attendance_replaces_the_first(database: Database) -> None:
    anna, bo, carla = PersonId("anna"), PersonId("bo"), PersonId("carla")
    with database.write() as connection:
        texts.record_attendance(connection, ORDER, {anna: True, bo: True})
        texts.record_attendance(connection, ORDER, {anna: True, carla: False})
        texts.record_attendance(connection, OTHER_ORDER, {})
        assert texts.attendance(connection, ORDER) == {anna: True, carla: False}
        assert texts.attendance(connection, OTHER_ORDER) == {}


def test_erasing_takes_an_orders_texts_and_attendance_and_leaves_the_rest(database: Database) -> None:
    with database.write() as connection:
        texts.put_text(connection, IDEAS, ORDER, "ideas", "Annas idé: fælles frokost")
        texts.put_text(connection, OTHERS, OTHER_ORDER, "ideas", "Gåture")
        for order in (ORDER, OTHER_ORDER):
            texts.record_attendance(connection, order, {PersonId("anna"): True})
        assert [texts.erase_texts(connection, ORDER, NOW) for _ in range(2)] == [1, 0]
        assert texts.words_of(connection, IDEAS) == ""
        assert texts.words_of(connection, OTHERS) == "Gåture"
        assert texts.attendance(connection, ORDER) == {}
        assert texts.attendance(connection, OTHER_ORDER) != {}

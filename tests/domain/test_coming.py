"""What comes next, in sentences with day and clock."""

from domain import commands as do
from domain.coming import coming_lines, next_to_members
from domain.stages import Stage
from tests.domain.story import Life, life_at, morning_of


def lines(life: Life) -> list[str]:
    return [str(line) for line in coming_lines(life.order, life.now)]


def invited() -> Life:
    return life_at(Stage.SURVEY_OPEN).with_letters_gone()


def test_reminders_are_counted_and_go_to_those_who_have_not_answered() -> None:
    told = [line for line in lines(invited()) if line.startswith("Påmindelse")]
    assert told[0] == "Påmindelse 1 går fredag den 6. marts kl. 8.30 til dem, der ikke har svaret"
    assert [line.split(" går ")[0] for line in told] == [f"Påmindelse {number}" for number in range(1, len(told) + 1)]
    assert len(told) == 3


def test_one_that_has_gone_is_counted_still() -> None:
    life = invited()
    (first, *_rest) = life.order.baseline.reminders if life.order.baseline else ()
    life.does(do.RecordLetters(key=f"reminder/baseline/{first}", sent=9, seen=life.order.version), morning_of(first))
    assert [line.split(" går ")[0] for line in lines(life) if line.startswith("Påmindelse")] == [
        "Påmindelse 2",
        "Påmindelse 3",
    ]


def test_a_condition_follows_the_time() -> None:
    told = lines(life_at(Stage.IN_REVIEW))
    (goes,) = [line for line in told if line.startswith("Materialet sendes")]
    assert goes.endswith(", hvis konsulenten ikke holder det tilbage")
    assert " kl. " in goes


def test_the_meeting_is_told_in_a_whole_sentence() -> None:
    assert any(line.startswith("Klyngemødet er onsdag den 25. marts kl. 17.00") for line in lines(invited()))


def test_all_of_it_is_in_order_of_time_at_every_stage() -> None:
    for stage in Stage:
        life = life_at(stage)
        told = coming_lines(life.order, life.now)
        assert [line.at for line in told] == sorted(line.at for line in told)


def test_members_hear_next_that_the_questionnaire_opens_and_then_of_its_reminders() -> None:
    planned = life_at(Stage.PLANNED)
    assert str(next_to_members(planned.order, planned.now)).startswith("Medlemmerne får spørgeskemaet ")
    life = invited()
    told = str(next_to_members(life.order, life.now))
    assert told == "Påmindelse 1 går fredag den 6. marts kl. 8.30 til dem, der ikke har svaret"


def test_members_hear_nothing_of_what_is_the_coordinators() -> None:
    for stage in (Stage.ORDERED, Stage.COMPLETED, Stage.CANCELLED):
        life = life_at(stage).with_letters_gone()
        assert next_to_members(life.order, life.now) is None

"""docs/commands.md and docs/domain-rules.md say what the code does: `make docs` would change nothing."""

from pathlib import Path

import pytest

from domain.policies import Disclosure, Policies
from tests.project import reference
from tests.project.reference import COMMANDS_PAGE, ROOT, RULES_PAGE, Row, commands_page, rows_of, rules_page

RULES = RULES_PAGE.read_text()
ROWS = rows_of(RULES)


def test_the_page_of_commands_is_what_the_code_does() -> None:
    assert COMMANDS_PAGE.read_text() == commands_page()


def test_the_page_of_rules_has_the_codes_numbers_and_places() -> None:
    assert rules_page(RULES) == RULES


def test_every_policy_and_every_named_number_of_the_domain_is_a_rule_of_the_page() -> None:
    names = {row.place[1] for row in ROWS}
    assert {f"policies.{name}" for name in Policies.model_fields} <= names
    assert {f"disclosure.{name}" for name in Disclosure.model_fields} <= names
    assert {
        "HELD_FOLLOW_UP_DAYS",
        "MEETING_WITHIN_MONTHS",
        "LONGEST_ANSWER",
        "CLUSTERS_AT_LEAST",
        "QUIET_WEEKS",
    } <= names


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.place[1])
def test_a_rule_has_words_a_source_and_a_test_that_exists(row: Row) -> None:
    assert row.rule
    assert row.source
    file, _, test = row.held_by.strip("`").partition(": ")
    assert test.startswith("test_")
    assert test in reference.defined_in(file)


def test_no_rule_is_told_twice() -> None:
    places = [row.place for row in ROWS]
    assert len(places) == len(set(places))


def page(*rows: str) -> str:
    return "\n".join(["| rule | number | where | source | held by |", "|---|---|---|---|---|", *rows]) + "\n"


def row_for(text: str, name: str) -> Row:
    return next(row for row in rows_of(text) if row.place[1] == name)


def test_a_number_that_was_changed_is_written_anew_and_the_words_stay() -> None:
    old = page("| Clusters | 4 | `domain/national_gate.py: CLUSTERS_AT_LEAST` | ours | `tests/x.py: test_x` |")
    row = row_for(rules_page(old), "CLUSTERS_AT_LEAST")
    assert (row.rule, row.number, row.source, row.held_by) == ("Clusters", "5", "ours", "`tests/x.py: test_x`")


def test_a_name_that_has_moved_takes_its_words_along() -> None:
    old = page("| Clusters | 5 | `domain/results.py: CLUSTERS_AT_LEAST` | ours | `tests/x.py: test_x` |")
    row = row_for(rules_page(old), "CLUSTERS_AT_LEAST")
    assert (row.place[0], row.rule) == ("domain/national_gate.py", "Clusters")


def test_a_name_that_is_gone_loses_its_line_and_a_new_one_gets_an_empty_one() -> None:
    old = page("| Once | 3 | `domain/tabulation.py: GONE_SINCE` | ours | `tests/x.py: test_x` |")
    new = rules_page(old)
    assert "GONE_SINCE" not in new
    assert {row.place for row in rows_of(new)} == set(reference.must_be_told())
    assert not any(row.rule for row in rows_of(new))


def test_a_named_number_anywhere_in_the_domain_must_be_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain" / "invented_rules.py").write_text("GRACE_DAYS = 4\nA_NAME = 'x'\n_OWN = 3\nON = True\n")
    package = __import__("domain")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path / "domain")])
    monkeypatch.setattr(reference, "ROOT", tmp_path)
    told = [name for file, name in reference.must_be_told() if file != reference.PACKAGE_DATA]
    assert told == ["GRACE_DAYS"]


def test_the_readme_and_the_architecture_lead_to_both_pages() -> None:
    told = (ROOT / "README.md").read_text() + (ROOT / "docs" / "architecture.md").read_text()
    assert all(name in told for name in ("commands.md", "domain-rules.md"))

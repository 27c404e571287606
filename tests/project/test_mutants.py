"""`make mutants` finds what the tests do not notice, module by module, and says it plainly."""

from pathlib import Path

import pytest

from tests.project import mutants

RULE = '''"""A rule."""


def enough(answers: int) -> bool:
    return answers >= 5


def few(answers: int) -> bool:
    return answers < 3


def twice(answers: int) -> int:
    return answers * 2
'''
TEST = """from domain.rule import enough, few


def test_enough_at_its_boundary() -> None:
    assert enough(5)
    assert not enough(4)


def test_few_far_from_it() -> None:
    assert few(1)
    assert not few(9)
"""


@pytest.fixture
def a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three rules: one tested at its boundary, one not, one not at all."""
    for path, text in {"domain/__init__.py": "", "domain/rule.py": RULE, "tests/domain/test_rule.py": TEST}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\nmarkers = ["postgres: none"]\n')
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    monkeypatch.setattr(mutants, "OUT", tmp_path / "out" / "mutants")
    monkeypatch.setattr(mutants, "COPIED", ("domain", "tests"))
    monkeypatch.setattr(mutants, "FILES", ("pyproject.toml",))
    return tmp_path


def test_what_no_test_notices_is_told_with_its_change(a_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mutants.main(["domain/rule.py"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].split()[:2] == ["domain/rule.py", "6"]
    assert said[0].endswith(" 33.3 % noticed  4 survived")
    assert said[-1] == "2 of 6 noticed; what was not is in out/mutants/*.txt"
    report = (a_project / "out" / "mutants" / "domain-rule.txt").read_text()
    assert "few, 1\n    -    return answers < 3\n    +    return answers <= 3\n" in report
    assert "twice, 1\n" in report
    assert "enough" not in report
    assert [path.name for path in (a_project / "out" / "mutants").iterdir()] == ["domain-rule.txt"]


def test_tests_that_fail_by_themselves_are_told_and_tried_no_further(a_project: Path) -> None:
    (a_project / "tests" / "domain" / "test_rule.py").write_text(TEST.replace("enough(5)", "enough(3)"))
    with pytest.raises(SystemExit, match=r"domain/rule\.py: mutmut broke off; see out/mutants/domain-rule/log\.txt"):
        mutants.main(["domain/rule.py"])


def test_a_module_that_is_none_of_rules_or_guards_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutants.main(["domain/no_such.py", "mail/catalogue.py"]) == 2
    assert capsys.readouterr().err == "no module of rules or guards: domain/no_such.py, mail/catalogue.py\n"


def test_every_guard_and_every_test_that_is_named_exists() -> None:
    assert all((mutants.ROOT / module).exists() for module in (*mutants.GUARDS, *mutants.TESTS))
    assert all((mutants.ROOT / test).exists() for module in mutants.every_target() for test in mutants.tests_of(module))


def test_the_tests_of_a_modules_own_name_are_found() -> None:
    assert mutants.tests_of("storage/keys.py") == ("tests/storage/test_keys.py",)
    assert mutants.tests_of("domain/meeting.py") == ("tests/domain",)
    assert mutants.tests_of("domain/decisions/plan.py") == ("tests/domain/test_plan.py",)
    assert "tests/domain/test_mailings_survey.py" in mutants.tests_of("domain/mailings/survey.py")


def test_a_crash_and_an_endless_test_have_noticed() -> None:
    score = mutants.score_of("x.py", {"a": 1, "b": 0, "c": 33, "d": 36, "e": -11, "f": None})
    assert (score.killed, score.survivors, score.other) == (1, ("b", "c", "f"), 2)
    assert score.per_cent == 50

"""Whether the tests notice: changes each line of the rules and guards a little, runs their tests, tells what survived.

`make mutants` takes all of them, and hours; `make mutants ARGS="domain/disclosure.py web/security.py"` takes
some. mutmut makes and runs them in a copy of the project; out/mutants has a report of every module. Functions with a
decorator and what stands outside functions are not changed: for named numbers there is docs/domain-rules.md.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "mutants"
COPIED = (
    "activities", "cli", "demo", "docs", "domain", "klyngepakker", "mail", "reporting", "storage", "tests", "web",
    "worker", "workflows",
)  # fmt: skip
FILES = ("pyproject.toml", "README.md")
GOAL = 90.0
"""Per cent of a module's mutants that its tests should notice."""

FUNCTION = re.compile(r"^ *def ", re.MULTILINE)

GUARDS = (
    "storage/ballot_box.py", "storage/event_store.py", "storage/forgetting.py", "storage/keys.py", "storage/outbox.py",
    "storage/sessions.py", "storage/sign_in_pauses.py", "storage/survey_roll.py", "web/access_log.py",
    "storage/register_rows.py", "web/own_numbers.py",
    "web/api/callers.py", "web/console/guard.py", "web/console/order/members.py",
    "web/console/own_paths.py", "web/documents.py", "web/security.py",
)  # fmt: skip
"""Beside the whole domain, where every module that has functions is one of rules."""

OF_MAILINGS = (
    "tests/domain/test_mailings.py",
    "tests/domain/test_mailings_plan.py",
    "tests/domain/test_mailings_survey.py",
    "tests/domain/test_mailings_meeting.py",
    "tests/domain/test_mailings_deck.py",
    "tests/domain/test_corrected_deck.py",
    "tests/domain/test_mailings_follow_up.py",
    "tests/domain/test_mail_that_waits.py",
    "tests/domain/test_sharing.py",
)

TESTS = {
    "domain/evolution.py": (
        "tests/domain/test_evolution.py",
        "tests/domain/test_survey.py",
        "tests/domain/test_deck.py",
        "tests/domain/test_corrected_deck.py",
        "tests/domain/test_plan.py",
        "tests/domain/test_meeting_moves.py",
        "tests/domain/test_people.py",
        "tests/domain/test_record.py",
        "tests/domain/test_follow_up.py",
        "tests/domain/test_ending.py",
        "tests/domain/test_register_rounds.py",
        *OF_MAILINGS,
    ),
    "domain/agenda.py": (
        "tests/domain/test_register_rounds.py",
        "tests/domain/test_look.py",
        "tests/domain/test_words.py",
        "tests/domain/test_events_and_commands.py",
        "tests/domain/test_ending.py",
        "tests/domain/test_plan.py",
        "tests/domain/test_record.py",
    ),
    "domain/limits.py": (
        "tests/domain/test_register_rounds.py",
        "tests/domain/test_survey.py",
        "tests/domain/test_deck.py",
        "tests/domain/test_corrected_deck.py",
        "tests/domain/test_follow_up.py",
        "tests/domain/test_ending.py",
        "tests/domain/test_record.py",
        "tests/domain/test_postponing.py",
        "tests/domain/test_sharing.py",
    ),
    "domain/tasks.py": (
        "tests/domain/test_sharing.py",
        "tests/domain/test_tasks.py",
        "tests/domain/test_postponing.py",
        "tests/domain/test_events_and_commands.py",
        "tests/domain/test_ending.py",
        "tests/domain/test_deck.py",
        "tests/domain/test_corrected_deck.py",
        "tests/domain/test_record.py",
    ),
    "domain/index_check.py": ("tests/domain/test_index.py",),
    "domain/own_package.py": ("tests/domain/test_own_questions.py", "tests/reporting/test_own_questions.py"),
    "domain/house_scales.py": ("tests/domain/test_own_questions.py",),
    "domain/needs.py": ("tests/storage/test_needs.py",),
    "domain/decisions/tasks.py": ("tests/domain/test_tasks.py", "tests/domain/test_postponing.py"),
    "domain/decisions/survey.py": (
        "tests/domain/test_survey.py",
        "tests/domain/test_follow_up.py",
        "tests/domain/test_plan.py",
        "tests/domain/test_every_command.py",
        "tests/domain/test_events_and_commands.py",
    ),
    "domain/decisions/deck.py": (
        "tests/domain/test_deck.py",
        "tests/domain/test_corrected_deck.py",
        "tests/domain/test_papers_of_the_meeting.py",
        "tests/domain/test_ending.py",
        "tests/domain/test_every_command.py",
    ),
    "domain/decisions/extract.py": ("tests/domain/test_register_rounds.py", "tests/domain/test_every_command.py"),
    "domain/mailings/": (
        *OF_MAILINGS,
        "tests/domain/test_why_not.py",
        "tests/domain/test_ending.py",
        "tests/domain/test_papers_of_the_meeting.py",
    ),
    "storage/register_rows.py": ("tests/activities/test_register.py",),
    "storage/ballot_box.py": ("tests/storage/test_ballot_box.py", "tests/storage/test_insider.py"),
    "storage/event_store.py": (
        "tests/storage/test_event_store.py",
        "tests/storage/test_repeated_and_concurrent_appends.py",
        "tests/storage/test_open_orders.py",
        "tests/storage/test_hash_chain.py",
        "tests/storage/test_upcasters.py",
    ),
    "storage/forgetting.py": ("tests/storage/test_insider.py", "tests/storage/test_ballot_box.py"),
    "storage/survey_roll.py": ("tests/storage/test_ballot_box.py", "tests/storage/test_insider.py"),
    "web/access_log.py": ("tests/web/test_discretion.py",),
    "web/api/callers.py": (
        "tests/web/test_intake.py",
        "tests/web/test_order_api.py",
        "tests/web/test_idempotency_keys.py",
    ),
    "storage/sessions.py": ("tests/storage/test_accounts.py", "tests/web/console/test_sign_in.py"),
    "web/console/order/": ("tests/web/console/test_one_order.py",),
    "web/console/": (
        "tests/web/console/test_guard.py",
        "tests/web/console/test_sign_in.py",
        "tests/web/test_who_sees_what.py",
    ),
    "web/security.py": ("tests/web/test_security.py", "tests/web/test_discretion.py"),
}
"""The tests of a module, or of a folder's, that has none of its own name: `test_keys.py` is found for `keys.py`."""

ON_POSTGRES = frozenset({"storage/forgetting.py"})
"""What is another thing on PostgreSQL. A server takes seconds to start, for each mutant."""

FATES = {0: "survived", 1: "killed", 3: "killed", 5: "untested", 33: "untested", 24: "timeout", 36: "timeout"}
FATES |= {-24: "timeout", 152: "timeout", 255: "timeout"}


@dataclass(frozen=True)
class Score:
    """How a module's mutants ended; `survivors` by name, the untested among them."""

    module: str
    killed: int
    survivors: tuple[str, ...]
    other: int = 0

    @property
    def all(self) -> int:
        return self.killed + len(self.survivors) + self.other

    @property
    def per_cent(self) -> float:
        return 100 * (self.killed + self.other) / self.all if self.all else 100.0

    def __str__(self) -> str:
        told = f"{self.module:<34} {self.all:>5} mutants {self.per_cent:>6.1f} % noticed"
        return f"{told}  {len(self.survivors)} survived" if self.survivors else told


def every_target() -> list[str]:
    """All modules of rules and guards."""
    rules = sorted(path for path in (ROOT / "domain").rglob("*.py") if FUNCTION.search(path.read_text()))
    return [*(path.relative_to(ROOT).as_posix() for path in rules), *GUARDS]


def tests_of(module: str) -> tuple[str, ...]:
    """The tests that are to notice: named above, of the module's own name, or all of its room."""
    named = TESTS.get(module) or TESTS.get(f"{module.rpartition('/')[0]}/")
    if named:
        return named
    room, name = module.split("/")[0], Path(module).stem
    own = f"tests/{room}/test_{name}.py"
    return (own,) if (ROOT / own).exists() else (f"tests/{room}",)


def settings_for(module: str) -> str:
    """mutmut's settings, as a section of pyproject.toml."""
    others = [name for name in (*COPIED, *FILES) if name not in (module.split("/")[0], "tests", "pyproject.toml")]
    selection = list(tests_of(module))
    if module not in ON_POSTGRES:
        selection += ["-m", "not postgres"]
    given = {
        "source_paths": [module.split("/")[0]],
        "only_mutate": [module],
        "also_copy": others,
        "pytest_add_cli_args_test_selection": selection,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in given.items()]
    return "\n".join(["", "[tool.mutmut]", "use_git_change_detection = false", *lines, ""])


def tried(module: str) -> Score:
    """Make the mutants and run their tests. Raises SystemExit where the tests fail without any mutant."""
    folder = _folder_of(module)
    shutil.rmtree(folder, ignore_errors=True)
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    with (folder / "pyproject.toml").open("a") as settings:
        settings.write(settings_for(module))
    with (folder / "log.txt").open("w") as log:
        code = subprocess.run([_mutmut(), "run"], cwd=folder, stdout=log, stderr=log, check=False).returncode
    found = folder / "mutants" / f"{module}.meta"
    if code or not found.exists():
        raise SystemExit(f"{module}: mutmut broke off; see {(folder / 'log.txt').relative_to(ROOT)}")
    return score_of(module, json.loads(found.read_text())["exit_code_by_key"])


def score_of(module: str, exit_codes: dict[str, int | None]) -> Score:
    """What the exit codes of a module's mutants come to. A test that never ends has noticed, and so has a crash."""
    fates = {name: FATES.get(code, "other") if code is not None else "untested" for name, code in exit_codes.items()}
    survivors = tuple(name for name, fate in fates.items() if fate in ("survived", "untested"))
    killed = sum(fate == "killed" for fate in fates.values())
    return Score(module, killed, survivors, len(fates) - killed - len(survivors))


def report_of(score: Score) -> str:
    """The score, and each survivor as the change that nobody noticed."""
    return "\n".join([str(score), "", *_differences(_folder_of(score.module), score.survivors)])


SHOW = """
import sys
from mutmut.__main__ import find_mutant, get_diff_for_mutant
for name in sys.argv[1:]:
    print(get_diff_for_mutant(name, path=find_mutant(name).path), end="\\0")
"""
"""What `mutmut show` does, for many at once: it takes a second to start."""


def _differences(folder: Path, mutants: tuple[str, ...]) -> Iterator[str]:
    told = subprocess.run(
        [sys.executable, "-P", "-c", SHOW, *mutants], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    for mutant, shown in zip(mutants, told.split("\0"), strict=False):
        changed = [line for line in shown.splitlines() if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")]
        yield "\n".join([_readable(mutant), *(f"    {line}" for line in changed), ""])


def _readable(mutant: str) -> str:
    """Where it is: `domain.x.xǁKeysǁtoken__mutmut_4` as "Keys.token, 4"."""
    function, _, number = mutant.rpartition(".")[2].partition("__mutmut_")
    return f"{function.removeprefix('x_').removeprefix('xǁ').replace('ǁ', '.')}, {number}"


def _folder_of(module: str) -> Path:
    return OUT / module.removesuffix(".py").replace("/", "-")


def _mutmut() -> str:
    return str(Path(sys.executable).with_name("mutmut"))


def scores(modules: list[str]) -> Iterator[Score]:
    """Try module after module; leave a report of each, and not the copy it was tried in."""
    for module in modules:
        score = tried(module)
        folder = _folder_of(module)
        folder.with_suffix(".txt").write_text(report_of(score))
        shutil.rmtree(folder)
        yield score


def main(arguments: list[str]) -> int:
    """Try the modules named, or all; 1 where one is below the goal, 2 where there is no such module."""
    unknown = [name for name in arguments if name not in every_target()]
    if unknown:
        sys.stderr.write(f"no module of rules or guards: {', '.join(unknown)}\n")
        return 2
    told = []
    for score in scores(arguments or every_target()):
        sys.stdout.write(f"{score}\n")
        sys.stdout.flush()
        told.append(score)
    mutants, killed = sum(score.all for score in told), sum(score.all - len(score.survivors) for score in told)
    sys.stdout.write(f"{killed} of {mutants} noticed; what was not is in out/mutants/*.txt\n")
    return int(any(score.per_cent < GOAL for score in told))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""`make`: says what it lacks, in words, and leaves out no tests silently."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The Makefile alone, with a `.venv` whose programs only say what they were asked."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "pyproject.toml").touch()
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("pytest", "ruff", "mypy", "lint-imports", "vulture", "klyngeflow", "pip"):
        program = programs / name
        program.write_text(f'#!/bin/sh\necho "{name} $*"\nfor each; do echo "<$each>"; done\n')
        program.chmod(0o755)
    ready = tmp_path / ".venv" / ".ready"
    ready.touch()
    return tmp_path


def make(house: Path, *arguments: str, programs: tuple[str, ...] = (), **environment: str) -> tuple[int, str]:
    """Exit code and all that was said, on a machine with these programs besides the shell's own."""
    path = house / "path"
    path.mkdir(exist_ok=True)
    for name in ("sh", "make", "tr", "touch", "test", "echo", "awk", "grep", "basename"):
        found = shutil.which(name)
        if found and not (path / name).exists():
            (path / name).symlink_to(found)
    for name in programs:
        (path / name).write_text("#!/bin/sh\n")
        (path / name).chmod(0o755)
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=house,
        env={"PATH": str(path), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


EVERYTHING = ("chromium", "soffice", "pdftotext", "pdftoppm")


def test_test_lints_first_and_then_runs_all_tests_four_at_a_time(house: Path) -> None:
    code, said = make(house, "test", programs=EVERYTHING)
    assert code == 0
    order = [line for line in said.splitlines() if not line.startswith("<")]
    assert [line.split()[0] for line in order] == ["ruff", "ruff", "mypy", "lint-imports", "vulture", "pytest"]
    assert "<-n>\n<4>\n<--dist>\n<loadgroup>\n<-m>\n<>\n" in said


def test_a_group_whose_programs_are_missing_is_left_out_with_its_name_and_why(house: Path) -> None:
    code, said = make(house, "pytest", programs=("soffice", "pdftotext", "pdftoppm"))
    assert code == 0
    assert "Left out: the tests marked 'browser', because this machine lacks chromium (see .ci/run)." in said
    assert "<not browser>" in said


def test_both_groups_may_be_missing(house: Path) -> None:
    _, said = make(house, "pytest", programs=("pdftoppm",))
    assert "lacks chromium (" in said
    assert "the tests marked 'office', because this machine lacks soffice pdftotext (" in said
    assert "<not browser and not office>" in said


def test_in_ci_nothing_is_left_out(house: Path) -> None:
    code, said = make(house, "pytest", programs=("chromium",), CI="true")
    assert code == 2
    assert "The tests marked 'office' can't run: missing soffice pdftotext pdftoppm." in said
    assert "<-n>" not in said


def test_the_groups_are_pytests_own_markers() -> None:
    markers = (ROOT / "pyproject.toml").read_text()
    for group in ("browser", "office"):
        assert f'"{group}: ' in markers


def test_a_failing_test_makes_make_fail(house: Path) -> None:
    (house / ".venv" / "bin" / "pytest").write_text("#!/bin/sh\nexit 1\n")
    assert make(house, "test", programs=EVERYTHING)[0] == 2


def test_another_python_is_refused_in_words(house: Path) -> None:
    (house / ".venv" / ".ready").unlink()
    old = house / "path" / "python3"
    old.parent.mkdir()
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    code, said = make(house, "lint")
    assert code == 2
    assert "Klyngeflow needs Python 3.11 or 3.12; 'python3' is Python 3.9.2. Name another: make PYTHON=" in said
    assert "ruff" not in said


def test_it_installs_again_only_when_lock_or_project_change(house: Path) -> None:
    python = house / "path" / "python3"
    python.parent.mkdir()
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    assert "Installing" not in make(house, "lint")[1]
    later = (house / ".venv" / ".ready").stat().st_mtime + 5
    os.utime(house / "requirements.lock", (later, later))
    code, said = make(house, "lint")
    assert code == 0
    assert "<--require-hashes>\n<-r>\n<requirements.lock>" in said
    assert "<--no-deps>\n<--no-build-isolation>\n<-e>\n<.>" in said


def test_help_names_every_target(house: Path) -> None:
    said = make(house)[1]
    for target in ("demo", "up", "test", "lint", "bench", "docs", "mutants", "clean", "lock"):
        assert f"make {target} " in said

"""`.env.example` tells of every setting, with its default, and which of them production and secrecy are about."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from worker.settings import Settings

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"
LINE = re.compile(r"#KLYNGEFLOW_([A-Z_]+)=(.*)")


def example() -> dict[str, tuple[str, str]]:
    """Each setting's default, and the comment above it (of several lines together, the same)."""
    found: dict[str, tuple[str, str]] = {}
    comment: list[str] = []
    after_setting = False
    for line in EXAMPLE.read_text().splitlines():
        match = LINE.fullmatch(line)
        if match:
            found[match[1].lower()] = match[2], " ".join(comment)
        elif not line or after_setting:
            comment = []
        if line.startswith("# "):
            comment.append(line)
        after_setting = bool(match)
    return found


def test_every_setting_is_there_once_and_nothing_else() -> None:
    named = [match[1].lower() for match in map(LINE.fullmatch, EXAMPLE.read_text().splitlines()) if match]
    assert named == list(Settings.model_fields)


def test_the_defaults_are_the_real_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, (shown, _) in example().items():
        default = Settings.model_fields[name].default
        if shown:
            monkeypatch.setenv(f"KLYNGEFLOW_{name.upper()}", shown)
            assert getattr(Settings(_env_file=None), name) == default, name
        else:
            assert default in ("", None), name


def test_what_production_cannot_do_without_is_marked() -> None:
    marked = {name for name, (_, comment) in example().items() if "[production]" in comment}
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, mode="production")
    assert {name.lower() for name in re.findall(r"KLYNGEFLOW_([A-Z_]+)", str(refused.value))} == marked


def test_secrets_are_marked() -> None:
    marked = {name for name, (_, comment) in example().items() if "[secret]" in comment}
    typed = {name for name, field in Settings.model_fields.items() if SecretStr in _parts(field.annotation)}
    assert marked == {*typed, "master_key_file"}


def test_keys_of_the_api_are_made_by_command_and_no_setting() -> None:
    assert not [name for name in Settings.model_fields if name.startswith("api_key")]


def test_no_secret_is_written_in_it() -> None:
    for name, (shown, comment) in example().items():
        assert "[secret]" not in comment or shown in ("", "{}"), name


def _parts(annotation: object) -> set[object]:
    return {annotation, *getattr(annotation, "__args__", ())}

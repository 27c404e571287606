"""What a terminal that is not UTF-8 sends is refused in one line, whichever command it is for."""

import pytest

from tests.cli.command_line import CommandLine

LATIN_1 = "l\udce6ge"  # as Python hands on the byte E6


@pytest.mark.parametrize(
    "arguments",
    [
        ("orders", "show", LATIN_1),
        ("orders", "do", "m4ukq2wbzd", "add_member", f"name={LATIN_1}"),
        ("staff", "add", LATIN_1, "bo@kiap.example"),
        ("mails", "list", "--order", LATIN_1),
        ("package", "show", LATIN_1),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_bytes_that_are_no_letters_are_refused_in_one_line(klyngeflow: CommandLine, arguments: tuple[str, ...]) -> None:
    place = next(place for place, argument in enumerate(arguments, start=1) if LATIN_1 in argument)
    assert klyngeflow.refuses(*arguments).startswith(f"argument {place} has half a sign (U+DCE6) after character ")

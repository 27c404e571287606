"""A CSV file of a register's extract for `klyngeflow report`: one row a practice, one column a measure."""

from pathlib import Path

from cli.ending import Refusal
from domain.model import Round
from domain.package import Package
from domain.register import Extract
from domain.register_extract import ExtractFaults, extract_text, read_extract


def read_extract_file(path: Path, package: Package, round_: Round) -> Extract:
    """What the file says of each practice. Raises Refusal with the first thing that is wrong, and how many more are."""
    try:
        return read_extract(extract_text(path.read_bytes()), package, round_)
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror or error}.") from None
    except ExtractFaults as refused:
        first, *others = refused.faults
        more = f" (og {len(others)} fejl mere i filen)" if others else ""
        raise Refusal(f"{path.name}: {first}{more}") from None

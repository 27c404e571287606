"""What starting makes of the mail folder: half-written mail of a process that was killed goes."""

from contextlib import closing
from pathlib import Path

import pytest

from worker.settings import Settings
from worker.stack import NotReady, open_stack


def test_starting_clears_half_written_mail(tmp_path: Path) -> None:
    left = tmp_path / "mails" / ".unfinished" / "0123456789abcdef"
    left.parent.mkdir(parents=True)
    left.write_text("To: gunver@laegehus.example")
    with closing(open_stack(Settings(data=tmp_path))):
        assert not left.exists()


def test_half_written_mail_that_cannot_be_cleared_is_told_in_one_line(tmp_path: Path) -> None:
    in_the_way = tmp_path / "mails" / ".unfinished" / "0123456789abcdef"
    in_the_way.mkdir(parents=True)
    with pytest.raises(NotReady, match=r"^the mail folder .*mails can't be used: Is a directory$"):
        open_stack(Settings(data=tmp_path))

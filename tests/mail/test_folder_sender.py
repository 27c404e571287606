"""Mail as files in a folder."""

import email
import email.policy
from pathlib import Path

import pytest

from mail.envelope import Envelope
from mail.folder_sender import FolderSender
from mail.sending import DefiniteFailure


def test_a_mail_is_one_file_named_by_time_occasion_and_id(tmp_path: Path, an_envelope: Envelope) -> None:
    sent = FolderSender(tmp_path / "out" / "mail").send(an_envelope)
    (file,) = (tmp_path / "out" / "mail").iterdir()
    assert file.name == sent.provider_id == "2026-11-06T074500Z.invitation.ob-7f3a.eml"
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert message["To"].addresses[0].addr_spec == "gunver@laegehus.example"
    assert message["Date"].datetime == an_envelope.at


def test_no_name_tells_who_it_is_to(tmp_path: Path, an_envelope: Envelope) -> None:
    FolderSender(tmp_path).send(an_envelope)
    (file,) = tmp_path.iterdir()
    assert "@" not in file.name
    assert "gunver" not in file.name.lower()


def test_sent_again_it_takes_its_own_place(tmp_path: Path, an_envelope: Envelope) -> None:
    sender = FolderSender(tmp_path)
    first = sender.send(an_envelope)
    later = an_envelope.having(
        at=an_envelope.at.replace(hour=12), mail=an_envelope.mail.having(subject="Den anden gang")
    )
    assert sender.send(later) == first
    (file,) = tmp_path.iterdir()
    assert b"Subject: Den anden gang" in file.read_bytes()


def test_an_id_that_ends_like_another_is_another(tmp_path: Path, an_envelope: Envelope) -> None:
    sender = FolderSender(tmp_path)
    sender.send(an_envelope)
    sender.send(an_envelope.having(outbox_id="7f3a"))
    assert len(list(tmp_path.iterdir())) == 2


def test_files_sort_by_time(tmp_path: Path, an_envelope: Envelope) -> None:
    sender = FolderSender(tmp_path)
    for hour, occasion in ((13, "invitation"), (7, "reminder"), (9, "after_meeting")):
        sender.send(an_envelope.having(outbox_id=f"o{hour}", occasion=occasion, at=an_envelope.at.replace(hour=hour)))
    assert [path.name[11:13] for path in sorted(tmp_path.iterdir())] == ["07", "09", "13"]


def test_a_folder_that_cannot_be_written_is_a_definite_failure_worth_trying_again(
    tmp_path: Path, an_envelope: Envelope
) -> None:
    in_the_way = tmp_path / "mail"
    in_the_way.write_text("a file where the folder should be")
    with pytest.raises(DefiniteFailure) as failure:
        FolderSender(in_the_way).send(an_envelope)
    assert failure.value.code == "folder_not_writable"
    assert not failure.value.permanent


def test_a_write_that_fails_leaves_nothing_behind(
    tmp_path: Path, an_envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DefiniteFailure):
        FolderSender(tmp_path).send(an_envelope)
    assert list(tmp_path.iterdir()) == []

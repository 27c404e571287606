"""Mail as files in a folder."""

import email
import email.policy
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mail.envelope import Envelope
from mail.folder_sender import FolderSender
from mail.sending import DefiniteFailure


def mails(folder: Path) -> list[Path]:
    """As people see them."""
    return sorted(folder.glob("*.eml"))


def everything(folder: Path) -> list[str]:
    """All names there are, hidden ones and what links say too."""
    return [f"{path} {path.readlink() if path.is_symlink() else ''}" for path in folder.rglob("*")]


def test_a_mail_is_one_file_named_by_time_occasion_and_id(tmp_path: Path, an_envelope: Envelope) -> None:
    sent = FolderSender(tmp_path / "out" / "mail").send(an_envelope)
    (file,) = mails(tmp_path / "out" / "mail")
    assert file.name == sent.provider_id == "2026-11-06T074500Z.invitation.ob-7f3a.eml"
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert message["To"].addresses[0].addr_spec == "gunver@laegehus.example"
    assert message["Date"].datetime == an_envelope.at
    assert message["Content-Language"] == "da"


def test_no_name_tells_who_it_is_to(tmp_path: Path, an_envelope: Envelope) -> None:
    FolderSender(tmp_path).send(an_envelope)
    (file,) = mails(tmp_path)
    assert "@" not in file.name
    assert "gunver" not in file.name.lower()


def test_sent_again_it_takes_its_own_place(tmp_path: Path, an_envelope: Envelope) -> None:
    sender = FolderSender(tmp_path)
    first = sender.send(an_envelope)
    later = an_envelope.model_copy(
        update={
            "at": an_envelope.at.replace(hour=12),
            "mail": an_envelope.mail.model_copy(update={"subject": "Den anden gang"}),
        }
    )
    assert sender.send(later) == first
    (file,) = mails(tmp_path)
    assert b"Subject: Den anden gang" in file.read_bytes()


def test_an_id_that_ends_like_another_is_another(tmp_path: Path, an_envelope: Envelope) -> None:
    sender = FolderSender(tmp_path)
    sender.send(an_envelope)
    sender.send(an_envelope.model_copy(update={"outbox_id": "7f3a"}))
    assert len(mails(tmp_path)) == 2


def test_files_sort_by_time(tmp_path: Path, an_envelope: Envelope) -> None:
    sender = FolderSender(tmp_path)
    for hour, occasion in ((13, "invitation"), (7, "reminder"), (9, "after_meeting")):
        sender.send(
            an_envelope.model_copy(
                update={"outbox_id": f"o{hour}", "occasion": occasion, "at": an_envelope.at.replace(hour=hour)}
            )
        )
    assert [path.name[11:13] for path in mails(tmp_path)] == ["07", "09", "13"]


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
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# --- for its owner only ----------------------------------------------------------------------------------------------


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def test_nobody_else_on_the_machine_reads_the_mail(tmp_path: Path, an_envelope: Envelope) -> None:
    with umask(0):
        FolderSender(tmp_path / "mail").send(an_envelope)
    found = {
        path: stat.S_IMODE(path.lstat().st_mode) for path in (tmp_path / "mail").rglob("*") if not path.is_symlink()
    }
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700
    assert {mode for path, mode in found.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in found.items() if path.is_file()} == {0o600}


def test_a_folder_that_others_could_read_is_closed_to_them(tmp_path: Path, an_envelope: Envelope) -> None:
    folder = tmp_path / "mail"
    folder.mkdir(mode=0o755)
    FolderSender(folder).send(an_envelope)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


# --- found by name ---------------------------------------------------------------------------------------------------


def test_nobody_looks_through_the_folder_for_one_mail(
    tmp_path: Path, an_envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(*_args: object) -> None:
        raise AssertionError

    sender = FolderSender(tmp_path)
    monkeypatch.setattr(os, "listdir", listed)
    monkeypatch.setattr(os, "scandir", listed)
    sender.send(an_envelope)
    sender.send(an_envelope.model_copy(update={"at": an_envelope.at.replace(hour=12)}))
    sender.forget([an_envelope.outbox_id])
    monkeypatch.undo()
    assert mails(tmp_path) == []


def test_forgetting_takes_these_mails_and_no_others(tmp_path: Path, an_envelope: Envelope) -> None:
    sender = FolderSender(tmp_path)
    for outbox_id in ("ab", "b", "c-b", "c"):
        sender.send(an_envelope.model_copy(update={"outbox_id": outbox_id}))
    sender.forget(["b", "c"])
    assert [path.name.split(".")[-2] for path in mails(tmp_path)] == ["ab", "c-b"]
    assert sorted(path.name for path in (tmp_path / ".by-id").iterdir()) == ["ab", "c-b"]


def test_forgetting_can_be_repeated_and_begins_where_nothing_was_sent(tmp_path: Path, an_envelope: Envelope) -> None:
    sender = FolderSender(tmp_path / "mail")
    sender.forget(["never-sent"])
    sender.send(an_envelope)
    for _ in range(2):
        sender.forget([an_envelope.outbox_id, "never-sent"])
    assert mails(tmp_path / "mail") == []
    assert "ob-7f3a" not in " ".join(everything(tmp_path))


def test_forgetting_cut_short_is_made_up_for(tmp_path: Path, an_envelope: Envelope) -> None:
    sender = FolderSender(tmp_path)
    (tmp_path / sender.send(an_envelope).provider_id).unlink()
    sender.forget([an_envelope.outbox_id])
    assert "ob-7f3a" not in " ".join(everything(tmp_path))


def test_one_that_cannot_be_removed_is_told_and_tried_again(tmp_path: Path, an_envelope: Envelope) -> None:
    sender = FolderSender(tmp_path)
    file = tmp_path / sender.send(an_envelope).provider_id
    file.unlink()
    file.mkdir()
    with pytest.raises(OSError, match="directory"):
        sender.forget([an_envelope.outbox_id])
    file.rmdir()
    file.write_text("again")
    sender.forget([an_envelope.outbox_id])
    assert not file.exists()


def test_a_mail_whose_writing_was_cut_short_gets_the_place_it_was_meant_to_have(
    tmp_path: Path, an_envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(DefiniteFailure):
            FolderSender(tmp_path).send(an_envelope)
    sent = FolderSender(tmp_path).send(an_envelope.model_copy(update={"at": an_envelope.at.replace(hour=12)}))
    assert [path.name for path in mails(tmp_path)] == [sent.provider_id]
    FolderSender(tmp_path).forget([an_envelope.outbox_id])
    assert mails(tmp_path) == []


def test_the_same_mail_sent_by_many_at_once_is_one_file(tmp_path: Path, an_envelope: Envelope) -> None:
    def send(hour: int) -> None:
        FolderSender(tmp_path).send(an_envelope.model_copy(update={"at": an_envelope.at.replace(hour=hour)}))

    threads = [threading.Thread(target=send, args=(hour,)) for hour in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mails(tmp_path)) == 1


# --- what a killed process leaves ------------------------------------------------------------------------------------

WRITES_AND_STOPS = """
import os, signal, sys
from pathlib import Path
from mail.envelope import Envelope
from mail.folder_sender import FolderSender
os.fsync = lambda _handle: os.kill(os.getpid(), signal.SIGSTOP)
FolderSender(Path(sys.argv[1])).send(Envelope.model_validate_json(sys.stdin.read()))
"""


@contextmanager
def stopped_in_the_middle(folder: Path, envelope: Envelope) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that stands still while it writes this mail."""
    process = subprocess.Popen([sys.executable, "-c", WRITES_AND_STOPS, folder], stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(envelope.model_dump_json().encode())
    process.stdin.close()
    try:
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def holding(folder: Path, words: bytes) -> list[Path]:
    return [
        path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and words in path.read_bytes()
    ]


def test_what_a_killed_process_left_half_written_is_cleared(tmp_path: Path, an_envelope: Envelope) -> None:
    with stopped_in_the_middle(tmp_path, an_envelope) as process:
        assert holding(tmp_path, b"gunver@laegehus.example")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert holding(tmp_path, b"gunver@laegehus.example"), "and it stays until somebody clears it"
    FolderSender(tmp_path).clear_unfinished()
    assert holding(tmp_path, b"gunver@laegehus.example") == []


def test_what_another_process_is_writing_now_is_not_cleared(tmp_path: Path, an_envelope: Envelope) -> None:
    with stopped_in_the_middle(tmp_path, an_envelope) as process:
        FolderSender(tmp_path).clear_unfinished()
        process.send_signal(signal.SIGCONT)
        assert process.wait(30) == 0
    assert holding(tmp_path, b"gunver@laegehus.example") == mails(tmp_path)
    assert len(mails(tmp_path)) == 1


def test_what_is_cleared_before_it_is_written_is_begun_again(
    tmp_path: Path, an_envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, cleared = os.open, list[str]()

    def create_and_clear(path: str, *how: int) -> int:
        handle = create(path, *how)
        if not cleared:
            cleared.append(path)
            FolderSender(tmp_path).clear_unfinished()
        return handle

    monkeypatch.setattr(os, "open", create_and_clear)
    FolderSender(tmp_path).send(an_envelope)
    assert cleared
    assert len(mails(tmp_path)) == 1


def test_clearing_all_the_time_disturbs_no_sending(tmp_path: Path, an_envelope: Envelope) -> None:
    over = time.monotonic() + 0.5

    def clear() -> None:
        for _ in range(500):
            FolderSender(tmp_path).clear_unfinished()

    clearing = threading.Thread(target=clear)
    clearing.start()
    sent = 0
    while clearing.is_alive() and time.monotonic() < over:
        FolderSender(tmp_path).send(an_envelope.model_copy(update={"outbox_id": f"ob-{sent}"}))
        sent += 1
    clearing.join()
    assert len(mails(tmp_path)) == sent
    assert all(path.read_bytes().endswith(b"--\r\n") for path in mails(tmp_path))


def test_clearing_begins_where_nothing_was_sent(tmp_path: Path) -> None:
    FolderSender(tmp_path / "mail").clear_unfinished()
    assert not (tmp_path / "mail").exists()

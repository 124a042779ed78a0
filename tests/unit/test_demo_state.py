"""The demo's corner of the state directory, and where its outbound mail ends."""

from pathlib import Path

import pytest

from cli.demo.mail_folder import MailFolder
from cli.demo.state import DemoRuns, fresh_state
from integrations.channels.email.capture import CapturedMail


def _mail(subject: str) -> CapturedMail:
    raw = f"Subject: {subject}\r\n\r\nHello.\r\n".encode()
    return CapturedMail(
        envelope_from="support@outfitters.example",
        envelope_to=("lou@mail.example",),
        sender="",
        recipient="",
        subject=subject,
        message_id=f"<{subject}@outfitters.example>",
        in_reply_to="",
        references=(),
        auto_submitted="",
        text="Hello.",
        raw=raw,
    )


def test_each_run_starts_without_what_the_last_one_left(tmp_path: Path) -> None:
    with fresh_state(tmp_path) as state:
        (state.mails / "0001.eml").write_text("old")
        state.log.write_text("old")
    with fresh_state(tmp_path) as state:
        assert list(state.mails.iterdir()) == []
        assert not state.log.exists()


def test_what_lies_beside_the_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("kept")
    with fresh_state(tmp_path):
        assert (tmp_path / "secret_key").read_text() == "kept"


def test_a_second_demo_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    with fresh_state(tmp_path) as state:
        (state.mails / "0001.eml").write_text("of the first")
        with pytest.raises(DemoRuns), fresh_state(tmp_path):
            pass
        assert (state.mails / "0001.eml").exists()


async def test_every_mail_becomes_a_file_in_the_order_of_arrival(tmp_path: Path) -> None:
    told: list[Path] = []
    folder = MailFolder(tmp_path, lambda _, path: told.append(path))
    for subject in ("first", "second"):
        await folder.keep(_mail(subject))
    assert [path.name for path in told] == ["0001.eml", "0002.eml"]
    assert [path.read_bytes() for path in told] == [_mail("first").raw, _mail("second").raw]
    assert [mail.subject for mail in folder.mails] == ["first", "second"]

"""Where the demo's outbound mail ends: kept for the scenarios, and written as files that any mail program opens."""

from collections.abc import Callable
from pathlib import Path

from integrations.channels.email.capture import CapturedMail, CapturingMailServer


class MailFolder(CapturingMailServer):
    """A capturing server that also writes each mail to `folder`, numbered in the order of arrival."""

    def __init__(self, folder: Path, tell: Callable[[CapturedMail, Path], None]) -> None:
        super().__init__()
        self._folder = folder
        self._tell = tell
        self._count = 0

    async def keep(self, mail: CapturedMail) -> None:
        """Write the file, then wake whoever waits for the mail."""
        self._count += 1
        path = self._folder / f"{self._count:04d}.eml"
        path.write_bytes(mail.raw)
        self._tell(mail, path)
        await super().keep(mail)

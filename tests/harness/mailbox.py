"""The e-mail sink's folder."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from .waiting import until


@dataclass(frozen=True)
class Notice:
    """An e-mail as it was sent: `source` is the whole of it, `text` what a person reads."""

    source: str
    subject: str
    text: str


class Mailbox:
    """Where every notice of the stack arrives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def notices_to(self, address: str) -> list[Notice]:
        """Oldest first."""
        messages = [(path, _read(path)) for path in sorted(self._folder.glob("*.eml"))]
        return [_notice(path, message) for path, message in messages if address in message["To"]]

    async def receives(self, address: str, exactly: int) -> list[Notice]:
        """The notices to an address, once there are as many."""

        async def enough() -> list[Notice]:
            found = self.notices_to(address)
            return found if len(found) >= exactly else []

        found = await until(enough, f"{exactly} notices")
        assert len(found) == exactly
        return found


def _read(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _notice(path: Path, message: EmailMessage) -> Notice:
    body = message.get_body(("plain", "html"))
    assert body is not None
    return Notice(path.read_text(errors="replace"), message["Subject"], body.get_content())

"""The e-mail sink's folder."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from .waiting import until

CODE = re.compile(r"\b[0-9]{6}\b")
"""What an e-mail holds that confirms an address, and no notice does."""


@dataclass(frozen=True)
class Notice:
    """An e-mail as it was sent: `source` is the whole of it, `text` what a person reads."""

    to: str
    source: str
    subject: str
    text: str


class Mailbox:
    """Where every e-mail of the stack arrives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, Notice] = {}

    def notices_to(self, address: str) -> list[Notice]:
        """Oldest first; without the codes."""
        return [notice for notice in self._to(address) if not CODE.search(notice.text)]

    def codes_to(self, address: str) -> list[str]:
        """The codes that were sent to confirm an address, oldest first."""
        return [code[0] for code in (CODE.search(notice.text) for notice in self._to(address)) if code]

    async def receives(self, address: str, exactly: int) -> list[Notice]:
        """The notices to an address, once there are as many."""

        async def enough() -> list[Notice]:
            found = self.notices_to(address)
            return found if len(found) >= exactly else []

        found = await until(enough, f"{exactly} notices")
        assert len(found) == exactly
        return found

    def _to(self, address: str) -> list[Notice]:
        messages = sorted(self._folder.glob("*.eml"))
        for path in messages:
            if path not in self._read:
                self._read[path] = _notice(path)
        return [self._read[path] for path in messages if address in self._read[path].to]


def _notice(path: Path) -> Notice:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    assert body is not None
    return Notice(message["To"], path.read_text(errors="replace"), message["Subject"], body.get_content())

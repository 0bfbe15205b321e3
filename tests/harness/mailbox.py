"""The sinks' folders: e-mails and text messages.

An address that begins with `bounce-now.` is refused for good when a notice is handed over; one that begins with `bounce-later.` takes it,
and a delivery status notification comes back. Codes arrive at both, so a person confirms such an address like any other:

    person = await espace.insured_person(edelivery=True, email_begins=BOUNCE_LATER)

A mobile number that ends in 0000 is refused for good by the gateway of text messages.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from .waiting import until

BOUNCE_NOW, BOUNCE_LATER = "bounce-now.", "bounce-later."
CODE = re.compile(r"\b[0-9]{6}\b")
"""What a message holds that confirms an address or a number, and no notice does."""


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


class Phones:
    """Where every text message of the stack arrives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def notices_to(self, mobile: str) -> list[str]:
        """The texts, oldest first; without the codes."""
        return [text for text in self._to(mobile) if not CODE.search(text)]

    def codes_to(self, mobile: str) -> list[str]:
        """The codes that were sent to confirm a number, oldest first."""
        return [code[0] for code in (CODE.search(text) for text in self._to(mobile)) if code]

    def _to(self, mobile: str) -> list[str]:
        messages = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(self._folder.glob("*.json"))]
        return [message["text"] for message in messages if message["to"] == mobile]


def _notice(path: Path) -> Notice:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    assert body is not None
    return Notice(message["To"], path.read_text(errors="replace"), message["Subject"], body.get_content())

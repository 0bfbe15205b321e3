"""The address for notices, and how a person shows that it is theirs: a code sent there."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
"""Wrong codes that are borne with before a new code is wanted."""
CODES_WITHIN = timedelta(hours=1)
CODES = 5
"""Codes sent to one person within CODES_WITHIN, to whatever address."""
_DIGITS = 6
_LONGEST = 254
"""Characters an address may have on its way through the mail systems (RFC 5321, 4.5.3.1.3, less the angle brackets)."""
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
"""What a browser's e-mail field accepts (HTML, "valid e-mail address"), with a domain of at least two parts."""


class NotAnEmailAddress(Exception):
    """The text is no e-mail address. Its sentence tells the person what to do and does not repeat the text."""


class TooManyCodes(Exception):
    """Enough codes were sent for now."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


@dataclass(frozen=True)
class Contact:
    """Where notices go. `revision` counts the person's confirmed addresses."""

    email: str
    revision: int
    confirmed_at: datetime
    bounced_at: datetime | None = None
    """When a notice first came back from there."""


@dataclass(frozen=True)
class PendingContact:
    """An address that waits for its code. The code itself is derived from the challenge and stored nowhere."""

    challenge: UUID
    email: str
    expires_at: datetime
    tries_left: int = CODE_TRIES

    def is_open(self, at: datetime) -> bool:
        """Whether its code still counts."""
        return at < self.expires_at and self.tries_left > 0


class ContactCodes:
    """The six-digit codes: each follows from its challenge by a key of this service's alone (HMAC-SHA-256)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def code_for(self, challenge: UUID) -> str:
        """The code of a challenge, with its leading zeros."""
        digest = hmac.digest(self._key, b"contact code\0" + challenge.bytes, hashlib.sha256)
        return f"{int.from_bytes(digest[:16]) % 10**_DIGITS:0{_DIGITS}d}"


def email_in(text: str) -> str:
    """The address a person typed. Raises NotAnEmailAddress."""
    address = text.strip()
    if len(address) > _LONGEST:
        raise NotAnEmailAddress(f"An e-mail address has at most {_LONGEST} characters. Give a shorter one.")
    if not _ADDRESS.fullmatch(address):
        raise NotAnEmailAddress("This is no e-mail address. Write it like name@example.lu, without spaces or accents.")
    return address

"""The address for notices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from espace_identity.domain.challenge import Challenge, Confirmed

CODES_WITHIN = timedelta(hours=1)
CODES = 5
"""Codes sent to one person within CODES_WITHIN, to whatever address."""
_LONGEST = 254
"""Characters an address may have on its way through the mail systems (RFC 5321, 4.5.3.1.3, less the angle brackets)."""
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
"""What a browser's e-mail field accepts (HTML, "valid e-mail address"), with a domain of at least two parts."""


class NotAnEmailAddress(Exception):
    """The text is no e-mail address. Its sentence tells the person what to do and does not repeat the text."""


@dataclass(frozen=True, kw_only=True)
class Contact(Confirmed):
    """The address that notices go to."""

    email: str


@dataclass(frozen=True, kw_only=True)
class PendingContact(Challenge):
    """An address that waits for its code."""

    email: str


def email_in(text: str) -> str:
    """The address a person typed. Raises NotAnEmailAddress."""
    address = text.strip()
    if len(address) > _LONGEST:
        raise NotAnEmailAddress(f"An e-mail address has at most {_LONGEST} characters. Give a shorter one.")
    if not _ADDRESS.fullmatch(address):
        raise NotAnEmailAddress("This is no e-mail address. Write it like name@example.lu, without spaces or accents.")
    return address

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from espace_contracts.vocabulary import InsuredId, Locale
from espace_kernel.aggregate import Aggregate

_LONGEST = 254
"""Characters an address may have on its way through the mail systems (RFC 5321, 4.5.3.1.3, less the angle brackets)."""
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
"""What a browser's e-mail field accepts (HTML, "valid e-mail address"), with a domain of at least two parts."""


class NotAnEmailAddress(Exception):
    """The text is no e-mail address. Its sentence tells the person what to do and does not repeat the text."""


@dataclass(frozen=True)
class Contact:
    """Where notices go. `revision` counts the person's confirmed addresses."""

    email: str
    revision: int
    confirmed_at: datetime


@dataclass(frozen=True)
class ContactReplaced:
    """Notices go to this address from now on."""

    insured: InsuredId
    contact: Contact
    locale: Locale


@dataclass(kw_only=True)
class Account(Aggregate):
    """What a person decided about their eSpace itself. Its id is their insured id: one person, one account."""

    contact: Contact | None = None

    def confirm_contact(self, email: str, locale: Locale, at: datetime) -> Contact:
        """Make this the address for notices; nothing happens when it is already. Raises NotAnEmailAddress."""
        address = _checked(email)
        if self.contact is None or self.contact.email != address:
            self.contact = Contact(address, self.contact.revision + 1 if self.contact else 1, at)
            self.record(ContactReplaced(InsuredId(self.id), self.contact, locale))
        return self.contact


def _checked(email: str) -> str:
    address = email.strip()
    if len(address) > _LONGEST:
        raise NotAnEmailAddress(f"An e-mail address has at most {_LONGEST} characters. Give a shorter one.")
    if not _ADDRESS.fullmatch(address):
        raise NotAnEmailAddress("This is no e-mail address. Write it like name@example.lu, without spaces or accents.")
    return address

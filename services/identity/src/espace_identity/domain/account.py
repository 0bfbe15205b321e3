from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.domain.contact import CODE_LASTS, CODES, CODES_WITHIN, Contact, PendingContact, TooManyCodes, email_in
from espace_identity.domain.link import Link
from espace_kernel.aggregate import Aggregate


@dataclass(frozen=True)
class CodeWanted:
    """The person gave this address and is to be sent the challenge's code there."""

    insured: InsuredId
    pending: PendingContact
    locale: Locale


@dataclass(frozen=True)
class ContactReplaced:
    """Notices go to this address from now on."""

    insured: InsuredId
    contact: Contact
    locale: Locale


@dataclass(frozen=True)
class SessionsClosed:
    """These sessions ended before their time."""

    insured: InsuredId
    sessions: tuple[UUID, ...]
    at: datetime


class CodeAnswer(Enum):
    """What became of a code that was typed."""

    RIGHT = auto()
    WRONG = auto()
    NONE_OPEN = auto()


@dataclass(kw_only=True)
class Account(Aggregate):
    """What a person decided about their eSpace itself. Its id is their insured id: one person, one account."""

    contact: Contact | None = None
    pending: PendingContact | None = None
    codes_sent: tuple[datetime, ...] = ()
    """When, within CODES_WITHIN of the last one."""
    link: Link | None = None
    """The one foreign identity that opens this eSpace."""
    links_before: tuple[Link, ...] = ()

    def want_code(self, challenge: UUID, email: str, locale: Locale, at: datetime) -> PendingContact:
        """Have a code sent to a new address; it replaces any other code. Raises NotAnEmailAddress, TooManyCodes."""
        address = email_in(email)
        recent = tuple(moment for moment in self.codes_sent if moment > at - CODES_WITHIN)
        if len(recent) >= CODES:
            raise TooManyCodes(recent[0] + CODES_WITHIN - at)
        self.codes_sent = (*recent, at)
        self.pending = PendingContact(challenge, address, at + CODE_LASTS)
        self.record(CodeWanted(InsuredId(self.id), self.pending, locale))
        return self.pending

    def answer_code(self, typed: str, right: str, locale: Locale, at: datetime) -> CodeAnswer:
        """Make the pending address the one for notices if the code is right; a wrong one counts against it."""
        pending = self.pending
        if pending is None or not pending.is_open(at):
            return CodeAnswer.NONE_OPEN
        if not hmac.compare_digest(typed.encode(), right.encode()):
            self.pending = replace(pending, tries_left=pending.tries_left - 1)
            return CodeAnswer.WRONG
        self.pending = None
        if self.contact is None or self.contact.email != pending.email:
            self.contact = Contact(pending.email, self.contact.revision + 1 if self.contact else 1, at)
            self.record(ContactReplaced(InsuredId(self.id), self.contact, locale))
        return CodeAnswer.RIGHT

    def link_to(self, identifier: str, at: datetime) -> None:
        """This foreign identity opens the eSpace from now on, and the one before no more."""
        if self.link is not None and self.link.identifier != identifier:
            self.links_before = (*self.links_before, replace(self.link, replaced_at=at))
            self.link = None
        if self.link is None:
            self.link = Link(identifier, at)

    def tell_closed(self, sessions: tuple[UUID, ...], at: datetime) -> None:
        """Say that sessions ended, to whoever still holds a token of theirs."""
        self.record(SessionsClosed(InsuredId(self.id), sessions, at))

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import TypeVar
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, Locale, NoticeMeans
from espace_identity.domain.contact import CODE_LASTS, CODES, CODES_WITHIN, Contact, PendingContact, TooManyCodes, email_in
from espace_identity.domain.link import Link
from espace_identity.domain.mobile import MOBILE_CODES, MOBILE_CODES_WITHIN, Mobile, PendingMobile
from espace_kernel.aggregate import Aggregate

P = TypeVar("P", PendingContact, PendingMobile)


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
class MobileCodeWanted:
    """The person gave this number and is to be sent the challenge's code there."""

    insured: InsuredId
    pending: PendingMobile
    locale: Locale


@dataclass(frozen=True)
class MobileReplaced:
    """This number is told of notices from now on, or none."""

    insured: InsuredId
    mobile: Mobile
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
    mobile: Mobile | None = None
    pending_mobile: PendingMobile | None = None
    mobile_codes_sent: tuple[datetime, ...] = ()
    """When, within MOBILE_CODES_WITHIN of the last one."""
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
        outcome, self.pending = _answered(pending, typed, right, at)
        if outcome is CodeAnswer.RIGHT and pending:
            self._replace_contact(pending.email, locale, at)
        return outcome

    def require_mobile_code_left(self, at: datetime) -> None:
        """Raises TooManyCodes when enough text messages went to this person."""
        recent = self._mobile_codes_since(at - MOBILE_CODES_WITHIN)
        if len(recent) >= MOBILE_CODES:
            raise TooManyCodes(recent[0] + MOBILE_CODES_WITHIN - at)

    def want_mobile_code(self, challenge: UUID, number: str, locale: Locale, at: datetime) -> PendingMobile:
        """Have a code sent to a number; it replaces any other code for a number. Raises TooManyCodes."""
        self.require_mobile_code_left(at)
        self.mobile_codes_sent = (*self._mobile_codes_since(at - MOBILE_CODES_WITHIN), at)
        self.pending_mobile = PendingMobile(challenge, number, at + CODE_LASTS)
        self.record(MobileCodeWanted(InsuredId(self.id), self.pending_mobile, locale))
        return self.pending_mobile

    def answer_mobile_code(self, typed: str, right: str, locale: Locale, at: datetime) -> CodeAnswer:
        """Make the pending number the one that is told of notices if the code is right; a wrong one counts against it."""
        pending = self.pending_mobile
        outcome, self.pending_mobile = _answered(pending, typed, right, at)
        if outcome is CodeAnswer.RIGHT and pending:
            self._replace_mobile(pending.number, locale, at)
        return outcome

    def remove_mobile(self, locale: Locale, at: datetime) -> None:
        """No number is told of notices any more, and none waits for its code."""
        self.pending_mobile = None
        if self.mobile is not None and self.mobile.number is not None:
            self._replace_mobile(None, locale, at)

    def contact_bounced(self, means: NoticeMeans, revision: int, at: datetime) -> None:
        """What is sent to the contact of this revision comes back. Nothing changes when another was confirmed since."""
        match means, self.contact, self.mobile:
            case NoticeMeans.EMAIL, Contact(revision=current, bounced_at=None) as contact, _ if current == revision:
                self.contact = replace(contact, bounced_at=at)
            case NoticeMeans.SMS, _, Mobile(revision=current, bounced_at=None) as mobile if current == revision:
                self.mobile = replace(mobile, bounced_at=at)

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

    def _mobile_codes_since(self, at: datetime) -> tuple[datetime, ...]:
        return tuple(moment for moment in self.mobile_codes_sent if moment > at)

    def _replace_contact(self, email: str, locale: Locale, at: datetime) -> None:
        if self.contact is None or self.contact.email != email or self.contact.bounced_at:
            self.contact = Contact(email, self.contact.revision + 1 if self.contact else 1, at)
            self.record(ContactReplaced(InsuredId(self.id), self.contact, locale))

    def _replace_mobile(self, number: str | None, locale: Locale, at: datetime) -> None:
        if self.mobile is None or self.mobile.number != number or self.mobile.bounced_at:
            self.mobile = Mobile(number, self.mobile.revision + 1 if self.mobile else 1, at)
            self.record(MobileReplaced(InsuredId(self.id), self.mobile, locale))


def _answered(pending: P | None, typed: str, right: str, at: datetime) -> tuple[CodeAnswer, P | None]:
    """What became of a code, and what waits for one after it."""
    if pending is None or not pending.is_open(at):
        return CodeAnswer.NONE_OPEN, pending
    if not hmac.compare_digest(typed.encode(), right.encode()):
        return CodeAnswer.WRONG, replace(pending, tries_left=pending.tries_left - 1)
    return CodeAnswer.RIGHT, None

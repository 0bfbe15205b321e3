from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, Locale, NoticeMeans
from espace_identity.domain.challenge import CODE_LASTS, CodeRefused, ContactCodes, answered, one_more
from espace_identity.domain.contact import CODES, CODES_WITHIN, Contact, PendingContact, email_in
from espace_identity.domain.link import Link
from espace_identity.domain.mobile import MOBILE_CODES, MOBILE_CODES_WITHIN, Mobile, PendingMobile
from espace_kernel.aggregate import Aggregate


@dataclass(frozen=True)
class CodeWanted:
    """The person gave this address or number and is to be sent the challenge's code there."""

    insured: InsuredId
    pending: PendingContact | PendingMobile
    locale: Locale


@dataclass(frozen=True)
class ContactReplaced:
    """Notices go to this address from now on, or this number is told of them, or none."""

    insured: InsuredId
    contact: Contact | Mobile
    locale: Locale


@dataclass(frozen=True)
class SessionsClosed:
    """These sessions ended before their time."""

    insured: InsuredId
    sessions: tuple[UUID, ...]
    at: datetime


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
        self.codes_sent = one_more(self.codes_sent, at, most=CODES, within=CODES_WITHIN)
        self.pending = PendingContact(challenge=challenge, email=address, expires_at=at + CODE_LASTS)
        self.record(CodeWanted(InsuredId(self.id), self.pending, locale))
        return self.pending

    def answer_code(self, typed: str, codes: ContactCodes, locale: Locale, at: datetime) -> Contact | CodeRefused:
        """Make the pending address the one for notices if the code is right; a wrong one counts against it."""
        answer, self.pending = answered(self.pending, typed, codes, at)
        return self._replace_contact(answer.email, locale, at) if isinstance(answer, PendingContact) else answer

    def require_mobile_code_left(self, at: datetime) -> None:
        """Raises TooManyCodes when enough text messages went to this person."""
        self._one_more_mobile_code(at)

    def want_mobile_code(self, challenge: UUID, number: str, locale: Locale, at: datetime) -> PendingMobile:
        """Have a code sent to a number; it replaces any other code for a number. Raises TooManyCodes."""
        self.mobile_codes_sent = self._one_more_mobile_code(at)
        self.pending_mobile = PendingMobile(challenge=challenge, number=number, expires_at=at + CODE_LASTS)
        self.record(CodeWanted(InsuredId(self.id), self.pending_mobile, locale))
        return self.pending_mobile

    def answer_mobile_code(self, typed: str, codes: ContactCodes, locale: Locale, at: datetime) -> Mobile | CodeRefused:
        """Make the pending number the one that is told of notices if the code is right; a wrong one counts against it."""
        answer, self.pending_mobile = answered(self.pending_mobile, typed, codes, at)
        return self._replace_mobile(answer.number, locale, at) if isinstance(answer, PendingMobile) else answer

    def remove_mobile(self, locale: Locale, at: datetime) -> None:
        """No number is told of notices any more, and none waits for its code."""
        self.pending_mobile = None
        if self.mobile is not None and self.mobile.number is not None:
            self._replace_mobile(None, locale, at)

    def contact_bounced(self, means: NoticeMeans, revision: int, at: datetime) -> None:
        """What is sent to the contact of this revision comes back. Nothing changes when another was confirmed since."""
        match means:
            case NoticeMeans.EMAIL:
                self.contact = self.contact and self.contact.bounced(revision, at)
            case NoticeMeans.SMS:
                self.mobile = self.mobile and self.mobile.bounced(revision, at)

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

    def _one_more_mobile_code(self, at: datetime) -> tuple[datetime, ...]:
        return one_more(self.mobile_codes_sent, at, most=MOBILE_CODES, within=MOBILE_CODES_WITHIN)

    def _replace_contact(self, email: str, locale: Locale, at: datetime) -> Contact:
        if self.contact is None or self.contact.email != email or self.contact.bounced_at:
            self.contact = Contact(email=email, revision=self.contact.revision + 1 if self.contact else 1, confirmed_at=at)
            self.record(ContactReplaced(InsuredId(self.id), self.contact, locale))
        return self.contact

    def _replace_mobile(self, number: str | None, locale: Locale, at: datetime) -> Mobile:
        if self.mobile is None or self.mobile.number != number or self.mobile.bounced_at:
            self.mobile = Mobile(number=number, revision=self.mobile.revision + 1 if self.mobile else 1, confirmed_at=at)
            self.record(ContactReplaced(InsuredId(self.id), self.mobile, locale))
        return self.mobile

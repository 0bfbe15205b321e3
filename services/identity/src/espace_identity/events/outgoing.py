from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.events import ContactCodeRequested, ContactConfirmed, MobileCodeRequested, MobileConfirmed, SessionsEnded
from espace_identity.domain.account import CodeWanted, ContactReplaced, SessionsClosed
from espace_identity.domain.contact import Contact, PendingContact


def contract_of(event: CodeWanted | ContactReplaced | SessionsClosed) -> Event:
    """How identity tells what it recorded."""
    match event:
        case CodeWanted(insured, pending, locale):
            challenge, until = pending.challenge, pending.expires_at
            if isinstance(pending, PendingContact):
                return ContactCodeRequested(insured=insured, challenge=challenge, email=pending.email, expires_at=until, locale=locale)
            return MobileCodeRequested(insured=insured, challenge=challenge, mobile=pending.number, expires_at=until, locale=locale)
        case ContactReplaced(insured, contact, locale):
            if isinstance(contact, Contact):
                return ContactConfirmed(insured=insured, revision=contact.revision, email=contact.email, locale=locale)
            return MobileConfirmed(insured=insured, revision=contact.revision, mobile=contact.number, locale=locale)
        case SessionsClosed(insured, sessions, at):
            return SessionsEnded(insured=insured, sessions=sessions, ended_at=at)

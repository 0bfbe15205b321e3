from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.events import ContactCodeRequested, ContactConfirmed, MobileCodeRequested, MobileConfirmed, SessionsEnded
from espace_identity.domain.account import CodeWanted, ContactReplaced, MobileCodeWanted, MobileReplaced, SessionsClosed


def contract_of(event: CodeWanted | ContactReplaced | MobileCodeWanted | MobileReplaced | SessionsClosed) -> Event:
    """How identity tells what it recorded."""
    match event:
        case CodeWanted(insured, pending, locale):
            return ContactCodeRequested(
                insured=insured, challenge=pending.challenge, email=pending.email, expires_at=pending.expires_at, locale=locale
            )
        case ContactReplaced(insured, contact, locale):
            return ContactConfirmed(insured=insured, revision=contact.revision, email=contact.email, locale=locale)
        case MobileCodeWanted(insured, waiting, locale):
            return MobileCodeRequested(
                insured=insured, challenge=waiting.challenge, mobile=waiting.number, expires_at=waiting.expires_at, locale=locale
            )
        case MobileReplaced(insured, mobile, locale):
            return MobileConfirmed(insured=insured, revision=mobile.revision, mobile=mobile.number, locale=locale)
        case SessionsClosed(insured, sessions, at):
            return SessionsEnded(insured=insured, sessions=sessions, ended_at=at)

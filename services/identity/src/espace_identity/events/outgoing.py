from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.events import ContactCodeRequested, ContactConfirmed, SessionsEnded
from espace_identity.domain.account import CodeWanted, ContactReplaced, SessionsClosed


def contract_of(event: CodeWanted | ContactReplaced | SessionsClosed) -> Event:
    """How identity tells what it recorded."""
    match event:
        case CodeWanted(insured, pending, locale):
            return ContactCodeRequested(
                insured=insured, challenge=pending.challenge, email=pending.email, expires_at=pending.expires_at, locale=locale
            )
        case ContactReplaced(insured, contact, locale):
            return ContactConfirmed(insured=insured, revision=contact.revision, email=contact.email, locale=locale)
        case SessionsClosed(insured, sessions, at):
            return SessionsEnded(insured=insured, sessions=sessions, ended_at=at)

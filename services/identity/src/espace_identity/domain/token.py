"""What an internal token says. It is signed by the key and read by every service for itself, so it lives for a short time only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_identity.domain.session import Session

LIFETIME = timedelta(seconds=120)
"""How long a token holds; a closed session acts everywhere at the latest after it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Assurance:
    """How surely a person is known: the eIDAS level of their login, the moment of its proof, and the session it opened."""

    acr: str
    at: datetime
    session: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Acting:
    """Who acts for the subject of a token, and where (`act` and `scope` of RFC 8693)."""

    holder: InsuredId
    scopes: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """Whom a call is about: an insured person, known by an assurance, or one of our services (`assurance` is None)."""

    subject: str
    issued_at: datetime
    assurance: Assurance | None = None
    acting: Acting | None = None

    @property
    def ends_at(self) -> datetime:
        """From when on the token is refused."""
        return self.issued_at + LIFETIME


def for_the_person_of(session: Session, at: datetime) -> Claims:
    """What a token says that stands for a session's person."""
    return Claims(subject=str(session.login.insured), issued_at=at, assurance=_assurance(session))


def on_behalf_of(represented: InsuredId, session: Session, scopes: frozenset[str], at: datetime) -> Claims:
    """What a token says by which a session's person acts for another."""
    acting = Acting(holder=session.login.insured, scopes=scopes)
    return Claims(subject=str(represented), issued_at=at, assurance=_assurance(session), acting=acting)


def for_the_service(name: str, at: datetime) -> Claims:
    """What a token says that stands for one of our services."""
    return Claims(subject=name, issued_at=at)


def _assurance(session: Session) -> Assurance:
    return Assurance(acr=session.login.acr, at=session.login.authenticated_at, session=session.id)

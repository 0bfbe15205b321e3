"""What an internal token says. It is signed by the key and read by every service for itself, so it lives for a short time only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from espace_identity.domain.session import Session

LIFETIME = timedelta(seconds=120)
"""How long a token holds; a closed session acts everywhere at the latest after it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Assurance:
    """How surely a person is known: the eIDAS level of their login, its moment, and the session it opened."""

    acr: str
    at: datetime
    session: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """Who calls: an insured person, known by an assurance, or one of our services (`assurance` is None)."""

    subject: str
    issued_at: datetime
    assurance: Assurance | None = None

    @property
    def ends_at(self) -> datetime:
        """From when on the token is refused."""
        return self.issued_at + LIFETIME


def for_the_person_of(session: Session, at: datetime) -> Claims:
    """What a token says that stands for a session's person."""
    login = session.login
    return Claims(subject=str(login.insured), issued_at=at, assurance=Assurance(acr=login.acr, at=login.at, session=session.id))


def for_the_service(name: str, at: datetime) -> Claims:
    """What a token says that stands for one of our services."""
    return Claims(subject=name, issued_at=at)

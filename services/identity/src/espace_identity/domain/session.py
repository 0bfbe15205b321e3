"""A login and the session it opens. Pure: the moments come from outside."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from espace_contracts.vocabulary import InsuredId

IDLE_LIMIT = timedelta(minutes=30)
"""A session nobody uses ends after this time."""
ABSOLUTE_LIMIT = timedelta(hours=8)
"""A session ends this long after its login, however much it is used."""
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"
"""The level of assurance that reading the eSpace wants at least, as eIDAS writes it."""


class NoSession(Exception):
    """There is no such session, or no longer: it was closed, nobody used it, or its time is over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """What every way of logging in ends with: who it was, how surely that is known (`acr`, an eIDAS level), and when."""

    insured: InsuredId
    acr: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """What a login opened. `id` may be told to other services; what opens the session is a secret the browser alone holds."""

    id: UUID
    login: Login
    seen_at: datetime

    @property
    def latest_end(self) -> datetime:
        """When it ends at the latest."""
        return self.login.at + ABSOLUTE_LIMIT

    @property
    def ends_at(self) -> datetime:
        """When it ends unless it is used before."""
        return min(self.seen_at + IDLE_LIMIT, self.latest_end)

    def used(self, at: datetime) -> Session:
        """The session after it was used at this moment. Raises NoSession when it had ended by then."""
        if at >= self.ends_at:
            raise NoSession
        return replace(self, seen_at=max(self.seen_at, at))


def fingerprint_of(secret: str) -> str:
    """What is stored in place of a session's secret, so that a copy of the store opens no session: its SHA-256 in hexadecimal.

    The secret is random and long, so that no salt is needed.
    """
    return hashlib.sha256(secret.encode()).hexdigest()

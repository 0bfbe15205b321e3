"""A login and the session it opens. Pure: the moments come from outside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from espace_contracts.vocabulary import InsuredId

IDLE_LIMIT = timedelta(minutes=30)
"""A session nobody uses ends after this time."""
ABSOLUTE_LIMIT = timedelta(hours=8)
"""A session ends this long after its login, however much it is used."""


class NoSession(Exception):
    """There is no such session, or no longer: it was closed, nobody used it, or its time is over."""


class SessionEnd(StrEnum):
    """Why a session ended; `EXPIRED` is the only one that nobody did."""

    LOGGED_OUT = "logged_out"
    EVERYWHERE = "logged_out_everywhere"
    REMOVED = "removed"
    AT_PROVIDER = "logged_out_at_provider"
    REPLACED = "logged_in_again"
    DECEASED = "deceased"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True, slots=True)
class AtProvider:
    """The login's name at the provider that vouched for it. `sid` is the provider's own session, where it tells one."""

    provider: str
    subject: str
    sid: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """What every way of logging in ends with: who it was, how surely that is known (`acr`, an eIDAS level), and when.

    `authenticated_at` is when the person proved themselves to the provider, which may be before `at`, the login here.
    """

    insured: InsuredId
    acr: str
    at: datetime
    authenticated_at: datetime
    vouched: AtProvider


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """What a login opened. `id` may be told to other services; what opens the session is a secret the browser alone holds."""

    id: UUID
    login: Login
    seen_at: datetime
    ended_at: datetime | None = None
    """Before its time, by somebody."""
    ended_why: SessionEnd | None = None

    @property
    def latest_end(self) -> datetime:
        """When it ends at the latest."""
        return self.login.at + ABSOLUTE_LIMIT

    @property
    def ends_at(self) -> datetime:
        """When it ends unless it is used before."""
        return min(self.seen_at + IDLE_LIMIT, self.latest_end)

    def is_open(self, at: datetime) -> bool:
        """Neither closed nor over."""
        return self.ended_at is None and at < self.ends_at

    def used(self, at: datetime) -> Session:
        """The session after it was used at this moment. Raises NoSession when it had ended by then."""
        if not self.is_open(at):
            raise NoSession
        return replace(self, seen_at=max(self.seen_at, at))

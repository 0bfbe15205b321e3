"""What the use cases need from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_gateway.domain.operation import Operation


class NoSession(Exception):
    """Identity knows no such session, or no longer."""


class NoMandate(Exception):
    """The person of the session holds no mandate for this of the person named."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token that stands for a person for `expires_in` seconds, and whose session it came from."""

    token: str
    expires_in: float
    session: UUID
    insured: InsuredId
    """The person who is logged in, also while they act for another."""


class Identity(Protocol):
    """The service that keeps the sessions and the mandates."""

    async def token_for(self, session: str) -> IssuedToken:
        """A new token for the person of this session. Asking is using the session. Raises NoSession."""

    async def token_on_behalf(self, session: str, represented: InsuredId, operation: Operation) -> IssuedToken:
        """A token for one operation, for the person represented, who can see afterwards that it was given. Raises NoSession, NoMandate."""

    async def look_at(self, session: str) -> IssuedToken:
        """Whose session it is, without using it: an open page alone keeps nobody logged in. Raises NoSession."""

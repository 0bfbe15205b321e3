"""What the use cases need from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class NoSession(Exception):
    """Identity knows no such session, or no longer."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token that stands for a person for `expires_in` seconds."""

    token: str
    expires_in: float


class Identity(Protocol):
    """The service that keeps the sessions."""

    async def token_for(self, session: str) -> IssuedToken:
        """A new token for the person of this session. Raises NoSession."""

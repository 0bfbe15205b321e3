from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from espace_identity_provider.domain.person import Card, Person
from espace_identity_provider.domain.provider import Level


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the person says on the page, and the provider believes."""

    person: Person
    level: Level
    card: Card


@dataclass(frozen=True, kw_only=True)
class Login:
    """A person has proven at an issuer who they are; the issuer's own session remembers it. `session` travels as `sid`."""

    session: str
    issuer: str
    person: Person
    level: Level
    card: Card
    at: datetime


def fingerprint(secret: str) -> str:
    """Unpadded base64url of the SHA-256: how a session is named without its secret, and what PKCE's S256 makes of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).rstrip(b"=").decode()

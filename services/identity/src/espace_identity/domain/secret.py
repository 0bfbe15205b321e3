"""What a browser holds and nobody else: long, random, and stored as its fingerprint alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_BYTES = 32


def new_secret() -> str:
    """Nobody guesses it: 256 random bits, as text that a cookie and an address can carry."""
    return secrets.token_urlsafe(_BYTES)


def fingerprint_of(secret: str) -> str:
    """What is stored in place of a secret, so that a copy of the store opens nothing: its SHA-256 in hexadecimal.

    The secret is random and long, so that no salt is needed.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def belongs(secret: str | None, fingerprint: str) -> bool:
    """Whether this secret has this fingerprint; takes the same time whatever was given."""
    return hmac.compare_digest(fingerprint_of(secret or ""), fingerprint)

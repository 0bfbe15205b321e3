from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping


class UnknownClient(Exception):
    """No service of ours proves itself with this name and secret. Which of the two is wrong is not told."""


class Clients:
    """The services that may ask for tokens, each by the secret it shares with identity."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._digests = {name: _digest(secret) for name, secret in secrets.items() if secret}

    def recognise(self, name: str, secret: str) -> None:
        """Raises UnknownClient unless this is the service's secret. Compares in the same time whatever was given."""
        known = self._digests.get(name)
        if not hmac.compare_digest(known or _digest(""), _digest(secret)) or known is None:
            raise UnknownClient


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()

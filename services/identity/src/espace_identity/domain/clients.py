from __future__ import annotations

import hmac
from collections.abc import Mapping


class UnknownClient(Exception):
    """No service of ours proves itself with this name and secret. Which of the two is wrong is not told."""


class Clients:
    """The services that may ask for tokens, each by the secret it shares with identity."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = dict(secrets)

    def recognise(self, name: str, secret: str) -> None:
        """Raises UnknownClient unless this is the service's secret. Takes the same time for every wrong secret, and for an unknown name."""
        known = self._secrets.get(name, "")
        if not hmac.compare_digest(known.encode(), secret.encode()) or not known:
            raise UnknownClient

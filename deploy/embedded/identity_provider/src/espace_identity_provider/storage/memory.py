from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """Keeps things for a while, as the port Kept says. They end with the process."""

    def __init__(self, lifetime: timedelta, clock: Callable[[], datetime]) -> None:
        self._lifetime, self._clock = lifetime, clock
        self._kept: dict[str, tuple[datetime, T]] = {}

    def keep(self, make: Callable[[str], T]) -> str:
        """As the port says; whatever is over by now is dropped."""
        now, secret = self._clock(), secrets.token_urlsafe(32)
        self._kept = {known: (until, thing) for known, (until, thing) in self._kept.items() if now < until}
        self._kept[secret] = now + self._lifetime, make(secret)
        return secret

    def get(self, secret: str) -> T | None:
        """As the port says."""
        until, thing = self._kept.get(secret, (None, None))
        return thing if until is not None and self._clock() < until else None

    def take(self, secret: str) -> T | None:
        """As the port says."""
        thing = self.get(secret)
        self._kept.pop(secret, None)
        return thing

from __future__ import annotations

from espace_identity.app.ports import Clock, Sessions
from espace_identity.domain.session import NoSession, Session, fingerprint_of


class SeeSession:
    """The session behind a secret. To look at it does not count as using it."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def __call__(self, secret: str) -> Session:
        """Raises NoSession."""
        session = await self._sessions.get(fingerprint_of(secret))
        if session is None:
            raise NoSession
        session.used(self._clock())
        return session

from __future__ import annotations

from espace_identity.app.ports import Clock, Sessions
from espace_identity.domain.secret import fingerprint_of
from espace_identity.domain.session import NoSession, Session


class SeeSession:
    """The session behind a secret. To look at it does not count as using it."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def __call__(self, secret: str) -> Session:
        """Raises NoSession."""
        session = await self._sessions.get(fingerprint_of(secret))
        if session is None or not session.is_open(self._clock()):
            raise NoSession
        return session

from __future__ import annotations

from espace_identity.app.ports import Clock, Sessions
from espace_identity.domain.secret import fingerprint_of
from espace_identity.domain.session import NoSession, Session


class UseSession:
    """The session behind a secret, used at this moment: that prolongs it."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def __call__(self, secret: str) -> Session:
        """Raises NoSession."""
        fingerprint = fingerprint_of(secret)
        session = await self._sessions.get(fingerprint)
        if session is None or not await self._sessions.use(fingerprint, session.used(self._clock())):
            raise NoSession
        return session

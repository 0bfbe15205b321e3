from __future__ import annotations

from espace_identity.app.ports import Clock, Sessions, Signer
from espace_identity.domain.session import NoSession, fingerprint_of
from espace_identity.domain.token import for_the_person_of


class IssuePersonToken:
    """A token that stands for the person of a session, until the session is used again. Asking for one is using the session."""

    def __init__(self, sessions: Sessions, signer: Signer, clock: Clock) -> None:
        self._sessions, self._signer, self._clock = sessions, signer, clock

    async def __call__(self, secret: str) -> str:
        """Raises NoSession."""
        now, fingerprint = self._clock(), fingerprint_of(secret)
        session = await self._sessions.get(fingerprint)
        if session is None or not await self._sessions.use(fingerprint, session.used(now)):
            raise NoSession
        return self._signer.sign(for_the_person_of(session, now))

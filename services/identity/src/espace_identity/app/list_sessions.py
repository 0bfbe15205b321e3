from __future__ import annotations

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Clock, Sessions
from espace_identity.domain.session import Session


class ListSessions:
    """A person's open sessions, the newest first."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def __call__(self, insured: InsuredId) -> list[Session]:
        """Where the person is logged in."""
        now = self._clock()
        sessions = [session for session in await self._sessions.of(insured) if session.is_open(now)]
        return sorted(sessions, key=lambda session: session.login.at, reverse=True)

from __future__ import annotations

from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.end_sessions import EndSessions
from espace_identity.app.ports import Which
from espace_identity.domain.session import NoSession, SessionEnd


class RemoveSession:
    """End one of a person's own sessions, such as that of a device they lost."""

    def __init__(self, end_sessions: EndSessions) -> None:
        self._end_sessions = end_sessions

    async def __call__(self, insured: InsuredId, session: UUID) -> None:
        """Raises NoSession when the person has no such session."""
        if not await self._end_sessions(Which(insured=insured, session=session), SessionEnd.REMOVED):
            raise NoSession

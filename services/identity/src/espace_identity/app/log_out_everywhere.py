from __future__ import annotations

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.end_sessions import EndSessions
from espace_identity.app.ports import Which
from espace_identity.domain.session import SessionEnd


class LogOutEverywhere:
    """End every session of a person, this one too."""

    def __init__(self, end_sessions: EndSessions) -> None:
        self._end_sessions = end_sessions

    async def __call__(self, insured: InsuredId) -> None:
        """End them."""
        await self._end_sessions(Which(insured=insured), SessionEnd.EVERYWHERE)

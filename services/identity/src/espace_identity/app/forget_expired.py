from __future__ import annotations

from espace_identity.app.ports import AccessLog, Clock, Sessions
from espace_identity.domain.access import of_session_end

AT_ONCE = 500
"""So many sessions are read in one go: after a night without this service all that were open are over."""


class ForgetExpired:
    """Write down the end of sessions whose time is over, and drop them."""

    def __init__(self, sessions: Sessions, log: AccessLog, clock: Clock) -> None:
        self._sessions, self._log, self._clock = sessions, log, clock

    async def __call__(self) -> int:
        """Nothing was broken, so nothing counts as repaired: 0."""
        now = self._clock()
        while expired := await self._sessions.expired_before(now, AT_ONCE):
            for session in expired:
                await self._log.append(of_session_end(session))
            await self._sessions.forget(expired)
        return 0

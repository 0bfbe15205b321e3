from __future__ import annotations

from espace_identity.app.ports import Sessions
from espace_identity.domain.session import fingerprint_of


class CloseSession:
    """Log out. The secret opens nothing from now on; a session that is over already is none the worse for it."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def __call__(self, secret: str) -> None:
        """Close the session behind the secret."""
        await self._sessions.remove(fingerprint_of(secret))

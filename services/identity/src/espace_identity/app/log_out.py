from __future__ import annotations

from espace_identity.app.end_sessions import EndSessions
from espace_identity.app.ports import Providers, Which
from espace_identity.domain.secret import fingerprint_of
from espace_identity.domain.session import SessionEnd


class LogOut:
    """Log out. The secret opens nothing from now on; a session that is over already is none the worse for it."""

    def __init__(self, end_sessions: EndSessions, providers: Providers) -> None:
        self._end_sessions, self._providers = end_sessions, providers

    async def __call__(self, secret: str) -> str | None:
        """Close the session behind the secret; where the person may log out at the provider too, if anywhere."""
        ended = await self._end_sessions(Which(fingerprint=fingerprint_of(secret)), SessionEnd.LOGGED_OUT)
        if not ended:
            return None
        vouched = ended[0].login.vouched
        provider = self._providers.get(vouched.provider)
        return await provider.logout_address(vouched.sid) if provider else None

from __future__ import annotations

import secrets
from uuid import uuid4

from espace_identity.app.ports import Sessions
from espace_identity.domain.session import Login, Session, fingerprint_of

_SECRET_BYTES = 32


class OpenSession:
    """What every way of logging in ends with: a new session under a new secret, in place of the one the browser had."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def __call__(self, login: Login, instead_of: str | None) -> tuple[str, Session]:
        """The secret for the browser, and the session. `instead_of` is the secret the browser sent, which opens nothing from now on."""
        if instead_of is not None:
            await self._sessions.remove(fingerprint_of(instead_of))
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        session = Session(id=uuid4(), login=login, seen_at=login.at)
        await self._sessions.add(fingerprint_of(secret), session)
        return secret, session

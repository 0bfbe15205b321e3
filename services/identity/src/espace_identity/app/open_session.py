from __future__ import annotations

from uuid import uuid4

from espace_identity.app.end_sessions import EndSessions
from espace_identity.app.ports import AccessLog, Sessions, Which
from espace_identity.domain.access import of_login
from espace_identity.domain.secret import fingerprint_of, new_secret
from espace_identity.domain.session import Login, Session, SessionEnd


class OpenSession:
    """What every way of logging in ends with: a new session under a new secret, in place of the one the browser had."""

    def __init__(self, sessions: Sessions, end_sessions: EndSessions, log: AccessLog) -> None:
        self._sessions, self._end_sessions, self._log = sessions, end_sessions, log

    async def __call__(self, login: Login, instead_of: str | None) -> tuple[str, Session]:
        """The secret for the browser, and the session. `instead_of` is the secret the browser sent, which opens nothing from now on."""
        if instead_of is not None:
            await self._end_sessions(Which(fingerprint=fingerprint_of(instead_of)), SessionEnd.REPLACED)
        secret = new_secret()
        session = Session(id=uuid4(), login=login, seen_at=login.at)
        await self._log.append(of_login(session))
        await self._sessions.add(fingerprint_of(secret), session)
        return secret, session

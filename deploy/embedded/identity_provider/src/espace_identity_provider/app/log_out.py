from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from espace_identity_provider.app.ports import BackChannel, Clock, Kept, Signer
from espace_identity_provider.domain.issuer import Issuer
from espace_identity_provider.domain.login import Login


class LogOut:
    """The session here ends, and the eSpace is told, whoever began it."""

    def __init__(self, sessions: Kept[Login], signer: Signer, back_channel: BackChannel, clock: Clock, new_id: Callable[[], UUID]) -> None:
        self._sessions, self._signer, self._back_channel, self._clock, self._new_id = sessions, signer, back_channel, clock, new_id

    async def __call__(self, issuer: Issuer, cookie: str) -> None:
        """End the browser's session; where there is none, nothing happens."""
        login = self._sessions.take(cookie)
        if login is not None and login.issuer == issuer.url:
            token = self._signer.sign(issuer, issuer.logout_token(login, self._new_id(), self._clock()), "logout+jwt")
            await self._back_channel.tell(issuer.client.backchannel_logout_uri, token)

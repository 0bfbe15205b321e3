from __future__ import annotations

from espace_identity.app.begin_login import NoProvider
from espace_identity.app.end_sessions import EndSessions
from espace_identity.app.ports import HeardLogouts, Providers, Which
from espace_identity.domain.session import SessionEnd


class HeardBefore(Exception):
    """This logout token was used already."""


class HearProviderLogout:
    """A person logged out at the provider: the sessions that it vouched for end here too."""

    def __init__(self, providers: Providers, heard: HeardLogouts, end_sessions: EndSessions) -> None:
        self._providers, self._heard, self._end_sessions = providers, heard, end_sessions

    async def __call__(self, provider_id: str, logout_token: str) -> None:
        """Raises NoProvider, HeardBefore, and LoginRefused when the token does not hold."""
        provider = self._providers.get(provider_id)
        if provider is None:
            raise NoProvider
        told = await provider.told_logout(logout_token)
        if not await self._heard.first_time(provider_id, told):
            raise HeardBefore
        await self._end_sessions(Which(provider=provider_id, subject=told.subject, sid=told.sid), SessionEnd.AT_PROVIDER)

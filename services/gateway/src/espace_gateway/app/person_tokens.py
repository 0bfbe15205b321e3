from __future__ import annotations

import hashlib
from collections.abc import Callable

from espace_gateway.app.ports import Identity

KEPT_SECONDS = 15.0
"""How long a token is used again. A logout elsewhere, and the session's own limits, act here at the latest after it."""
_SPARE_SECONDS = 20.0
"""How much of its life a token must have left, so that it does not end on its way."""


class PersonTokens:
    """The internal token for the person of a session, asked for once in a while and not at every request.

    Held in memory alone, under the session's hash. `clock` counts seconds and never goes back.
    """

    def __init__(self, identity: Identity, clock: Callable[[], float]) -> None:
        self._identity, self._clock = identity, clock
        self._kept: dict[bytes, tuple[float, str]] = {}  # in the order of insertion, which is nearly that of their end

    async def __call__(self, session: str) -> str:
        """Raises NoSession."""
        key = _key(session)
        until, token = self._kept.get(key, (0.0, ""))
        if self._clock() < until:
            return token
        issued = await self._identity.token_for(session)
        self._drop_ended()
        self._kept.pop(key, None)
        self._kept[key] = (self._clock() + min(KEPT_SECONDS, issued.expires_in - _SPARE_SECONDS), issued.token)
        return issued.token

    def forget(self, session: str) -> None:
        """The session changed or ended: ask identity at the next request."""
        self._kept.pop(_key(session), None)

    def _drop_ended(self) -> None:
        now = self._clock()
        while self._kept and self._kept[oldest := next(iter(self._kept))][0] <= now:
            del self._kept[oldest]


def _key(session: str) -> bytes:
    return hashlib.sha256(session.encode()).digest()

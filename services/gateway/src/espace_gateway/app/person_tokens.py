from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from espace_gateway.app.ports import Identity, IssuedToken

K = TypeVar("K")
V = TypeVar("V")

KEPT_SECONDS = 15.0
"""How long a token is used again. What ends a session is told at once; the session's own limits act here at the latest after this time."""
_SPARE_SECONDS = 20.0
"""How much of its life a token must have left, so that it does not end on its way."""


class PersonTokens:
    """The internal token for the person of a session, asked for once in a while and not at every request.

    Held in memory alone, under the session's hash. `clock` counts seconds and never goes back. A token on behalf of another person is
    never held, so that the end of a mandate acts at once.
    """

    def __init__(self, identity: Identity, clock: Callable[[], float]) -> None:
        self._identity, self._clock = identity, clock
        self._kept: dict[bytes, tuple[float, IssuedToken]] = {}  # in the order of insertion, which is nearly that of their end
        self._ended: dict[UUID, float] = {}  # until when an answer of identity may still be on its way that was given before the end

    async def __call__(self, session: str) -> IssuedToken:
        """Raises NoSession."""
        key = _key(session)
        until, kept = self._kept.get(key, (0.0, None))
        if kept is not None and self._clock() < until:
            return kept
        issued = await self._identity.token_for(session)
        now = self._clock()
        _drop_past(self._ended, now, until=lambda end: end)
        _drop_past(self._kept, now, until=lambda kept: kept[0])
        self._kept.pop(key, None)
        if issued.session not in self._ended:
            self._kept[key] = (now + min(KEPT_SECONDS, issued.expires_in - _SPARE_SECONDS), issued)
        return issued

    def forget(self, session: str) -> None:
        """The session changed or ended: ask identity at the next request."""
        self._kept.pop(_key(session), None)

    def forget_all(self, sessions: Iterable[UUID]) -> None:
        """These sessions ended, wherever that was decided."""
        ended = set(sessions)
        self._ended.update(dict.fromkeys(ended, self._clock() + KEPT_SECONDS))
        self._kept = {key: kept for key, kept in self._kept.items() if kept[1].session not in ended}


def _drop_past(kept: dict[K, V], now: float, until: Callable[[V], float]) -> None:
    """Drop what is over; the eldest come first."""
    while kept and until(kept[oldest := next(iter(kept))]) <= now:
        del kept[oldest]


def _key(session: str) -> bytes:
    return hashlib.sha256(session.encode()).digest()

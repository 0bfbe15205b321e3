from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from espace_contracts.vocabulary import InsuredId
from espace_documents.app.ports import Clock, Keys

SETTLED_AFTER = timedelta(hours=1)
"""How long what began before an erasure may still go on; a delivery takes seconds."""
AT_ONCE = 500
"""So many persons are looked up in one go."""


class SettleErasures:
    """Erases once more who was erased a while ago: what was being stored at that very moment, or was left by a command that died."""

    def __init__(self, keys: Keys, erase: Callable[[InsuredId], Awaitable[int | None]], now: Clock) -> None:
        self._keys, self._erase, self._now = keys, erase, now

    async def __call__(self) -> int:
        """How many documents were left."""
        left, before = 0, self._now() - SETTLED_AFTER
        while unsettled := await self._keys.erased_and_unsettled(before, limit=AT_ONCE):
            for insured in unsettled:
                left += await self._erase(insured) or 0
                await self._keys.settle(insured, self._now())
        return left

from __future__ import annotations

from collections.abc import Sequence

from espace_identity.app.ports import Clock
from espace_kernel.store import Collection


class ForgetOld:
    """Drops what a login needed while it was under way, once its `ends_at` is over. Nobody finds it by then; this saves the room."""

    def __init__(self, collections: Sequence[Collection], clock: Clock) -> None:
        self._collections, self._clock = collections, clock

    async def prepare(self) -> None:
        """Make the indexes."""
        for collection in self._collections:
            await collection.create_index("ends_at")

    async def __call__(self) -> int:
        """Nothing was broken, so nothing counts as repaired: 0."""
        for collection in self._collections:
            await collection.delete_many({"ends_at": {"$lte": self._clock()}})
        return 0

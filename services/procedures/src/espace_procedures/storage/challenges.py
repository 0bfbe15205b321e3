from __future__ import annotations

from datetime import datetime
from typing import NoReturn
from uuid import UUID

from espace_kernel.store import AggregateStore, Collection
from espace_procedures.domain.challenge import Challenge


class StoredChallenges:
    """Challenges in their collection. They tell no events."""

    def __init__(self, collection: Collection) -> None:
        self._store = AggregateStore(collection, Challenge, contract_of=_nothing_to_tell, wake=lambda _collection, _id: None)
        self.add, self.save = self._store.add, self._store.save

    async def get(self, challenge_id: UUID) -> Challenge | None:
        """The challenge; None when there is none, or no more."""
        return await self._store.get(challenge_id)

    async def forget_expired(self, before: datetime) -> None:
        """Delete those that expired before this moment."""
        await self._store.collection.delete_many({"expires_at": {"$lt": before}})


def _nothing_to_tell(event: object) -> NoReturn:
    raise TypeError(f"A challenge recorded {type(event).__name__}, and it tells no events.")

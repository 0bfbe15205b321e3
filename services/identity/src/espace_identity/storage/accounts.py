from __future__ import annotations

from uuid import UUID

from pymongo.errors import DuplicateKeyError

from espace_identity.app.ports import IdentityTaken
from espace_identity.domain.account import Account
from espace_kernel.store import AggregateStore


class StoredAccounts:
    """The accounts; unique indexes let a foreign identity open one account, and a challenge belong to one."""

    def __init__(self, store: AggregateStore[Account]) -> None:
        self._store = store

    async def prepare(self) -> None:
        """Make the indexes."""
        for field in ("pending.challenge", "pending_mobile.challenge", "link.identifier"):
            await self._store.collection.create_index(field, unique=True, sparse=True)

    async def get(self, aggregate_id: UUID) -> Account | None:
        """As the port says."""
        return await self._store.get(aggregate_id)

    async def with_challenge(self, challenge: UUID) -> Account | None:
        """As the port says."""
        by_address = await self._store.find_one({"pending.challenge": challenge})
        return by_address or await self._store.find_one({"pending_mobile.challenge": challenge})

    async def linked_to(self, identifier: str) -> Account | None:
        """As the port says."""
        return await self._store.find_one({"link.identifier": identifier})

    async def was_linked_to(self, identifier: str) -> bool:
        """As the port says. Asked for identities alone that open nothing, so reading through the accounts is borne with."""
        return await self._store.find_one({"links_before.identifier": identifier}) is not None

    async def add(self, aggregate: Account) -> bool:
        """As the port says."""
        if await self._store.add(aggregate):
            return True
        if await self._store.get(aggregate.id) is None:
            raise IdentityTaken
        return False

    async def save(self, aggregate: Account) -> None:
        """As the port says."""
        try:
            await self._store.save(aggregate)
        except DuplicateKeyError:
            raise IdentityTaken from None

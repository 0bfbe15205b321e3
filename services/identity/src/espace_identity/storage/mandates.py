from __future__ import annotations

from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_identity.domain.mandate import Mandate
from espace_kernel.store import AggregateStore


class StoredMandates:
    """The mandates, under the id of their pair, so that acting for somebody reads one document by its id."""

    def __init__(self, store: AggregateStore[Mandate]) -> None:
        self._store = store

    async def prepare(self) -> None:
        """Make the indexes by which a person's mandates are listed."""
        for field in ("giver", "holder"):
            await self._store.collection.create_index(field)

    async def get(self, aggregate_id: UUID) -> Mandate | None:
        """As the port says."""
        return await self._store.get(aggregate_id)

    async def of(self, insured: InsuredId) -> list[Mandate]:
        """As the port says."""
        return await self._store.find({"$or": [{"giver": insured}, {"holder": insured}]})

    async def add(self, aggregate: Mandate) -> bool:
        """As the port says."""
        return await self._store.add(aggregate)

    async def save(self, aggregate: Mandate) -> None:
        """As the port says."""
        await self._store.save(aggregate)

from __future__ import annotations

from espace_cns_core.domain.person import Person
from espace_kernel.store import AggregateStore


class PersonsByMatricule:
    """Finds the persons who log in."""

    def __init__(self, store: AggregateStore[Person]) -> None:
        self._store = store

    async def prepare(self) -> None:
        """Make the index; plain, since a login is rare."""
        await self._store.collection.create_index("identity.matricule")

    async def find(self, matricule: str) -> Person | None:
        """As the port says."""
        return await self._store.find_one({"identity.matricule": matricule})

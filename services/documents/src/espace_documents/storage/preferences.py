from __future__ import annotations

from espace_contracts.vocabulary import InsuredId
from espace_documents.domain.preference import Preference
from espace_kernel.outcomes import VersionConflict
from espace_kernel.store import AggregateStore


class StoredPreferences:
    """What persons chose, by the person."""

    def __init__(self, store: AggregateStore[Preference]) -> None:
        self._store = store

    async def of(self, insured: InsuredId) -> Preference:
        """The person's choice; one without a switch when they never chose."""
        return await self._store.get(insured) or Preference(id=insured)

    async def save(self, preference: Preference) -> None:
        """Store it with its event. Raises VersionConflict when somebody else saved it since it was loaded."""
        if preference.version:
            await self._store.save(preference)
        elif not await self._store.add(preference):
            raise VersionConflict("The person's first choice was stored by somebody else.")

    async def erase(self, insured: InsuredId) -> None:
        """Forget what the person chose, and when."""
        await self._store.collection.delete_one({"_id": insured})
